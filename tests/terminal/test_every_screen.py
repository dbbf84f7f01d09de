"""Every screen and dialog of the real program, on the terminals that can show least: all can be read."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.tui.tty.glyphs import CONSOLE
from tests.support.screen_classes import screens
from tests.support.terminals import Terminal
from tests.support.windows import Terminal as Window
from tests.support.windows import terminal
from tests.terminal.test_every_terminal import ASCII, unreadable

# Writes down the name of each screen that is opened.
NOTING = """
import sys
from pathlib import Path
from textual.app import App
push, note = App.push_screen, Path(sys.argv[2], "opened").open("a")
def noting(app, screen, *arguments, **options):
    print(type(screen).__name__.removesuffix("Screen"), file=note, flush=True)
    return push(app, screen, *arguments, **options)
App.push_screen = noting
from factorypos_tui.cli.main import main
main()
"""
QUIET_S, _PATIENCE = 0.3, 100
ESC, FIND = ("escape", ""), ("f9", "Find")
F6 = "\x1b[17~"
# Keys, and the screen that they open.
WAY = (
    *(("f1", "Help"), ESC, ("f2", "")),
    *(FIND, ("Welcome\r", "Welcome"), ESC, FIND, ("Register\r", "Register"), ESC),
    *(FIND, ("Figures\r", "Figures"), ("c", "Closings"), ESC, ESC),
    *(FIND, ("Examine\r", "Examination"), ESC),
    *(FIND, ("Close the day\r", "CloseDay"), ESC),
    *(FIND, ("Recover\r", "Recover"), ("\r", "NewPassword"), ESC, ESC, ("1", "LogIn"), ESC),
    *(FIND, ("Enrol\r", "Code"), ESC, FIND, ("phone\r", "Phone"), ESC),
    *(("2", "Pick"), (F6, "NewCompany"), ESC, ("\r", "Pick"), (F6, "NewStore"), ESC),
    *(("\r", "History"), ("escape", "Pick"), ("escape", "Pick"), ESC, ("3", "Settings"), ESC),
    *(("4", "Queue"), ("\r", "Report"), ("e", "Save"), ESC, ESC, ("a", "Attention"), ESC),
    *(("v", "Verify"), ESC, ("t", "Confirm"), ESC, ESC, ("5", "Resend"), ESC),
    *(("6", "Data"), ("2", "Changes"), ("\r", "Accept"), ESC, ESC, ESC, ("7", "Confirm"), ESC),
)

READ_ONLY = ("Help", "Phone")
"""Screens on which nothing is picked or typed, so nothing has the focus: the key bar has all their keys."""

# What this home does not lead to. A till is made only where there is none: tests/e2e/test_first_steps.py
# does so on a console. No configuration has been replaced: tests/tui/test_data_later.py looks at backups.
# Another program's till is connected before anything is sent: tests/tui/test_connect_pictures.py draws that.
# The account has no second factor: tests/tui/test_second_factor_pictures.py draws it.
ELSEWHERE = {"Home", "NewTill", "Choose", "Backups", "WhereItIs", "WhoseItIs", "Papers", "SecondFactor"}
EXTENDED = {"Confirm"}
"""A screen that is opened as it is, though another one extends it."""

# What has to be there before: a key that comes too early does nothing.
_READY = {
    ("\r", "Pick"): "1 of 1",
    ("\r", "History"): "1 of 1",
    ("2", "Changes"): "2 Data Upload",
    ("\r", "Accept"): ">AGUA",
}


@pytest.fixture
def home(bar: Terminal, tmp_path: Path) -> Path:
    """The bar's home, with a report that needs attention."""
    folder = tmp_path / "home"
    shutil.copytree(bar.home, folder)
    database = sqlite3.connect(folder / "sync.db", isolation_level=None)
    database.execute(
        "UPDATE shipment SET state = 'attention', last_error = 'invalid', last_status = 422"
        " WHERE id = (SELECT max(id) FROM shipment)"
    )
    database.close()
    return folder


def walk(window: Window, home: Path) -> Iterator[str]:
    """Go everywhere; gives the name of each screen while it is in front."""
    window.sees("F10 Quit", "Online")
    yield "home"
    for number, (keys, name) in enumerate(WAY):
        opened, before = len(noted(home)), window.screen
        window.sees(_READY.get((keys, name), ""))
        window.press_in_vain(keys)
        for _look in range(_PATIENCE if name else _PATIENCE // 10):
            window.settles(QUIET_S)
            if noted(home)[opened:] if name else window.screen != before:
                break
        assert not name or noted(home)[-1] == name, (number, window.screen)
        yield f"{number} {keys} {name}"


def noted(home: Path) -> list[str]:
    return (home / "opened").read_text().split()


def shows_focus(window: Window) -> bool:
    """Whether something shows where the keys go."""
    is_marked = any(place.reverse for place in window.places())
    return is_marked or re.search("[═=]{9}", window.screen) is not None


@pytest.mark.parametrize(
    ("term", "size", "flags", "glyphs", "is_console"),
    [
        ("linux", (80, 24), (), CONSOLE, True),
        pytest.param("linux", (80, 24), ("--ascii",), ASCII, True, marks=pytest.mark.long),
        pytest.param("vt220", (132, 24), (), CONSOLE, False, marks=pytest.mark.long),
    ],
)
def test_every_screen_can_be_read(
    bar: Terminal,
    home: Path,
    term: str,
    size: tuple[int, int],
    flags: tuple[str, ...],
    glyphs: frozenset[str],
    *,
    is_console: bool,
) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": "C.UTF-8"}
    with terminal(
        "--home", str(home), *flags, term=term, size=size, code=NOTING, environment=environment
    ) as window:
        for scene in walk(window, home):
            for _look in range(_PATIENCE):
                if scene.endswith(READ_ONLY) or shows_focus(window):
                    break
                window.settles(QUIET_S)
            places = window.places()
            assert not unreadable(places, is_console=is_console), (scene, window.screen)
            letters = {letter for place in places for letter in place.data}
            assert letters <= glyphs, (scene, letters - glyphs)
            assert scene.endswith(READ_ONLY) or shows_focus(window), (
                scene,
                "nothing shows where the keys go",
            )
        window.press("f10")
        assert window.ends() == 0
    ours = {screen.__name__.removesuffix("Screen") for screen in screens()} | EXTENDED
    assert ours - ELSEWHERE == set(noted(home))
