"""Screens with keys that can be out of place: not there, or dim and saying why when they are pressed."""

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
    """What the station's state alone decides, for a `ScreenKey`."""
    return lambda screen: decide(screen.app.snapshot.status)


class KeyedScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen that does what its `ScreenKey`s declare."""

    app: StationApp
    # Textual would paint the whole screen, and what lies below a dialog, whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Not there, or dim where there is a reason against it."""
        if not is_there(self, action):
            return False
        return None if why_not(self, action) else super().check_action(action, parameters)

    def on_key(self, event: Key) -> None:
        """A dim key comes here, since its action is not done."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if words := why_not(self, binding.action):
                event.stop()
                self.app.tell(words)
