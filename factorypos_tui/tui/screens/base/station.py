"""What all main screens share: title, status line and the keys at the bottom."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.tui.screens.base.keyed import KeyedScreen
from factorypos_tui.tui.screens.base.messages import place_messages
from factorypos_tui.tui.screens.base.status_line import StatusLine, TroubleLines
from factorypos_tui.tui.screens.base.title_bar import TitleBar
from factorypos_tui.tui.widgets.key_bar import KeyBar
from factorypos_tui.tui.widgets.too_small import TooSmall


class StationScreen(KeyedScreen[None]):
    """A screen that shows the station's state: subclasses give `content` and react in `show`."""

    NEWS = "#waiting"

    def content(self) -> Iterable[Widget]:
        """The widgets between title and trouble."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title, content, what takes long, trouble, status, keys; and what covers them where the terminal is
        too small."""
        yield TitleBar()
        yield Container(*self.content(), id="content")
        yield Static("", id="waiting", markup=False)
        yield TroubleLines()
        yield StatusLine()
        yield KeyBar()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show the state that is known already, and every later one."""
        self.show(self.app.snapshot)
        self.query_one(KeyBar).follow(self)  # else the first frame is drawn without keys, and then again
        self.app.snapshots.subscribe(self, self.show)
        self.screen_layout_refresh_signal.subscribe(self, place_messages)

    def action_back(self) -> None:
        """Go back to the screen before."""
        if self.is_current:
            self.dismiss()

    def show(self, snapshot: Snapshot) -> None:
        """Show a new state of the station."""
        self.query_one(TitleBar).show(snapshot)
        self.query_one(TroubleLines).show(snapshot)
        self.query_one(StatusLine).show(snapshot)
