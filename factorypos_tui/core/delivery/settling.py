"""Accepted reports, in the queue and at FactoryCLOUD: each side learns from the other.

Functions raise `StorageError`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from factorypos_tui.core.account.assignment import Assignment, terminal_token
from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.queue.comparison import IN_CONFLICT, Z_IN_CONFLICT
from factorypos_tui.core.queue.states import IS_ACCEPTED, State
from factorypos_tui.core.queue.transitions import ACCEPT, DELIVER, TAKE_BACK, move, note_told, stamped
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database, Row

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

HERE: Final = "here"
THERE: Final = "there"
_log = logging.getLogger(__name__)


def mark_accepted(database: Database, row_id: int, by: str, now: datetime) -> bool:
    """Accept a report; False where it needed no attention. FactoryCLOUD is to be told what was decided
    here."""
    told = _untold(by) | {"accepted_by = ?": by} | stamped(now, "accepted_at")
    return bool(move(database, ACCEPT, now, ("id = ?", row_id), sets=told, facts={"by": by}))


def mark_taken_back(database: Database, row_id: int, by: str, now: datetime) -> bool:
    """Let a report need attention again; False where it was not accepted."""
    return bool(move(database, TAKE_BACK, now, ("id = ?", row_id), sets=_untold(by), facts={"by": by}))


def _untold(by: str) -> dict[str, object]:
    return {f"acceptance_untold = (? AND {IN_CONFLICT})": by == HERE}


def learn(database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime) -> None:
    """Take over how the owner settled the conflicts of this terminal, but for those where the cloud must
    still be told what was decided here."""
    with database.transaction():
        for row, held_z in _conflicts(database, assignment, held, untold=False):
            row_id, _report_id, content_hash, _z_number, is_accepted = row
            if held_z.conflict == "settled" and held_z.content_hash == content_hash:
                note_it_is_there(database, row_id, held_z, now)
            elif held_z.conflict == "settled" and not is_accepted:
                mark_accepted(database, row_id, THERE, now)
            elif held_z.conflict == "open" and is_accepted:
                mark_taken_back(database, row_id, THERE, now)


def tell_the_cloud(station: Station, assignment: Assignment, held: Sequence[HeldZ]) -> None:
    """Tell the cloud what was decided here. If the cloud refuses, the decision stays.

    Raises `CloudUnreachable`, `TokenRefused` and `NotConnected`; the cloud is then told later."""
    database = station.database
    for row, held_z in _conflicts(database, assignment, held, untold=True):
        token, cloud = terminal_token(station, assignment), station.cloud()
        row_id, report_id, _content_hash, _z_number, is_accepted = row
        try:
            if is_accepted:
                cloud.settle(token, report_id, held_z.content_hash)
            else:
                cloud.reopen(token, report_id)
        except TokenRefused:
            raise
        except CloudRefused as refusal:
            _log.warning(
                "settlement refused", extra={"facts": {"report_id": report_id, "code": refusal.code}}
            )
        note_told(database, row_id, State.ACCEPTED if is_accepted else State.ATTENTION)


def note_it_is_there(database: Database, row_id: int, held_z: HeldZ, now: datetime) -> None:
    """Mark a row that is not being sent as `delivered`: the cloud holds exactly this report."""
    move(
        database,
        DELIVER,
        now,
        ("id = ? AND content_hash = ?", row_id, held_z.content_hash),
        origins=(State.PENDING, State.ATTENTION, State.ACCEPTED),
        sets={"result = ?": "unchanged"} | stamped(now, "delivered_at"),
        facts={"result": "unchanged", "reason": "there_already"},
    )


def _conflicts(
    database: Database, assignment: Assignment, held: Sequence[HeldZ], *, untold: bool
) -> list[tuple[Row, HeldZ]]:
    """The conflicts of this terminal, each with the report that the cloud holds instead."""
    by_id, by_number = ({getattr(z, key): z for z in held} for key in ("report_id", "z_number"))
    rows = database.rows(
        f"SELECT id, report_id, content_hash, z_number, {IS_ACCEPTED} FROM shipment WHERE {Z_IN_CONFLICT}"
        f" AND acceptance_untold = ? AND store_id IN {OPEN} AND terminal_id = ?",
        untold,
        assignment.terminal.id,
    )
    conflicts = [(row, by_id.get(row[1]) or by_number.get(row[3])) for row in rows]
    return [(row, held_z) for row, held_z in conflicts if held_z is not None]
