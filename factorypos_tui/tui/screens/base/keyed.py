"""Screens whose keys may be absent, or dim. A dim key says why when it is pressed."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.events import Key
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.keys import is_there, why_not
from factorypos_tui.tui.station_app import StationApp

T = TypeVar("T")


def of_status(decide: Callable[[Status], T]) -> Callable[["KeyedScreen[object]"], T]:
    """A condition of a `ScreenKey` that depends on the station's state only."""
    return lambda screen: decide(screen.app.snapshot.status)


class KeyedScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen with `ScreenKey`s."""

    app: StationApp
    # Textual would paint the whole screen, and those below a dialog, whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action is absent, or dim because there is a reason against it."""
        if not is_there(self, action):
            return False
        return None if why_not(self, action) else super().check_action(action, parameters)

    def on_key(self, event: Key) -> None:
        """Say why a dim key does nothing. It comes here since its action was not done."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if words := why_not(self, binding.action):
                event.stop()
                self.app.tell(words)
