"""A list of any length: only the lines in view are asked for and drawn."""

import textwrap
from collections.abc import Callable

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.widgets.pointing import pointed_at


class LongList(Widget, can_focus=True):
    """Lines under a heading, one of them under the cursor."""

    COMPONENT_CLASSES = {f"long--{part}" for part in ("heading", "line", "cursor")}
    BINDINGS = [
        Binding("up", "move(-1)", N_("Up"), id="long.up", tooltip=N_("The row above."), show=False),
        Binding("down", "move(1)", N_("Down"), id="long.down", tooltip=N_("The row below."), show=False),
        Binding("pageup", "page(-1)", N_("Up"), id="long.page_up", tooltip=N_("A page up."), show=False),
        Binding(
            "pagedown", "page(1)", N_("Down"), id="long.page_down", tooltip=N_("A page down."), show=False
        ),
        Binding("home", "first", N_("First"), id="long.first", tooltip=N_("The first row."), show=False),
        Binding("end", "last", N_("Last"), id="long.last", tooltip=N_("The last row."), show=False),
    ]

    class Moved(Message):
        """The cursor is on another line now, or on none."""

    def __init__(
        self, heading: Callable[[int], str], line: Callable[[int, int], str], named: Callable[[int], int]
    ) -> None:
        """`heading` is given the columns there are, `line` its number from 0, and the columns; `named` says
        how many of the columns name a line: the cursor's bar covers them."""
        super().__init__()
        self._heading = heading
        self._line = line
        self._named = named
        self._count = 0
        self._cursor = 0
        self._top = 0
        self._nothing = ""

    @property
    def help_words(self) -> str:
        """What F1 says of it."""
        return _("The arrows, PgUp and PgDn move; Home and End go at once to the first and the last row.")

    @property
    def highlighted(self) -> int | None:
        """The number of the line under the cursor."""
        return self._cursor if self._count else None

    def show(self, count: int, nothing: str = "") -> None:
        """Show so many other lines, from the first on; where there are none, what to say instead."""
        self._count, self._cursor, self._top, self._nothing = count, 0, 0, nothing
        self.refresh()
        self.post_message(self.Moved())

    def action_move(self, lines: int) -> None:
        """Move the cursor; the line it leaves and the one it comes to are drawn, or all where they scroll."""
        before, top = self._cursor, self._top
        self._cursor = min(max(0, self._cursor + lines), max(0, self._count - 1))
        self._keep_in_view()
        if self._top != top:
            self.refresh()
        elif self._cursor != before:
            self.refresh(*(self._region(number) for number in (before, self._cursor)))
        self.post_message(self.Moved())

    def action_page(self, pages: int) -> None:
        """Move by a page, less a line."""
        self.action_move(pages * max(1, self._height - 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self.action_move(-self._count)

    def action_last(self) -> None:
        """Go to the last line."""
        self.action_move(self._count)

    def on_focus(self) -> None:
        """The cursor is seen better."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor steps back."""
        self.refresh()

    def on_resize(self) -> None:
        """More or fewer lines fit."""
        self._keep_in_view()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of those in view."""
        columns, number = self.size.width, self._top + y - 1
        if not self._count:
            nothing = textwrap.wrap(self._nothing, max(20, columns - 2))
            return self._strip("line", f" {nothing[y - 1]}" if 0 < y <= len(nothing) else "")
        if y == 0:
            return self._strip("heading", self._heading(columns))
        if number >= self._count:
            return self._strip("line", "")
        words = self._line(number, columns)
        if number != self._cursor:
            return self._strip("line", words)
        line = self.get_component_rich_style("long--line")
        bar = self.get_component_rich_style("long--cursor") if self.has_focus else line
        return pointed_at(words, self._named(columns), bar, line).adjust_cell_length(columns, line)

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 1)

    def _keep_in_view(self) -> None:
        last_top = max(0, self._count - self._height)
        self._top = min(max(self._top, self._cursor - self._height + 1), self._cursor, last_top)

    def _region(self, number: int) -> Region:
        return Region(0, number - self._top + 1, self.size.width, 1)

    def _strip(self, part: str, words: str) -> Strip:
        style = self.get_component_rich_style(f"long--{part}")
        return Strip([Segment(words, style)]).adjust_cell_length(self.size.width, style)
