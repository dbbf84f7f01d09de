"""The line to the terminal: a thread sends what has changed whenever the line is free.

What Textual writes while the line is busy or dead is merged into the screen, never queued, so no other thread
waits."""

import os
import termios
from contextlib import suppress
from threading import Event, Lock, Thread

from factorypos_tui.tui.tty.policy import Policy
from factorypos_tui.tui.tty.screen import Screen

_PATIENCE_S = 1.0


class Line:
    """Sends a screen to a terminal until it is told to leave."""

    def __init__(self, descriptor: int, screen: Screen) -> None:
        self._descriptor = descriptor
        self._screen = screen
        self._lock = Lock()
        self._news = Event()
        self._codes = b""
        self._leaves = False
        # A daemon: a terminal that never reads again must not keep the program from ending.
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)

    def start(self, codes: bytes) -> None:
        """Begin, with the codes that prepare the terminal."""
        self._codes = codes
        self._news.set()
        self._thread.start()

    def write(self, data: str) -> None:
        """Merge what Textual wrote into the screen that is wanted."""
        with self._lock:
            self._screen.write(data)
        self._news.set()

    def say(self, codes: bytes) -> None:
        """Send codes that change how the terminal works, not what it shows."""
        with self._lock:
            self._codes += codes
        self._news.set()

    def resize(self, columns: int, lines: int) -> None:
        """Show everything again, on a screen of this size."""
        with self._lock:
            self._screen.resize(columns, lines)
        self._news.set()

    def follow(self, policy: Policy) -> None:
        """Show everything by another policy."""
        with self._lock:
            self._screen.follow(policy)
        self._news.set()

    def leave(self, codes: bytes) -> None:
        """Send the codes that restore the terminal, and end. What the terminal has not read by then is
        dropped."""
        with self._lock:
            self._codes, self._leaves = codes, True
        self._news.set()
        self._thread.join(_PATIENCE_S)
        if self._thread.is_alive():
            with suppress(termios.error):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
                termios.tcflow(self._descriptor, termios.TCOON)
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            with self._lock:
                leaves, codes = self._leaves, self._codes
                self._codes = b""
                said = codes if leaves else codes + self._screen.take()
            try:
                while said:
                    said = said[os.write(self._descriptor, said) :]
            except OSError:  # the terminal has gone, and will not come back
                return
            if leaves:
                return
