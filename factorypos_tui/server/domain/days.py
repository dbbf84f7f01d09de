"""The days of stores, as in a calendar: what was taken on each, and what is wrong with it.

A day is the business date that the till gave to its period. Nothing is regrouped by instant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, pairwise

from peewee import Database

from factorypos_tui.server.documents.share import read_brief
from factorypos_tui.server.domain.ranges import Range, days_after, days_before, today_in
from factorypos_tui.server.domain.takings import (
    NO_TAKINGS,
    Compared,
    Takings,
    added,
    compared,
    nets,
    takings_of,
)
from factorypos_tui.server.storage.days import (
    Number,
    numbers_of_terminal,
    open_conflicts,
    shares_between,
    spans_between,
)
from factorypos_tui.server.storage.tables import Store

_AROUND = 31
"""Days around a range in which the numbers next to its own are looked for."""
Place = tuple[str, str]
"""The id of a store, and a business date as text."""


class Mark(StrEnum):
    """What a day of a store is, the most urgent first."""

    CONFLICT = "conflict"
    """Two reports have one place, and nobody has decided."""
    MISSING = "missing"
    """A Z number of it is not here."""
    OPEN = "open"
    """A period of it is still open."""
    CLOSED = "closed"
    """All that is known of it are Zs."""
    SHUT = "shut"
    """No report has it, and the store is closed on that day of the week."""
    QUIET = "quiet"
    """No report has it, though the store is open on that day of the week."""
    AHEAD = "ahead"
    """Nothing is known of it yet: it is today or later."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Z numbers of a terminal that are not here, both ends included."""

    terminal_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StoreDay:
    """One business date of a store."""

    store_id: str
    day: date
    takings: Takings
    gaps: tuple[Gap, ...]
    """The numbers that are missing since the Z before: they are of this day, or it is the first day after
    it."""
    conflicts: tuple[str, ...]
    """The ids of reports that others contradict."""
    is_ahead: bool
    """Whether it is today or later, on the wall of the store."""
    is_shut: bool
    """Whether the store is closed on that day of the week."""

    @property
    def mark(self) -> Mark:
        if self.conflicts:
            return Mark.CONFLICT
        if self.gaps:
            return Mark.MISSING
        if self.takings.so_far:
            return Mark.OPEN
        if self.takings.closed:
            return Mark.CLOSED
        if self.is_shut:
            return Mark.SHUT
        return Mark.AHEAD if self.is_ahead else Mark.QUIET


@dataclass(frozen=True, slots=True)
class Days:
    """The days of some stores."""

    range: Range
    stores: tuple[Store, ...]
    days: Mapping[Place, StoreDay]
    """Every day of every store."""
    total: Takings
    before: Range
    """The earlier range, matched by weekday."""
    compared: tuple[Compared, ...]
    """The net of the days that are over and closed, beside that of the same days of the earlier range."""

    def of(self, store: Store, day: date) -> StoreDay:
        return self.days[store.id, day.isoformat()]

    def of_store(self, store: Store) -> Takings:
        """What a store took in the range."""
        return added(self.of(store, day).takings for day in self.range)

    def of_day(self, day: date) -> Takings:
        """What all stores took on a day."""
        return added(self.of(store, day).takings for store in self.stores)


def read_days(database: Database, stores: Sequence[Store], asked: Range, now: datetime) -> Days:
    """The days of stores of one account."""
    ids, before = [store.id for store in stores], asked.earlier()
    taken = _takings(database, ids, asked)
    around = days_before(asked.first, _AROUND), days_after(asked.last, _AROUND)
    spans = spans_between(database, ids, *around)
    gaps = _gaps_by_place(database, ids, spans)
    conflicts: defaultdict[Place, list[str]] = defaultdict(list)
    for store_id, date_text, report_id in open_conflicts(database, ids, [span[0] for span in spans]):
        conflicts[store_id, date_text].append(report_id)
    days: dict[Place, StoreDay] = {}
    for store in stores:
        today = today_in(store, now)
        for day in asked:
            place = store.id, day.isoformat()
            days[place] = StoreDay(
                store.id,
                day,
                taken.get(place, NO_TAKINGS),
                tuple(gaps.get(place, ())),
                tuple(sorted(conflicts.get(place, ()))),
                day >= today,
                str(day.isoweekday()) in store.closed_weekdays,
            )
    total = added(it.takings for it in days.values())
    over = [it for it in days.values() if not it.takings.so_far and (it.takings.closed or not it.is_ahead)]
    beside = compared(
        nets(it.takings.closed for it in over), _earlier_nets(database, ids, over, asked, before)
    )
    return Days(asked, tuple(stores), days, total, before, beside)


def _takings(database: Database, stores: Sequence[str], asked: Range) -> dict[Place, Takings]:
    rows = shares_between(database, stores, asked.first, asked.last)
    return {
        (store_id, day): takings_of(read_brief(row.share) for row in shares)
        for (day, store_id), shares in groupby(rows, lambda row: (row.business_date, row.store_id))
    }


def _earlier_nets(
    database: Database, stores: Sequence[str], over: Iterable[StoreDay], asked: Range, before: Range
) -> dict[str, int]:
    """What was closed in the earlier range on the days that these are compared with, by currency."""
    shift = (asked.first - before.first).days
    same_day = {day: days_before(day, shift).isoformat() for day in asked}
    places = {(it.store_id, same_day[it.day]) for it in over}
    found: defaultdict[str, int] = defaultdict(int)
    for row in shares_between(database, stores, before.first, before.last):
        brief = read_brief(row.share)
        if brief.kind == "Z" and (row.store_id, row.business_date) in places:
            found[brief.currency] += brief.totals.net
    return dict(found)


def _gaps_by_place(
    database: Database, stores: Sequence[str], spans: Iterable[tuple[str, int, int, int]]
) -> dict[Place, list[Gap]]:
    """Where numbers are missing. A number stands on the day after the Z before it, or on that of the Z after
    it if that comes first."""
    found: defaultdict[Place, list[Gap]] = defaultdict(list)
    ours = set(stores)
    for terminal_id, low, high, count in spans:
        if high - low + 1 == count:  # nearly always so
            continue
        for gap, after, day in gaps_between(numbers_of_terminal(database, terminal_id, low, high)):
            if after.store_id in ours:
                found[after.store_id, day].append(gap)
    return found


def gaps_between(numbers: Iterable[Number]) -> Iterator[tuple[Gap, Number, str]]:
    """Each gap between numbers of one terminal, the number after it, and the day that it is told on. Pure."""
    for before, after in pairwise(sorted(numbers, key=lambda it: it.z_number)):
        if after.z_number - before.z_number > 1:
            gap = Gap(after.terminal_id, before.z_number + 1, after.z_number - 1)
            next_day = days_after(date.fromisoformat(before.business_date), 1).isoformat()
            yield gap, after, min(next_day, after.business_date)
