"""What makes the app feel quick, on a real terminal: little before the first frame, little for a key."""

from pathlib import Path

from tests.support.windows import terminal

# Writes down what is loaded when the app, its first frame shown, turns to the rest.
_NOTING = """
import sys
from pathlib import Path
from factorypos_tui.tui import background
in_background, note = background.in_background, Path(sys.argv[2], "loaded")
def noting(work):
    note.exists() or note.write_text("\\n".join(sys.modules))
    return in_background(work)
background.in_background = noting
from factorypos_tui.cli.main import main
main()
"""
_FRAME = ("", ".messages", ".station", ".status_line", ".title_bar")
_HOME = ("", ".home", ".options", ".panels")
_ROOMS = ("cloud", "credentials", "server", "tui.screens")


def test_the_first_frame_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path), code=_NOTING) as window:
        window.sees("FactoryPOS » FactoryCLOUD", "F10 Quit", "1 Log in")
        window.press("f10")
        assert window.ends() == 0
    loaded = set((tmp_path / "loaded").read_text().split("\n"))
    assert loaded & {"httpx", "keyring", "fastapi", "psycopg.pq", "tomllib"} == set()
    own = {name.removeprefix("factorypos_tui.") for name in loaded if name.startswith("factorypos_tui.")}
    assert {name for name in own if name.startswith(_ROOMS)} == {
        "tui.screens",
        *(f"tui.screens.base{name}" for name in _FRAME),
        *(f"tui.screens.home{name}" for name in _HOME),
    }
    assert not any(name.startswith(("core.configuration", "tills.bundled.configur")) for name in own)
    assert own & {"core.answers"} == set()
    assert own & {"core.reports.figures", "core.reports.sales"} == set()
    assert own & {"core.recovery.salvage", "core.delivery.drain"} == set()
    assert own & {"tills.bundled.periods", "tills.bundled.recorded"} == set()


def test_a_step_in_the_menu_paints_two_lines_and_not_the_screen(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path)) as window:
        window.sees("1 Log in")
        window.press("escape")
        window.sees("F9 Find")
        window.press("down")
        window.sees("Log in first.")  # on the frame, which is painted for it
        painted = len(window.bytes)
        window.press("down")
        window.press("f1")
        window.sees("Configuration: Send X Report")
        before_help = window.bytes[painted:].partition(b"Help")[0]
    assert b"Synchronization status" not in before_help
