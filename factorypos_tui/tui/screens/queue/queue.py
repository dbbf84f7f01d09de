"""Synchronization status: the queue, live.

What a key does is imported when it is pressed, so that the screen waits for its own code only."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import width
from factorypos_tui.core.queue.pages import Query
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.keyed import of_status
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.queue import reasons
from factorypos_tui.tui.screens.queue.asking import in_next_order, in_next_state, turned
from factorypos_tui.tui.screens.queue.report_list import ReportList
from factorypos_tui.tui.screens.queue.report_pages import ReportPane
from factorypos_tui.tui.screens.queue.saying import queue_words
from factorypos_tui.tui.widgets.explanation import Explanation
from factorypos_tui.tui.widgets.field import Field


def _of_report(decide: Callable[[Shipment, Status], str]) -> Callable[["QueueScreen"], str]:
    """What is decided of the report under the cursor, if there is one."""

    def why_not(screen: "QueueScreen") -> str:
        shipment = screen.reports.highlighted if screen.is_mounted else None
        no_report = _("There is no report under the cursor.")
        return decide(shipment, screen.app.snapshot.status) if shipment else no_report

    return why_not


class QueueScreen(StationScreen):
    """Every report in a row, updated in place; the report under the cursor is explained below."""

    CSS_PATH = ["report_pages.tcss", "queue.tcss"]

    def _is_searching(self) -> bool:
        return self.is_mounted and bool(self.query_one("#search").has_focus)

    BINDINGS = [
        bind(
            "enter",
            "open",
            N_("Open"),
            N_("The report, and its way so far."),
            why_not=_of_report(lambda _report, _status: ""),
        ),
        bind("escape", "back", N_("Back"), N_("End the search, or go back to the home screen.")),
        bind(
            "slash",
            "search",
            N_("Search"),
            N_("Type what to look for."),
            is_there=lambda screen: not screen._is_searching(),
        ),
        bind("f,F", "filter", N_("Filter"), N_("Only reports in the next state.")),
        bind(
            "r,R",
            "retry",
            N_("Retry"),
            N_("Send this report again."),
            why_not=_of_report(reasons.why_no_retry),
        ),
        bind(
            "a,A",
            "attention",
            N_("Attention"),
            N_("Why it needs a person, and what to do."),
            why_not=_of_report(reasons.why_no_attention),
        ),
        bind(
            "v,V",
            "compare",
            N_("Compare"),
            N_("Whether FactoryCLOUD has every closed day as it was closed here."),
            why_not=of_status(reasons.why_not_compare),
        ),
        bind(
            "t,T",
            "retry_all",
            N_("Retry all"),
            N_("Send all that need attention again."),
            why_not=of_status(reasons.why_not_retry_all),
        ),
        bind("s,S", "sort", N_("Sort"), N_("Sort by the next thing."), is_shown=False),
        bind("o,O", "turn", N_("Turn"), N_("Turn the order round."), is_shown=False),
        bind(
            "l,L",
            "accept",
            N_("Leave it"),
            N_("Accept it as it stands: it needs no person any more. The same key takes that back."),
            is_shown=False,
            why_not=_of_report(reasons.why_not_leave_it),
        ),
        bind(
            "e,E",
            "export",
            N_("Export"),
            N_("Write the reports that the list shows to a file."),
            is_shown=False,
            why_not=of_status(reasons.why_not_export),
        ),
        bind(
            "c,C",
            "copy",
            N_("Copy"),
            N_("State and id, to the clipboard."),
            is_shown=False,
            why_not=_of_report(lambda _report, _status: ""),
        ),
        bind(
            "tab",
            "app.focus_next",
            N_("Go on"),
            N_("To the search, the list, and what stands beside it where there is room."),
            is_shown=False,
        ),
        bind("down", "to_the_list", N_("List"), N_("Back to the list."), is_there=_is_searching),
    ]
    HELP = N_(
        "Each row is a report on its way to FactoryCLOUD. Z: a closed day. X: the running day. FactoryCLOUD"
        " has confirmed what is delivered. What waits is safe here and goes by itself when the link allows."
        " A search finds numbers, dates, amounts, states, and words of the reason why one has not arrived."
    )

    def __init__(self, state: State | None = None) -> None:
        """`state`: show only reports in this state at first."""
        super().__init__()
        self._state = state

    def content(self) -> Iterable[Widget]:
        """The counts of the states; order and search; the list; the row under the cursor in words, and its
        report beside them."""
        yield Static("", id="states", markup=False)
        yield Horizontal(
            Static("", id="order", markup=False),
            Static("", id="found", markup=False),
            Static("/", id="slash", markup=False),
            Field(placeholder=_("number, date, amount, state, reason"), id="search", max_length=60),
            id="head",
        )
        yield ReportList()
        yield Explanation("meaning")
        yield ReportPane(lambda: self.reports.highlighted)

    def on_mount(self) -> None:
        """Ask for the first rows."""
        self.reports.ask(Query(self._state))
        self.reports.focus()

    @property
    def reports(self) -> ReportList:
        """The list of reports."""
        return self.query_one(ReportList)

    def show(self, snapshot: Snapshot) -> None:
        """Bring the rows up to date."""
        super().show(snapshot)
        self.reports.look_again()
        self.explain()

    @on(ReportList.Changed)
    def explain(self) -> None:
        """Say what is shown, and what the state of the report under the cursor means."""
        reports, status = self.reports, self.app.snapshot.status
        texts = queue_words(
            reports.query_shown, reports.place, reports.found, reports.highlighted, status, self.size.width
        )
        for place in ("states", "order", "found"):
            line, shown = getattr(texts, place), self.query_one(f"#{place}", Static)
            if shown.content != line:  # each key that moves comes here, and a new layout takes its time
                shown.update(line, layout=width(line) != width(str(shown.content)))
        trouble = reports.trouble if reports.highlighted else ""
        self.query_one(Explanation).follow(trouble or texts.meaning)
        reports.nothing = texts.nothing
        self.query_one(ReportPane).look()
        self.refresh_bindings()

    def action_search(self) -> None:
        """Move to the search; the list follows what is typed."""
        self.query_one("#search").focus()

    @on(Input.Changed, "#search")
    def find(self, message: Input.Changed) -> None:
        """Show the reports that fit what is typed so far."""
        if message.value != self.reports.query_shown.search:
            self._ask(replace(self.reports.query_shown, search=message.value))

    @on(Input.Submitted, "#search")
    def action_to_the_list(self) -> None:
        """Move to the list."""
        self.reports.focus()

    def action_filter(self) -> None:
        """Show only the next state; after the last one all of them."""
        self._ask(in_next_state(self.reports.query_shown))

    def action_sort(self) -> None:
        """Sort by the next value, the highest first."""
        self._ask(in_next_order(self.reports.query_shown))

    def action_turn(self) -> None:
        """Reverse the order."""
        self._ask(turned(self.reports.query_shown))

    def action_open(self) -> None:
        """Open the report under the cursor."""
        from factorypos_tui.tui.screens.queue.report import ReportScreen

        if self.is_current and (shipment := self.reports.highlighted):
            self.app.push_screen(ReportScreen(shipment.id))

    def action_copy(self) -> None:
        """Copy the facts that a supporter asks for."""
        from factorypos_tui.tui.screens.base.taking_out import copy
        from factorypos_tui.tui.screens.queue.facts import facts_of

        if self.is_current and (shipment := self.reports.highlighted):
            copy(self.app, "\n".join(facts_of(shipment)))

    def action_attention(self) -> None:
        """Show why it was refused."""
        from factorypos_tui.tui.screens.queue.attention import AttentionScreen

        if self.is_current and (shipment := self.reports.highlighted):
            self.app.push_screen(AttentionScreen(shipment.id))

    @work
    async def action_retry(self) -> None:
        """Send the report under the cursor again."""
        from factorypos_tui.core.operations.retrying import retry
        from factorypos_tui.core.operations.wording import again_words
        from factorypos_tui.tui.screens.base.doing import do

        if shipment := self.reports.highlighted:
            await do(self.app, partial(retry, row_id=shipment.id), lambda _none: again_words(1))

    @work
    async def action_accept(self) -> None:
        """Accept the report under the cursor, or take that back."""
        from factorypos_tui.tui.screens.queue.leaving_it import leave_it_or_not

        if shipment := self.reports.highlighted:
            await leave_it_or_not(self.app, shipment)

    @work(exclusive=True, group="dialog")
    async def action_retry_all(self) -> None:
        """Ask with the number of reports; then send them again."""
        from factorypos_tui.tui.screens.queue.retrying_all import ask_to_retry_all

        await ask_to_retry_all(self.app)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Ask for a file, write, and say what was written."""
        from factorypos_tui.tui.screens.queue.exporting import export

        await export(self.app, self.reports.query_shown)

    def action_compare(self) -> None:
        """Compare every closed day with what FactoryCLOUD holds."""
        from factorypos_tui.tui.screens.queue.verify import VerifyScreen

        if self.is_current:
            self.app.push_screen(VerifyScreen())

    def action_back(self) -> None:
        """End the search; without a search, go back to the home screen."""
        search = self.query_one("#search", Input)
        if search.has_focus or search.value:
            search.value = ""
            self.reports.focus()
        elif self.is_current:
            self.dismiss()

    def _ask(self, query: Query) -> None:
        self.reports.ask(query)
        self.explain()
