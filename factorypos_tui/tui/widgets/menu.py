"""A menu for the keyboard: numbers pick, arrows move, Enter accepts; an item that cannot be used says why."""

from dataclasses import dataclass, replace

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.content import Content
from textual.events import Key, MouseDown
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from factorypos_tui.core.language import N_
from factorypos_tui.core.language.text import plain
from factorypos_tui.tui.keys import bind

_LONGEST = 79
"""A value stands no further from its label."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu."""

    id: str
    label: str
    value: str = ""
    """Its present value."""
    why_not: str = ""
    """Why it cannot be used; empty where it can."""
    explained: str = ""
    """What F1 says of it."""


class Menu(Widget, can_focus=True):
    """Items one below the other, numbered from 1, one of them under the cursor."""

    COMPONENT_CLASSES = {"menu--unusable"}
    BINDINGS = [
        bind("enter", "choose", N_("Choose"), N_("Open the option in focus.")),
        Binding("up,shift+tab", "move(-1)", show=False),
        Binding("down,tab", "move(1)", show=False),
    ]

    IS_NUMBERED = True

    class Chosen(Message):
        """The operator picked an item that can be used."""

        def __init__(self, item_id: str) -> None:
            self.item_id = item_id
            super().__init__()

    class Moved(Message):
        """Another item is under the cursor now."""

    def __init__(self, *items: Item) -> None:
        super().__init__()
        self._items: tuple[Item, ...] = ()
        self._cursor = 0
        self._said = ""  # the frame's text; setting it makes Textual paint the whole menu
        self.offer(*items)

    def offer(self, *items: Item) -> None:
        """Show these items from now on; the cursor stays on its item, or goes to the first."""
        items = tuple(replace(item, label=plain(item.label), value=plain(item.value)) for item in items)
        if items == self._items:
            return
        at, ids = self.at, [item.id for item in items]
        self.refresh(layout=len(items) != len(self._items))
        self._items = items
        self.refresh_bindings()
        self._cursor = ids.index(at) if at in ids else 0
        self._say_why_not()

    def allow_focus(self) -> bool:
        """Whether there are items: without any there is nothing to point at."""
        return bool(self._items) and super().allow_focus()

    @property
    def at(self) -> str:
        """The id of the item under the cursor; empty without items."""
        return self._items[self._cursor].id if self._items else ""

    @property
    def numbers(self) -> str:
        """The digits that pick: `1-3`; empty where no digit picks."""
        last = len(self._items)
        return "" if not self.IS_NUMBERED else f"1-{last}" if last > 1 else "1"

    @property
    def help_words(self) -> str:
        """What F1 says of the item under the cursor: what it does, and why it cannot be used now."""
        item = self._items[self._cursor]
        return f"{item.label}: {item.explained} {item.why_not}".strip() if item.explained else ""

    def go_to(self, item_id: str) -> None:
        """Put the cursor on an item."""
        self._point([item.id for item in self._items].index(item_id))

    def action_move(self, lines: int) -> None:
        """Move the cursor, from the last item on to the first."""
        self._point((self._cursor + lines) % len(self._items))
        self.scroll_visible(animate=False)

    def action_choose(self) -> None:
        """Pick the item under the cursor."""
        item = self._items[self._cursor]
        if not item.why_not:
            self.post_message(self.Chosen(item.id))

    def on_key(self, event: Key) -> None:
        """A digit picks its item."""
        numbers = [str(number) for number in range(1, len(self._items) + 1)]
        if self.IS_NUMBERED and event.character in numbers:
            event.stop()
            self._point(numbers.index(event.character))
            self.action_choose()

    def on_mouse_down(self, event: MouseDown) -> None:
        """Point at a line."""
        place = event.get_content_offset(self)
        if place and place.y < len(self._items):
            self._point(place.y)

    def on_focus(self) -> None:
        """Show the cursor more clearly."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor less clearly."""
        self.refresh()

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """A line for each item."""
        return len(self._items)

    def render_line(self, y: int) -> Strip:
        """Label to the left, value to the right; the line under the cursor reversed."""
        width = self.size.width
        if y >= len(self._items):
            return Strip.blank(width, Style(bgcolor=self.background_colors[1].rich_color))
        item = self._items[y]
        unusable = ["menu--unusable"] if item.why_not else []
        look = Style(reverse=y == self._cursor and self.has_focus)
        style = self.get_visual_style(*unusable).rich_style + look
        return Strip([Segment(self._words(y, width), style)]).adjust_cell_length(width, style)

    def _words(self, number: int, width: int) -> str:
        """Label and value, cut where both do not fit."""
        item, width = self._items[number], min(max(0, width - 1), _LONGEST)
        name = f" {number + 1} {item.label}" if self.IS_NUMBERED else f" {item.label}"
        left = Content(name).truncate(width, ellipsis=True)
        room = width - left.cell_length
        value = Content(item.value).truncate(max(0, room - 1), ellipsis=True)
        return (left + value.pad_left(room - value.cell_length) + " ").plain

    def _point(self, number: int) -> None:
        """Put the cursor on a line; only that line and the one before are drawn."""
        before, self._cursor = self._cursor, number
        if number != before:
            self.refresh(*(Region(0, line, self.size.width, 1) for line in (before, number)))
            self._say_why_not()
            self.post_message(self.Moved())

    def _say_why_not(self) -> None:
        """Show on the frame why the item under the cursor cannot be used."""
        words = self._items[self._cursor].why_not if self._items else ""
        if words != self._said:
            self._said = self.border_subtitle = words


class Answers(Menu):
    """The answers to a question, the safe one first. No digit picks one, since a scanner types numbers that
    mean nothing here."""

    IS_NUMBERED = False
