"""Help: what the screen is for, and every key that works on it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.keys import KeyHint
from factorypos_tui.tui.widgets.key_bar import KeyBar


class HelpScreen(ModalScreen[None]):
    """Opened by F1 over the screen it explains."""

    CSS_PATH = "help.tcss"
    BINDINGS = [Binding("escape,f1,enter", "back", N_("Back"), id="help.back")]

    def __init__(self, words: str, hints: Sequence[KeyHint]) -> None:
        super().__init__()
        self._words = words
        self._hints = hints

    def compose(self) -> ComposeResult:
        """The text, then a key a line."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = _("Help")
            yield Static(self._words, markup=False)
            keys = "\n".join(f"{hint.name:<7}{hint.does:<12}{hint.explained}" for hint in self._hints)
            yield Static(keys, id="keys", markup=False)
            yield KeyBar()

    def action_back(self) -> None:
        """Back to the screen."""
        self.dismiss()
