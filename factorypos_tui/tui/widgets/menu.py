"""A menu for the keyboard: numbers pick, arrows move, Enter accepts; what cannot be used says why."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import Static

from factorypos_tui.core.language import N_
from factorypos_tui.core.language.text import plain


class MenuItem(Static, can_focus=True):
    """One line of a menu: number, if it has one, label, present value. `why_not` is empty where it can be
    used."""

    def __init__(self, number: str, item_id: str) -> None:
        super().__init__("", id=item_id)
        self.number = number
        self.label = ""
        self.value = ""
        self.why_not = ""
        self.explained = ""

    def show(self, label: str, value: str = "", why_not: str = "", explained: str = "") -> None:
        """Show the item anew; `explained` is what F1 says of it."""
        self.label, self.value, self.why_not = plain(label), plain(value), why_not
        self.explained = explained
        self.set_class(bool(why_not), "unusable")
        self.refresh()
        if self.has_focus:
            self.on_focus()

    @property
    def help_words(self) -> str:
        """What F1 says of it: what it does, and why it cannot be used now, if so."""
        return f"{self.label}: {self.explained} {self.why_not}".strip() if self.explained else ""

    def on_focus(self) -> None:
        """Say on the menu's frame why this item cannot be used, if so."""
        if isinstance(self.parent, Menu) and self.parent.said != self.why_not:
            self.parent.said = self.parent.border_subtitle = self.why_not

    def render(self) -> Content:
        """Label to the left, value to the right, cut where they do not both fit."""
        width = max(0, self.size.width - 1)
        name = f" {self.number} {self.label}" if self.number else f" {self.label}"
        left = Content(name).truncate(width, ellipsis=True)
        room = width - left.cell_length
        value = Content(self.value).truncate(max(0, room - 1), ellipsis=True)
        return left + value.pad_left(room - value.cell_length) + " "


class Menu(Vertical):
    """Items one below the other, numbered from 1."""

    BINDINGS = [
        Binding("enter", "choose", N_("Choose"), id="menu.choose", tooltip=N_("Open the option in focus.")),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    IS_NUMBERED = True

    class Chosen(Message):
        """The operator picked an item that can be used."""

        def __init__(self, item_id: str) -> None:
            self.item_id = item_id
            super().__init__()

    def __init__(self, *item_ids: str) -> None:
        super().__init__()
        self._item_ids = item_ids
        self.said = ""  # on the frame, which Textual paints anew with all items whenever it is told

    @property
    def numbers(self) -> str:
        """The digits that pick: `1-3`; empty where none does."""
        last = max((item.number for item in self.query(MenuItem) if item.display), default="1")
        return last if last in ("", "1") else f"1-{last}"

    def compose(self) -> ComposeResult:
        """The items."""
        for number, item_id in enumerate(self._item_ids, 1):
            yield MenuItem(str(number) if self.IS_NUMBERED else "", item_id)

    def item(self, item_id: str) -> MenuItem:
        """The item of this id."""
        return self.query_one(f"#{item_id}", MenuItem)

    def on_key(self, event: Key) -> None:
        """A digit picks its item."""
        for item in self.query(MenuItem):
            if event.character == item.number:
                event.stop()
                item.focus()
                self._choose(item)

    def action_choose(self) -> None:
        """Pick the item in focus."""
        if isinstance(self.screen.focused, MenuItem):
            self._choose(self.screen.focused)

    def _choose(self, item: MenuItem) -> None:
        if not item.why_not and item.id:
            self.post_message(self.Chosen(item.id))


class Answers(Menu):
    """The answers to a question, the safe one first. No digit picks one: whoever types numbers on and on, as
    a scanner does, means nothing here."""

    IS_NUMBERED = False
