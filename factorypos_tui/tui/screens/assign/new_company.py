"""Create new company."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.place import Place
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.models import Company
from factorypos_tui.tui.screens.assign.create import CreateScreen
from factorypos_tui.tui.screens.base.form import Question
from factorypos_tui.tui.screens.base.place_questions import (
    bring_what_follows,
    country_question,
    currency_question,
)


class NewCompanyScreen(CreateScreen[Company]):
    """Ends with the company that was created."""

    HELP = N_(
        "The company that owns the store. Country and currency are proposed as this till has them; type in"
        " one of them to search its list."
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
        yield Question(
            "name",
            _("Company name"),
            _("The company's name, as you look for it in FactoryCLOUD."),
            missing=_("Type the name of the company."),
        )
        yield Question(
            "tax_id",
            _("Tax ID (optional)"),
            _("The company's tax number, such as B12345674. It may stay empty."),
            longest=64,
        )
        yield country_question(self._place, _("The company's country. Another one brings its currency."))
        yield currency_question(self._place, _("The currency of the company's prices."))

    def picked(self, name: str) -> None:
        """Propose the currency of the country."""
        if name == "country":
            bring_what_follows(self)

    def send(self, answers: Mapping[str, str]) -> Company:
        """Create it."""
        return self.app.engine.perform(
            accounts.create_company,
            answers["name"],
            answers["country"],
            answers["currency"],
            answers["tax_id"] or None,
        )
