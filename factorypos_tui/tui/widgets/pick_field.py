"""A field whose answer is one of a list: what is typed in it begins to search the list."""

from __future__ import annotations

from collections.abc import Mapping

from textual.events import Key, Paste
from textual.message import Message

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import folded, plain
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.widgets.field import Field


class PickField(Field):
    """It shows the label of its answer. It asks for the list; its screen shows that."""

    is_typed_in = False
    BINDINGS = [
        bind("f4", "ask", N_("List"), N_("Show the list to pick from. Typing shows it, too, and searches.")),
    ]

    class Asked(Message):
        """The operator wants to see the list, and has typed so much."""

        def __init__(self, field: PickField, typed: str) -> None:
            self.field = field
            self.typed = typed
            super().__init__()

    def __init__(self, choices: Mapping[str, str], chosen: str, name: str) -> None:
        """`choices`: each answer and its label; `chosen` is one of them, else nothing is proposed;
        `name` becomes its id."""
        super().__init__(id=name, select_on_focus=False)
        self.choices = choices
        self.choose(chosen)

    @property
    def answer(self) -> str:
        """The answer whose label is shown; empty while there is none."""
        return self._chosen

    def takes(self, letter: str) -> bool:
        """Whether the list has it: a scanner's code begins with what no name holds."""
        return any(folded(letter) in folded(label) for label in self.choices.values())

    def choose(self, chosen: str) -> None:
        """Take an answer; one that is not in the list cannot be shown, so it is none."""
        self._chosen = chosen if chosen in self.choices else ""
        self.value = plain(self.choices.get(chosen, ""))
        self.cursor_position = 0

    def action_ask(self) -> None:
        """Ask for the whole list."""
        self.post_message(self.Asked(self, ""))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Its text is not edited."""
        edits = action.startswith("delete") or action in ("cut", "paste")
        return False if edits else super().check_action(action, parameters)

    def object(self, words: str, *, typing: bool = False) -> None:
        """The same; where nothing is wrong, say how another answer is picked."""
        super().object(words, typing=typing)
        if not words and self.has_focus:
            self.border_subtitle = _("Type to search, F4: the list")

    def watch_has_focus(self, has_focus: bool) -> None:
        """Say how another answer is picked, as long as the focus is here. The events of the focus come before
        Textual notes it."""
        super().watch_has_focus(has_focus)
        if not self.has_class("wrong"):
            self.object("")

    def _on_key(self, event: Key) -> None:  # type: ignore[override]  # Textual takes both kinds
        if event.is_printable:
            event.stop()
            event.prevent_default()
            self.post_message(self.Asked(self, (event.character or "").lstrip()))

    def _on_paste(self, event: Paste) -> None:
        event.stop()  # some scanners paste; in the list that F4 shows it is text to look for
        event.prevent_default()
