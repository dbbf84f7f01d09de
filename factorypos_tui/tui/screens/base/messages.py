"""Where the app's messages are shown: below the first line, over no frame's title."""

from itertools import count
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import Toast, ToastRack


@runtime_checkable
class Pointing(Protocol):
    """A widget one line of which says what to do next."""

    @property
    def line_to_see(self) -> int | None:
        """That line, counted from 0 in its content; None where there is none."""
        ...


def place_messages(screen: Screen[Any]) -> None:
    """Move messages to the first lines where they cover neither a title nor what is to be done next."""
    rack = screen.get_child_by_type(ToastRack)
    if not rack.display:
        return
    shown = [widget for widget in screen.walk_children(Widget) if widget.region]
    kept = {widget.region.y for widget in shown if widget.border_title}
    kept |= {
        widget.content_region.y + widget.line_to_see
        for widget in shown
        if isinstance(widget, Pointing) and widget.line_to_see is not None
    }
    height = max(1, sum(toast.size.height for toast in rack.query(Toast)))
    top = next(line for line in count(1) if kept.isdisjoint(range(line, line + height)))
    if rack.styles.margin.top != top:
        rack.styles.margin = (top, 0, 0, 0)
