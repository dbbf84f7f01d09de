"""What every screen may ask of the app: the engine's verbs, the newest snapshot, the time, a word said."""

import logging
import os
from collections.abc import Callable
from datetime import datetime

from rich.text import Text
from textual.app import App
from textual.message import Message
from textual.signal import Signal

from factorypos_tui.core.engine import Engine, Snapshot
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, language_of_environment, use_language
from factorypos_tui.core.ports import Clock
from factorypos_tui.core.settings import set_setting
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.themes import THEMES, theme_name

_LETTERS_READ_IN_A_SECOND = 12
_log = logging.getLogger(__name__)


class LanguageChanged(Message):
    """All texts have to be looked up anew."""


class StationApp(App[None]):
    """An app over one station; the caller stops the engine."""

    def __init__(
        self, engine: Engine, first: Snapshot, clock: Clock, theme: str, *, begin: Callable[[], object]
    ) -> None:
        """`first` is what the first frame shows; `theme` is a value of the setting; `begin` is called in a
        thread as soon as the first frame is there."""
        # Textual decides how to do without colours before it knows the theme, and paints black on black.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.engine = engine
        self.snapshot = first
        self.snapshots: Signal[Snapshot] = Signal(self, "snapshots")
        self._clock = clock
        self._begin = begin
        for own in THEMES.values():
            self.register_theme(own)
        self.theme = theme_name(theme)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._clock.now()

    async def change_setting(self, name: str, value: str) -> bool:
        """Keep another value of a setting; `theme` and `language` show at once. False where it failed."""
        try:
            await in_background(
                lambda: self.engine.perform(lambda station: set_setting(station.database, name, value))
            )
        except FactoryPosError as error:
            self.complain(error)
            return False
        if name == "theme":
            self.theme = theme_name(value)
        elif name == "language":
            use_language(language_of_environment() if value == "auto" else value)
            self.post_message(LanguageChanged())
        return True

    def tell(self, words: str) -> None:
        """Say something for a moment, over the screen in front."""
        self.notify(words, timeout=3 + len(words) / _LETTERS_READ_IN_A_SECOND, markup=False)

    def complain(self, error: Exception) -> None:
        """Show an error's words long enough to be read."""
        self.notify(str(error), severity="error", timeout=12, markup=False)

    def _fatal_error(self) -> None:
        # Textual would print local variables with the traceback, and those can hold a password.
        _log.error("crash", exc_info=True)
        words = _("The program had to stop. Nothing is lost: reports wait in the queue. See the log.")
        self.panic(Text(words))
