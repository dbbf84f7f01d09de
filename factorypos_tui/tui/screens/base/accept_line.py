"""The last line of a form: what Enter does there, in the documented word."""

from textual.binding import Binding
from textual.widgets import Static


class AcceptLine(Static, can_focus=True):
    """A button for the keyboard; its screen decides what Enter does."""

    BINDINGS = [Binding("enter", "screen.next", show=False)]

    def __init__(self, word: str) -> None:
        super().__init__(f"[ {word} ]", markup=False, id="accept")
