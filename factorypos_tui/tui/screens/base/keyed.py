"""What main screens and dialogs share: keys that may be absent, or dim and say why when they are pressed;
and a wait that tells how long it takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Generic, TypeVar

from textual.events import Key
from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import _, format_number
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui import waiting
from factorypos_tui.tui.keys import is_there, why_not
from factorypos_tui.tui.station_app import StationApp

T = TypeVar("T")


def of_status(decide: Callable[[Status], T]) -> Callable[["KeyedScreen[object]"], T]:
    """A condition of a `ScreenKey` that depends on the station's state only."""
    return lambda screen: decide(screen.app.snapshot.status)


class KeyedScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen with `ScreenKey`s. `NEWS`: where it shows its messages."""

    NEWS: ClassVar[str]
    app: StationApp
    # Textual would paint the whole screen, and those below a dialog, whenever the focus moves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._waits: list[object] = []

    def tell(self, words: str) -> None:
        """Show a message in its place; an empty one takes no line. A screen that is being closed has no such
        place any more."""
        for place in self.query(self.NEWS).results(Static):
            place.update(words)
            place.display = bool(words)

    @contextmanager
    def waiting(self, words: str = "", so_far: str = waiting.REPORTS_ARE_SAFE) -> Iterator[None]:
        """Tell `words` at once, and leave it to the caller what to tell afterwards; without words, tell
        nothing before it takes long. Then tell each second how long, by `so_far`: a sentence with {n} for the
        seconds. Of several waits the one that began first is told."""
        wait, begun, is_told = object(), self.app.monotonic(), False

        def say_how_long() -> None:
            nonlocal is_told
            if wait is self._waits[0]:
                is_told = True
                n = round(self.app.monotonic() - begun)
                self.tell(" ".join([words or _("This takes a while."), _(so_far).format(n=format_number(n))]))

        if words:
            self.tell(words)
        self._waits.append(wait)
        timer = self.set_interval(waiting.LONG_S, say_how_long)
        try:
            yield
        finally:
            timer.stop()
            self._waits.remove(wait)
            if is_told and not words:
                self.tell("")

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
