"""What a person should know before assigning a store: the closed days, which of them FactoryCLOUD has, and
what waits for other stores."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from factorypos_tui.core.account.accounts import user_token
from factorypos_tui.core.account.another_account import of_another_account
from factorypos_tui.core.delivery.closes import moment_of
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, NotConnected
from factorypos_tui.core.language import on_the_wall
from factorypos_tui.core.language.moments import business_date_at
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.waiting import Waiting, waiting_but_for
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.station import Station

if TYPE_CHECKING:
    from factorypos_tui.core.answers import KnownTerminal

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed Z reports that a till holds: how many, and the first and last day that one was closed on."""

    count: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Day:
    """A closed day in short."""

    z_number: int
    business_date: date
    net: int
    """In minor units of `currency`."""
    currency: str


@dataclass(frozen=True, slots=True)
class There:
    """Which closed days FactoryCLOUD has."""

    there: int
    """How many it has."""
    missing: tuple[int, ...]
    """The Z numbers that are to be sent."""
    named: tuple[Day, ...] = ()
    """Those days with date and amount, if they are few."""
    left_out: tuple[int, ...] = ()
    """The Z numbers that a person chose before not to send."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known before a store is assigned."""

    closed: ClosedDays | None
    """None where no day was closed."""
    waiting: tuple[Waiting, ...]
    """What waits for other stores."""
    there: There | None = None
    """None where FactoryCLOUD cannot say."""
    lacking: int = 0
    """How many closed days it lacks, as far as is known, without those that go to another store."""


def look_ahead(station: Station, store_id: str | None) -> Outlook:
    """Read this from till and queue, and ask FactoryCLOUD what it has. `store_id`: None where only an
    enrolment code tells it.

    Raises `OfAnotherAccount` where the terminal is another account's, `TillError` and `StorageError`."""
    terminal_id, database = station.till.terminal().id, station.database
    closed, waiting = closed_days(station), waiting_but_for(database, {store_id or ""})
    numbers = {close.z_number for close in station.till.closes(0)}
    to_others = shipments.z_numbers_for_others(database, terminal_id, store_id or "")
    known = _known(station, store_id, terminal_id) if store_id else None
    if known is None:
        not_known = numbers - shipments.delivered_z_numbers(database, terminal_id)
        return Outlook(closed, waiting, lacking=len(not_known - to_others))
    if not known.same_account:
        raise of_another_account(terminal_id)
    there = _there(station, known, numbers)
    return Outlook(closed, waiting, there, len(set(there.missing) - to_others))


def _known(station: Station, store_id: str, terminal_id: str) -> KnownTerminal | None:
    """What FactoryCLOUD knows of the terminal; None without a line, from an older cloud, and where it does
    not know the terminal."""
    with suppress(CloudUnreachable, CloudRefused, NotConnected):
        return station.cloud().known_terminal(user_token(station), store_id, terminal_id)
    return None


def _there(station: Station, known: KnownTerminal, closed: set[int]) -> There:
    last = known.last_z_number
    if last is None:
        return There(0, tuple(sorted(closed)))
    missing = {z for z in closed if z > last} | closed.intersection(known.missing_z_numbers)
    left_out = (closed - missing) & days_left_out(station.database, station.till.terminal().id)
    named = tuple(_day(station, z) for z in sorted(missing)) if len(missing) <= _MOST_NAMED else ()
    return There(len(closed - missing - left_out), tuple(sorted(missing)), named, tuple(sorted(left_out)))


def _day(station: Station, z_number: int) -> Day:
    (period,) = station.till.closed_periods(z_number - 1, 1)
    report = build_z(period, station.till.receipts(period.id), None)
    return Day(z_number, report.business_date, report.net, report.currency)


def closed_days(station: Station) -> ClosedDays | None:
    """What the till has closed so far, without reading what was sold. Raises `TillError` and
    `StorageError`."""
    closes = station.till.closes(0)
    if not closes:
        return None
    starts_at = station.till.status().day_starts_at
    days = []
    for moment in filter(None, map(moment_of, closes)):
        with suppress(OverflowError):  # the end of our calendar, at another program's till
            days.append(business_date_at(on_the_wall(moment), starts_at))
    return ClosedDays(len(closes), min(days, default=date.min), max(days, default=date.min))
