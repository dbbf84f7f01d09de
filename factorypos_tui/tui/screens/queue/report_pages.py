"""A report on paper, and its way so far: side by side on the report's own screen, one below the other beside
the queue."""

from collections.abc import Callable, Iterable

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.accepting import accepted_words
from factorypos_tui.core.operations.inspecting import Inspected, inspect
from factorypos_tui.core.operations.way import history_lines, paper_lines
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import reason_words, state_name
from factorypos_tui.tui.screens.queue.rows import name_of
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.page import Lines, Page
from factorypos_tui.tui.widgets.pane import Pane

_LONGEST_NAME = 60


class ReportPages(Container):
    """Two pages, each of which scrolls by itself."""

    def compose(self) -> ComposeResult:
        """The paper, and the delivery."""
        yield Page("", "paper")
        yield Page(_("Delivery"), "delivery")

    def show(self, inspected: Inspected) -> None:
        """Show a report, or what is new of it."""
        self.query_one("#paper", Page).show([Content(line) for line in paper_lines(inspected)])
        self.query_one("#delivery", Page).show(_delivery_lines(inspected))

    def say(self, words: str) -> None:
        """Show a text in the paper's place."""
        self.query_one("#paper", Page).show([Content(words)])
        self.query_one("#delivery", Page).show([])

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(page.text for page in self.query(Page))


class ReportPage(Page):
    """Paper to the left, delivery to the right. They scroll together, since a terminal moves whole lines."""

    def __init__(self) -> None:
        super().__init__("", "report")

    def compose(self) -> ComposeResult:
        """The paper, and the delivery."""
        yield from super().compose()
        yield Lines("", id="delivery", markup=False)

    def fail(self, words: str) -> None:
        """Show why nothing is read: beside the paper, where that is read already."""
        if self.border_title:
            self.query_one("#delivery", Lines).update(words)
        else:
            self.show([Content(words)])

    def show_report(self, inspected: Inspected) -> None:
        """Show a report, or what is new of it."""
        self.border_title = name_of(inspected.shipment)
        self.show([Content(line) for line in paper_lines(inspected)])
        self.query_one("#delivery", Lines).update(Content("\n").join(_delivery_lines(inspected)))

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(str(part.visual) for part in self.query(Lines))


class ReportPane(Pane[Shipment]):
    """The report under the cursor."""

    app: StationApp

    def __init__(self, subject: Callable[[], Shipment | None]) -> None:
        super().__init__(subject)
        self._row_id: int | None = None

    def content(self) -> Iterable[Widget]:
        """As the report's own screen shows it."""
        yield ReportPages()

    def fill(self, shipment: Shipment | None) -> None:
        """Show a report, or none."""
        if shipment:
            self.read(shipment)
        else:
            self.workers.cancel_node(self)  # what is being read would be shown after this
            self.query_one(ReportPages).say("")
            self.query_one("#paper").border_title = ""

    @work(exclusive=True)
    async def read(self, shipment: Shipment) -> None:
        """Read a report and show it from its beginning; of the one that is shown already, what is new."""
        pages, paper = self.query_one(ReportPages), self.query_one("#paper", Page)
        try:
            inspected = await self.app.perform(inspect, shipment.id)
        except FactoryPosError as error:
            pages.say(str(error))
        else:
            pages.show(inspected)
        paper.border_title = name_of(shipment)
        if shipment.id != self._row_id:
            self._row_id = shipment.id
            for page in self.query(Page):
                page.action_top()


def _delivery_lines(inspected: Inspected) -> list[Content]:
    shipment = inspected.shipment
    state = state_name(shipment.state)
    lines = [Content.styled(f"{state[:1].upper()}{state[1:]}", "bold")]
    if shipment.last_error and shipment.state.about.says_why:
        lines.append(Content(plain(reason_words(shipment.last_error))))
    if shipment.state is State.ACCEPTED:
        lines.append(Content(accepted_words(shipment)))
    lines += [Content(), *map(Content, history_lines(inspected)), Content()]
    facts = {
        _("Store"): plain(inspected.store.name, _LONGEST_NAME),
        _("Row in the queue"): str(shipment.id),
        _("Report id"): plain(shipment.report_id),
        _("Hash"): plain(shipment.content_hash),
    }
    for label, value in facts.items():
        lines += [Content.styled(label, "bold"), Content(value)]
    return lines
