"""The driver: it gives Textual a terminal of any kind, and leaves the terminal as it was."""

import logging
import os
import re
import select
import signal
import sys
import termios
from contextlib import suppress
from threading import Thread
from typing import Any, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from factorypos_tui.tui.room import size_of
from factorypos_tui.tui.tty.bursts import PAUSE_S, Bursts, Typed
from factorypos_tui.tui.tty.keyboard import Keyboard
from factorypos_tui.tui.tty.line import Line
from factorypos_tui.tui.tty.policy import Policy, policy_of
from factorypos_tui.tui.tty.screen import Screen

_log = logging.getLogger(__name__)
_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_PASTES, _NO_PASTES = b"\x1b[?2004h", b"\x1b[?2004l"
_MOUSE, _NO_MOUSE = b"\x1b[?1000h\x1b[?1006h", b"\x1b[?1006l\x1b[?1000l"
# On a terminal with one screen only, the prompt must not appear in the middle of ours.
_LEAVE = b"\x1b[m\x1b[H\x1b[2J\x1b[?7h\x1b[?25h\x1b[?1049l"
_SERIAL = re.compile(r"/dev/tty([A-Z]|mxc)")
_INPUT, _OUTPUT, _LOCAL, _CHARACTERS = 0, 1, 3, 6  # places in what tcgetattr returns


@runtime_checkable
class KnowsTerminal(Protocol):
    """An app that has decided what its terminal can show."""

    policy: Policy


class TerminalDriver(Driver):
    """Between Textual and the line."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """Use the terminal of standard input and standard error; the app has checked it."""
        self._input, self._output = sys.__stdin__.fileno(), sys.__stderr__.fileno()  # type: ignore[union-attr]
        super().__init__(app, debug=debug, mouse=mouse, size=size or size_of(self._output))
        self._policy = app.policy if isinstance(app, KnowsTerminal) else policy_of()
        self._screen = Screen(*size_of(self._output), self._policy)
        self._line: Line | None = None
        self._attributes: list[Any] | None = None
        self._reader: Thread | None = None
        self._wake: tuple[int, int] | None = None

    @property
    def can_suspend(self) -> bool:
        """A terminal can be lent to another program."""
        return True

    def write(self, data: str) -> None:
        """Take in what Textual wrote; never waits for the terminal."""
        if self._line:
            self._line.write(data)

    def follow(self, policy: Policy) -> None:
        """Show everything by another policy from now on."""
        self._policy = policy
        if self._line:
            self._line.follow(policy)

    def use_mouse(self, use: bool) -> None:
        """Listen to the mouse, or leave it to the terminal."""
        self._mouse = use
        if self._line:
            self._line.say(_MOUSE if use else _NO_MOUSE)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._listen_to_signals()
        self._make_raw()
        columns, lines = size_of(self._output)
        self._screen.resize(columns, lines)
        self._line = Line(self._output, self._screen)
        codes = _ENTER + (_PASTES if self._policy.takes_commands else b"") + (_MOUSE if self._mouse else b"")
        self._line.start(codes)
        self._tell_size(columns, lines)
        self._wake = os.pipe()
        self._reader = Thread(target=self._read, args=(self._wake[0],), name="terminal-input", daemon=True)
        self._reader.start()

    def disable_input(self) -> None:
        """Stop reading keys."""
        if not self._reader or not self._wake:
            return
        os.write(self._wake[1], b"x")
        self._reader.join()
        for end in self._wake:
            os.close(end)
        self._reader = self._wake = None
        with suppress(termios.error):
            termios.tcflush(self._input, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        for number in (signal.SIGWINCH, signal.SIGTSTP):
            self._loop.remove_signal_handler(number)
        if self._line:
            self._line.leave((_NO_MOUSE if self._mouse else b"") + self._forget_pastes() + _LEAVE)
            self._line = None
        if self._attributes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._output, termios.TCSANOW, self._attributes)

    def _forget_pastes(self) -> bytes:
        return _NO_PASTES if self._policy.takes_commands else b""

    def _listen_to_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):  # until its first frame, an app cannot exit
            self._loop.add_signal_handler(number, self._app.call_after_refresh, self._app.exit)
        for number, answer in (
            (signal.SIGWINCH, self._resized),
            (signal.SIGTSTP, self._pause),
            (signal.SIGCONT, self._resumed),
        ):
            self._loop.add_signal_handler(number, answer)

    def _make_raw(self) -> None:
        """Read each key at once, without echo; the line handles none itself. A line feed keeps its column."""
        try:
            self._attributes = termios.tcgetattr(self._output)
            raw = termios.tcgetattr(self._output)
        except termios.error:
            return
        if not is_serial(self._output):  # a serial terminal may stop and start the line
            raw[_INPUT] &= ~(termios.IXON | termios.IXOFF)
        raw[_INPUT] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP)
        raw[_OUTPUT] &= ~termios.OPOST
        raw[_LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[_CHARACTERS][termios.VMIN], raw[_CHARACTERS][termios.VTIME] = 1, 0
        with suppress(termios.error):
            termios.tcsetattr(self._output, termios.TCSANOW, raw)
            termios.tcflush(self._input, termios.TCIFLUSH)  # these keys were typed for another program

    def _tell_size(self, columns: int, lines: int) -> None:
        size = Size(columns, lines)
        self.send_message(events.Resize(size, size))

    def _resized(self) -> None:
        columns, lines = size_of(self._output)
        if self._line:
            self._line.resize(columns, lines)
        self._tell_size(columns, lines)

    def _pause(self) -> None:
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _resumed(self) -> None:
        """Draw again: another program may have written on the screen meanwhile."""
        if self._line:
            self._resized()
        else:
            self.resume_application_mode()

    def _read(self, wake: int) -> None:
        keyboard, bursts = Keyboard(self._policy.encoding), Bursts()
        try:
            while True:
                ready, _, _ = select.select([self._input, wake], [], [], _patience_s(keyboard, bursts))
                if wake in ready:
                    return
                data = os.read(self._input, 1 << 12) if ready else b""
                if ready and not data:
                    break
                for message in _meaning_of(data, keyboard, bursts):
                    self._pass_on(message)
        except OSError as error:
            _log.info("terminal lost", extra={"facts": {"error": error.strerror}})
        with suppress(RuntimeError):  # the loop may have ended meanwhile
            self._loop.call_soon_threadsafe(self._app.exit)

    def _pass_on(self, message: Message) -> None:
        event = message.event if isinstance(message, Typed) else message
        event.set_sender(self._app)
        if isinstance(event, events.Key) and event.key == "ctrl+l":
            self._loop.call_soon_threadsafe(self._resized)  # draw the screen again, as everywhere
        else:
            self.process_message(message)


def _patience_s(keyboard: Keyboard, bursts: Bursts) -> float | None:
    """How long to wait for more bytes; None where nothing waits."""
    if keyboard.is_waiting:
        return keyboard.patience_s
    return PAUSE_S if bursts.awaits_pause else None


def _meaning_of(data: bytes, keyboard: Keyboard, bursts: Bursts) -> list[Message]:
    """What these bytes mean. No bytes: none came within that time."""
    if data:
        return bursts.typed(keyboard.typed(data))
    return bursts.typed(keyboard.nothing_followed()) if keyboard.is_waiting else bursts.paused()


def is_serial(descriptor: int) -> bool:
    """Whether a terminal is at a serial line: ttyS0, ttyUSB0, ttyAMA0, but no console and no pty."""
    try:
        return _SERIAL.match(os.ttyname(descriptor)) is not None
    except OSError:  # a pty from outside the container
        return False
