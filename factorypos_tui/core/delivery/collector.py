"""From the till's closes to the queue.

The collector compares Z numbers; it waits for no event. So it finds a close that was made while no process
ran. It builds reports in the order of their numbers, each with the hash of the one before, also those that
are not to be sent. So the same till always gives the same chain. A till that was restored from a backup
closes numbers again; the collector queues those reports, too, and the cloud decides. A day that cannot become
a report holds up no other: it is named, and tried again. Each day is queued for the store under which it was
closed, also if it is queued after the store has changed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from factorypos_tui.core.account.assignment import (
    Assignment,
    earlier_stores,
    in_force,
    load_assignment,
    mark_collected,
)
from factorypos_tui.core.account.earlier_stores import EarlierStores
from factorypos_tui.core.account.stores import note_store
from factorypos_tui.core.delivery.closes import (
    A_PAGE,
    Reading,
    is_known,
    is_wanted,
    late_ones,
    seen_so_far,
)
from factorypos_tui.core.delivery.next_x import next_x_at
from factorypos_tui.core.delivery.refreezing import freeze_refused_again
from factorypos_tui.core.errors import StillReading, TillError, Unreportable
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close, Kind, Report
from factorypos_tui.core.queue.held_up import HeldUp, forget_held_up, note_held_up, out_of_chain, remembered
from factorypos_tui.core.queue.left_out import days_left_out, leave_out_no_longer
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.shipments import is_queued, last_revision
from factorypos_tui.core.reports.reports import FrozenZ, build_x, freeze_z, report_id
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.reports.sales import Period

Progress = Callable[[Reading], object]
"""Is told before each page how far the collector is; where less than two pages are left, never."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Close:
    """A period with its Z, the hash of the Z that it was built on, and whether it is to be sent."""

    period: Period
    frozen: FrozenZ
    previous_hash: str | None
    is_wanted: bool


def collect(station: Station, progress: Progress = lambda _reading: None) -> int:
    """Queue the Z of every close that has not been seen yet; returns how many were queued.

    What `progress` raises ends it between two commits: what was collected stays, and the next call goes on.
    Raises `TillError` where the till is not the one that was assigned, and `KeyringLocked` where only the
    keyring knows which store they belong to."""
    assignment = load_assignment(station.database)
    if assignment is None:
        return 0
    _refuse_another_till(station, assignment)
    queued, seen = freeze_refused_again(station, assignment), seen_so_far(station, assignment)
    if seen != assignment.collected_z:  # the till was restored from a backup
        mark_collected(station.database, seen)
    queued += _try_again(station, assignment, seen)
    done, total = 0, len(station.till.closes(seen))
    while total:
        if total > max(done, A_PAGE):
            progress(Reading(done, total))
        periods = station.till.closed_periods(seen, A_PAGE)
        added = _collect_page(station, assignment, periods) if periods else None
        if added is None:
            break
        queued, done, seen = queued + added, done + len(periods), periods[-1].z_number or seen
    return queued


def _refuse_another_till(station: Station, assignment: Assignment) -> None:
    here, assigned, database = station.till.terminal().id, assignment.terminal.id, station.database
    if here == assigned:
        return
    days = "SELECT 1 FROM z_hash WHERE terminal_id = ? LIMIT 1"
    if database.row(days, here) and not database.row(days, assigned):
        raise database.damaged()  # all rows are this till's, so the id was damaged
    raise TillError(
        _("This is another till than the one that was assigned. Its days wait. Assign the store again.")
    )


def enqueue_x(station: Station) -> bool:
    """Queue the X of the running day if one is due and something was sold."""
    due, now = next_x_at(station), station.clock.now()
    assignment = load_assignment(station.database)
    if due is None or due > now or assignment is None or not station.till.status().receipts:
        return False
    try:
        period = station.till.open_period()
    except StillReading:  # the next look goes on
        return False
    if period is None or period.terminal.id != assignment.terminal.id:
        return False
    # The age of the day in seconds, so that revisions still grow if the queue was lost.
    age_s = int((now - period.opened_at).total_seconds())
    revision = max(last_revision(station.database, period.id) + 1, age_s)
    try:
        taken_at = max(now, period.opened_at)
        report = build_x(period, station.till.receipts(period.id), revision, taken_at)
    except Unreportable:  # the till's findings tell why
        return False
    return Outbox(station.database).enqueue(report, assignment.store.id, now, now)


def _try_again(station: Station, assignment: Assignment, seen: int) -> int:
    """Queue days that were held up and have been mended since, and those that were closed only after later
    ones; returns how many."""
    queued, late = 0, late_ones(station, assignment, seen)
    for day in remembered(station.database):
        periods = station.till.closed_periods(day.z_number - 1, 1)
        if not periods or periods[0].id != day.period_id:
            forget_held_up(station.database, day)
        elif day.waits and day.z_number <= seen:
            queued += _collect_page(station, assignment, periods) or 0
    for close in late:
        if periods := station.till.closed_periods(close.z_number - 1, 1):
            queued += _collect_page(station, assignment, periods) or 0
    return queued


def _collect_page(station: Station, assignment: Assignment, periods: Sequence[Period]) -> int | None:
    """How many Z of these periods were queued, in one commit; None where the terminal was assigned again."""
    database, before = station.database, None
    late = {period.z_number or 0: period.id for period in periods if period.came_late}
    beside = out_of_chain(database) | late.keys()
    closes: list[_Close] = []
    not_wanted = days_left_out(database, assignment.terminal.id)
    earlier = earlier_stores(station, assignment.terminal.id)
    held: list[HeldUp] = []
    for period in periods:
        try:
            close = _look_at(station, assignment, not_wanted, period, before)
        except Unreportable as error:
            held.append(HeldUp(period.z_number or 0, period.id, error.code, error.receipts))
            continue
        if period.z_number not in beside:
            before = close.frozen.chain_hash if close else None
        closes += [close] if close else []
    with database.transaction():
        now_assigned = in_force(database, assignment)
        if now_assigned is None:
            return None
        mark_collected(database, max(now_assigned.collected_z, periods[-1].z_number or 0))
        for close in closes:
            _remember(database, close)
        newly_held = note_held_up(database, held, late, {period.z_number or 0 for period in periods})
        queued = _enqueue(station, assignment, earlier, [close for close in closes if close.is_wanted])
        leave_out_no_longer(
            database, assignment.terminal.id, (report.z_number for report in queued if report.z_number)
        )
    for day in newly_held:
        _log.error("held up", extra={"facts": {"kind": "Z", "z_number": day.z_number, "reason": day.code}})
    return len(queued)


def _enqueue(
    station: Station, assignment: Assignment, earlier: EarlierStores, closes: Sequence[_Close]
) -> list[Report]:
    """Queue each close for its store; returns the reports that were not queued before."""

    def store_of(close: _Close) -> str:
        store_id = earlier.store_of(close.period.z_number or 0, rfc3339(_closed_at(close.period)))
        return store_id or assignment.store.id

    queued: list[Report] = []
    for store_id, together in groupby(closes, store_of):
        note_store(station.database, store_id)
        reports = [(close.frozen.report, _closed_at(close.period)) for close in together]
        queued += Outbox(station.database).enqueue_all(reports, store_id, station.clock.now())
    return queued


def _look_at(
    station: Station,
    assignment: Assignment,
    not_wanted: Collection[int],
    period: Period,
    before: str | None,
) -> _Close | None:
    """A close that has not been seen or queued yet, with its Z. `before`: the hash of the Z that was just
    built."""
    database = station.database
    close = Close(period.z_number or 0, period.id, rfc3339(_closed_at(period)))
    wanted = is_wanted(assignment, not_wanted, close)
    if is_known(database, period.terminal.id, close) and not (
        wanted and not is_queued(database, _z_id(period))
    ):
        return None
    before = before or _hash_before(database, period)
    return _Close(period, freeze_z(period, station.till.receipts(period.id), before), before, wanted)


def _z_id(period: Period) -> str:
    return report_id(period.terminal.id, Kind.Z, period.id)


def _remember(database: Database, close: _Close) -> None:
    period = close.period
    database.execute(
        "INSERT OR REPLACE INTO z_hash"
        " (terminal_id, z_number, period_id, closed_at, content_hash, previous_hash)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        period.terminal.id,
        period.z_number,
        period.id,
        rfc3339(_closed_at(period)),
        close.frozen.chain_hash,
        close.previous_hash,
    )


def _closed_at(period: Period) -> datetime:
    return period.closed_at or period.opened_at


def _hash_before(database: Database, period: Period) -> str | None:
    content_hash: str | None = database.value(
        "SELECT content_hash FROM z_hash WHERE terminal_id = ? AND z_number < ?"
        " AND z_number NOT IN (SELECT value FROM json_each(?)) ORDER BY z_number DESC LIMIT 1",
        period.terminal.id,
        period.z_number,
        json.dumps(sorted(out_of_chain(database))),
    )
    return content_hash
