"""A real terminal for a real process: a pty, and the screen that a person would see on it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyte

_PATIENCE_S = 60.0
_KEYS = {
    "f1": "\x1bOP",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f10": "\x1b[21~",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "enter": "\r",
}
# pyte takes the parameters of private sequences, such as the kitty keyboard's, for text.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;:]*[a-zA-Z]")


class Terminal:
    """One program at work on a terminal of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", keyboard: int, columns: int, lines: int) -> None:
        self._process = process
        self._keyboard = keyboard
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.bytes = b""

    @property
    def screen(self) -> str:
        """What is on the screen, a line a row."""
        return "\n".join(self._screen.display)

    def press(self, key: str) -> None:
        """Press a key, or type a text."""
        os.write(self._keyboard, _KEYS.get(key, key).encode())

    def terminate(self) -> None:
        """Ask the program to end, as a shutdown does."""
        self._process.send_signal(signal.SIGTERM)

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size; what was on it is painted anew by the program."""
        self._screen.resize(lines, columns)
        self._screen.erase_in_display(2)
        fcntl.ioctl(self._keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._process.send_signal(signal.SIGWINCH)

    def sees(self, *words: str) -> None:
        """Wait until all of `words` are on the screen."""
        deadline = time.monotonic() + _PATIENCE_S
        while not all(word in self.screen for word in words):
            waits_on = self._read() and time.monotonic() < deadline
            assert waits_on, f"waited in vain for {words}:\n{self.screen}"

    def ends(self) -> int:
        """Wait for the program's end; returns its exit code."""
        deadline = time.monotonic() + _PATIENCE_S
        while self._read():
            assert time.monotonic() < deadline, f"it does not end:\n{self.screen}"
        return self._process.wait(_PATIENCE_S)

    def _read(self) -> bool:
        """Take in what there is within a moment; False once the program has gone."""
        ready, _, _ = select.select([self._keyboard], [], [], 0.1)
        if not ready:
            return self._process.poll() is None
        try:
            chunk = os.read(self._keyboard, 1 << 16)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.bytes += chunk
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", chunk))
        return bool(chunk)


@contextmanager
def terminal(
    *arguments: str, size: tuple[int, int] = (80, 24), term: str = "xterm-256color", code: str = ""
) -> Iterator[Terminal]:
    """Start `factorypos-tui` with `arguments` on a terminal; `code` is run in its place."""
    columns, lines = size
    keyboard, tty = pty.openpty()
    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    command: Sequence[str] = ["-c", code] if code else ["-m", "factorypos_tui"]
    process = subprocess.Popen(
        [sys.executable, *command, *arguments],
        stdin=tty,
        stdout=tty,
        stderr=tty,
        start_new_session=True,
        env={**os.environ, "TERM": term},
    )
    os.close(tty)
    try:
        yield Terminal(process, keyboard, columns, lines)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)
