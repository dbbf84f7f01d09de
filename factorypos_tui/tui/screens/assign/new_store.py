"""Create new store."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.place import Place
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Company, Store
from factorypos_tui.tui.screens.assign.create import CreateScreen
from factorypos_tui.tui.screens.base.form import Question
from factorypos_tui.tui.screens.base.place_questions import zone_question


class NewStoreScreen(CreateScreen[Store]):
    """Ends with the store that was created in a company."""

    HELP = N_(
        "The store whose takings this till reports. Its time zone is proposed as this till has it; type in"
        " that field to search the list, by the city or the country."
    )
    ACCEPT = N_("Create store")
    BUSY = N_("Creating the store...")
    LEFT = N_("The store may still be created: F4 loads the list again.")

    def __init__(self, company: Company, place: Place) -> None:
        super().__init__(_("Create new store"))
        self._company = company
        self._place = place

    def introduction(self) -> str:
        """What it does."""
        return _("It is created in {company} and picked at once.").format(
            company=plain(self._company.name, 40)
        )

    def questions(self) -> Iterable[Question]:
        """Name, address, time zone."""
        yield Question(
            "name",
            _("Store name"),
            _("The store's name, as you look for it in FactoryCLOUD."),
            missing=_("Type the name of the store."),
        )
        yield Question(
            "address",
            _("Address (optional)"),
            _("Where the store is, in one line. It may stay empty."),
            longest=500,
        )
        yield zone_question(self._place, _("The clock of the store: it decides which day a sale belongs to."))

    def send(self, answers: Mapping[str, str]) -> Store:
        """Create it."""
        return self.app.engine.perform(
            accounts.create_store,
            self._company.id,
            answers["name"],
            answers["timezone"],
            answers["address"] or None,
        )
