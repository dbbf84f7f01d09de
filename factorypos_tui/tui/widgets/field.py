"""A field to type in."""

from collections.abc import Callable

from textual.actions import SkipAction
from textual.events import Paste
from textual.widgets import Input

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain

_LONGEST_PASTE = 1000


class Field(Input):
    """An input whose cursor does not blink: blinking costs a slow line 1.5 KB a second.

    The frame shows its label and, below, what is wrong with the answer."""

    cursor_blink = False
    commits = False
    """Whether Enter in it does the action of its dialog; a scanner's Enter means that for `scanned` only."""
    scanned: Callable[[str], bool] | None = None
    """Whether a text may have come from a scanner or a paste on purpose, together with its Enter."""
    is_typed_in = True
    """Whether text goes into it; else typing opens a list."""
    help_words = ""
    """What help says of it: what it is for, and what is allowed."""

    @property
    def answer(self) -> str:
        """What it was answered with."""
        return self.value

    def takes(self, letter: str) -> bool:  # noqa: ARG002  # for fields that do not
        """Whether text that begins so is for it."""
        return True

    @property
    def takes_a_scanners_enter(self) -> bool:
        """Whether Enter does its action though it came in one burst with the text."""
        return not self.commits or (self.scanned is not None and self.scanned(self.answer.strip()))

    def hold_back(self) -> None:
        """Say that Enter in one burst with the text did nothing; what is wrong with the text goes before."""
        if self.is_typed_in and self.value and not self.border_subtitle:
            self.object(_("Press Enter once more."), typing=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Never scroll one line: the arrows up and down belong to the screen."""
        return False if action in ("scroll_up", "scroll_down") else super().check_action(action, parameters)

    def object(self, words: str, *, typing: bool = False) -> None:
        """Show on the frame what is wrong: softly while the operator is `typing`, nothing where `words` is
        empty."""
        self.set_class(bool(words) and not typing, "wrong")
        self.border_subtitle = words if typing or not words else f"! {words}"

    def action_delete_left_all(self) -> None:
        """Delete everything before the cursor, and the selection: so a proposed name goes at once."""
        self.delete(0, max(self.selection))

    def action_copy(self) -> None:
        """Copy, but never a password: tmux and others keep their clipboard unencrypted."""
        if self.password:
            raise SkipAction
        super().action_copy()

    def action_cut(self) -> None:
        """Cut, but never a password."""
        if self.password:
            raise SkipAction
        super().action_cut()

    def _on_paste(self, event: Paste) -> None:
        # Textual keeps the first line of a paste, which may be empty.
        # It drops a whole paste that is longer than the field allows.
        text = "".join(event.text.splitlines()) if self.password else plain(event.text, _LONGEST_PASTE)
        kept = len(self.value) - len(self.selected_text)
        super()._on_paste(Paste(text[: max(0, (self.max_length or _LONGEST_PASTE) - kept)]))
        event.stop()
        event.prevent_default()
