"""The second step of connecting a till: which of those that were found, and the facts of its shop."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from factorypos_tui.core.account.place import Place
from factorypos_tui.core.connecting.asking import facts_of, is_decided, proposed
from factorypos_tui.core.connecting.facts import IN_A_DATABASE, SCOPES, TillFacts, checked
from factorypos_tui.core.connecting.found import FoundHost, PaperClose
from factorypos_tui.core.connecting.wording import found_words
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.connecting import refuse_another_till, terminal_id_for
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.screens.base.place_questions import (
    bring_what_follows,
    country_question,
    currency_question,
    zone_question,
)
from factorypos_tui.tui.screens.till.where_it_is import Reached
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED

_OF_THE_PLACE = ("country", "currency", "timezone")


@dataclass(frozen=True, slots=True)
class Look:
    """The till that would be connected, with what it closed last."""

    facts: TillFacts
    closes: Sequence[PaperClose]
    grants: Sequence[str]
    typed: Mapping[str, str]


class WhoseItIsScreen(FormScreen[Look]):
    """Ends with the newest closes of the till. Nothing is changed here."""

    HELP = N_(
        "Nothing in the till's data says where the shop is and when its day begins, so you say it: the time"
        " zone and the start of the day decide which day a sale belongs to, the currency how many decimals an"
        " amount has. The id of the terminal follows from the till's own data, on every machine the same."
        " Type the old one only where the till was connected before and its oldest days were deleted since:"
        " with another id, every day would count twice."
    )
    ACCEPT = N_("Show its last closes")
    BUSY = N_("Reading the last closes...")
    SO_FAR = NOTHING_IS_CHANGED
    LEFT = N_("Nothing was changed.")

    def __init__(
        self, reached: Reached, machine: Place, named: TillFacts | None, typed: Mapping[str, str]
    ) -> None:
        """`named`: what `config.toml` says so far; `typed`: what was answered here before."""
        super().__init__(_("Connect a till"))
        self._reached = reached
        self._machine = machine
        self._named = named
        self._typed = typed

    def introduction(self) -> str:
        """What was found."""
        tills = self._reached.tills
        return found_words(tills[0]) if len(tills) == 1 else _("Several tills sell into this database.")

    def questions(self) -> Iterable[Question]:
        """The till, if there are several; what its own data do not say of the shop; and its id."""
        tills = self._reached.tills
        if len(tills) > 1:
            yield Question(
                "host",
                _("Which till"),
                _("One of them is sent from here. Each other one is connected from a folder of its own."),
                self._before("host"),
                missing=_("Pick the till."),
                choices={till.host: found_words(till) for till in tills},
            )
        yield from (one for one in self._of_the_shop() if not is_decided(one.name, tills[0]))
        if self._reached.access.kind != IN_A_DATABASE:
            yield Question(
                "scope",
                _("What closes it"),
                _("FloCafe closes days and sessions, in one count of Zs. One of the two is sent."),
                self._before("scope", SCOPES[0]),
                choices={"day": _("The business day"), "session": _("The session of a drawer")},
            )
        yield Question(
            "terminal_id",
            _("Terminal id (optional)"),
            _("Leave it empty, unless you were told to type the one of before."),
            self._before("terminal_id"),
            wrong=_("This is no id: it has 32 digits and letters a to f."),
            fits=lambda typed: _fits("terminal_id", typed),
            longest=36,
        )

    def _of_the_shop(self) -> Iterable[Question]:
        place = Place(*(self._before(name, self._proposed(name)) for name in _OF_THE_PLACE))
        yield Question(
            "company",
            _("Company"),
            _("Its name, as it stands on the receipts."),
            self._before("company"),
            missing=_("Type the name of the company."),
            wrong=_("Some character cannot be used here."),
            fits=lambda typed: _fits("company", typed),
            longest=100,
        )
        yield country_question(place, _("Another country brings its currency and its time zones."))
        yield currency_question(place, _("What the till sells in."))
        yield zone_question(place, _("The clock of the till. It decides which day a sale belongs to."))
        yield Question(
            "day_starts_at",
            _("A business day begins at"),
            _("What is sold before that time is of the day before: 04:00 for a bar that closes at three."),
            self._before("day_starts_at", self._proposed("day_starts_at")),
            missing=_("Type a time, such as 04:00."),
            wrong=_("This is no time, such as 04:00."),
            fits=lambda typed: _fits("day_starts_at", typed),
            longest=5,
        )

    def picked(self, name: str) -> None:
        """Propose what follows from a country."""
        if name == "country":
            bring_what_follows(self)

    def send(self, answers: Mapping[str, str]) -> Look:
        """Read what the till closed last."""
        till = self._till(answers)
        access = self._reached.access
        shop = {**till.facts, **answers}
        said_id = checked("terminal_id", answers["terminal_id"]) if answers["terminal_id"] else None

        def look(station: Station) -> Look:
            terminal_id = terminal_id_for(station, till, said_id)
            kept_in = self._named.password_file if self._named else ""
            facts = facts_of(access, till, shop, terminal_id, answers.get("scope", ""), kept_in)
            refuse_another_till(station, facts)
            closes = station.connector().last_closes(access, till.host, facts.currency)
            return Look(facts, closes, station.connector().grants(access), answers)

        return self.app.engine.perform(look)

    def _till(self, answers: Mapping[str, str]) -> FoundHost:
        tills = self._reached.tills
        return next(till for till in tills if till.host == answers.get("host", tills[0].host))

    def _before(self, name: str, default: str = "") -> str:
        """What was answered here, else what `config.toml` says."""
        if name in self._typed:
            return self._typed[name]
        said = getattr(self._named, name, "") if self._named and name != "terminal_id" else ""
        return said or default

    def _proposed(self, name: str) -> str:
        till = self._reached.tills[0]
        return proposed(name, till.facts, till, self._machine)


def _fits(name: str, typed: str) -> bool:
    try:
        checked(name, typed)
    except UsageError:
        return False
    return True
