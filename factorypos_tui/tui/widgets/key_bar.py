"""The last line: the keys that work here, each in its place."""

from collections.abc import Sequence
from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from factorypos_tui.tui.keys import KeyHint, keys_of

_GAP = Content("  ")


class KeyBar(Widget):
    """Keys and meanings side by side in one line; keys that cannot be used now are dim. To the left Enter,
    Esc and the screen's own keys, to the right those that every screen has."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[KeyHint] = []
        self._is_asked = False

    def on_mount(self) -> None:
        """Follow what the focused widget and the screen offer."""
        self.screen.bindings_updated_signal.subscribe(self, self.follow)

    def follow(self, _screen: Screen[Any]) -> None:
        """Show the keys that work now: in the screen's first frame, later after the effect of a key is
        shown."""
        if not self._hints:
            self._look()
        elif not self._is_asked:
            self._is_asked = True
            self.call_later(self._look)

    def _look(self) -> None:
        self._is_asked = False
        hints = keys_of(self.screen)
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def render(self) -> RenderResult:
        """The line, in the operator's language."""
        width = self.content_size.width or self.app.size.width
        fitting = those_that_fit(self._hints, width)
        left = _beside_each_other([hint for hint in fitting if not hint.is_last])
        right = _beside_each_other([hint for hint in fitting if hint.is_last])
        return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def those_that_fit(hints: Sequence[KeyHint], width: int) -> list[KeyHint]:
    """The keys for which one line has room: all that stand last, and of the others the first ones."""
    last = [hint for hint in hints if hint.is_last]
    fitting: list[KeyHint] = []
    for hint in hints:
        if hint.is_last or _beside_each_other([*fitting, hint, *last]).cell_length > width:
            break
        fitting.append(hint)
    return fitting + last


def _beside_each_other(hints: Sequence[KeyHint]) -> Content:
    return _GAP.join(
        Content.assemble((hint.name, "bold"), " ", hint.does).stylize("" if hint.usable else "dim")
        for hint in hints
    )
