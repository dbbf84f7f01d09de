"""The configurations that were replaced: pick the one to look at."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.configuration.backups import BackupBesideNow
from factorypos_tui.core.configuration.wording import backup_words, beside_now_words
from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.widgets.menu import Item, Menu


class BackupsScreen(Dialog[int]):
    """Ends with the id of the backup that the operator picked."""

    CSS_PATH = "backups.tcss"
    HELP = N_(
        "Each line is a configuration that this till had: until when, and what replaced it; how many items it"
        " has, and in how many records it differs from now. Enter shows what would change; nothing is"
        " changed by that."
    )

    def __init__(self, found: Sequence[BackupBesideNow]) -> None:
        super().__init__(_("Bring back what was here before"))
        self._found = found

    def content(self) -> Iterable[Widget]:
        """What the lines are, and a line for each backup."""
        yield Static(_("How many records of each differ from now. Enter shows which."), markup=False)
        now = self.app.now()
        yield Menu(
            *(
                Item(str(found.backup.id), backup_words(found.backup, now), beside_now_words(found))
                for found in self._found
            )
        )

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with what was picked."""
        self.finish(int(message.item_id))
