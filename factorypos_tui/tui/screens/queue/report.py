"""One report on paper, and its history."""

from collections.abc import Callable, Iterable
from functools import partial

from textual import work
from textual.widget import Widget

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.operations.inspecting import Inspected, inspect
from factorypos_tui.core.operations.retrying import retry
from factorypos_tui.core.operations.wording import again_words
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.doing import do
from factorypos_tui.tui.screens.base.station import StationScreen
from factorypos_tui.tui.screens.base.taking_out import copy, save_text
from factorypos_tui.tui.screens.queue.attention import AttentionScreen
from factorypos_tui.tui.screens.queue.facts import file_name
from factorypos_tui.tui.screens.queue.reasons import why_no_attention, why_no_retry
from factorypos_tui.tui.screens.queue.report_pages import ReportPage


class ReportScreen(StationScreen):
    """It is updated while one looks."""

    CSS_PATH = ["report_pages.tcss", "report.tcss"]

    def _why_not(self, why_not: Callable[[Inspected], str]) -> str:
        """The report's reason, once it is read."""
        return why_not(self._inspected) if self._inspected else _("The report is still being read.")

    def _why_no_text(self) -> str:
        unreadable = _("The report cannot be read. Keep a copy of sync.db, and call support.")
        return self._why_not(lambda inspected: "" if inspected.document else unreadable)

    def _why_no_retry(self) -> str:
        return self._why_not(lambda inspected: why_no_retry(inspected.shipment, self.app.snapshot.status))

    def _why_no_attention(self) -> str:
        return self._why_not(lambda inspected: why_no_attention(inspected.shipment, self.app.snapshot.status))

    BINDINGS = [
        bind("escape", "back", N_("Back"), N_("Back to the list.")),
        bind("e,E", "save", N_("Save"), N_("Write it to a file, as text."), why_not=_why_no_text),
        bind("r,R", "retry", N_("Retry"), N_("Send this report again."), why_not=_why_no_retry),
        bind(
            "a,A",
            "attention",
            N_("Attention"),
            N_("Why FactoryCLOUD refused it, and what to do."),
            why_not=_why_no_attention,
        ),
        bind("c,C", "copy", N_("Copy"), N_("All of it, to the clipboard."), why_not=_why_no_text),
    ]
    HELP = N_(
        "To the left the report as it would print: totals, taxes, payments, departments, hours. It was frozen"
        " when the day was closed or read, and is never changed. To the right its way to FactoryCLOUD so far."
        " The arrows scroll."
    )

    def __init__(self, row_id: int) -> None:
        """`row_id`: its row in the queue."""
        super().__init__()
        self._row_id = row_id
        self._inspected: Inspected | None = None

    def content(self) -> Iterable[Widget]:
        """One page."""
        yield ReportPage()

    def on_mount(self) -> None:
        """Say that it is being read."""
        page = self.query_one(ReportPage)
        page.fail(_("Reading the report..."))
        page.focus()

    def show(self, snapshot: Snapshot) -> None:
        """Read the report again."""
        super().show(snapshot)
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the report and its history, and show them."""
        try:
            inspected = await self.app.perform(inspect, self._row_id)
        except FactoryPosError as error:
            self.query_one(ReportPage).fail(str(error))
            return
        self._inspected = inspected
        self.query_one(ReportPage).show_report(inspected)
        self.refresh_bindings()

    @work
    async def action_retry(self) -> None:
        """Send it again."""
        await do(self.app, partial(retry, row_id=self._row_id), lambda _none: again_words(1))

    def action_attention(self) -> None:
        """Why it was refused."""
        if self.is_current:
            self.app.push_screen(AttentionScreen(self._row_id))

    @work(exclusive=True, group="dialog")
    async def action_save(self) -> None:
        """Ask for a file, write the text to it, and say so."""
        if inspected := self._inspected:
            words = _("The report as it is shown here, as plain text.")
            await save_text(self.app, _("Save report"), words, file_name(inspected.shipment), self._text())

    def action_copy(self) -> None:
        """Copy both sides, to paste them elsewhere."""
        if self.is_current:
            copy(self.app, self._text())

    def _text(self) -> str:
        return self.query_one(ReportPage).text
