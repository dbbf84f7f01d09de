"""A list of any length: only the lines in view are asked for, and only those that changed are drawn."""

import textwrap
from abc import abstractmethod
from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.keys import bind


class LongList(Widget, can_focus=True):
    """Lines under a heading, one of them under the cursor. The cursor is an arrow, and also a bar while the
    list has the focus. Subclasses give the lines.

    The bar covers only the columns that name the line. So a slow terminal line carries half as much for each
    key, and the line's state keeps its colour."""

    COMPONENT_CLASSES = {f"list--{part}" for part in ("heading", "line", "warning", "cursor")}
    BINDINGS = [
        bind("up", "move(-1)", N_("Up"), N_("The row above."), is_shown=False),
        bind("down", "move(1)", N_("Down"), N_("The row below."), is_shown=False),
        bind("pageup", "page(-1)", N_("Up"), N_("A page up."), is_shown=False),
        bind("pagedown", "page(1)", N_("Down"), N_("A page down."), is_shown=False),
        bind("home", "first", N_("First"), N_("The first row."), is_shown=False),
        bind("end", "last", N_("Last"), N_("The last row."), is_shown=False),
    ]

    class Changed(Message):
        """Another line is under the cursor, or its text has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.nothing = ""
        """The text where there is no line."""
        self.cursor = 0
        self.top = 0
        self._drawn: list[Strip] = []

    @property
    @abstractmethod
    def count(self) -> int:
        """How many lines there are."""

    @abstractmethod
    def heading(self, columns: int) -> str:
        """The line above the lines, so many columns wide."""

    @abstractmethod
    def line(self, number: int, columns: int) -> str:
        """A line by its number from 0; its first column is blank."""

    @abstractmethod
    def named(self, columns: int) -> int:
        """How many of the columns name a line."""

    def part(self, _number: int) -> str:
        """The look of a line: `line` or `warning`."""
        return "line"

    def instead(self) -> Iterator[tuple[str, str]]:
        """What is drawn where there is no line: looks and texts."""
        yield from wrapped(self.nothing, self.size.width)

    @property
    def help_words(self) -> str:
        """What F1 says of it."""
        return _("The arrows, PgUp and PgDn move; Home and End go at once to the first and the last row.")

    def show_the_first(self) -> None:
        """Show other lines, from the first on."""
        self.cursor = self.top = 0
        self.draw()
        self.post_message(self.Changed())

    def action_move(self, lines: int) -> None:
        """Move the cursor."""
        self.point(min(max(0, self.cursor + lines), max(0, self.count - 1)))
        self.post_message(self.Changed())

    def action_page(self, pages: int) -> None:
        """Move by a page, minus one line."""
        self.action_move(pages * max(1, self._height - 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self.action_move(-self.count)

    def action_last(self) -> None:
        """Go to the last line."""
        self.action_move(self.count)

    def on_focus(self) -> None:
        """Show the cursor more clearly; Textual notes the focus only after this."""
        self.call_later(self.draw)

    def on_blur(self) -> None:
        """Show the cursor less clearly."""
        self.call_later(self.draw)

    def on_resize(self) -> None:
        """Draw again: the size has changed."""
        self._drawn = []
        self.draw()

    def render_line(self, y: int) -> Strip:
        """A line as it was last drawn."""
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(self.size.width)

    def point(self, number: int) -> None:
        """Put the cursor on a line. Where the list does not scroll, only that line and the one before are
        drawn."""
        before, top, self.cursor = self.cursor, self.top, number
        self._scroll()
        lines = {line: line - top + 1 for line in (before, number)}
        if self.top != top or not all(0 < y < len(self._drawn) for y in lines.values()):
            self.draw()
        elif number != before:
            for line, y in lines.items():
                self._drawn[y] = self._row(line)
            self.refresh(*(Region(0, y, self.size.width, 1) for y in lines.values()))

    def draw(self) -> None:
        """Draw the lines that changed."""
        if not self.size.height:
            return
        self._scroll()
        strips = [*self._strips(), *[self._strip("line", "")] * self.size.height][: self.size.height]
        before, self._drawn = self._drawn, strips
        if len(before) != len(strips):
            self.refresh()
            return
        changed = [y for y, strip in enumerate(strips) if strip != before[y]]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 1)

    def _scroll(self) -> None:
        """Keep the cursor in view, and no room below the last line."""
        last_top = max(0, self.count - self._height)
        self.top = min(max(self.top, self.cursor - self._height + 1, 0), self.cursor, last_top)

    def _strips(self) -> Iterator[Strip]:
        if not self.count:
            yield from (self._strip(part, text) for part, text in self.instead())
            return
        yield self._strip("heading", self.heading(self.size.width))
        yield from map(self._row, range(self.top, min(self.count, self.top + self._height)))

    def _row(self, number: int) -> Strip:
        part, text = self.part(number), self.line(number, self.size.width)
        return self._pointed_at(part, text) if number == self.cursor else self._strip(part, text)

    def _strip(self, part: str, words: str) -> Strip:
        style = self._style(part)
        return Strip([Segment(words, style)]).adjust_cell_length(self.size.width, style)

    def _pointed_at(self, part: str, words: str) -> Strip:
        columns, style = self.size.width, self._style(part)
        bar, named = self._style("cursor") if self.has_focus else style, self.named(columns)
        strip = Strip([Segment(f">{words[1:]}")])
        parts = [strip.crop(0, named).apply_style(bar), strip.crop(named).apply_style(style)]
        return Strip.join(parts).adjust_cell_length(columns, style)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"list--{part}")


def wrapped(words: str, columns: int) -> Iterator[tuple[str, str]]:
    """A text on as many lines as it needs, below an empty line."""
    yield "line", ""
    for line in textwrap.wrap(words, max(20, columns - 2)):
        yield "line", f" {line}"
