"""A question with two answers."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.dialog import Dialog
from factorypos_tui.tui.widgets.menu import Menu


class ConfirmScreen(Dialog[bool]):
    """Ends with True only where the operator accepts; the safe answer is in front."""

    CSS_PATH = "confirm.tcss"
    HELP = N_("Read the question, then pick an answer. Esc is the same as the first one: nothing is changed.")

    def __init__(self, title: str, question: str, accept: str) -> None:
        """`accept` says in words what is done where the operator accepts."""
        super().__init__(title)
        self._question = question
        self._accept = accept

    def content(self) -> Iterable[Widget]:
        """The question and its answers."""
        yield Static(self._question, markup=False)
        yield Menu("leave", "accept")

    def on_mount(self) -> None:
        """Name the answers."""
        menu = self.query_one(Menu)
        menu.item("leave").show(_("Leave it as it is"))
        menu.item("accept").show(self._accept)
        menu.item("leave").focus()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer."""
        self.finish(message.item_id == "accept")
