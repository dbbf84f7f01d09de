"""The first line: the product, and this terminal's place."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from factorypos_tui.core.language import zone_to_name
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.snapshot import Snapshot


class TitleBar(Horizontal):
    """Product to the left, store and terminal to the right."""

    def compose(self) -> ComposeResult:
        """Two texts; names come from outside and are never markup."""
        yield Static("FactoryPOS » FactoryCLOUD", id="product")
        yield Static("", id="place", markup=False)

    def show(self, snapshot: Snapshot) -> None:
        """Show store and terminal, where they are known."""
        assignment, till = snapshot.status.assignment, snapshot.status.till
        if assignment:
            place = f"{assignment.store.name} - {assignment.terminal.name}"
        else:
            place = till.terminal.name if till else ""
        zone = zone_to_name(snapshot.status.at)
        self.query_one("#place", Static).update(plain(f"{place} ({zone})" if zone else place))
