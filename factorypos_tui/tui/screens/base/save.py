"""Asks for a file, writes it, and says what was written."""

from collections.abc import Callable, Iterable
from pathlib import Path

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.helped import HelpedDialog
from factorypos_tui.tui.screens.base.paths import path_typed
from factorypos_tui.tui.waiting import GOES_ON
from factorypos_tui.tui.widgets.field import Field

_HERE = "~/"


class SaveScreen(HelpedDialog[str]):
    """Ends with a text about the file that was written. An existing file is never changed."""

    CSS_PATH = "save.tcss"
    BINDINGS = [
        bind("enter", "save", N_("Save"), N_("Write the file."), priority=True),
    ]
    HELP = N_(
        "Enter writes the file; a file that is there already is never overwritten. Without a folder it goes"
        " to your home folder, and ~ stands for that. Only you can read it: it is full of takings."
    )

    def __init__(self, title: str, words: str, proposed: str, write: Callable[[Path], str]) -> None:
        """`proposed`: a name in the home folder. `write` writes a new file and says so; it may take its time,
        and raises `FactoryPosError`."""
        super().__init__(title)
        self._words = words
        self._proposed = proposed
        self._write = write
        self._writing = False

    def content(self) -> Iterable[Widget]:
        """What is written, the field, and a line for messages."""
        yield Static(self._words, id="words", markup=False)
        field = Field(f"{_HERE}{self._proposed}", id="file", max_length=1000, select_on_focus=False)
        field.border_title = _("File")
        field.help_words = _("The name of the new file, with the folder before it. ~ is your home folder.")
        field.commits = True
        yield field
        yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Select the name, so that typing replaces it and the folder stays."""
        field = self.query_one("#file", Input)
        field.selection = Selection(len(_HERE), len(field.value))

    def action_save(self) -> None:
        """Write, unless that is under way already."""
        typed = self.query_one("#file", Input).value.strip()
        if self._writing:
            return
        if not typed:
            self.tell(_("Type the name of a file."))
            return
        self._writing = True
        self.app.run_worker(
            self._save(path_typed(typed))
        )  # the app's worker: it tells the result even if this dialog has closed

    async def _save(self, path: Path) -> None:
        """Write the file; where that fails, the typed path stays."""
        try:
            with self.waiting(_("Writing..."), GOES_ON):
                message = await in_background(lambda: self._write(path))
        except FactoryPosError as error:
            if self.is_current:
                self.tell(str(error))
            else:
                self.app.complain(error)
        else:
            if self.is_current:
                self.finish(message)
            else:
                self.app.tell(message)
        finally:
            self._writing = False

    @on(Input.Changed)
    def typing(self) -> None:
        """Take away the message about the last try."""
        if not self._writing:
            self.tell("")

    def action_back(self) -> None:
        """Leave. A file that is being written is written to its end."""
        if self._writing:
            self.app.tell(_("The file is still being written."))
        super().action_back()
