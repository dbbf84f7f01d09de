"""The months and years that FactoryCLOUD closed and signed, each as a paper."""

from collections.abc import Iterable, Iterator

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError, NotLoggedIn, TokenRefused
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.operations.closings import Length, StoreClosings, read_closings
from factorypos_tui.core.reports.closing_paper import paper_of_closing
from factorypos_tui.core.reports.printing import printed
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.base.taking_out import copy, save_text
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.page import Page

_LONGEST_NAME = 40
_TITLES = {Length.MONTH: N_("Closed months"), Length.YEAR: N_("Closed years")}


class ClosingsScreen(StationScreen):
    """Asks when it opens, when a key says so, and after a log-in."""

    CSS_PATH = "figures.tcss"

    def _why_nothing(self) -> str:
        return "" if self._found and self._found.documents else _("There is no closing to take yet.")

    def _needs_log_in(self) -> bool:
        return self._is_log_in_missing

    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the figures.")),
        bind("l,L", "log_in", N_("Log in"), N_("Log in, to see them."), is_there=_needs_log_in),
        bind("m,M", "months", N_("Months"), N_("The closed months, the newest first.")),
        bind("y,Y", "years", N_("Years"), N_("The closed years, the newest first.")),
        bind("e,E", "save", N_("Save"), N_("Write them to a file, as text."), why_not=_why_nothing),
        bind("c,C", "copy", N_("Copy"), N_("All of them, to the clipboard."), why_not=_why_nothing),
        bind("f4", "load", N_("Load again"), N_("Ask for them again."), is_shown=False),
    ]
    HELP = N_(
        "FactoryCLOUD closes a month or a year of the store once each till has sent a later day, or two weeks"
        " after its end. It signs what it closed and never changes it: a day that comes late makes a"
        " correction, which stands above what it corrects. Only a person who is logged in sees them."
    )

    def __init__(self) -> None:
        super().__init__()
        self._length = Length.MONTH
        self._found: StoreClosings | None = None
        self._is_log_in_missing = False

    def content(self) -> Iterable[Widget]:
        """Whose closings they are, above them."""
        yield Static("", id="source", markup=False)
        yield Page("", "closings")

    def on_mount(self) -> None:
        """Ask at once."""
        self.query_one(Page).focus()
        self.action_load()

    def action_months(self) -> None:
        """By month."""
        self._length = Length.MONTH
        self.action_load()

    def action_years(self) -> None:
        """By year."""
        self._length = Length.YEAR
        self.action_load()

    def action_load(self) -> None:
        """Ask again."""
        self._found = None
        page = self.query_one(Page)
        page.border_title = _(_TITLES[self._length])
        page.show([])
        page.action_top()
        self._say(_("Reading the closings..."))
        self.load()

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Read the closings and show them."""
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                self._found = await self.app.perform(read_closings, self._length)
        except FactoryPosError as error:
            self._say(_why_none(error))
            self._is_log_in_missing = isinstance(error, NotLoggedIn | TokenRefused)
        else:
            self._say(_source_words(self._found))
            self._is_log_in_missing = False
            self.query_one(Page).show([Content(line) for line in _lines(self._found)])
        self.refresh_bindings()

    @work(exclusive=True, group="log in")
    async def action_log_in(self) -> None:
        """Log in, then ask again."""
        from factorypos_tui.tui.screens.account.log_in import log_in

        await log_in(self.app)
        self.action_load()

    @work(exclusive=True, group="dialog")
    async def action_save(self) -> None:
        """Ask for a file, and write the papers to it."""
        words = _("The closings as they are shown here, as plain text.")
        if found := self._found:
            name = f"closings-{self._length.value}-{_for_a_file(found.store.name)}"
            await save_text(self.app, _("Save closings"), words, name, self.query_one(Page).text)

    def action_copy(self) -> None:
        """Copy the papers, to paste them elsewhere."""
        if self.is_current:
            copy(self.app, self.query_one(Page).text)

    def _say(self, words: str) -> None:
        self.query_one("#source", Static).update(words)


def _why_none(error: FactoryPosError) -> str:
    if isinstance(error, NotLoggedIn):
        return _("Closed months are FactoryCLOUD's. Press L to log in; your days are sent without it.")
    return str(error)


def _for_a_file(name: str) -> str:
    """A name of letters, digits and hyphens."""
    letters = "".join(letter if letter.isalnum() else " " for letter in name[:_LONGEST_NAME])
    return "-".join(letters.split()) or "store"


def _source_words(found: StoreClosings) -> str:
    if not found.documents:
        return _("{store}: none is closed yet. FactoryCLOUD looks once an hour.").format(
            store=found.store.name
        )
    return counted(
        "{store}: {n} closing, signed by FactoryCLOUD.",
        "{store}: {n} closings, signed by FactoryCLOUD.",
        len(found.documents),
        store=found.store.name,
    )


def _lines(found: StoreClosings) -> Iterator[str]:
    for place, document in enumerate(found.documents):
        yield from ["", ""] if place else []
        yield from printed(paper_of_closing(document, found.store.name))
