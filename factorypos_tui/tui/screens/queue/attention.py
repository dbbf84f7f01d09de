"""A report that needs a person: why, what this till and FactoryCLOUD hold, and what to do."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual import work
from textual.content import Content
from textual.widget import Widget

from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.language.text import cut, filled
from factorypos_tui.core.operations.accepting import accepted_words
from factorypos_tui.core.operations.inspecting import Inspected, held_instead, inspect, next_in_need
from factorypos_tui.core.operations.retrying import retry
from factorypos_tui.core.operations.way import moment
from factorypos_tui.core.operations.wording import again_words
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.paper import paper_of
from factorypos_tui.core.reports.printing import Side, side_by_side
from factorypos_tui.core.reports.unchecked import Document
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.doing import do
from factorypos_tui.tui.screens.base.keyed import of_status
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.base.taking_out import copy, save_text
from factorypos_tui.tui.screens.queue.advice import what_to_do, why
from factorypos_tui.tui.screens.queue.facts import facts_of, file_name
from factorypos_tui.tui.screens.queue.leaving_it import leave_it_or_not
from factorypos_tui.tui.screens.queue.reasons import why_no_next, why_no_retry, why_not_leave_it
from factorypos_tui.tui.screens.queue.report_pages import ReportPane
from factorypos_tui.tui.screens.queue.rows import name_of
from factorypos_tui.tui.waiting import NOTHING_IS_CHANGED
from factorypos_tui.tui.widgets.page import Page

_CONFLICT = "report_conflict"
_GAP = "  "


class AttentionScreen(StationScreen):
    """One report at a time; N goes on to the next one that needs a person."""

    CSS_PATH = ["report_pages.tcss", "attention.tcss"]

    def _why_not(self, why_not: Callable[[Inspected], str] = lambda _inspected: "") -> str:
        """The report's reason, if there is a report."""
        inspected = self._inspected
        return why_not(inspected) if inspected else _("No report needs attention. Nothing was changed.")

    def _why_no_retry(self) -> str:
        return self._why_not(lambda inspected: why_no_retry(inspected.shipment, self.app.snapshot.status))

    def _why_not_leave_it(self) -> str:
        return self._why_not(lambda inspected: why_not_leave_it(inspected.shipment, self.app.snapshot.status))

    def _why_not_compare(self) -> str:
        no_conflict = _("Only a conflict has another side to compare with.")
        return self._why_not(lambda inspected: "" if _is_conflict(inspected) else no_conflict)

    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back; nothing is changed.")),
        bind("r,R", "retry", N_("Retry"), N_("Send this report again."), why_not=_why_no_retry),
        bind(
            "l,L",
            "accept",
            N_("Leave it"),
            N_("Accept it as it stands: it needs no person any more. The same key takes that back."),
            why_not=_why_not_leave_it,
        ),
        bind(
            "tab",
            "app.focus_next",
            N_("Go on"),
            N_("To the report that stands beside it where there is room, and back."),
            is_shown=False,
        ),
        bind("n,N", "next", N_("Next"), N_("The next that needs attention."), why_not=of_status(why_no_next)),
        bind("f4", "compare", N_("Load again"), N_("Ask FactoryCLOUD again."), why_not=_why_not_compare),
        bind("c,C", "copy", N_("Copy"), N_("All of it, to the clipboard."), why_not=_why_not),
        bind("e,E", "save", N_("Save"), N_("Write it to a file, as text."), why_not=_why_not),
    ]
    HELP = N_(
        "This report needs a person: FactoryCLOUD refused it as it stands, or it could not be sent from here."
        " Here is why, and what to do; the report itself is safe. Where FactoryCLOUD holds another one with"
        " its number, both are shown side by side: lines that"
        " differ come first, marked with !."
    )

    def __init__(self, row_id: int | None = None) -> None:
        """`row_id`: its row in the queue; None for the newest that needs attention."""
        super().__init__()
        self._row_id = row_id
        self._inspected: Inspected | None = None
        self._there: Document | None = None
        self._news = ""
        self._trouble = ""

    def content(self) -> Iterable[Widget]:
        """All in one page, and beside it the report, where no comparison needs the room."""
        yield Page(_("Attention"), "case")
        yield ReportPane(self._without_another_side)

    def on_mount(self) -> None:
        """Give the page the focus, so that the arrows scroll at once."""
        self.query_one(Page).focus()

    def show(self, snapshot: Snapshot) -> None:
        """Read the report again."""
        super().show(snapshot)
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the report. For a conflict ask FactoryCLOUD what it holds, once per try."""
        try:
            if self._row_id is None:
                self._row_id = await self.app.perform(next_in_need, None)
            if self._row_id is not None:
                before = self._inspected
                self._inspected = await self.app.perform(inspect, self._row_id)
                if _is_conflict(self._inspected) and not (before and _same_try(before, self._inspected)):
                    self.action_compare()
        except FactoryPosError as error:
            self._trouble = str(error)
        else:
            self._trouble = ""
        self._fill()

    @work(exclusive=True, group="compare")
    async def action_compare(self) -> None:
        """Ask FactoryCLOUD what it holds in place of this report."""
        if self._inspected is None:
            return
        self._there, self._news = None, _("Asking FactoryCLOUD...")
        self._fill()
        try:
            with self.waiting("", NOTHING_IS_CHANGED):
                self._there = await self.app.perform(held_instead, self._inspected.shipment)
        except CloudUnreachable as error:
            self._news = " ".join((str(error), _("F4 asks again.")))
        except FactoryPosError as error:
            self._news = str(error)
        else:
            self._news = "" if self._there else _("FactoryCLOUD holds no such report any more: press R.")
        self._fill()

    @work
    async def action_retry(self) -> None:
        """Send it again."""
        if self._row_id is not None:
            await do(self.app, partial(retry, row_id=self._row_id), lambda _none: again_words(1))

    @work
    async def action_accept(self) -> None:
        """Accept it, or take that back."""
        if inspected := self._inspected:
            await leave_it_or_not(self.app, inspected.shipment)

    def action_copy(self) -> None:
        """Copy the whole text, to paste it elsewhere."""
        if self.is_current and self._inspected:
            copy(self.app, self._text(self._inspected))

    @work(exclusive=True, group="dialog")
    async def action_save(self) -> None:
        """Ask for a file, write the text to it, and say so."""
        if inspected := self._inspected:
            words = _("All that is written here, as plain text.")
            name = f"{file_name(inspected.shipment)}-attention"
            await save_text(self.app, _("Save"), words, name, self._text(inspected))

    def _text(self, inspected: Inspected) -> str:
        return "\n".join([self.query_one(Page).text, "", *facts_of(inspected.shipment)])

    @work(exclusive=True, group="next")
    async def action_next(self) -> None:
        """Show the next report that needs attention."""
        try:
            row_id = await self.app.perform(next_in_need, self._row_id)
        except FactoryPosError as error:
            self.app.complain(error)
            return
        self.workers.cancel_group(self, "compare")
        self._row_id, self._inspected, self._there, self._news = row_id, None, None, ""
        self.query_one(Page).action_top()
        self.read()

    def on_resize(self) -> None:
        """Make the columns of the comparison as wide as the screen allows."""
        self._fill()

    def _fill(self) -> None:
        inspected = self._inspected
        if self._trouble:
            lines = [Content(self._trouble)]
        elif inspected is None:
            lines = [Content(_("No report needs attention.") if self._row_id is None else "")]
        elif inspected.shipment.state is State.ACCEPTED:
            lines = _accepted(inspected)
        elif not inspected.shipment.state.about.needs_a_person:
            words = _("{report} no longer needs attention.").format(report=name_of(inspected.shipment))
            lines = [Content(words)]
        else:
            lines = [*why(inspected), Content(), *what_to_do(inspected), *self._comparison(inspected)]
        self.query_one(Page).show(lines)
        self.set_class(self._without_another_side() is None, "-alone")
        self.query_one(ReportPane).look()
        self.refresh_bindings()

    def _without_another_side(self) -> Shipment | None:
        inspected = self._inspected
        return inspected.shipment if inspected and not _is_conflict(inspected) else None

    def _comparison(self, inspected: Inspected) -> list[Content]:
        if not _is_conflict(inspected):
            return []
        if self._there is None or inspected.document is None:
            return [Content(), Content(self._news)]
        sides = side_by_side(paper_of(inspected.document), paper_of(self._there))
        return [Content(), *_table(sides, self.size.width - 4)]


def _accepted(inspected: Inspected) -> list[Content]:
    """When it was accepted, what that means, and how to take it back."""
    when = moment(inspected.shipment.accepted_at or inspected.shipment.queued_at)
    words = _("{report} was accepted as it stands, {when}.").format(
        report=name_of(inspected.shipment), when=when
    )
    back = _("It needs no person any more. L takes that back.")
    return [Content.styled(words, "bold"), Content(accepted_words(inspected.shipment)), Content(back)]


def _same_try(before: Inspected, now: Inspected) -> bool:
    return before.shipment.attempts == now.shipment.attempts and _is_conflict(before)


def _is_conflict(inspected: Inspected) -> bool:
    return inspected.shipment.state is State.ATTENTION and inspected.shipment.last_error == _CONFLICT


def _table(sides: Sequence[Side], columns: int) -> list[Content]:
    """The lines that differ, marked, then those that are the same."""
    different = [side for side in sides if side.differs]
    same = [side for side in sides if not side.differs]
    room = max(10, (columns - 2 - 2 * len(_GAP)) * 2 // 7)
    lines = [Content.styled(_row("  ", _("Line"), _("Here"), _("At FactoryCLOUD"), room), "bold")]
    for title, mark, part in ((_("Different"), "! ", different), (_("The same"), "  ", same)):
        lines.append(Content.styled(f"{title}: {format_number(len(part))}", "bold"))
        style = "$text-warning" if mark.strip() else ""
        lines += [Content.styled(_side(mark, side, room), style) for side in part]
    return lines


def _side(mark: str, side: Side, room: int) -> str:
    label = f"{side.section}: {side.label}" if side.section else side.label
    return _row(mark, label, side.here or "-", side.there or "-", room)


def _row(mark: str, label: str, here: str, there: str, room: int) -> str:
    """A line; the label is half as wide again as one side."""
    widths = (room * 3 // 2, room, room)
    cells = [
        filled(cut(cell, width), width) for cell, width in zip((label, here, there), widths, strict=True)
    ]
    return mark + _GAP.join(cells).rstrip()
