"""What is under the cursor, in words."""

from textual.timer import Timer
from textual.widgets import Static

from factorypos_tui.tui.widgets.pane import REST_S


class Explanation(Static):
    """Follows the cursor once that rests, as a pane does: a key that is held down costs its row only."""

    def __init__(self, element_id: str) -> None:
        super().__init__("", id=element_id, markup=False)
        self._words = ""
        self._rest: Timer | None = None

    @property
    def is_behind(self) -> bool:
        """Whether it waits for the cursor to rest."""
        return self._rest is not None

    def follow(self, words: str) -> None:
        """Show other words: the first ones at once."""
        self._stop_waiting()
        if not self._words:
            self.say(words)
        elif words != self._words:
            self._rest = self.set_timer(REST_S, lambda: self.say(words))

    def say(self, words: str) -> None:
        """Show other words at once."""
        self._stop_waiting()
        self._words = words
        self.update(words, layout=self.styles.auto_dimensions)

    def _stop_waiting(self) -> None:
        if self._rest:
            self._rest.stop()
            self._rest = None
