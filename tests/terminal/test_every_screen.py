"""Every screen and dialog of the real program, on the terminals that can show least: all can be read."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import factorypos_tui.tui.screens
from factorypos_tui.tui.tty.glyphs import CONSOLE
from tests.e2e.terminal import Terminal
from tests.terminal.test_every_terminal import ASCII, unreadable
from tests.tui.terminal import Terminal as Window
from tests.tui.terminal import terminal

# Writes down the module of each screen that is opened.
NOTING = """
import sys
from pathlib import Path
from textual.app import App
push, note = App.push_screen, Path(sys.argv[2], "opened").open("a")
def noting(app, screen, *arguments, **options):
    print(type(screen).__module__.rpartition(".")[2], file=note, flush=True)
    return push(app, screen, *arguments, **options)
App.push_screen = noting
from factorypos_tui.cli.main import main
main()
"""
QUIET_S, _PATIENCE = 0.3, 100
_BASES = {"__init__", "create", "dialog", "form", "log_in_again", "station"}
ESC, FIND = ("escape", ""), ("f9", "find")
F6 = "\x1b[17~"
# Keys, and the screen that they open.
WAY = (
    *(("f1", "help"), ESC, ("f2", "")),
    *(FIND, ("Welcome\r", "welcome"), ESC, FIND, ("Register\r", "register"), ESC),
    *(FIND, ("Recover\r", "recover"), ("\r", "new_password"), ESC, ESC, ("1", "log_in"), ESC),
    *(("2", "pick"), (F6, "new_company"), ESC, ("\r", "pick"), (F6, "new_store"), ESC),
    *(("\r", "history"), ("escape", "pick"), ("escape", "pick"), ESC, ("3", "configuration"), ESC),
    *(("4", "queue"), ("\r", "report"), ("e", "save"), ESC, ESC, ("a", "attention"), ESC),
    *(("v", "verify"), ESC, ("t", "confirm"), ESC, ESC, ("5", "resend"), ESC),
    *(("6", "data"), ("2", "changes"), ("\r", "accept"), ESC, ESC, ESC, ("7", "confirm"), ESC),
)

# What has to be there before: a key that comes too early does nothing.
_READY = {
    ("\r", "pick"): "1 of 1",
    ("\r", "history"): "1 of 1",
    ("2", "changes"): "2 Data Upload",
    ("\r", "accept"): ">AGUA",
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
        window.press(keys)
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
    ("term", "flags", "glyphs", "is_console"),
    [
        ("linux", (), CONSOLE, True),
        ("linux", ("--ascii",), ASCII, True),
        ("vt220", (), CONSOLE, False),
    ],
)
def test_every_screen_can_be_read(
    bar: Terminal, home: Path, term: str, flags: tuple[str, ...], glyphs: frozenset[str], *, is_console: bool
) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "LANG": "C.UTF-8"}
    with terminal("--home", str(home), *flags, term=term, code=NOTING, environment=environment) as window:
        for scene in walk(window, home):
            for _look in range(_PATIENCE):
                if scene.endswith("help") or shows_focus(window):
                    break
                window.settles(QUIET_S)
            places = window.places()
            assert not unreadable(places, is_console=is_console), (scene, window.screen)
            letters = {letter for place in places for letter in place.data}
            assert letters <= glyphs, (scene, letters - glyphs)
            assert scene.endswith("help") or shows_focus(window), (scene, "nothing shows where the keys go")
        window.press("f10")
        assert window.ends() == 0
    modules = {path.stem for path in Path(factorypos_tui.tui.screens.__path__[0]).glob("*.py")}
    assert modules - _BASES - {"home"} == set(noted(home))
