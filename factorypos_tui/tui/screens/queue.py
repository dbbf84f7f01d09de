"""Synchronization status: the queue, live."""

from collections.abc import Iterable
from datetime import datetime

from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import DataTable, Static

from factorypos_tui.core.engine import Snapshot
from factorypos_tui.core.language import N_, _, format_date
from factorypos_tui.core.money import format_money
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.text import plain
from factorypos_tui.core.wording import reason_words, state_name, when_words
from factorypos_tui.tui.screens.station import StationScreen

_COLUMNS = {
    "id": N_("Id"),
    "kind": N_("Kind"),
    "number": N_("No."),
    "date": N_("Date"),
    "net": N_("Net"),
    "state": N_("State"),
    "tries": N_("Tries"),
    "news": N_("Sent, or why not"),
}
_TO_THE_RIGHT = frozenset({"id", "number", "date", "net", "tries"})
_MEANINGS = {
    State.PENDING: N_("It waits here, safe, and goes by itself when the link allows."),
    State.SENDING: N_("It is on its way."),
    State.DELIVERED: N_("FactoryCLOUD has confirmed it."),
    State.ATTENTION: N_("Refused as it stands. It is safe here; call your supporter."),
    State.SUPERSEDED: N_("A newer report took its place before it left."),
}


class ReportTable(DataTable[Text]):
    """Home and End go to the first and the last row."""

    BINDINGS = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]


class QueueScreen(StationScreen):
    """The newest reports, one a row, updated in place; the one under the cursor explained below."""

    CSS_PATH = "queue.tcss"
    BINDINGS = [
        Binding("escape", "back", N_("Back"), id="queue.back", tooltip=N_("Back to the home screen."))
    ]
    HELP = N_(
        "Each row is a report on its way to FactoryCLOUD. Z: a closed day. X: the running day. FactoryCLOUD"
        " has confirmed what is delivered. What waits is safe here and goes by itself when the link allows."
    )

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Shipment, ...] = ()

    def content(self) -> Iterable[Widget]:
        """A table, and a line for the row under the cursor."""
        yield ReportTable(cursor_type="row", zebra_stripes=False)
        yield Static("", id="meaning", markup=False)

    def on_mount(self) -> None:
        """Name the columns; the rows follow."""
        table = self.query_one(ReportTable)
        for key, heading in _COLUMNS.items():
            table.add_column(_cell(key, _(heading)), key=key)
        table.focus()

    def show(self, snapshot: Snapshot) -> None:
        """Bring the rows up to date by their keys: what did not change is not touched."""
        super().show(snapshot)
        self._shown = snapshot.recent
        table = self.query_one(ReportTable)
        wanted = {str(shipment.id): shipment for shipment in snapshot.recent}
        for key in [key.value for key in table.rows if key.value not in wanted]:
            table.remove_row(str(key))
        for key, shipment in wanted.items():
            cells = _cells(shipment, self.app.now())
            if key in table.rows:
                _update(table, key, cells)
            else:
                table.add_row(*cells.values(), key=key)
        if list(wanted) != [row.key.value for row in table.ordered_rows]:
            _sort_newest_first(table)
        self.explain()

    def on_data_table_row_highlighted(self) -> None:
        """The cursor moved."""
        self.explain()

    def explain(self) -> None:
        """Say what the state of the report under the cursor means."""
        row = self.query_one(ReportTable).cursor_row
        words = (
            _meaning(self._shown[row])
            if row < len(self._shown)
            else _("Nothing yet: close a day at the till.")
        )
        self.query_one("#meaning", Static).update(words)

    def action_back(self) -> None:
        """Back to the home screen."""
        if self.is_current:
            self.dismiss()


def _cells(shipment: Shipment, now: datetime) -> dict[str, Text]:
    news = ""
    if shipment.delivered_at and shipment.state is State.DELIVERED:
        news = when_words(shipment.delivered_at, now)
    elif shipment.last_error:
        news = plain(reason_words(shipment.last_error))
    words = {
        "id": str(shipment.id),
        "kind": shipment.kind.value,
        "number": str(shipment.z_number or "-"),
        "date": format_date(shipment.business_date),
        "net": format_money(shipment.net, shipment.currency),
        "state": state_name(shipment.state),
        "tries": str(shipment.attempts),
        "news": news,
    }
    return {column: _cell(column, text) for column, text in words.items()}


def _cell(column: str, words: str) -> Text:
    return Text(words, justify="right" if column in _TO_THE_RIGHT else "left")


def _meaning(shipment: Shipment) -> str:
    name = f"{shipment.kind.value} {shipment.z_number or ''}".strip()
    words = f"{name}, {format_date(shipment.business_date)}: {_(_MEANINGS[shipment.state])}"
    if shipment.last_error and shipment.state in (State.PENDING, State.ATTENTION):
        words += f" ({plain(reason_words(shipment.last_error))})"
    return words


def _sort_newest_first(table: ReportTable) -> None:
    """The cursor stays on its report, unless it follows the newest at the top."""
    follows = table.cursor_row == 0
    under_cursor = table.coordinate_to_cell_key(table.cursor_coordinate).row_key
    table.sort("id", key=lambda cell: int(cell.plain), reverse=True)
    table.move_cursor(row=0 if follows else table.get_row_index(under_cursor))


def _update(table: ReportTable, key: str, cells: dict[str, Text]) -> None:
    for column, cell in cells.items():
        if table.get_cell(key, column) != cell:
            table.update_cell(key, column, cell, update_width=True)
