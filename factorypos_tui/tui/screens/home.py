"""Home: what can be done, and how today is going."""

from collections.abc import Iterable

from textual import work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from factorypos_tui.core.engine import Snapshot
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.status import Status
from factorypos_tui.tui.assigning import ask_for_store
from factorypos_tui.tui.screens.log_in import LogInScreen
from factorypos_tui.tui.screens.queue import QueueScreen
from factorypos_tui.tui.screens.station import StationScreen
from factorypos_tui.tui.widgets.menu import Menu
from factorypos_tui.tui.widgets.panels import LastDeliveries, Today


class HomeScreen(StationScreen):
    """The menu with each option's present value, today's figures and the last deliveries."""

    CSS_PATH = "home.tcss"
    HELP = N_(
        "From here you connect this till to FactoryCLOUD and see whether its reports arrive. Log in, assign a"
        " store, and every daily close goes up by itself from then on."
    )

    def content(self) -> Iterable[Widget]:
        """Menu to the left, panels to the right."""
        menu = Menu("account", "assign", "queue")
        yield Horizontal(menu, Vertical(Today(), LastDeliveries(), id="panels"))

    def __init__(self) -> None:
        super().__init__()
        self._next_step = ""

    def on_mount(self) -> None:
        """Name the menu; what is shared by all screens follows."""
        self.query_one(Menu).border_title = _("Synchronization")

    def show(self, snapshot: Snapshot) -> None:
        """Show values, figures and deliveries; point at the next step when one has been done."""
        super().show(snapshot)
        status = snapshot.status
        menu = self.query_one(Menu)
        for item_id, (label, value, why_not) in _options(status).items():
            menu.item(item_id).show(label, value, why_not)
        self._fill_the_panels()
        step = "account" if not status.account else "queue" if status.assignment else "assign"
        if step != self._next_step:
            self._next_step = step
            menu.item(step).focus()

    def on_resize(self) -> None:
        """The panels show as much as fits."""
        self.call_after_refresh(self._fill_the_panels)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Open what was picked, once, however fast the key was pressed twice."""
        if not self.is_current or any(worker.node is self and worker.is_running for worker in self.workers):
            return
        if message.item_id == "account":
            self.app.push_screen(LogInScreen())
        elif message.item_id == "assign":
            self.assign()
        else:
            self.app.push_screen(QueueScreen())

    @work
    async def assign(self) -> None:
        """Company, store, history: each step a dialog, Esc goes back with nothing changed."""
        await ask_for_store(self.app)

    def _fill_the_panels(self) -> None:
        snapshot = self.app.snapshot
        self.query_one(Today).show(snapshot.status.till, self.app.now())
        self.query_one(LastDeliveries).show(snapshot.recent, self.app.now())


def _options(status: Status) -> dict[str, tuple[str, str, str]]:
    """Menu item -> label, present value, why it cannot be used (empty where it can)."""
    log_in_first = "" if status.account else _("Log in first.")
    assign_first = log_in_first or ("" if status.assignment else _("Assign a business first."))
    store = status.assignment.store.name if status.assignment else ""
    return {
        "account": (_("Account"), status.account or _("Log in"), ""),
        "assign": (_("Assign business"), store, log_in_first),
        "queue": (_("Synchronization status"), format_number(status.waiting), assign_first),
    }
