"""What covers every screen while the terminal is too small for it."""

from textual.app import RenderResult
from textual.widget import Widget

from factorypos_tui.core.language import _
from factorypos_tui.tui.room import LEAST_COLUMNS, LEAST_LINES


class TooSmall(Widget):
    """Says how much room there is and how much is needed. The covered screen keeps the focus and its
    fields."""

    def render(self) -> RenderResult:
        """The words, which fit anywhere."""
        room = self.app.size
        return _(
            "The app needs {columns}x{lines}; this terminal has {width}x{height}. F10 leaves. Make it larger:"
            " nothing is lost, and reports go on being sent."
        ).format(columns=LEAST_COLUMNS, lines=LEAST_LINES, width=room.width, height=room.height)
