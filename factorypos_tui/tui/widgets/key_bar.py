"""The last line: the keys that work here; where there are many, the last two."""

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from factorypos_tui.tui.keys import keys_of

_GAP = Content("  ")


class KeyBar(Widget):
    """Key and meaning, side by side, never parted by the end of a line; what cannot be used now is dim."""

    def on_mount(self) -> None:
        """Follow what the focused widget and the screen offer."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh(layout=True))

    def render(self) -> RenderResult:
        """The lines, in the operator's language."""
        lines = [Content()]
        for hint in keys_of(self.screen):
            key = Content.assemble((hint.name, "bold"), " ", hint.does).stylize("" if hint.usable else "dim")
            longer = _GAP.join([lines[-1], key]) if lines[-1] else key
            if longer.cell_length <= (self.content_size.width or self.app.size.width):
                lines[-1] = longer
            else:
                lines.append(key)
        return Content("\n").join(lines)
