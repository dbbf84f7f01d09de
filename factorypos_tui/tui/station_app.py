"""What every screen may ask of the app: the engine's verbs, the newest snapshot, the time, a word said."""

import logging
from datetime import datetime

from rich.text import Text
from textual.app import App
from textual.signal import Signal

from factorypos_tui.core.engine import Engine, Snapshot
from factorypos_tui.core.language import _
from factorypos_tui.core.ports import Clock
from factorypos_tui.tui.themes import THEMES

_log = logging.getLogger(__name__)


class StationApp(App[None]):
    """An app over one station; the caller starts and stops the engine."""

    def __init__(self, engine: Engine, first: Snapshot, clock: Clock, theme: str) -> None:
        """`first` is what the first frame shows; `theme` is a value of the setting."""
        super().__init__()
        self.engine = engine
        self.snapshot = first
        self.snapshots: Signal[Snapshot] = Signal(self, "snapshots")
        self._clock = clock
        for own in THEMES.values():
            self.register_theme(own)
        self.theme = THEMES[theme].name

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._clock.now()

    def tell(self, words: str) -> None:
        """Say something for a moment, over the screen in front."""
        self.notify(words, timeout=4, markup=False)

    def complain(self, error: Exception) -> None:
        """Show an error's words long enough to be read."""
        self.notify(str(error), severity="error", timeout=12, markup=False)

    def _fatal_error(self) -> None:
        # Textual would print local variables with the traceback, and those can hold a password.
        _log.error("crash", exc_info=True)
        words = _("The program had to stop. Nothing is lost: reports wait in the queue. See the log.")
        self.panic(Text(words))
