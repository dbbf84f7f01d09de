"""Welcome: what FactoryCLOUD gives, the steps to it, and what this till sends."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.screens.account.by_invitation import ByInvitation
from factorypos_tui.tui.screens.account.log_in import LogInScreen, log_in, register
from factorypos_tui.tui.screens.account.register import RegisterScreen
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.menu import Item, Menu


class WelcomeScreen(ByInvitation[str]):
    """Ends with what the operator wants to do first: `log_in`, `register` or `later`."""

    CSS_PATH = "welcome.tcss"
    HELP = N_(
        "A first look at what this program does. Log in and Register open the first of the four steps; the"
        " home screen shows which of them are done, and which key does the next one."
    )

    def __init__(self) -> None:
        super().__init__(_("Welcome to FactoryCLOUD"))

    def content(self) -> Iterable[Widget]:
        """What it does, the steps, and three choices."""
        for part in (
            _("Every daily close of this till, safe in FactoryCLOUD and ready to be looked at anywhere."),
            _(
                "- Log in, or register a new user.\n"
                "- The till: the one of this machine, or a new one.\n"
                "- Assign business: the company and store of this till.\n"
                "- Close the day as always: its Z report goes up by itself."
            ),
            "\n".join(  # without gaps: the choices below have room on 22 lines
                [
                    _(
                        "Sent: the sums of a day, by tax, payment method, department, item,\n"
                        "user of the till and hour, and what was voided."
                    ),
                    _("Never sent: card numbers, names of customers, single receipts."),
                    _("Without a network nothing is lost: reports wait here."),
                ]
            ),
        ):
            yield Static(part, markup=False)
        yield Menu(*self._choices())

    def _choices(self) -> Iterable[Item]:
        yield Item("log_in", _("Log in"), self.app.snapshot.status.account or "")
        why_not = self.why_no_registration
        yield Item("register", _("Register"), _("by invitation") if why_not else "", why_not)
        yield Item("later", _("Have a look around first"))

    def show_why_not(self) -> None:
        """Dim the choice; on the frame it says whom to ask."""
        self.query_one(Menu).offer(*self._choices())
        self.query_one("#dialog").border_subtitle = self.why_no_registration

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """End with the answer."""
        self.finish(message.item_id)


async def show_welcome(app: StationApp) -> None:
    """Welcome the operator. Lead to the first step if they want to; who is in one of its forms already gets
    back to that form, and no second one over it."""
    forms = [screen for screen in app.screen_stack if isinstance(screen, LogInScreen | RegisterScreen)]
    first = await app.push_screen_wait(WelcomeScreen())
    if forms:
        if first == "register" and isinstance(forms[-1], LogInScreen):
            forms[-1].action_register()
    elif first == "register":
        await register(app)
    elif first == "log_in":
        from factorypos_tui.tui.screens.assign.without_a_user import WAYS  # the first frame needs none

        await log_in(app, WAYS)
