"""What was accepted as it stands, in the queue and at FactoryCLOUD: each side hears of it from the other.

    attention --mark_accepted--> attention, accepted --mark_taken_back--> attention

Functions raise `StorageError`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from factorypos_tui.core.account.assignment import Assignment, terminal_token
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Acknowledgement
from factorypos_tui.core.queue.comparison import Z_IN_CONFLICT
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.queue import Queue
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database, Row

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

HERE: Final = "here"
THERE: Final = "there"
_log = logging.getLogger(__name__)


def mark_accepted(database: Database, row_id: int, by: str, now: datetime) -> bool:
    """It needs nobody any more; False where it did not. What was decided here, the cloud is to hear."""
    changed = database.rows(
        "UPDATE shipment SET accepted_at = ?, accepted_by = ?, accepted_reason = last_error, changed_at = ?,"
        f" acceptance_untold = (? = '{HERE}' AND {Z_IN_CONFLICT})"
        f" WHERE id = ? AND state = 'attention' AND accepted_at IS NULL RETURNING {MOVED}",
        rfc3339(now),
        by,
        rfc3339(now),
        by,
        row_id,
    )
    tell(database, "accepted", changed, by=by)
    return bool(changed)


def mark_taken_back(database: Database, row_id: int, by: str, now: datetime) -> bool:
    """It needs a person again; False where it had not been accepted."""
    changed = database.rows(
        "UPDATE shipment SET accepted_at = NULL, accepted_by = NULL, accepted_reason = NULL, changed_at = ?,"
        f" acceptance_untold = (? = '{HERE}' AND {Z_IN_CONFLICT})"
        f" WHERE id = ? AND state = 'attention' AND accepted_at IS NOT NULL RETURNING {MOVED}",
        rfc3339(now),
        by,
        row_id,
    )
    tell(database, "taken back", changed, by=by)
    return bool(changed)


def learn(database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime) -> None:
    """Take over how the owner settled the conflicts of this terminal, but for those that the cloud is still
    to hear something of."""
    with database.transaction():
        for row, there in _conflicts(database, assignment, held, untold=False):
            row_id, content_hash, is_accepted, *moved = row
            if there.conflict == "settled" and there.content_hash == content_hash:
                note_it_is_there(database, row_id, "attention", tuple(moved), there, now)
            elif there.conflict == "settled" and not is_accepted:
                mark_accepted(database, row_id, THERE, now)
            elif there.conflict == "open" and is_accepted:
                mark_taken_back(database, row_id, THERE, now)


def tell_the_cloud(station: Station, assignment: Assignment, held: Sequence[HeldZ]) -> None:
    """What was decided here. A cloud that refuses to hear of it changes nothing of that.

    Raises `CloudUnreachable`, `TokenRefused` and `NotConnected`; what it has not heard, it is told later."""
    database = station.database
    for row, there in _conflicts(database, assignment, held, untold=True):
        token, cloud = terminal_token(station, assignment), station.cloud()
        row_id, _content_hash, is_accepted, report_id, *_more = row
        try:
            if is_accepted:
                cloud.settle(token, report_id, there.content_hash)
            else:
                cloud.reopen(token, report_id)
        except TokenRefused:
            raise
        except CloudRefused as refusal:
            _log.warning(
                "settlement refused", extra={"facts": {"report_id": report_id, "code": refusal.code}}
            )
        database.execute(
            "UPDATE shipment SET acceptance_untold = 0 WHERE id = ? AND (accepted_at IS NOT NULL) = ?",
            row_id,
            is_accepted,
        )


def note_it_is_there(
    database: Database, row_id: int, state: str, moved: Row, there: HeldZ, now: datetime
) -> None:
    """The cloud holds the very report of a row, which stood in `state`: `delivered`."""
    if database.execute("UPDATE shipment SET state = 'sending' WHERE id = ? AND state = ?", row_id, state):
        receipt = Acknowledgement(moved[0], there.content_hash, "unchanged", there.received_at)
        Queue(database).acknowledge(row_id, receipt, now)
        tell(database, "delivered", [moved], result=receipt.result, reason="there_already")


def _conflicts(
    database: Database, assignment: Assignment, held: Sequence[HeldZ], *, untold: bool
) -> list[tuple[Row, HeldZ]]:
    """The conflicts of this terminal, each with what the cloud holds in its place."""
    by_id, by_number = ({getattr(z, key): z for z in held} for key in ("report_id", "z_number"))
    rows = database.rows(
        f"SELECT id, content_hash, accepted_at IS NOT NULL, {MOVED} FROM shipment WHERE {Z_IN_CONFLICT}"
        " AND acceptance_untold = ? AND store_id = ? AND terminal_id = ?",
        untold,
        assignment.store.id,
        assignment.terminal.id,
    )
    found = [(row, by_id.get(row[3]) or by_number.get(row[5])) for row in rows]
    return [(row, there) for row, there in found if there is not None]
