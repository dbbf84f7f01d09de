"""A field to type in."""

from textual.actions import SkipAction
from textual.events import Paste
from textual.widgets import Input

from factorypos_tui.core.language.text import plain

_LONGEST_PASTE = 1000


class Field(Input):
    """An input whose cursor stands still: a blinking one costs a slow line 1.5 KB a second.

    The frame carries its label and, below, what is wrong with what was typed."""

    cursor_blink = False
    commits = False
    """Whether Enter in it does what its dialog is for: that is never what a scanner means by it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One line never scrolls: the arrows up and down are the screen's, and it may say so."""
        return False if action in ("scroll_up", "scroll_down") else super().check_action(action, parameters)

    def object(self, words: str, *, typing: bool = False) -> None:
        """Say on the frame what is wrong; softly while somebody is still `typing`, not at all without
        `words`."""
        self.set_class(bool(words) and not typing, "wrong")
        self.border_subtitle = words if typing or not words else f"! {words}"

    def action_delete_left_all(self) -> None:
        """Delete all before the cursor, and what is selected: a proposed name goes whole."""
        self.delete(0, max(self.selection))

    def action_copy(self) -> None:
        """A password never goes to a clipboard, which tmux and others keep in the clear."""
        if self.password:
            raise SkipAction
        super().action_copy()

    def action_cut(self) -> None:
        """The same."""
        if self.password:
            raise SkipAction
        super().action_cut()

    def _on_paste(self, event: Paste) -> None:
        # Textual keeps the first line of what is pasted, which may be an empty one.
        # More than there is room for it drops altogether.
        text = "".join(event.text.splitlines()) if self.password else plain(event.text, _LONGEST_PASTE)
        kept = len(self.value) - len(self.selected_text)
        super()._on_paste(Paste(text[: max(0, (self.max_length or _LONGEST_PASTE) - kept)]))
        event.stop()
        event.prevent_default()
