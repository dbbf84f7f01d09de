"""A scanner, a paste or a line that stalled, on every screen: none of them does what the operator did not
want."""

import itertools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from factorypos_tui.core.settings import SETTINGS
from tests.support.terminals import PASSWORD, Terminal
from tests.support.windows import Terminal as Window
from tests.support.windows import terminal
from tests.terminal.test_every_screen import NOTING, home, noted, walk
from tests.terminal.test_keyboard import ANSWERS

__all__ = ["home"]
CODE = "7222222222222"
# Every setting, what needs a person, what is sent again, where this terminal belongs.
_STATE = (
    f"SELECT name, value FROM setting WHERE name IN {tuple(SETTINGS)}",
    "SELECT id, state, attempts FROM shipment ORDER BY id",
    "SELECT * FROM assignment",
)
# This process may be held up between two keys, and its keys must not look like single presses.
PATIENT = "import factorypos_tui.tui.tty.driver as driver\ndriver.PAUSE_S = 0.5\n"
# The same between two bytes of an answer.
WAITING = "import factorypos_tui.tui.tty.keyboard as keyboard\nkeyboard._LONGEST_PAUSE_S = 3.0\n"
_PAUSE_S = 1.0


def at_once(window: Window) -> None:
    """A code in one piece."""
    window.send(f"{CODE}\r".encode())


def at_the_speed_of_a_scanner(window: Window) -> None:
    """The same, 2 to 30 ms a key."""
    for letter, pause_s in zip(f"{CODE}\r", itertools.cycle((0.002, 0.012, 0.03)), strict=False):
        window.send(letter.encode())
        time.sleep(pause_s)


def pasted(window: Window) -> None:
    """The same, as a terminal hands over a paste."""
    window.send(f"\x1b[200~{CODE}\x1b[201~".encode())


def with_a_tab_and_letters(window: Window) -> None:
    """What other scanners send."""
    window.send(b"00RTAESV17Q?:/\t")
    window.send(b"007\r\n")


@contextmanager
def program(bar: Terminal, home: Path, code: str = NOTING) -> Iterator[Window]:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": "C.UTF-8", "HOME": str(home)}
    with terminal("--home", str(home), code=code, environment=environment) as window:
        yield window


def state_of(home: Path) -> list[object]:
    with closing(sqlite3.connect(f"file:{home}/sync.db?mode=ro", uri=True)) as database:
        files = {path.name for path in home.iterdir() if ".db" not in path.name}
        return [files, *(database.execute(statement).fetchall() for statement in _STATE)]


@pytest.mark.long
def test_a_scan_does_nothing_on_any_screen(bar: Terminal, home: Path) -> None:
    with program(bar, home, PATIENT + NOTING) as window:
        for scene in walk(window, home):
            before, opened = state_of(home), noted(home)
            for scan in (at_once, at_the_speed_of_a_scanner, pasted, with_a_tab_and_letters):
                scan(window)
            window.settles(_PAUSE_S)
            assert noted(home) == opened, (scene, window.screen)
            assert state_of(home) == before, (scene, window.screen)
            window.send(b"\x05\x15")  # what a field has taken is taken back
            if scene.endswith(" Recover"):  # here it has to be right for the walk to go on
                window.send(b"\x1b[A\x05\x15ana@example.com")
                window.sees("ana@example.com")
                window.settles(_PAUSE_S)
        window.press("f10")
        assert window.ends() == 0


def test_a_single_digit_opens_and_a_question_takes_none(bar: Terminal, home: Path) -> None:
    with program(bar, home) as window:
        window.sees("F10 Quit", "Online")
        window.press("7", then="Accept: disconnect")
        for key in "127":
            window.press_in_vain(key)
            window.settles(_PAUSE_S)
        window.sees("Accept: disconnect")
        window.press("enter")  # the safe answer
        window.sees("1-7 Enter Choose", "Online")


def test_a_line_that_stood_still_types_in_order_whatever_opens(bar: Terminal, home: Path) -> None:
    with program(bar, home) as window:
        window.sees("F10 Quit", "Online")
        window.press("1", then="F8 Recover")
        window.send(b"\x15bob@example.orgxyz\x7f\x7f\x7f\tsecret\x1b[17~\x05Bob?:q\x7f")
        window.sees("Register a new user", "bob@example.org ", "Bob?: ")
        window.send(b"\x1b")
        window.sees("Log in to FactoryCLOUD", "bob@example.org ", "••••••")


def test_a_password_manager_logs_in(bar: Terminal, home: Path) -> None:
    with program(bar, home) as window:
        window.sees("F10 Quit", "Online")
        window.press("1", then="F8 Recover")
        window.send(f"\x15ana@example.com\t{PASSWORD}\r".encode())
        window.sees("Logged in as ana@example.com.", "1-7 Enter Choose")


def test_what_a_terminal_says_is_no_key_and_takes_no_keyboard_along(bar: Terminal, home: Path) -> None:
    with program(bar, home, WAITING + NOTING) as window:
        window.sees("F10 Quit", "Online")
        for piece in (*ANSWERS[:7], *(bytes([byte]) for byte in ANSWERS[0]), b"\x11\x13", b"\x1b[200~77"):
            window.send(piece)
        window.settles(4 * _PAUSE_S)  # longer than an answer or a paste is waited for
        window.sees("1-7 Enter Choose", "Online")
        window.press("1", then="F8 Recover")
        window.press_in_vain("f7")
        window.send(b"half\x11\x13")
        window.sees("half")
        window.send(b"\x1b]7")
        window.settles(4 * _PAUSE_S)
        window.send(b" filled")
        window.sees("half filled")


def test_what_was_typed_before_the_start_does_nothing(bar: Terminal, home: Path) -> None:
    waiting = "import select\nselect.select([0], [], [])\n"
    with program(bar, home, waiting + NOTING) as window:
        window.send(b"7\n2\n\x1b[21~\n")
        window.sees("1-7 Enter Choose", "Online")
        window.settles(_PAUSE_S)
        window.sees("1-7 Enter Choose", "Online")
        assert noted(home) == []


@pytest.mark.parametrize(
    ("tty", "stays"), [("/dev/pts/0", False), ("/dev/ttyS0", True), ("/dev/ttyUSB1", True)]
)
def test_the_flow_of_a_serial_line_stays_as_it_was(bar: Terminal, home: Path, tty: str, stays: bool) -> None:
    code = f"import os\nos.ttyname = lambda _descriptor: {tty!r}\n{NOTING}"
    with program(bar, home, code) as window:
        window.sees("1-7 Enter Choose", "Online")
        assert window.takes_xoff == stays
        window.press("f10")
        assert window.ends() == 0
        assert window.is_as_it_was


@pytest.mark.parametrize("leave", ["q", "Q", ":quit\r"])
def test_without_function_keys_it_helps_finds_and_ends(bar: Terminal, home: Path, leave: str) -> None:
    with program(bar, home) as window:
        window.sees("1-7 Enter Choose", "Online")
        window.press("?", then="The arrows scroll")
        window.press("?", then="1-7 Enter Choose")
        window.press(leave[0])
        if leave[1:]:
            window.sees("Type to filter")
            window.press(leave[1:])
        assert window.ends() == 0
