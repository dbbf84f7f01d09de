"""What all dialogs share: a box in the middle, the keys in the last line, a way back, help, and quit."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Mount
from textual.screen import ModalScreen
from textual.widget import Widget

from factorypos_tui.core.language import N_
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.keyed import KeyedScreen
from factorypos_tui.tui.screens.base.messages import place_messages
from factorypos_tui.tui.widgets.key_bar import KeyBar
from factorypos_tui.tui.widgets.too_small import TooSmall

R = TypeVar("R")


class Dialog(KeyedScreen[R | None], ModalScreen[R | None], Generic[R]):
    """A question over the screen in front; ends with its answer, or None where the operator goes back.

    Subclasses give `content`, with the place `problem` where they have news. Keys of the app do not reach a
    dialog, so those that must work are its own."""

    NEWS = "#problem"
    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the screen before.")),
        bind("f1,question_mark", "app.help", N_("Help"), N_("What this is for, and its keys.")),
        bind("f10,q,Q", "app.quit", N_("Quit"), N_("Leave the program at once.")),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._dialog_title = title
        self._waiting: tuple[R | None, ...] = ()

    @on(Mount)
    def keep_messages_off_the_titles(self) -> None:
        """Move messages off the box's title, wherever the box is."""
        self.screen_layout_refresh_signal.subscribe(self, place_messages)

    def content(self) -> Iterable[Widget]:
        """The widgets in the box."""
        raise NotImplementedError

    def sides(self) -> Iterable[Widget]:
        """The content, and what may stand beside it."""
        return self.content()

    def compose(self) -> ComposeResult:
        """The box, and the keys where they always are."""
        with VerticalScroll(id="dialog", can_focus=False) as box:
            box.border_title = self._dialog_title
            yield from self.sides()
        yield KeyBar()
        yield TooSmall()

    def finish(self, answer: R | None) -> None:
        """End with an answer: at once, or when this dialog is in front again, since help may be above it.

        A second key press that arrives while the dialog closes ends nothing else."""
        if self.is_active:  # a screen that another one covers only in part is still "current"
            self.dismiss(answer)
        else:
            self._waiting = (answer,)

    def on_screen_resume(self) -> None:
        """Nothing is above this dialog any more: give the answer that came meanwhile."""
        if self._waiting:
            self.finish(*self._waiting)

    def action_back(self) -> None:
        """End without an answer."""
        self.finish(None)
