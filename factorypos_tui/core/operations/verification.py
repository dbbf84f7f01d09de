"""Comparing every closed Z here with what FactoryCLOUD holds, by hash."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

from factorypos_tui.core.account.assignment import (
    Assignment,
    assigned,
    note_what_is_open,
    terminal_token,
)
from factorypos_tui.core.account.stores import OPEN, open_stores
from factorypos_tui.core.answers import HeldZ
from factorypos_tui.core.delivery import collector
from factorypos_tui.core.delivery.closes import closes_not_queued
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.delivery.settling import learn
from factorypos_tui.core.models import Kind
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.hash_chain import Break, breaks_of
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.queue.transitions import QUEUE_AGAIN, move, stamped
from factorypos_tui.core.queue.waiting import Waiting, waiting_but_for
from factorypos_tui.core.recovery.recovery import forget_the_damage, note_files_seen
from factorypos_tui.core.reports.reports import report_id
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

Progress = Callable[[int, int], object]
_PAGE = 500


@dataclass(frozen=True, slots=True)
class LocalZ:
    """A closed Z of this terminal as the queue has it."""

    row_id: int | None
    """Its row; None for a day that was left out."""
    report_id: str
    z_number: int
    business_date: date
    content_hash: str
    state: State | None
    """None for a day that was left out."""
    is_sendable: bool = True
    """Whether it can be sent for its store now."""
    is_elsewhere: bool = False
    """Whether the cloud keeps it for the account before."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A Z that FactoryCLOUD holds with other content."""

    here: LocalZ
    there: HeldZ


@dataclass(frozen=True, slots=True)
class Verification:
    """What a comparison found, by Z number."""

    compared: int
    """How many days were closed here."""
    missing: tuple[LocalZ, ...] = ()
    """Closed here and not in FactoryCLOUD, also those that still wait to be sent."""
    different: tuple[Difference, ...] = ()
    only_there: tuple[HeldZ, ...] = ()
    """Days that this terminal does not know."""
    breaks: tuple[Break, ...] = field(default=())
    """Where the chain of its closes is broken."""
    unreported: tuple[int, ...] = ()
    """Days whose rows make no report."""
    stranded: tuple[Waiting, ...] = ()
    """What waits for stores that cannot be sent to now."""

    @property
    def holds(self) -> bool:
        """Whether FactoryCLOUD has every closed day as it was closed."""
        return self.is_as_chosen and not self.left_out

    @property
    def is_as_chosen(self) -> bool:
        """The same, without the days that a person chose to leave out."""
        missing = [z for z in self.missing if z.state is not None and not z.is_elsewhere]
        return not (missing or self.different or self.breaks or self.unreported)

    @property
    def repairable(self) -> tuple[LocalZ, ...]:
        """What FactoryCLOUD lacks, does not wait here already, and can be sent now."""
        return tuple(z for z in self._sendable if z.state in QUEUE_AGAIN.origins and not z.state.about.stays)

    @property
    def waiting(self) -> tuple[LocalZ, ...]:
        """What FactoryCLOUD lacks because it still waits here."""
        return tuple(z for z in self._sendable if z.state and z.state.about.waits)

    @property
    def accepted(self) -> tuple[LocalZ, ...]:
        """What FactoryCLOUD lacks and a person accepted."""
        return tuple(z for z in self.missing if z.state is State.ACCEPTED)

    @property
    def of_another_store(self) -> tuple[LocalZ, ...]:
        """What FactoryCLOUD lacks and can be sent only when its own store is assigned again."""
        by_itself = (z for z in self.missing if z.state and not z.state.about.stays)
        return tuple(z for z in by_itself if not (z.is_sendable or z.is_elsewhere))

    @property
    def of_another_account(self) -> tuple[LocalZ, ...]:
        """What the cloud keeps for the account that this terminal belonged to before."""
        return tuple(z for z in self.missing if z.is_elsewhere)

    @property
    def left_out(self) -> tuple[LocalZ, ...]:
        """What FactoryCLOUD lacks because a person chose to leave it out."""
        return tuple(z for z in self.missing if z.state is None)

    @property
    def _sendable(self) -> Iterator[LocalZ]:
        return (z for z in self.missing if z.is_sendable and not z.is_elsewhere)


def compare(
    local: Sequence[LocalZ],
    held: Iterable[HeldZ],
    breaks: tuple[Break, ...] = (),
    unreported: tuple[int, ...] = (),
) -> Verification:
    """What is missing there, different there, and only there."""
    by_number: Mapping[int, HeldZ] = {entry.z_number: entry for entry in held}
    numbers = {z.z_number for z in local}
    return Verification(
        compared=len(local) + len(unreported),
        missing=tuple(z for z in local if z.z_number not in by_number),
        different=tuple(
            Difference(z, by_number[z.z_number])
            for z in local
            if z.z_number in by_number and by_number[z.z_number].content_hash != z.content_hash
        ),
        only_there=tuple(by_number[number] for number in sorted(by_number.keys() - numbers)),
        breaks=breaks,
        unreported=unreported,
    )


def verify(
    station: Station,
    progress: Progress = lambda _done, _total: None,
    reading: collector.Progress = lambda _reading: None,
) -> Verification:
    """Compare all closed days of the till with what the cloud holds; nothing is sent or changed there.

    `progress` is called with the number of reports read so far and of all; `reading` is told before that how
    far the till's own days are read. Raises `NotConnected` where no
    store is assigned, `TillError`, `CloudUnreachable` and `CloudRefused`."""
    assignment = assigned(station.database)
    collector.collect(station, reading)
    token, cloud, database = terminal_token(station, assignment), station.cloud(), station.database
    stores = cloud.binding(token).stores
    note_what_is_open(database, assignment, stores)
    closed = shipments.z_numbers(database, assignment.terminal.id)
    delivered = _delivered(database)
    held = cloud.held_zs(token, lambda read: progress(read, max(read, len(closed))))
    learn(database, assignment, held, station.clock.now())
    here = _closed_here(station, assignment, knows_others=bool(stores))
    unreported = tuple(close.z_number for close in closes_not_queued(station).uncollected)
    breaks = breaks_of(database, assignment.terminal.id, leaves_out_numbers=station.till.leaves_out_numbers)
    found = compare(here, held, breaks, unreported)
    missing = tuple(_as_it_was_asked(z, delivered) for z in found.missing)
    found = replace(found, missing=missing, stranded=waiting_but_for(database, open_stores(database)))
    if found.is_as_chosen:
        forget_the_damage(database)
    return found


def _delivered(database: Database) -> set[int]:
    rows = database.rows(f"SELECT id FROM shipment WHERE kind = 'Z' AND {in_states([State.DELIVERED])}")
    return {row_id for (row_id,) in rows}


def _as_it_was_asked(missing: LocalZ, delivered: Set[int | None]) -> LocalZ:
    """What arrives while the cloud answers is missing in that answer, and not lost. `delivered`: the rows
    that had arrived when the cloud was asked."""
    is_new = missing.state is State.DELIVERED and missing.row_id not in delivered
    return replace(missing, state=State.PENDING) if is_new else missing


def verify_on_screen(station: Station, progress: Progress) -> Verification:
    """Do so for a person who reads the result: where all is well, files that were set aside count as seen."""
    found = verify(station, progress)
    if found.is_as_chosen:
        note_files_seen(station.database)
    return found


def resend_missing(station: Station, found: Verification) -> int:
    """Queue what FactoryCLOUD lacks, with the same ids and bytes; returns how many."""
    now, count = station.clock.now(), 0
    with station.database.transaction():
        for z in found.repairable:
            its_row = f"id = ? AND report_id = ? AND store_id IN {OPEN}", z.row_id, z.report_id
            since, why = stamped(now, "queued_at"), {"reason": "missing_there"}
            count += len(move(station.database, QUEUE_AGAIN, now, its_row, sets=since, facts=why))
    sync_now(station)
    return count


def _closed_here(station: Station, assignment: Assignment, *, knows_others: bool) -> list[LocalZ]:
    """All queued Z, and the days that the till has closed besides. `knows_others`: the cloud says which
    stores are this account's, so a report that arrived in any other store is another account's."""
    rows = station.database.rows(
        f"SELECT id, report_id, z_number, business_date, content_hash, state, store_id IN {OPEN},"
        f" {in_states([State.DELIVERED])} AND (result IS 'elsewhere' OR (? AND store_id NOT IN {OPEN}))"
        " FROM shipment WHERE kind = 'Z' AND terminal_id = ? ORDER BY z_number, id",
        knows_others,
        assignment.terminal.id,
    )
    with station.database.trusted():
        queued = [
            LocalZ(
                row_id, name, number, date.fromisoformat(day), digest, State(state), bool(ours), bool(away)
            )
            for row_id, name, number, day, digest, state, ours, away in rows
        ]
    return sorted([*queued, *_never_queued(station, assignment)], key=lambda z: z.z_number)


def _never_queued(station: Station, assignment: Assignment) -> Iterator[LocalZ]:
    chain = station.database.rows(
        "SELECT z_number, period_id, content_hash FROM z_hash WHERE terminal_id = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM shipment WHERE kind = 'Z' AND z_number = z_hash.z_number AND terminal_id = ?1)"
        " ORDER BY z_number",
        assignment.terminal.id,
    )
    days: dict[int, date] = {}
    for z_number, period_id, content_hash in chain:
        if z_number not in days:
            found = station.till.closed_periods(z_number - 1, _PAGE)
            days = {period.z_number: period.business_date for period in found if period.z_number}
        if z_number in days:  # else the till has lost it, and `breaks` tells so
            name = report_id(assignment.terminal.id, Kind.Z, period_id)
            yield LocalZ(None, name, z_number, days[z_number], content_hash, None)
