"""What the store took, or else this till alone, by day, week or month: a bar and the numbers."""

from collections.abc import Iterable, Sequence

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_days, format_number, on_the_wall
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import cut, filled, to_the_right
from factorypos_tui.core.operations.figures_wording import source_words, warnings
from factorypos_tui.core.operations.store_figures import Source, read_figures
from factorypos_tui.core.reports.takings import By, Takings, added_up, usual_first
from factorypos_tui.tui.charts import bar
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.figures.closings import ClosingsScreen
from factorypos_tui.tui.screens.figures.summary import summary
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.page import Page

_DAYS, _NET, _RECEIPTS, _BAR = 24, 16, 9, 12
_DESIGNED_FOR = 80
_TALL = 30
"""Lines of a terminal that has room for more than the table."""
_TITLES = {
    By.DAY: N_("The last 14 days"),
    By.WEEK: N_("The last 12 weeks"),
    By.MONTH: N_("The last 12 months"),
}


class FiguresScreen(StationScreen):
    """Asks when it opens, when a key says so, and after a log-in; a new snapshot changes nothing in it."""

    CSS_PATH = "figures.tcss"

    def _is_of_this_till(self) -> bool:
        return self._source is Source.TILL

    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the screen before.")),
        bind("d,D", "days", N_("Days"), N_("Day by day, the last 14.")),
        bind("w,W", "weeks", N_("Weeks"), N_("The last 12 weeks; they begin on Monday.")),
        bind("m,M", "months", N_("Months"), N_("The last 12 months.")),
        bind(
            "l,L",
            "log_in",
            N_("Whole store"),
            N_("Log in, to see the figures of the whole store."),
            is_there=_is_of_this_till,
        ),
        bind(
            "c,C", "closings", N_("Closings"), N_("Months and years as FactoryCLOUD closed and signed them.")
        ),
        bind("f4", "load", N_("Load again"), N_("Ask for the figures again."), is_shown=False),
    ]
    HELP = N_(
        "What was taken, tax included. While you are logged in, the figures are those of the whole store,"
        " from FactoryCLOUD. Otherwise they are those of this till alone, with its running day. The first"
        " line says which of the two you see. Each bar is as long as its amount; currencies are never added"
        " together."
    )

    def __init__(self) -> None:
        super().__init__()
        self._by = By.DAY
        self._source: Source | None = None
        self._rows: Sequence[Takings] = ()
        self._found: Sequence[Takings] = ()

    def content(self) -> Iterable[Widget]:
        """Whose figures they are, above them."""
        yield Static("", id="source", markup=False)
        yield Page("", "figures")

    def on_mount(self) -> None:
        """Ask at once."""
        self.query_one(Page).focus()
        self.action_load()

    def on_resize(self) -> None:
        """Draw the bars as long as there is room."""
        if self._rows:
            self._draw()

    def action_days(self) -> None:
        """By day."""
        self._show_by(By.DAY)

    def action_weeks(self) -> None:
        """By week."""
        self._show_by(By.WEEK)

    def action_months(self) -> None:
        """By month."""
        self._show_by(By.MONTH)

    def action_load(self) -> None:
        """Ask again."""
        self._show_by(self._by)

    def _show_by(self, by: By) -> None:
        self._by, self._rows = by, ()
        page = self.query_one(Page)
        page.border_title = _(_TITLES[by])
        page.show([])
        self.query_one("#source", Static).update(_("Reading the figures..."))
        self.load(by)

    def action_closings(self) -> None:
        """The closed months and years."""
        if self.is_current:
            self.app.push_screen(ClosingsScreen())

    @work(exclusive=True, group="load")
    async def load(self, by: By) -> None:
        """Read the figures and show them."""
        last = on_the_wall(self.app.now()).date()
        first = usual_first(last, by)
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                found = await self.app.perform(read_figures, first, last)
        except FactoryPosError as error:
            self.query_one("#source", Static).update(str(error))
            return
        self.query_one("#source", Static).update("\n".join([source_words(found), *warnings(found)]))
        self._source = found.source
        self.refresh_bindings()
        self._rows, self._found = added_up(found.days, by, first, last), found.days
        self._draw()

    @work(exclusive=True, group="log in")
    async def action_log_in(self) -> None:
        """Log in, then ask again."""
        from factorypos_tui.tui.screens.account.log_in import log_in

        await log_in(self.app)
        self.action_load()

    def _draw(self) -> None:
        nothing = [Content(_("Nothing was reported of these days."))]
        room = _BAR + max(0, self.app.size.width - _DESIGNED_FOR)
        below = summary(self._found, room) if self.app.size.height >= _TALL else []
        self.query_one(Page).show([*_lines(self._rows, room), *below] if self._rows else nothing)


def _lines(rows: Sequence[Takings], room: int) -> list[Content]:
    """A heading, and a line with its bar for each row."""
    best = {row.currency: 0 for row in rows}
    for row in rows:
        best[row.currency] = max(best[row.currency], row.net)
    heading = _line(_("Days"), " " * room, _("Net"), _("Receipts"), "").stylize("bold")
    lines = [
        _line(
            format_days(row.first, row.last),
            bar(row.net, best[row.currency], room),
            format_money(row.net, row.currency),
            format_number(row.receipts),
            _("so far") if row.is_running else "",
        )
        for row in rows
    ]
    return [heading, *lines]


def _line(days: str, chart: str, net: str, receipts: str, note: str) -> Content:
    numbers = f"{to_the_right(net, _NET)} {to_the_right(receipts, _RECEIPTS)} {note}"
    return Content.assemble(filled(cut(days, _DAYS), _DAYS), " ", (chart, "$primary"), " ", numbers.rstrip())
