"""One day of a store, step by step: from gross to net, to what was paid, to the cash in the drawers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from peewee import Database

from factorypos_tui.server.documents.headings import Heading, heading_if_any
from factorypos_tui.server.documents.share import Brief, read_brief, read_share
from factorypos_tui.server.domain.clocks import hours_on_axis
from factorypos_tui.server.domain.figures import GROUPS, summarise
from factorypos_tui.server.domain.settlements import State, states
from factorypos_tui.server.domain.takings import NO_TAKINGS, Sums, takings_of
from factorypos_tui.server.storage.days import documents_of, hash_of_number, shares_between
from factorypos_tui.server.storage.tables import Store

Row = Mapping[str, Any]


class Chain(StrEnum):
    """How a Z follows the one before it."""

    FIRST = "first"
    """It says that there is none before it."""
    FOLLOWS = "follows"
    """It names the hash of the Z before."""
    NOT_HERE = "not here"
    """The Z before is not here."""
    BROKEN = "broken"
    """It names another hash than the Z before has."""


@dataclass(frozen=True, slots=True)
class Drawers:
    """The cash of some reports of one currency, added up."""

    opening_float: int
    paid_in: int
    paid_out: int
    expected: int
    counted: int | None
    """In the drawers that were counted; None where none was."""
    over_short: int | None
    """Counted less expected, in the same drawers."""
    uncounted: int
    """How many drawers nobody counted."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The reports of one kind and currency on one day."""

    currency: str
    sums: Sums
    groups: Mapping[str, Sequence[Row]]
    """`taxes`, `payments`, `departments`, each with rows as reports have them."""
    hours: Mapping[int, tuple[int, int]]
    """Receipts and amount by the place of the hour on the axis of the day (`clocks`)."""
    drawers: Drawers | None
    """None where a report of the day is no longer kept whole."""


@dataclass(frozen=True, slots=True)
class OneReport:
    """A report of the day."""

    heading: Heading
    brief: Brief
    conflict: State | None


@dataclass(frozen=True, slots=True)
class Steps:
    """Some reports, added up."""

    closed: tuple[Ladder, ...]
    """By currency, of the Zs."""
    so_far: tuple[Ladder, ...]
    """By currency, of the newest X of each period that is open."""

    @property
    def currencies(self) -> list[str]:
        return sorted({it.currency for it in (*self.closed, *self.so_far)})

    def of(self, currency: str) -> tuple[Ladder | None, Ladder | None]:
        """What is closed, and what is so far, in a currency."""
        closed = next((it for it in self.closed if it.currency == currency), None)
        return closed, next((it for it in self.so_far if it.currency == currency), None)

    def rows(self, currency: str, group: str) -> list[tuple[Row, Row | None, Row | None]]:
        """The rows of a group in either ladder, side by side: one that names it, what is closed, what is so
        far."""
        names = GROUPS[group]
        found: dict[tuple[object, ...], list[Row | None]] = {}
        for at, ladder in enumerate(self.of(currency)):
            for row in ladder.groups[group] if ladder else ():
                found.setdefault(tuple(row[name] for name in names), [None, None])[at] = row
        return [(closed or so_far or {}, closed, so_far) for _key, (closed, so_far) in sorted(found.items())]

    def hours(self, currency: str) -> dict[int, tuple[int | None, int | None]]:
        """By place on the axis of the day: what is closed, and what is so far."""
        ladders = self.of(currency)
        places = sorted({place for it in ladders if it for place in it.hours})
        closed, so_far = ({} if it is None else it.hours for it in ladders)
        none = (None, None)
        return {at: (closed.get(at, none)[1], so_far.get(at, none)[1]) for at in places}


@dataclass(frozen=True, slots=True)
class DayInSteps(Steps):
    """One business date of a store."""

    store: Store
    day: date
    reports: tuple[OneReport, ...]
    """Zs by terminal and number, then Xs."""
    unlisted: int
    """How many more count, whose documents were dropped or are damaged."""


def read_together(database: Database, days: Mapping[str, date]) -> Steps:
    """The business dates of some stores as one; `days`: by the ids of the stores."""
    if not days:
        return Steps((), ())
    rows = shares_between(database, list(days), min(days.values()), max(days.values()))
    theirs = [row for row in rows if row.business_date == days[row.store_id].isoformat()]
    documents = documents_of(database, [row.report_id for row in theirs])
    headings = [heading for raw in documents.values() if (heading := heading_if_any(raw))]
    return Steps(*_both([row.share for row in theirs], headings))


def read_day(database: Database, store: Store, day: date) -> DayInSteps:
    """All that the reports of a day say, without their items."""
    shares = {row.report_id: row.share for row in shares_between(database, [store.id], day, day)}
    documents = documents_of(database, sorted(shares))
    headings = {it: heading for it, raw in documents.items() if (heading := heading_if_any(raw))}
    conflicts = states(database, sorted(headings))
    reports = sorted(
        (
            OneReport(heading, read_brief(shares[report_id]), conflicts.get(report_id))
            for report_id, heading in headings.items()
        ),
        key=lambda it: (it.heading.kind == "X", it.heading.terminal_name, it.heading.z_number or 0),
    )
    closed, so_far = _both(shares.values(), headings.values())
    return DayInSteps(closed, so_far, store, day, tuple(reports), len(shares) - len(reports))


def _both(
    shares: Iterable[bytes], headings: Iterable[Heading]
) -> tuple[tuple[Ladder, ...], tuple[Ladder, ...]]:
    """What is closed, and what is so far."""
    held, known = list(shares), list(headings)
    of_kind = {kind: [raw for raw in held if read_brief(raw).kind == kind] for kind in ("Z", "X")}
    return _ladders(of_kind["Z"], "Z", known), _ladders(of_kind["X"], "X", known)


def _ladders(shares: Iterable[bytes], kind: str, headings: Iterable[Heading]) -> tuple[Ladder, ...]:
    held = list(shares)
    takings = takings_of(map(read_brief, held)) if held else NO_TAKINGS
    sums = takings.closed if kind == "Z" else takings.so_far
    of_kind = [it for it in headings if it.kind == kind]
    return tuple(
        _ladder(row, sums[row["currency"]], [it for it in of_kind if it.currency == row["currency"]])
        for row in summarise(map(read_share, held))
    )


def _ladder(row: Row, sums: Sums, headings: Sequence[Heading]) -> Ladder:
    groups = {group: row[group] for group in GROUPS if group != "hours"}
    if len(headings) == sums.reports:
        return Ladder(row["currency"], sums, groups, hours_together(headings), drawers_together(headings))
    hours = {it["hour"]: (it["receipts"], it["amount"]) for it in row["hours"]}
    return Ladder(row["currency"], sums, groups, hours, None)


def hours_together(reports: Iterable[Heading]) -> dict[int, tuple[int, int]]:
    """Receipts and amount of reports by place, in its order. Pure."""
    found: dict[int, tuple[int, int]] = {}
    for place, row in (hour for report in reports for hour in hours_on_axis(report)):
        receipts, amount = found.get(place, (0, 0))
        found[place] = receipts + row.receipts, amount + row.amount
    return dict(sorted(found.items()))


def drawers_together(reports: Sequence[Heading]) -> Drawers:
    """The cash of reports of one currency. Pure."""
    cash = [it.cash for it in reports]
    counted = [it.counted for it in cash if it.counted is not None]
    return Drawers(
        sum(it.opening_float for it in cash),
        sum(it.paid_in for it in cash),
        sum(it.paid_out for it in cash),
        sum(it.expected for it in cash),
        sum(counted) if counted else None,
        sum(it.over_short or 0 for it in cash) if counted else None,
        len(cash) - len(counted),
    )


def chain_of(database: Database, report: Heading) -> Chain:
    """How a Z follows the one before."""
    if report.previous_hash is None:
        return Chain.FIRST
    before = hash_of_number(database, report.terminal_id, (report.z_number or 0) - 1)
    if before is None:
        return Chain.NOT_HERE
    return Chain.FOLLOWS if before == report.previous_hash else Chain.BROKEN
