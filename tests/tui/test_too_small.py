"""A terminal that is made too small says what it needs, keeps what was typed, and can be left."""

from pathlib import Path

from tests.support.operator import app_of
from tests.support.stations import Shop
from tests.support.windows import terminal
from tests.tui.camera import Camera, in_both_languages


def test_what_was_typed_is_there_again_when_there_is_room_again(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path)) as window:
        window.sees("3 Have a look around first")
        window.press("1", then=("Log in to FactoryCLOUD", "E-mail"))
        window.press("ana@example.com", then="ana@example.com")
        window.resize(79, 24)
        window.sees("The app needs 80x22; this terminal has 79x24.", "F10 leaves.")
        window.press_in_vain("blind")
        window.press_in_vain("enter")
        window.resize(20, 5)
        window.sees("80x22", "20x5", "F10 leaves")
        window.resize(100, 30)
        window.sees("Log in to FactoryCLOUD", "ana@example.com", "F10 Quit")
        assert "blind" not in window.screen
        assert "has 20x5" not in window.screen
        assert "Type your password" not in window.screen


def test_it_can_be_left_but_not_by_what_a_serial_terminal_sends_by_itself(tmp_path: Path) -> None:
    with terminal("--home", str(tmp_path)) as window:
        window.sees("3 Have a look around first")
        window.resize(40, 12)
        window.sees("The app needs 80x22", "40x12")
        window.press_in_vain("\x11")
        window.press_in_vain("q")
        window.settles()
        window.sees("40x12")
        window.press("f10")
        assert window.ends() == 0


@in_both_languages()
def test_too_small(shop: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(shop), size=(60, 20))
