"""A list of any length: only the lines in view are asked for, and only those that changed are drawn."""

import textwrap
from abc import abstractmethod
from collections.abc import Iterator, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.tui.keys import bind


class LongList(Widget, can_focus=True):
    """Lines under a heading, one of them under the cursor; some lines have a heading of their own above them.
    The cursor is an arrow, and also a bar from edge to edge while the list has the focus. Subclasses give the
    lines."""

    COMPONENT_CLASSES = {
        f"list--{part}" for part in ("heading", "month", "line", "done", "waiting", "refused")
    }
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
        self._is_cut = False
        """Whether the heading of the first line in view is above the view."""
        self._drawn: list[Strip] = []
        self._drawn_at: dict[int, int] = {}

    @property
    @abstractmethod
    def count(self) -> int:
        """How many lines there are."""

    @abstractmethod
    def heading(self, columns: int) -> str:
        """The line above the lines, so many columns wide."""

    @abstractmethod
    def line(self, number: int, columns: int) -> Sequence[tuple[str, str]]:
        """The parts of a line by its number from 0, looks and texts; its first column is blank."""

    def above(self, _number: int) -> str:
        """The heading right above a line; empty where there is none."""
        return ""

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
        """Move by the lines in view, minus one."""
        self.action_move(pages * max(1, len(self._drawn_at) - 1))

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

    def notify_style_update(self) -> None:
        """Draw in the colours of another theme."""
        super().notify_style_update()
        self.call_later(self.draw)

    def render_line(self, y: int) -> Strip:
        """A line as it was last drawn."""
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(self.size.width)

    def point(self, number: int) -> None:
        """Put the cursor on a line. Where the list does not scroll, only that line and the one before are
        drawn."""
        before, start, self.cursor = self.cursor, (self.top, self._is_cut), number
        self._scroll()
        if (self.top, self._is_cut) != start or not {before, number} <= self._drawn_at.keys():
            self.draw()
        elif number != before:
            lines = {self._drawn_at[line]: self._row(line) for line in (before, number)}
            for y, strip in lines.items():
                self._drawn[y] = strip
            self.refresh(*(Region(0, y, self.size.width, 1) for y in lines))

    def draw(self) -> None:
        """Draw the lines that changed."""
        if not self.size.height:
            return
        self._scroll()
        strips = [*self._lines(), *[self._strip([("line", "")])] * self.size.height][: self.size.height]
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
        if self.count:
            latest = min((self.cursor, False), self._first_above(self.count - 1))
            start = (self.top, self._is_cut)
            self.top, self._is_cut = max(self._first_above(self.cursor), min(start, latest))

    def _first_above(self, last: int) -> tuple[int, bool]:
        """The first line in view where this is the last one, and whether its heading has no room there."""
        room, first = self._height, last + 1
        while first > 0 and (lines := self._lines_of(first - 1)) <= room:
            room -= lines
            first -= 1
        return (first - 1, True) if first > 0 < room else (first, False)

    def _lines_of(self, number: int) -> int:
        return 2 if self.above(number) else 1

    def _lines(self) -> Iterator[Strip]:
        """What is to be drawn, from the top; notes where each line is."""
        self._drawn_at = {}
        if not self.count:
            yield from (self._strip([part]) for part in self.instead())
            return
        yield self._strip([("heading", self.heading(self.size.width))])
        y = 1
        for number in range(self.top, min(self.count, self.top + self._height)):
            is_cut = self._is_cut and number == self.top
            if not is_cut and (heading := self.above(number)):
                yield self._strip([("month", f" {heading}")])
                y += 1
            if y < self.size.height:
                self._drawn_at[number] = y
                yield self._row(number)
                y += 1

    def _row(self, number: int) -> Strip:
        parts = self.line(number, self.size.width)
        if number != self.cursor:
            return self._strip(parts)
        (look, words), *others = parts
        return self._strip([(look, f">{words[1:]}"), *others], Style(reverse=self.has_focus))

    def _strip(self, parts: Sequence[tuple[str, str]], more: Style | None = None) -> Strip:
        styles = [self._style(look) + (more or Style()) for look, _words in parts]
        strip = Strip([Segment(words, style) for (_look, words), style in zip(parts, styles, strict=True)])
        return strip.adjust_cell_length(self.size.width, styles[-1])

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"list--{part}")


def aligned(place: int, count: int) -> str:
    """A place as wide as the last one: what stands beside it must not move with the cursor."""
    return format_number(place).rjust(len(format_number(count)))


def place_words(place: int, count: int) -> str:
    """Which line is under the cursor, and of how many: `1,204 of 20,000`."""
    return _("{place} of {n}").format(place=aligned(place, count), n=format_number(count))


def wrapped(words: str, columns: int) -> Iterator[tuple[str, str]]:
    """A text on as many lines as it needs, below an empty line."""
    yield "line", ""
    for line in textwrap.wrap(words, max(20, columns - 2)):
        yield "line", f" {line}"
