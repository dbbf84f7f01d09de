"""Create new company."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.place import Place
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.money import CURRENCIES
from factorypos_tui.core.models import Company
from factorypos_tui.tui.screens.assign.create import CreateScreen
from factorypos_tui.tui.screens.base.form import Question


class NewCompanyScreen(CreateScreen[Company]):
    """Ends with the company that was created."""

    HELP = N_(
        "The company that owns the store. Country and currency are proposed as this till has them: the"
        " country in two letters, such as ES, the currency in three, such as EUR."
    )
    ACCEPT = N_("Create company")
    BUSY = N_("Creating the company...")
    LEFT = N_("The company may still be created: F4 loads the list again.")

    def __init__(self, place: Place) -> None:
        super().__init__(_("Create new company"))
        self._place = place

    def introduction(self) -> str:
        """What it does."""
        return _("It is created in your FactoryCLOUD account and picked at once.")

    def questions(self) -> Iterable[Question]:
        """Name, tax number, country, currency."""
        yield Question("name", _("Company name"), missing=_("Type the name of the company."))
        yield Question("tax_id", _("Tax ID (optional)"), longest=64)
        yield Question(
            "country",
            _("Country"),
            self._place.country,
            missing=_("Two letters, such as ES"),
            wrong=_("Two letters, such as ES"),
            fits=lambda code: len(code) == 2 and code.isascii() and code.isalpha(),
            longest=40,  # what is longer than two letters is said, not cut
        )
        yield Question(
            "currency",
            _("Currency"),
            self._place.currency,
            missing=_("Three letters, such as EUR"),
            wrong=_("Three letters, such as EUR"),
            fits=lambda code: code.upper() in CURRENCIES,
            longest=40,
        )

    def send(self, answers: Mapping[str, str]) -> Company:
        """Create it."""
        return self.app.engine.perform(
            accounts.create_company,
            answers["name"],
            answers["country"].upper(),
            answers["currency"].upper(),
            answers["tax_id"] or None,
        )
