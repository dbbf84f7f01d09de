"""The last line of a form: what Enter does there, in the documented word."""

from textual.binding import Binding
from textual.widgets import Static

from factorypos_tui.core.language import _


class AcceptLine(Static, can_focus=True):
    """A button for the keyboard; its screen decides what Enter does."""

    @property
    def help_words(self) -> str:
        """What help says of it."""
        return _("Enter does what this line says, with what is typed above.")

    BINDINGS = [Binding("enter", "screen.next", show=False)]

    def __init__(self, word: str) -> None:
        super().__init__(f"[ {word} ]", markup=False, id="accept")
