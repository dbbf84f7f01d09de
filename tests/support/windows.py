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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import pyte

from factorypos_tui.tui.tty.bursts import PAUSE_S
from tests.support.screens import Display

_PATIENCE_S = 60.0
_GLANCE_S = 0.5
_KEYS = {
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "enter": "\r",
}
# pyte takes the parameters of private sequences, such as the kitty keyboard's, for text.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;:]*[a-zA-Z]")


class Terminal:
    """One program at work on a terminal of its own."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        keyboard: int,
        tty: str,
        modes: list[Any],
        columns: int,
        lines: int,
    ) -> None:
        self._process = process
        self._tty = tty
        self._modes_before = modes
        self._keyboard = keyboard
        self._is_cut = False
        self._screen = Display(columns or 80, lines or 24)  # as a person at a serial line has
        self._stream = pyte.ByteStream(self._screen)
        self.bytes = b""

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    @property
    def screen(self) -> str:
        """What is on the screen, a line a row."""
        return "\n".join(self._screen.display)

    def press(self, key: str, then: str | tuple[str, ...] = ()) -> bytes:
        """Press a key, or type a text; then see what it does, as a person who is no scanner; returns that.
        `then` is what must be on the screen after it, and was not there before."""
        words = (then,) if isinstance(then, str) else then
        while select.select([self._keyboard], [], [], 0)[0] and self._read():
            pass  # what came by now is no answer to the key
        is_news = not words or not all(word in self.screen for word in words)
        assert is_news, f"{words} are on the screen before {key!r} is pressed:\n{self.screen}"
        before, deadline = len(self.bytes), time.monotonic() + _PATIENCE_S
        os.write(self._keyboard, _KEYS.get(key, key).encode())
        while len(self.bytes) == before and self._read():
            assert time.monotonic() < deadline, f"{key!r} changes nothing:\n{self.screen}"
        self.settles(2 * PAUSE_S)
        shown = self.bytes[before:]
        self.sees(*words)
        return shown

    def press_in_vain(self, key: str) -> None:
        """Press a key, or type a text, that may change nothing that can be seen."""
        os.write(self._keyboard, _KEYS.get(key, key).encode())
        self.settles(_GLANCE_S)

    def send(self, data: bytes) -> None:
        """Send bytes as some keyboard does."""
        os.write(self._keyboard, data)

    def places(self) -> list[Any]:
        """Every place of the screen, with its letter and look."""
        buffer, columns = self._screen.buffer, range(self._screen.columns)
        return [buffer[line][column] for line in range(self._screen.lines) for column in columns]

    def use_latin_1(self) -> None:
        """Read what is sent as a Latin-1 terminal does."""
        self._stream.select_other_charset("@")

    @property
    def is_as_it_was(self) -> bool:
        """Whether echo, whole lines and signals work as before the program."""
        return termios.tcgetattr(self._keyboard) == self._modes_before

    @property
    def takes_xoff(self) -> bool:
        """Whether the line stops where the terminal sends XOFF, and goes on at XON."""
        return bool(termios.tcgetattr(self._keyboard)[0] & termios.IXON)

    def hold(self) -> None:
        """Stop the line, as Ctrl+S does on a serial terminal: nothing that is written gets through."""
        self._flow(termios.TCOOFF)

    def release(self) -> None:
        """Let the line go on."""
        self._flow(termios.TCOON)

    def _flow(self, action: int) -> None:
        tty = os.open(self._tty, os.O_RDWR | os.O_NOCTTY)
        termios.tcflow(tty, action)
        os.close(tty)

    def hang_up(self) -> int:
        """Cut the line, as a lost connection does; returns the program's exit code."""
        os.close(self._keyboard)
        self._is_cut = True
        return self._process.wait(_PATIENCE_S)

    def close(self) -> None:
        """End what still runs."""
        self._process.kill()
        self._process.wait()
        if not self._is_cut:
            os.close(self._keyboard)

    def settles(self, quiet_s: float = 1.0) -> bytes:
        """Read until nothing comes for so long; returns what came."""
        before, quiet_since = len(self.bytes), time.monotonic()
        while time.monotonic() < quiet_since + quiet_s:
            seen = len(self.bytes)
            self._read()
            if len(self.bytes) > seen:
                quiet_since = time.monotonic()
        return self.bytes[before:]

    def break_off(self) -> None:
        """End the program without a chance to tell anybody."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask the program to end, as a shutdown does."""
        self._process.send_signal(signal.SIGTERM)

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size; the program paints its screen again."""
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
        ready, _, _ = select.select([self._keyboard], [], [], 0.05)
        if not ready:
            return self._process.poll() is None
        try:
            chunk = os.read(self._keyboard, 1 << 16)
        except OSError:  # Linux says so that no process holds the other end any more
            return False
        self.bytes += chunk
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", chunk))
        return bool(chunk)


@contextmanager
def terminal(
    *arguments: str,
    size: tuple[int, int] = (80, 24),
    term: str = "xterm-256color",
    code: str = "",
    program: Sequence[str] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Terminal]:
    """Start `factorypos-tui` with `arguments` on a terminal; or `code`, or another program."""
    columns, lines = size
    keyboard, tty = pty.openpty()
    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    modes = termios.tcgetattr(tty)
    command = program or [sys.executable, *(["-c", code] if code else ["-m", "factorypos_tui"])]
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=tty,
        stdout=tty,
        stderr=tty,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that a lost line is a hang-up
        env={**os.environ, "TERM": term, **environment},
    )
    tty_name = os.ttyname(tty)
    os.close(tty)
    window = Terminal(process, keyboard, tty_name, modes, columns, lines)
    try:
        yield window
    finally:
        window.close()
