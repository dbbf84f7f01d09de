"""A question with two answers."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.widgets.key_bar import KeyBar
from factorypos_tui.tui.widgets.menu import Menu


class ConfirmScreen(ModalScreen[bool]):
    """Ends with True only where the operator accepts; the safe answer is in front."""

    CSS_PATH = "confirm.tcss"
    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="confirm.back", tooltip=N_("Back; nothing is changed."))
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(id="dialog"):
            yield Static(self._question, markup=False)
            yield Menu("leave", "accept")
            yield KeyBar()

    def on_mount(self) -> None:
        """Name the answers."""
        menu = self.query_one(Menu)
        menu.item("leave").show(_("Leave it as it is"))
        menu.item("accept").show(_("Accept"))
        menu.item("leave").focus()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer."""
        self.dismiss(message.item_id == "accept")

    def action_back(self) -> None:
        """The same as leaving it."""
        self.dismiss(False)
