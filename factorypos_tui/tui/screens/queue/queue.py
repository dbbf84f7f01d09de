"""Synchronization status: the queue, live.

What opens another screen imports it: this one waits for none but its own.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.engine import Snapshot
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _, format_number, ngettext
from factorypos_tui.core.language.text import width
from factorypos_tui.core.operations.accepting import why_not_accept
from factorypos_tui.core.operations.retrying import retry, retry_all, retryable, why_not_retry
from factorypos_tui.core.operations.wording import again_words
from factorypos_tui.core.queue.pages import Query
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.status.wording import not_queued_sentences, not_queued_words
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.base.doing import do
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.base.why_not import SaysWhyNot
from factorypos_tui.tui.screens.queue.asking import (
    in_next_order,
    in_next_state,
    nothing_words,
    order_words,
    turned,
)
from factorypos_tui.tui.screens.queue.leaving_it import leave_it_or_not
from factorypos_tui.tui.screens.queue.report_list import ReportList
from factorypos_tui.tui.screens.queue.rows import explained, states_line
from factorypos_tui.tui.screens.queue.taking_out import copy, facts_of
from factorypos_tui.tui.widgets.field import Field


class QueueScreen(SaysWhyNot, StationScreen):
    """Every report, one a row, updated in place; the one under the cursor explained below."""

    CSS_PATH = "queue.tcss"
    BINDINGS = [
        Binding(
            "escape",
            "back",
            N_("Back"),
            id="queue.back",
            tooltip=N_("End the search, or go back to the home screen."),
        ),
        Binding("enter", "open", N_("Open"), id="queue.open", tooltip=N_("The report, and its way so far.")),
        Binding("slash", "search", N_("Search"), id="queue.search", tooltip=N_("Type what to look for.")),
        Binding(
            "f,F", "filter", N_("Filter"), id="queue.filter", tooltip=N_("Only reports in the next state.")
        ),
        Binding(
            "s,S", "sort", N_("Sort"), id="queue.sort", tooltip=N_("Sort by the next thing."), show=False
        ),
        Binding("o,O", "turn", N_("Turn"), id="queue.turn", tooltip=N_("Turn the order round."), show=False),
        Binding("r,R", "retry", N_("Retry"), id="queue.retry", tooltip=N_("Send this report once more.")),
        Binding(
            "t,T",
            "retry_all",
            N_("Retry all"),
            id="queue.retry_all",
            tooltip=N_("Send all that need attention once more."),
        ),
        Binding(
            "a,A",
            "attention",
            N_("Attention"),
            id="queue.attention",
            tooltip=N_("Why it needs a person, and what to do."),
        ),
        Binding(
            "l,L",
            "accept",
            N_("Leave it"),
            id="queue.accept",
            tooltip=N_("Accept it as it stands: it needs nobody any more. The same key takes that back."),
            show=False,
        ),
        Binding(
            "e,E",
            "export",
            N_("Export"),
            id="queue.export",
            tooltip=N_("Write the reports that the list shows to a file."),
            show=False,
        ),
        Binding(
            "v,V",
            "compare",
            N_("Compare"),
            id="queue.compare",
            tooltip=N_("Whether FactoryCLOUD has every closed day as it was closed here."),
        ),
        Binding(
            "c,C",
            "copy",
            N_("Copy"),
            id="queue.copy",
            tooltip=N_("State and id, to the clipboard."),
            show=False,
        ),
        Binding("down", "to_the_list", N_("List"), id="queue.list", tooltip=N_("Back to the list.")),
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
        """How many in which state; order and search; the list; the row under the cursor in words."""
        yield Static("", id="states", markup=False)
        yield Horizontal(
            Static("", id="order", markup=False),
            Static("", id="found", markup=False),
            Static("/", id="slash", markup=False),
            Field(placeholder=_("number, date, amount, state, reason"), id="search", max_length=60),
            id="head",
        )
        yield ReportList()
        yield Static("", id="meaning", markup=False)

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
        query, found, shipment = self.reports.query_shown, self.reports.found, self.reports.highlighted
        status = self.app.snapshot.status
        not_queued = "".join(f"   {words}" for words in not_queued_words(status))
        room = self.size.width - 2 - width(not_queued)
        self.query_one("#states", Static).update(states_line(status.counts, query.state, room) + not_queued)
        self.query_one("#order", Static).update(order_words(query))
        searched = query.search.strip() and found is not None
        self.query_one("#found", Static).update(
            ngettext("{n} found", "{n} found", found or 0).format(n=format_number(found or 0))
            if searched
            else ""
        )
        is_asked_for_all = query.state is None and not query.search.strip()
        not_here = " ".join(not_queued_sentences(status)) if is_asked_for_all else ""
        self.reports.nothing = not_here or nothing_words(query)
        words = explained(shipment, status) if shipment else ""
        self.query_one("#meaning", Static).update((self.reports.trouble or words) if shipment else "")
        self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """Why a key cannot be used now."""
        shipment, status = self.reports.highlighted if self.is_mounted else None, self.app.snapshot.status
        if action in ("open", "copy", "retry", "attention", "accept") and shipment is None:
            return _("There is no report under the cursor.")
        if action == "retry" and shipment:
            return why_not_retry(shipment, status.open_stores)
        if action == "accept" and shipment and shipment.state is not State.ACCEPTED:
            return why_not_accept(shipment)
        if action == "attention" and shipment and shipment.state is not State.ATTENTION:
            return _("This report does not need attention.")
        if action == "retry_all" and not status.counts[State.ATTENTION]:
            return _("No report needs attention. Nothing was changed.")
        if action == "compare" and status.assignment is None:
            return _("Assign a business first.")
        if action == "export" and not sum(status.counts.values()):
            return _("There is nothing to write yet: close a day at the till.")
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The search field has a way to the list, the list one to the search field."""
        searching = self.is_mounted and self.query_one("#search").has_focus
        if action in ("search", "to_the_list"):
            return searching == (action == "to_the_list")
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Type words; the list follows."""
        self.query_one("#search").focus()

    @on(Input.Changed, "#search")
    def find(self, message: Input.Changed) -> None:
        """Show what fits so far."""
        if message.value != self.reports.query_shown.search:
            self._ask(replace(self.reports.query_shown, search=message.value))

    @on(Input.Submitted, "#search")
    def action_to_the_list(self) -> None:
        """Move in what was found."""
        self.reports.focus()

    def action_filter(self) -> None:
        """The next state, after the last one all of them."""
        self._ask(in_next_state(self.reports.query_shown))

    def action_sort(self) -> None:
        """The next order, with the most of it first."""
        self._ask(in_next_order(self.reports.query_shown))

    def action_turn(self) -> None:
        """The same order from its other end."""
        self._ask(turned(self.reports.query_shown))

    def action_open(self) -> None:
        """The report under the cursor."""
        from factorypos_tui.tui.screens.queue.report import ReportScreen

        if self.is_current and (shipment := self.reports.highlighted):
            self.app.push_screen(ReportScreen(shipment.id))

    def action_copy(self) -> None:
        """What a supporter asks for."""
        if self.is_current and (shipment := self.reports.highlighted):
            copy(self.app, "\n".join(facts_of(shipment)))

    def action_attention(self) -> None:
        """Why it was refused."""
        from factorypos_tui.tui.screens.queue.attention import AttentionScreen

        if self.is_current and (shipment := self.reports.highlighted):
            self.app.push_screen(AttentionScreen(shipment.id))

    @work
    async def action_retry(self) -> None:
        """Send the report under the cursor once more."""
        if shipment := self.reports.highlighted:
            await do(self.app, partial(retry, row_id=shipment.id), lambda _none: again_words(1))

    @work
    async def action_accept(self) -> None:
        """Accept the report under the cursor as it stands, or take that back."""
        if shipment := self.reports.highlighted:
            await leave_it_or_not(self.app, shipment)

    @work(exclusive=True, group="dialog")
    async def action_retry_all(self) -> None:
        """Ask, with how many; then send them once more."""
        from factorypos_tui.tui.screens.base.confirm import ConfirmScreen

        try:
            count = await in_background(partial(self.app.engine.perform, retryable))
        except FactoryPosError as error:
            self.app.complain(error)
            return
        if not count:
            self.app.tell(_("What needs attention was made for another store. Nothing was changed."))
            return
        question = ngettext(
            "{n} report of this store needs attention. Send it to FactoryCLOUD once more, as it is?",
            "{n} reports of this store need attention. Send them to FactoryCLOUD once more, as they are?",
            count,
        ).format(n=format_number(count))
        accept = ngettext("Send it", "Send all {n}", count).format(n=format_number(count))
        if await self.app.push_screen_wait(ConfirmScreen(_("Retry all reports"), question, accept)):
            await do(self.app, retry_all, again_words)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Ask where to, write, say what was written."""
        from factorypos_tui.tui.screens.queue.exporting import export

        await export(self.app, self.reports.query_shown)

    def action_compare(self) -> None:
        """Compare every closed day with what FactoryCLOUD holds."""
        from factorypos_tui.tui.screens.queue.verify import VerifyScreen

        if self.is_current:
            self.app.push_screen(VerifyScreen())

    def action_back(self) -> None:
        """End the search; where there is none, back to the home screen."""
        search = self.query_one("#search", Input)
        if search.has_focus or search.value:
            search.value = ""
            self.reports.focus()
        elif self.is_current:
            self.dismiss()

    def _ask(self, query: Query) -> None:
        self.reports.ask(query)
        self.explain()
