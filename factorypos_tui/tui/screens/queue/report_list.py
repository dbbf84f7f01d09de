"""The list of reports: rows come from the database as they become visible, and only what changed is drawn."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rich.segment import Segment
from textual import work
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _
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
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.screens.queue.rows import NAMED, heading, row
from factorypos_tui.tui.station_app import StationApp
from factorypos_tui.tui.widgets.pointing import pointed_at

_ROOM = 200
_MARGIN = 80
_AFTER_TROUBLE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """Rows to be read; `to`: the row of them that the cursor goes to, None to stay on its report."""

    read: Callable[[Station], Window]
    to: int | None = None


class ReportList(Widget, can_focus=True):
    """The reports of a query. The cursor stays on its report; on the first row of the default order it
    follows the newest. Held-down keys move in the rows that are there while the next ones are read."""

    COMPONENT_CLASSES = {f"list--{part}" for part in ("heading", "row", "attention", "cursor", "words")}
    BINDINGS = [
        Binding("up", "move(-1)", N_("Up"), id="list.up", tooltip=N_("The row above."), show=False),
        Binding("down", "move(1)", N_("Down"), id="list.down", tooltip=N_("The row below."), show=False),
        Binding("pageup", "page(-1)", N_("Up"), id="list.page_up", tooltip=N_("A page up."), show=False),
        Binding(
            "pagedown", "page(1)", N_("Down"), id="list.page_down", tooltip=N_("A page down."), show=False
        ),
        Binding("home", "first", N_("First"), id="list.first", tooltip=N_("The first report."), show=False),
        Binding("end", "last", N_("Last"), id="list.last", tooltip=N_("The last report."), show=False),
    ]
    app: StationApp

    class Changed(Message):
        """The report under the cursor, the number of those found, or the list's trouble is another one."""

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = Query()
        self.trouble = ""
        self.nothing = ""
        self._window: Window | None = None
        self._cursor = 0
        self._top = 0
        self._owed = 0
        self._wish: _Wish | None = None
        self._reading = False
        self._again: Timer | None = None
        self._lines: list[Strip] = []

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
        return self._rows[self._cursor] if self._rows else None

    @property
    def found(self) -> int | None:
        """How many reports the query finds; None before it is known."""
        return self._window.found if self._window else None

    def ask(self, query: Query) -> None:
        """Show another query, from its first report on; the rows of the last one stay until they are read."""
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
        self._draw()

    def action_move(self, rows: int) -> None:
        """Move the cursor; what is not read yet is owed until it is."""
        window = self._window
        if window is None or not window.rows:
            return
        wanted = self._cursor + self._owed + rows
        self._cursor = min(max(0, wanted), len(window.rows) - 1)
        self._owed = wanted - self._cursor
        if window.starts if self._owed < 0 else window.ends:
            self._owed = 0
        self._read_on()
        self._draw()
        self.post_message(self.Changed())

    def action_page(self, pages: int) -> None:
        """Move by a page, less a row."""
        self.action_move(pages * max(1, self._height - 1))

    def action_first(self) -> None:
        """Go to the first report, wherever the list stands."""
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

    def on_focus(self) -> None:
        """The cursor is seen better; Textual notes the focus only after this."""
        self.call_later(self._draw)

    def on_blur(self) -> None:
        """The cursor steps back."""
        self.call_later(self._draw)

    def on_resize(self) -> None:
        """More or fewer rows, wider or narrower."""
        self._lines = []
        self._draw()

    def render_line(self, y: int) -> Strip:
        """A line as it was drawn last."""
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width)

    @property
    def _rows(self) -> tuple[Shipment, ...]:
        return self._window.rows if self._window else ()

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _follows_the_newest(self) -> bool:
        query, window = self.query_shown, self._window
        newest_first = query.order is Order.QUEUED and query.descending
        return newest_first and window is not None and window.starts and not self._cursor and not self._owed

    def _go_to_the_first(self) -> None:
        query = self.query_shown
        self._ask_for(_Wish(lambda station: first_window(station, query, _ROOM), to=0))

    def _read_around(self, shipment: Shipment) -> None:
        query = self.query_shown
        place: Place = place_of(query, shipment)
        self._ask_for(_Wish(lambda station: window_around(station, query, place, _ROOM)))

    def _read_on(self) -> None:
        """Read more rows before the cursor comes to the end of those that are there."""
        window, shipment = self._window, self.highlighted
        if window is None or shipment is None or self._wish or self._reading:
            return
        near_the_start = self._cursor < _MARGIN and not window.starts
        near_the_end = self._cursor >= len(window.rows) - _MARGIN and not window.ends
        if near_the_start or near_the_end:
            self._read_around(shipment)

    def _ask_for(self, wish: _Wish) -> None:
        self._wish = wish
        if not self._reading:
            self._reading = True
            self._read()

    @work
    async def _read(self) -> None:
        """Read what is wished for, one thing after the other, the latest wish only."""
        try:
            while wish := self._wish:
                self._wish, query = None, self.query_shown
                try:
                    window = await in_background(partial(self.app.engine.perform, wish.read))
                except FactoryPosError as error:
                    self.trouble = str(error)
                    if self._again:
                        self._again.stop()
                    self._again = self.set_timer(_AFTER_TROUBLE_S, self.look_again)
                else:
                    self.trouble = ""
                    if query == self.query_shown:
                        self._take(window, wish.to)
                self._draw()
                self.post_message(self.Changed())
        finally:
            self._reading = False
        self._read_on()

    def _take(self, window: Window, to: int | None) -> None:
        """Put other rows in place of those that are there; the cursor's line stays where it is."""
        line = self._cursor - self._top
        if to is None:
            self._cursor, left = _same_report(self._rows, self._cursor, window)
            self._owed += left
        else:
            self._cursor, self._owed = to % max(1, len(window.rows)), 0
        self._window = window
        self._top = self._cursor - line
        if self._owed:
            self.action_move(0)

    def _draw(self) -> None:
        """Draw the lines that changed."""
        if not self.size.height:
            return
        lines = self._strips()
        drawn, self._lines = self._lines, lines
        if len(drawn) != len(lines):
            self.refresh()
            return
        changed = [y for y, strip in enumerate(lines) if strip != drawn[y]]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _strips(self) -> list[Strip]:
        height, columns = self._height, self.size.width
        last_top = max(0, len(self._rows) - height)
        self._top = min(max(self._top, self._cursor - height + 1, 0), self._cursor, last_top)
        lines = [self._strip("heading", heading(columns))]
        for number, shipment in enumerate(self._rows[self._top : self._top + height], self._top):
            part = "attention" if shipment.state is State.ATTENTION else "row"
            words = row(shipment, self.app.now(), columns)
            lines.append(self._strip(part, words, is_pointed_at=number == self._cursor))
        if not self._rows:
            lines += [self._strip("words", line) for line in self._instead_of_rows(columns)]
        lines += [self._strip("row", "")] * (height + 1 - len(lines))
        return lines[: height + 1]

    def _instead_of_rows(self, columns: int) -> list[str]:
        words = self.trouble or (self.nothing if self._window else _("Reading the queue..."))
        return ["", *(f" {line}" for line in textwrap.wrap(words, max(20, columns - 2)))]

    def _strip(self, part: str, words: str, *, is_pointed_at: bool = False) -> Strip:
        columns, style = self.size.width, self.get_component_rich_style(f"list--{part}")
        strip = Strip([Segment(words, style)])
        if is_pointed_at:
            bar = self.get_component_rich_style("list--cursor") if self.has_focus else style
            strip = pointed_at(words, NAMED, bar, style)
        return strip.adjust_cell_length(columns, style)


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
