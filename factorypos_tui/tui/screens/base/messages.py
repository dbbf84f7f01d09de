"""Where the app's messages are shown: below the first line, over no frame's title."""

from itertools import count
from typing import Any

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import Toast, ToastRack


def place_messages(screen: Screen[Any]) -> None:
    """Move messages to the first lines where they cover no title."""
    rack = screen.get_child_by_type(ToastRack)
    if not rack.display:
        return
    titles = {
        widget.region.y for widget in screen.walk_children(Widget) if widget.border_title and widget.region
    }
    height = max(1, sum(toast.size.height for toast in rack.query(Toast)))
    top = next(line for line in count(1) if titles.isdisjoint(range(line, line + height)))
    if rack.styles.margin.top != top:
        rack.styles.margin = (top, 0, 0, 0)
