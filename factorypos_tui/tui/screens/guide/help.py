"""Help: what the screen is for, and every key that works on it."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.explaining import Explained
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.screens.guide.welcome import show_welcome

_WAYS = {"up": "up", "down": "down", "pageup": "page_up", "pagedown": "page_down"}


class HelpScreen(Dialog[None]):
    """Opened by F1 over the screen it explains; F1 and Enter close it as Esc does."""

    CSS_PATH = "help.tcss"
    BINDINGS = [
        Binding("f1,question_mark,enter", "back", N_("Back"), show=False),
        *(Binding(key, f"scroll('{way}')", show=False) for key, way in _WAYS.items()),
        bind("f3", "welcome", N_("Welcome"), N_("What FactoryCLOUD gives, and what leaves this till.")),
    ]

    def __init__(self, explained: Explained) -> None:
        super().__init__(_("Help"))
        self._explained = explained

    def content(self) -> Iterable[Widget]:
        """The text, then a line for each key."""
        explained = self._explained
        yield Static("\n\n".join(filter(None, (explained.focused, explained.screen))), markup=False)
        keys = Table.grid(padding=(0, 2, 0, 0))
        keys.add_column(no_wrap=True, style="bold")
        keys.add_column(no_wrap=True)
        keys.add_column()
        for hint in explained.keys:
            keys.add_row(Text(hint.name), Text(hint.does), Text(hint.explained))
        yield Static(keys, id="keys")

    def on_resize(self) -> None:
        """Say so where the text is longer than the box."""
        self.call_after_refresh(self._say_whether_it_scrolls)

    def action_scroll(self, way: str) -> None:
        """Scroll the text."""
        getattr(self.query_one("#dialog"), f"scroll_{way}")(animate=False)

    def _say_whether_it_scrolls(self) -> None:
        box = self.query_one("#dialog")
        box.border_subtitle = _("The arrows scroll") if box.max_scroll_y else ""

    def action_welcome(self) -> None:
        """Show the welcome again."""
        self.finish(None)
        self.app.run_worker(show_welcome(self.app))
