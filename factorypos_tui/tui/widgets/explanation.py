"""What is under the cursor, in words."""

from textual.timer import Timer
from textual.widgets import Static

from factorypos_tui.tui.widgets.pane import REST_S


class Explanation(Static):
    """Follows the cursor once that rests, as a pane does: a key that is held down costs its row only."""

    def __init__(self, element_id: str) -> None:
        super().__init__("", id=element_id, markup=False)
        self._words = self._wanted = ""
        self._rest: Timer | None = None

    @property
    def is_behind(self) -> bool:
        """Whether it still shows what was under the cursor before."""
        return self._words != self._wanted

    def follow(self, words: str) -> None:
        """Show other words: the first ones at once."""
        self._wanted = words
        if self._rest:
            self._rest.stop()
        if not self._words:
            self.say(words)
        elif words != self._words:
            self._rest = self.set_timer(REST_S, lambda: self.say(words))

    def say(self, words: str) -> None:
        """Show other words at once."""
        self._words = self._wanted = words
        self.update(words, layout=self.styles.auto_dimensions)
