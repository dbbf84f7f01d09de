"""The last line: the keys that work here."""

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from factorypos_tui.tui.keys import keys_of


class KeyBar(Widget):
    """Key and meaning, side by side; what cannot be used now is dim."""

    def on_mount(self) -> None:
        """Follow what the focused widget and the screen offer."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render(self) -> RenderResult:
        """The line, in the operator's language."""
        hints = [
            Content.assemble((hint.name, "bold"), " ", hint.does).stylize("" if hint.usable else "dim")
            for hint in keys_of(self.screen)
        ]
        return Content("  ").join(hints)
