"""Assign this terminal with a code of the store's owner: the code, history, done."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.models import Store
from factorypos_tui.core.operations.enrolment import enrol
from factorypos_tui.core.operations.outlook import look_ahead
from factorypos_tui.tui.screens.account.questions import is_no_barcode
from factorypos_tui.tui.screens.assign.assigning import what_became_of_it
from factorypos_tui.tui.screens.assign.history import HistoryScreen
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.station_app import StationApp


class CodeScreen(FormScreen[str]):
    """Ends with a code as it was typed. Nothing is sent here."""

    HELP = N_(
        "The owner of the store makes a code in FactoryCLOUD, on the page Terminals, for so many tills and so"
        " long. It assigns this terminal to that store: no user and no password is needed here. A code moves"
        " no terminal out of another store: disconnect it there first."
    )
    ACCEPT = N_("Next")
    BUSY = N_("Reading the code...")
    LEFT = N_("Nothing was changed.")

    def __init__(self, code: str) -> None:
        """`code`: what was typed before."""
        super().__init__(_("Enrol with a code"))
        self._code = code

    def introduction(self) -> str:
        """What it does."""
        return _("A code that the owner of the store made takes the place of user and password.")

    def questions(self) -> Iterable[Question]:
        """The code."""
        yield Question(
            "code",
            _("Enrolment code"),
            _("Five groups of four letters, in capitals or not; blanks and hyphens do not matter."),
            self._code,
            missing=_("Type the code, or go back with Esc."),
            scanned=is_no_barcode,
        )

    def send(self, answers: Mapping[str, str]) -> str:
        """Nothing yet: the next step asks what of the history goes."""
        return answers["code"]


async def enrol_with_code(app: StationApp) -> bool:
    """Lead the operator through the steps; whether the terminal is assigned. Esc goes one step back."""
    code = ""
    stores: list[Store] = []

    async def assign(history: History) -> bool:
        stores.append((await app.perform(enrol, code, history)).store)
        return True

    while typed := await app.push_screen_wait(CodeScreen(code)):
        code = typed
        place = _("the store that the code was made for")
        last = HistoryScreen(place, lambda: app.perform(look_ahead, None), assign)
        if await app.push_screen_wait(last):
            app.tell(await what_became_of_it(app, stores[-1], stays=last.stays))
            return True
    return False
