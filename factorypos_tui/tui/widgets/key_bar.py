"""The last line: the keys that work here; if there are many, the last two lines."""

from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from factorypos_tui.tui.keys import KeyHint, keys_of

_GAP = Content("  ")


class KeyBar(Widget):
    """Keys and meanings side by side, none broken by the end of a line; keys that cannot be used now are
    dim."""

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
        """Lay the screen out again only where the keys take more or fewer lines."""
        self._is_asked = False
        hints = keys_of(self.screen)
        if hints != self._hints:
            self._hints = hints
            self.refresh(layout=len(self._lines(self._width)) != self.size.height)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """As many lines as the keys need at this width."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The lines, in the operator's language."""
        return Content("\n").join(self._lines(self._width))

    @property
    def _width(self) -> int:
        return self.content_size.width or self.app.size.width

    def _lines(self, width: int) -> list[Content]:
        lines = [Content()]
        for hint in self._hints:
            key = Content.assemble((hint.name, "bold"), " ", hint.does).stylize("" if hint.usable else "dim")
            longer = _GAP.join([lines[-1], key]) if lines[-1] else key
            if longer.cell_length <= width:
                lines[-1] = longer
            else:
                lines.append(key)
        return lines
