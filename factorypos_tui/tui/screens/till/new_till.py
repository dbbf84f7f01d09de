"""Make a till: the name of the shop, where it is, and what the till sells at first."""

from collections.abc import Iterable, Mapping

from factorypos_tui.core.account.place import Place, place_of_machine
from factorypos_tui.core.configuration.new_till import TERMINAL_NAME, Catalogue, NewTill
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.first_steps import next_words
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.screens.base.paths import path_typed
from factorypos_tui.tui.screens.base.place_questions import (
    bring_what_follows,
    country_question,
    currency_question,
    zone_question,
)
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.field import Field

_FILE = "file"
_LONGEST_SAID = 40


async def ask_to_make_a_till(app: StationApp) -> None:
    """Ask what the till is to be, make it, and say what comes next."""
    if words := await app.push_screen_wait(NewTillScreen(place_of_machine())):
        app.tell(f"{words} {next_words(app.snapshot.status, has_till=True)}".strip())


class NewTillScreen(FormScreen[str]):
    """Ends with what was made, in words."""

    HELP = N_(
        "The till that comes with this program. Country, currency and time zone are proposed from this"
        " machine; type in one of them to search its list. The catalogue has what is sold, with prices and"
        " taxes: none is made up. An empty one is filled from FactoryCLOUD or by a program of yours; the demo"
        " bar is to try things out; a file is a configuration document. A till of another program needs none"
        " of this: F7 at home connects it."
    )
    ACCEPT = N_("Make the till")
    BUSY = N_("Making the till...")
    LEFT = N_("The till may still be made: the home screen will show it.")

    def __init__(self, place: Place) -> None:
        """`place`: what is proposed."""
        super().__init__(_("Make a till"))
        self._place = place

    def introduction(self) -> str:
        """What it does."""
        return _("A till on this machine, and its first day is open at once.")

    def questions(self) -> Iterable[Question]:
        """Shop, country, currency, time zone, catalogue, and its file."""
        yield Question(
            "shop",
            _("Shop name"),
            purpose=_("It stands on receipts as the company's name."),
            missing=_("Type the name of the shop."),
            longest=100,
        )
        yield country_question(self._place, _("Another country brings its currency and its time zones."))
        yield currency_question(self._place, _("What the till sells in. It stays once something was sold."))
        yield zone_question(self._place, _("It decides which day a sale belongs to."))
        yield Question(
            "catalogue",
            _("Catalogue"),
            purpose=_("What the till sells at first, with prices and taxes. It can be replaced later."),
            value=Catalogue.EMPTY,
            choices={
                Catalogue.EMPTY: _("Empty: yours comes from FactoryCLOUD, or a program"),
                Catalogue.DEMO: _("Demo bar: items and prices to try things out"),
                _FILE: _("From a file: a configuration document"),
            },
        )
        yield Question(
            _FILE,
            _("File of the catalogue"),
            purpose=_(
                "A configuration document, such as another till's. Without a folder it is in your home"
                " folder."
            ),
            missing=_("Type the path of the file."),
            wrong=_("There is no such file."),
            fits=lambda typed: path_typed(typed).is_file(),
            longest=1000,
        )

    def on_mount(self) -> None:
        """Ask for no file yet."""
        self.query_one(f"#{_FILE}").display = False

    def picked(self, name: str) -> None:
        """Propose what follows from a country; ask for the file of a catalogue."""
        if name == "country":
            bring_what_follows(self)
        self.query_one(f"#{_FILE}", Field).display = self.typed("catalogue") == _FILE

    def send(self, answers: Mapping[str, str]) -> str:
        """Make it."""
        catalogue = answers["catalogue"]

        def make(station: Station) -> str:
            new = NewTill(
                station.terminal_name or TERMINAL_NAME,
                path_typed(answers[_FILE]) if catalogue == _FILE else Catalogue(catalogue),
                **{name: answers[name] for name in ("shop", "country", "currency", "timezone")},
            )
            station.till.make(new)
            ready = _("{name} is ready to sell.")
            bare = _("{name} has its till. The catalogue is empty: nothing can be sold yet.")
            words = ready if station.till.configuration().items else bare
            return words.format(name=plain(answers["shop"], _LONGEST_SAID))

        return self.app.engine.perform(make)
