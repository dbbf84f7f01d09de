"""Welcome: what FactoryCLOUD gives, the steps to it, and what this till sends."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.account.log_in import LogInScreen, log_in
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.menu import Item, Menu


class WelcomeScreen(Dialog[bool]):
    """Ends with True where the operator wants to log in."""

    CSS_PATH = "welcome.tcss"
    HELP = N_(
        "A first look at what this program does. Log in opens the first of the three steps; the screen behind"
        " shows at any time which step comes next."
    )

    def __init__(self) -> None:
        super().__init__(_("Welcome to FactoryCLOUD"))

    def content(self) -> Iterable[Widget]:
        """Four short parts and two choices."""
        for part in (
            _("Every daily close of this till, safe in FactoryCLOUD and ready to be looked at anywhere."),
            _(
                "1. Log in, or register a new user.\n"
                "2. Assign business: the company and store of this till.\n"
                "3. Close the day as always: its Z report goes up by itself."
            ),
            _(
                "Sent: the sums of a day, by tax, payment method, department, item,\n"
                "user of the till and hour, and what was voided."
            ),
            _("Never sent: card numbers, names of customers, single receipts."),
            _("Without a network nothing is lost: reports wait here."),
        ):
            yield Static(part, markup=False)
        yield Menu(
            Item("log_in", _("Log in"), self.app.snapshot.status.account or ""),
            Item("later", _("Have a look around first")),
        )

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer."""
        self.finish(message.item_id == "log_in")


async def show_welcome(app: StationApp) -> None:
    """Welcome the operator. Lead to the log-in if they want to and are not there already."""
    log_in_is_open = any(isinstance(screen, LogInScreen) for screen in app.screen_stack)
    if await app.push_screen_wait(WelcomeScreen()) and not log_in_is_open:
        await log_in(app)
