"""Every screen at 80x22, the least there may be: whole, or scrolling, with what has the focus in view. A
terminal that was too small for a while shows all rows again. `make snapshots` draws the pictures again."""

from functools import partial

import pytest
from textual.geometry import Size
from textual.widget import Widget

from tests.support.operator import Operator, app_of, opened
from tests.support.stations import Shop
from tests.tui.book import WAYS
from tests.tui.camera import Camera

LEAST = (80, 22)
every_screen = pytest.mark.parametrize("name", WAYS)


@every_screen
def test_at_the_least_size(busy: Shop, camera: Camera, name: str) -> None:

    async def story(operator: Operator) -> None:
        await WAYS[name](operator, busy)
        await operator.stands_still()
        is_whole(operator)

    assert camera.finds_as_pictured(app_of(busy), story, LEAST, may_be_cut=True)


@every_screen
async def test_all_rows_are_back_after_a_moment_of_20x5_and_whatever_has_the_focus_is_in_view(
    busy: Shop, name: str
) -> None:
    async with opened(busy, running=False, size=LEAST) as operator:
        await WAYS[name](operator, busy)
        await operator.stands_still()
        before = room(operator)
        await operator.resizes(20, 5)
        await operator.sees("20x5", "F10 leaves")
        await operator.resizes(*LEAST)
        await operator.stands_still()
        assert room(operator) == before
        is_whole(operator)
        for widget in operator.app.screen.focus_chain:
            widget.focus()
            await operator.until(partial(in_view, operator, widget), f"all of {widget}")
            await operator.stands_still()
            is_whole(operator)


def room(operator: Operator) -> list[tuple[str | None, Size]]:
    """How large everything in front is; how far a dialog is scrolled is no matter."""
    widgets = operator.app.screen.walk_children(Widget)
    return [(widget.id, widget.outer_size) for widget in widgets if widget.display]


def is_whole(operator: Operator) -> None:
    """Title and keys of what is in front can be seen, and so can what has the focus."""
    screen = operator.app.screen
    for box in screen.query("#dialog"):
        assert in_view(operator, box)
        assert screen.query_one("KeyBar").region.y >= box.region.bottom
    assert in_view(operator, screen.query_one("KeyBar"))
    assert screen.focused is None or in_view(operator, screen.focused)


def in_view(operator: Operator, widget: Widget) -> bool:
    """Whether no part of it is cut off."""
    shown = operator.app.screen.find_widget(widget)
    return shown.visible_region == shown.region and operator.app.screen.region.contains_region(shown.region)
