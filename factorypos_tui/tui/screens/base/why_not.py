"""Keys that cannot be used now: dim in the key bar, and they say why when they are pressed."""

from textual.events import Key
from textual.screen import Screen

from factorypos_tui.tui.station_app import StationApp


class SaysWhyNot(Screen[None]):
    """A screen whose actions can be out of place: subclasses give the reason in `why_not`."""

    app: StationApp

    def why_not(self, action: str) -> str:
        """Why an action cannot be done now; empty where it can."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim where there is a reason against it."""
        return None if self.why_not(action) else super().check_action(action, parameters)

    def on_key(self, event: Key) -> None:
        """A dim key comes here, since its action is not done."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if words := self.why_not(binding.action):
                event.stop()
                self.app.tell(words)
