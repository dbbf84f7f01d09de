"""What makes the app feel quick, on a real terminal: little before the first frame, little for a key."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.css.stylesheet import Stylesheet

import factorypos_tui
from factorypos_tui.tui import typist
from factorypos_tui.tui.themes import THEMES
from tests.support.operator import opened
from tests.support.stations import Shop
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
# What it takes today, and a little air: more than that is something that could have waited.
_MOST_SOURCE, _MOST_MODULES = 605_000, 590


def source_of(module: str) -> Path:
    """The file of a module, found without importing it."""
    path = Path(factorypos_tui.__file__).parents[1].joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_the_first_frame_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path), code=_NOTING) as window:
        window.sees("3 Have a look around first", "F10 Quit")
        window.press("f10")
        assert window.ends() == 0
    loaded = set((tmp_path / "loaded").read_text().split("\n"))
    assert loaded & {"httpx", "keyring", "fastapi", "psycopg.pq", "tomllib"} == set()
    ours = {name: source_of(name) for name in loaded if name.startswith("factorypos_tui.")}
    assert ours
    assert sum(path.stat().st_size for path in ours.values()) <= _MOST_SOURCE, sorted(ours)
    assert len(loaded) <= _MOST_MODULES, sorted(loaded)


def test_what_the_first_frame_asks_a_till_loads_nothing_that_adds_up() -> None:
    script = "import sys, factorypos_tui.tills.bundled.findings; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "factorypos_tui.core.reports.doubts" in loaded
    assert (
        set(loaded.split()) & {"factorypos_tui.core.reports.sales", "factorypos_tui.core.reports.closing"}
        == set()
    )


def test_a_step_in_the_menu_paints_two_lines_and_not_the_screen(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path)) as window:
        window.sees("3 Have a look around first")
        window.press("escape", then="F9 Find")
        window.press("down")
        window.sees("─ Log in first. ─")  # on the frame, which is painted for it
        painted = len(window.bytes)
        window.press("down")
        window.press("f1", then="Configuration: Send X Report")
        before_help = window.bytes[painted:].partition(b"Help")[0]
    assert b"Synchronization status" not in before_help


@pytest.mark.anyio
async def test_the_styles_of_the_first_frame_are_parsed_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed_again: list[Stylesheet] = []
    monkeypatch.setattr(Stylesheet, "reparse", parsed_again.append)
    async with opened(shop, running=False) as operator:
        await operator.sees("F10 Quit")
        assert operator.app.screen.styles.background.hex.lower() == THEMES["dark"].background
    assert not parsed_again


@pytest.mark.anyio
async def test_a_key_waits_for_nothing_unless_another_is_being_handled(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[object] = []
    settle = typist.settle

    async def note(app: App[Any]) -> None:
        waits.append(app)
        await settle(app)

    monkeypatch.setattr(typist, "settle", note)
    async with opened(shop, running=False) as operator:
        await operator.rests()
        waits.clear()
        await operator.presses("down", "down")
        assert operator.focus == "settings"
        assert waits == []
        await operator.types_ahead("down", "down")
        assert operator.focus == "resend"
        assert waits
