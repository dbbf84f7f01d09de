"""The second pane of a wide terminal: more about what is under the cursor."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget

REST_S = 0.2
T = TypeVar("T")


class Pane(Container, Generic[T]):
    """Stands beside a list or a form where there is room for two, and is empty and hidden elsewhere. Its
    screen calls `look` whenever the cursor may have moved; subclasses give `content` and `fill`.

    It is filled once the cursor rests: a key that is held down costs no more than without a pane."""

    def __init__(self, subject: Callable[[], T | None]) -> None:
        """`subject`: what is under the cursor now; None where nothing is."""
        super().__init__(classes="-empty")
        self._subject = subject
        self._shown: T | None = None
        self._rest: Timer | None = None

    def content(self) -> Iterable[Widget]:
        """The widgets in it."""
        raise NotImplementedError

    def fill(self, subject: T | None) -> None:
        """Show another subject."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Nothing while it is hidden: each widget more slows every key down."""
        if self.display:
            yield from self.content()

    @property
    def is_behind(self) -> bool:
        """Whether it waits for the cursor to rest."""
        return self._rest is not None

    def look(self) -> None:
        """Follow the cursor. A pane that shows nothing is filled at once."""
        if not (self.display and self.children) or self._subject() == self._shown:
            return
        self._stop_waiting()
        if self._shown is None:
            self._fill()
        else:
            self._rest = self.set_timer(REST_S, self._fill)

    async def on_show(self) -> None:
        """There is room for it now."""
        if not self.children:
            await self.mount_all(self.content())
        self.look()

    def on_hide(self) -> None:
        """There is no room for it any more: if it had the focus, what it stood beside gets that back."""
        self._shown = None
        focused = self.screen.focused
        if focused is None or self in focused.ancestors:
            self.screen.set_focus(self.screen.focus_chain[-1])

    def _stop_waiting(self) -> None:
        if self._rest:
            self._rest.stop()
            self._rest = None

    def _fill(self) -> None:
        self._stop_waiting()
        self._shown = self._subject()
        self.set_class(self._shown is None, "-empty")
        self.fill(self._shown)
