"""What every screen may ask of the app: the engine's verbs, the newest snapshot, the time, a message."""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from rich.text import Text
from textual.app import App
from textual.message import Message
from textual.signal import Signal
from textual.worker import NoActiveWorker, get_current_worker

from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, language_of_environment, use_language
from factorypos_tui.core.language.text import harmless
from factorypos_tui.core.ports import Clock
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.themes import THEMES, theme_name
from factorypos_tui.tui.tty.driver import TerminalDriver
from factorypos_tui.tui.tty.policy import policy_of
from factorypos_tui.tui.waiting import PLEASE_WAIT, Waiting

if TYPE_CHECKING:
    from factorypos_tui.core.doctor.findings import Examination

BEGIN_AGAIN = -1
"""The return code of an app that is to be opened anew; no process ends with it."""
_LETTERS_READ_IN_A_SECOND = 12
_log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class LanguageChanged(Message):
    """All texts must be looked up again."""


class StationApp(App[None]):
    """An app over one station; the caller stops the engine."""

    def __init__(
        self,
        engine: Engine,
        first: Snapshot,
        clock: Clock,
        looks: Mapping[str, str],
        *,
        begin: Callable[[], object],
        examination: "Callable[[], Examination]",
    ) -> None:
        """`first` is what the first frame shows; `looks` are values of settings, by their names; `begin` is
        called in a thread as soon as the first frame is there; `examination` is called when an operator asks
        for it."""
        self._environment = dict(os.environ)
        # The driver removes colours where there must be none; Textual's own way paints black on black.
        os.environ.pop("NO_COLOR", None)
        super().__init__(driver_class=TerminalDriver)
        self.engine = engine
        self.snapshot = first
        self.snapshots: Signal[Snapshot] = Signal(self, "snapshots")
        self._clock = clock
        self._begin = begin
        self.examination = examination
        for own in THEMES.values():
            self.register_theme(own)
        self._looks = {"theme": "auto", "colours": "auto", "glyphs": "auto", **looks}
        self._look_as_set()
        self._styled_with = self.get_css_variables()
        self.stylesheet.set_variables(self._styled_with)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again where they get other colours; the first frame has those of its theme."""
        if (variables := self.get_css_variables()) != self._styled_with:
            self._styled_with = variables
            super().refresh_css(animate)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What themes of Textual's do not say: how the line is marked that Enter takes, and the rest."""
        theme = self.current_theme
        return {
            "marked-foreground": theme.surface or "#000000",
            "marked-background": theme.foreground or "#ffffff",
            "line": theme.foreground or "#ffffff",
            "unusable-style": "none",
        }

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return self._clock.monotonic()

    async def perform(
        self, verb: Callable[Concatenate[Station, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a verb of core in the background; raises its `FactoryPosError`. Where it takes long, the screen
        that asked says so."""
        with self._told_where_it_takes_long():
            return await in_background(lambda: self.engine.perform(verb, *args, **kwargs))

    def _told_where_it_takes_long(self) -> AbstractContextManager[None]:
        try:
            screen = get_current_worker().node.screen
        except NoActiveWorker:
            screen = self.screen
        return screen.waiting("", PLEASE_WAIT) if isinstance(screen, Waiting) else nullcontext()

    async def change_setting(self, name: str, value: str) -> bool:
        """Keep another value of a setting; all but `send_x_report` take effect at once. False where that
        failed."""
        try:
            await self.perform(lambda station: set_setting(station.database, name, value))
        except FactoryPosError as error:
            self.complain(error)
            return False
        if name in self._looks:
            self._looks[name] = value
            self._look_as_set()
        elif name == "mouse" and isinstance(self._driver, TerminalDriver):
            self._driver.use_mouse(value == "on")
        elif name == "language":
            use_language(language_of_environment() if value == "auto" else value)
            self.post_message(LanguageChanged())
        return True

    def _look_as_set(self) -> None:
        """Decide again what the terminal can show, and in which theme."""
        self.policy = policy_of(
            self._environment, colours=self._looks["colours"], glyphs=self._looks["glyphs"]
        )
        self.theme = theme_name(self._looks["theme"], self.policy.colours)
        if isinstance(self._driver, TerminalDriver):
            self._driver.follow(self.policy)

    def begin_again(self) -> None:
        """Leave, to come back at once: `config.toml` names another till now."""
        self.exit(return_code=BEGIN_AGAIN)

    def tell(self, words: str) -> None:
        """Show a message for a moment, over the screen in front."""
        self.notify(harmless(words), timeout=3 + len(words) / _LETTERS_READ_IN_A_SECOND, markup=False)

    def complain(self, error: Exception) -> None:
        """Show an error's text long enough to be read."""
        self.notify(harmless(str(error)), severity="error", timeout=12, markup=False)

    def _fatal_error(self) -> None:
        # Textual would print local variables with the traceback, and those can hold a password.
        _log.error("crash", exc_info=True)
        words = _("The program had to stop. Nothing is lost: reports wait in the queue. See the log.")
        self.panic(Text(words))
