"""A list to pick from: typing filters, the arrows move; the focus stays in the filter."""

import re
from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import folded, plain
from factorypos_tui.tui.widgets.field import Field
from factorypos_tui.tui.widgets.page import lines_in_view

_MOVES: dict[str, Callable[[OptionList], None]] = {
    "up": OptionList.action_cursor_up,
    "down": OptionList.action_cursor_down,
    "pageup": OptionList.action_page_up,
    "pagedown": OptionList.action_page_down,
}


class Chooser(Vertical):
    """Names, one per line. `chosen` is the index of the line under the cursor, among the names offered.

    A filter means the same with and without accents. What has its words as whole words comes first, then
    what has words that begin so."""

    BINDINGS = [Binding(key, f"move('{key}')", show=False, priority=True) for key in _MOVES]

    class Pointed(Message):
        """The cursor is on another line, or on none."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        self._folded: Sequence[str] = ()
        self._shown: list[int] = []
        self._filtered_by = ""

    def compose(self) -> ComposeResult:
        """The filter, and the list below it."""
        yield Field(placeholder=_("Type to filter"), id="filter", max_length=60)
        found = OptionList(id="found")
        found.can_focus = False
        yield found

    def on_mount(self) -> None:
        """Tell on the filter's frame which names are in view: consoles have no glyphs for a scroll bar."""
        self.watch(self.query_one(OptionList), "scroll_y", self._say_where, init=False)

    def on_resize(self) -> None:
        """Tell it for another height."""
        self.call_after_refresh(self._say_where)

    def offer(self, names: Sequence[str]) -> None:
        """Show these names from now on, those that fit the filter."""
        self._names = [plain(name) for name in names]
        self._folded = [folded(name) for name in self._names]  # once, and not again for each key
        self._fill()

    @property
    def shown(self) -> int:
        """How many names fit the filter."""
        return len(self._shown)

    @property
    def chosen(self) -> int | None:
        """The index of the name under the cursor; None where none fits."""
        highlighted = self.query_one(OptionList).highlighted
        return None if highlighted is None else self._shown[highlighted]

    def point_at(self, index: int) -> None:
        """Put the cursor on one of the names offered."""
        self.query_one(OptionList).highlighted = self._shown.index(index)

    def action_move(self, key: str) -> None:
        """Move in the list."""
        _MOVES[key](self.query_one(OptionList))

    @on(Input.Changed, "#filter")
    def follow_the_filter(self) -> None:
        """Show only the names that contain the filter; an unchanged filter moves nothing."""
        if self.query_one("#filter", Input).value != self._filtered_by:
            self._fill()

    def _fill(self) -> None:
        self._filtered_by = self.query_one("#filter", Input).value
        words = folded(self._filtered_by).split()
        found_at = {
            index: _closeness(words, name)
            for index, name in enumerate(self._folded)
            if all(word in name for word in words)
        }
        self._shown = sorted(found_at, key=lambda index: found_at[index])
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options([Option(Content(self._names[index])) for index in self._shown])
        if self._shown:
            found.highlighted = 0
        self._say_where()
        self._point()

    def _say_where(self) -> None:
        found = self.query_one(OptionList)
        self.query_one("#filter").border_subtitle = lines_in_view(
            found.scroll_y, found.size.height, len(self._shown)
        )

    @on(OptionList.OptionHighlighted)
    def _point(self) -> None:
        self.post_message(self.Pointed())


def _closeness(words: Sequence[str], name: str) -> int:
    """0 where each word is a word of the name, 1 where each begins one, else 2."""
    parts = re.split(r"[^\w]+|_", name)
    if all(word in parts for word in words):
        return 0
    return 1 if all(any(part.startswith(word) for part in parts) for word in words) else 2
