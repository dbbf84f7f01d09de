"""The list of reports: rows are read from the database as they come into view, and only changed lines are
drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from textual import work
from textual.timer import Timer

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.queue.months import Headings, month_of, read_headings
from factorypos_tui.core.queue.pages import (
    Order,
    Place,
    Query,
    Window,
    first_window,
    last_window,
    place_of,
    window_around,
)
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.queue.rows import heading, month_words, row
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.long_list import LongList, wrapped

_ROOM = 200
_MARGIN = 80
_AFTER_TROUBLE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """Rows to be read."""

    read: Callable[[Station], Window]
    to: int | None = None
    """The row that the cursor goes to; None: the cursor stays on its report."""


class ReportList(LongList):
    """The reports of a query. The cursor stays on its report; on the first row of the default order it
    follows the newest. Held-down keys move in the rows that are there while the next ones are read."""

    app: StationApp

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = Query()
        self.trouble = ""
        self._window: Window | None = None
        self._headings = Headings(0, {})
        self._owed = 0
        self._wish: _Wish | None = None
        self._reading = False
        self._again: Timer | None = None

    @property
    def help_words(self) -> str:
        """What F1 says of it."""
        return _(
            "The arrows, PgUp and PgDn move; Home and End go to the first and the last report at once. The"
            " cursor stays on its report; on the first row it follows the newest."
        )

    @property
    def highlighted(self) -> Shipment | None:
        """The report under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    @property
    def found(self) -> int | None:
        """How many reports the query finds; None before it is known."""
        return self._window.found if self._window else None

    def ask(self, query: Query) -> None:
        """Show another query, from its first report on. The old rows stay until the new ones are read."""
        self.query_shown = query
        self._go_to_the_first()

    def look_again(self) -> None:
        """Bring the rows up to date."""
        if self._wish is not None:
            return
        shipment = self.highlighted
        if shipment is None or self._follows_the_newest:
            self._go_to_the_first()
        else:
            self._read_around(shipment)
        self.draw()

    def action_move(self, rows: int) -> None:
        """Move the cursor. Steps beyond the rows read so far are made when more are read."""
        window = self._window
        if window is None or not window.rows:
            return
        wanted = self.cursor + self._owed + rows
        self.point(min(max(0, wanted), len(window.rows) - 1))
        self._owed = wanted - self.cursor
        if window.starts if self._owed < 0 else window.ends:
            self._owed = 0
        self._read_on()
        self.post_message(self.Changed())

    def action_first(self) -> None:
        """Go to the first report."""
        self._owed = 0
        if self._window and self._window.starts:
            self.action_move(-len(self._rows))
        else:
            self._go_to_the_first()

    def action_last(self) -> None:
        """Go to the last report."""
        self._owed = 0
        if self._window and self._window.ends:
            self.action_move(len(self._rows))
        else:
            query = self.query_shown
            self._ask_for(_Wish(lambda station: last_window(station, query, _ROOM), to=-1))

    @property
    def count(self) -> int:
        """How many of the reports are read."""
        return len(self._rows)

    def heading(self, columns: int) -> str:
        """The line above the rows."""
        return heading(columns)

    def line(self, number: int, columns: int) -> Sequence[tuple[str, str]]:
        """A report."""
        return row(self._rows[number], self.app.now(), columns)

    def above(self, number: int) -> str:
        """The month that begins with this report, with its sum; in an order of time only."""
        day = month_of(self._rows[number])
        month = self._headings.months.get(day)
        begins = (
            month_of(self._rows[number - 1]) != day if number else bool(self._window and self._window.starts)
        )
        return month_words(day, month) if month and begins else ""

    @property
    def place(self) -> int:
        """Which report of the query the cursor is on, from 1."""
        return self._headings.before + self.cursor + 1

    def instead(self) -> Iterator[tuple[str, str]]:
        """Under the heading, why there is no row: rows are being read, cannot be read, or none fits."""
        yield "heading", heading(self.size.width)
        words = self.trouble or (self.nothing if self._window else _("Reading the queue..."))
        yield from wrapped(words, self.size.width)

    @property
    def _rows(self) -> tuple[Shipment, ...]:
        return self._window.rows if self._window else ()

    @property
    def _follows_the_newest(self) -> bool:
        query, window = self.query_shown, self._window
        newest_first = query.order is Order.QUEUED and query.descending
        return newest_first and window is not None and window.starts and not self.cursor and not self._owed

    def _go_to_the_first(self) -> None:
        query = self.query_shown
        self._ask_for(_Wish(lambda station: first_window(station, query, _ROOM), to=0))

    def _read_around(self, shipment: Shipment) -> None:
        query = self.query_shown
        place: Place = place_of(query, shipment)
        self._ask_for(_Wish(lambda station: window_around(station, query, place, _ROOM)))

    def _read_on(self) -> None:
        """Read more rows before the cursor reaches the last one."""
        window, shipment = self._window, self.highlighted
        if window is None or shipment is None or self._wish or self._reading:
            return
        near_the_start = self.cursor < _MARGIN and not window.starts
        near_the_end = self.cursor >= len(window.rows) - _MARGIN and not window.ends
        if near_the_start or near_the_end:
            self._read_around(shipment)

    def _ask_for(self, wish: _Wish) -> None:
        self._wish = wish
        if not self._reading:
            self._reading = True
            self._read()

    @work
    async def _read(self) -> None:
        """Read the wished rows, one wish after the other; only the latest wish counts."""
        try:
            while wish := self._wish:
                self._wish, query = None, self.query_shown
                try:
                    window, headings = await self.app.perform(partial(_read_whole, wish, query))
                except FactoryPosError as error:
                    self.trouble = str(error)
                    if self._again:
                        self._again.stop()
                    self._again = self.set_timer(_AFTER_TROUBLE_S, self.look_again)
                else:
                    self.trouble = ""
                    if query == self.query_shown:
                        self._headings = headings
                        self._take(window, wish.to)
                self.draw()
                self.post_message(self.Changed())
        finally:
            self._reading = False
        self._read_on()

    def _take(self, window: Window, to: int | None) -> None:
        """Replace the rows; the cursor's line stays where it is."""
        line = self.cursor - self.top
        if to is None:
            self.cursor, left = _same_report(self._rows, self.cursor, window)
            self._owed += left
        else:
            self.cursor, self._owed = to % max(1, len(window.rows)), 0
        self._window = window
        self.top = self.cursor - line
        if self._owed:
            self.action_move(0)


def _read_whole(wish: _Wish, query: Query, station: Station) -> tuple[Window, Headings]:
    window = wish.read(station)
    return window, read_headings(station, query, window)


def _same_report(before: tuple[Shipment, ...], cursor: int, now: Window) -> tuple[int, int]:
    """Where the report under the cursor is now, and how many rows the cursor is still away from it.

    If it has left, the next one after it that has not, or else the last one before it. If it lies beyond
    what was read, since the cursor has moved on meanwhile, the way to it is left to go."""
    places = {shipment.id: number for number, shipment in enumerate(now.rows)}
    for number in (*range(cursor, len(before)), *range(cursor - 1, -1, -1)):
        place = places.get(before[number].id)
        if place is not None:
            is_beyond = (place == 0 and number > cursor and not now.starts) or (
                place == len(now.rows) - 1 and number < cursor and not now.ends
            )
            return place, cursor - number if is_beyond else 0
    return 0, 0
