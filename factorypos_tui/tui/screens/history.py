"""The last step of assigning: which of the days closed so far go up."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from factorypos_tui.core.assignment import History
from factorypos_tui.core.language import N_, _, format_number, ngettext
from factorypos_tui.tui.widgets.key_bar import KeyBar
from factorypos_tui.tui.widgets.menu import Menu


class HistoryScreen(ModalScreen[History | None]):
    """Ends with the answer, or None where the operator went back."""

    CSS_PATH = "history.tcss"
    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="history.back", tooltip=N_("Back; nothing is changed."))
    ]

    def __init__(self, company: str, store: str, closed: int) -> None:
        """`closed`: how many days this till has closed so far."""
        super().__init__()
        self._place = f"{store} ({company})"
        self._closed_days = closed

    def compose(self) -> ComposeResult:
        """What will happen, and the two ways."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = _("Assign business")
            yield Static(self._words(), id="words", markup=False)
            yield Menu(History.ALL, History.NONE)
            yield KeyBar()

    def on_mount(self) -> None:
        """Name the choices."""
        all_of_them = ngettext(
            "Send the {n} closed day too", "Send all {n} closed days too", self._closed_days
        )
        menu = self.query_one(Menu)
        menu.item(History.ALL).show(all_of_them.format(n=format_number(self._closed_days)))
        menu.item(History.NONE).show(_("Send only what is closed from now on"))
        menu.item(History.ALL).focus()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer."""
        self.dismiss(History(message.item_id))

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    def _words(self) -> str:
        return _("X and Z reports of this till will go to {place}.").format(place=self._place)
