"""Dialogs to type in: where there is room, their help stands beside them."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from rich.table import Table
from rich.text import Text
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.tui.explaining import Explained, explain
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.widgets.pane import Pane

R = TypeVar("R")


class HelpPane(Pane[Explained]):
    """What help says of what has the focus, of the dialog, and of its own keys."""

    def content(self) -> Iterable[Widget]:
        """A text each."""
        yield Static("", id="of-focus", markup=False)
        yield Static("", id="of-dialog", markup=False)
        yield Static("", id="of-keys")

    def on_mount(self) -> None:
        """Follow the focus, and the keys that work."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def fill(self, explained: Explained | None) -> None:
        """Show other words."""
        if explained:
            keys = Table.grid(padding=(0, 2, 0, 0))
            keys.add_column(no_wrap=True, style="bold")
            keys.add_column()
            for hint in explained.keys:
                if not hint.is_last:  # those that every dialog has
                    keys.add_row(Text(hint.name), Text(hint.explained))
            for place, words in (("focus", explained.focused), ("dialog", explained.screen), ("keys", keys)):
                self.query_one(f"#of-{place}", Static).update(words)

    def _follow(self, _screen: Screen[object]) -> None:
        self.look()


class HelpedDialog(Dialog[R], Generic[R]):
    """Its help is beside it; F1 says the same where there is no room."""

    def on_mount(self) -> None:
        """Draw the first frame with its help, for what has the focus by now."""
        self.query_one(HelpPane).look()

    def sides(self) -> Iterable[Widget]:
        """The content, and its help."""
        yield Horizontal(Vertical(*self.content(), id="typed"), HelpPane(lambda: explain(self)), id="sides")
