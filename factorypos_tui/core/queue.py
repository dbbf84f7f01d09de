"""The durable queue: one row a report, unique by report id, revision and content, its bytes frozen.

    pending --claim--> sending --acknowledge--> delivered
       ^                  |------set_aside----> attention   (refused as it stands: a person must look)
       '-----put_back-----'                     (or three times the end of the process that sent it)
    pending, attention --> superseded   (an X, when a newer X or the Z of its period is queued)

Every transition names the state it starts from, so a row that another process moved meanwhile is left
alone. Nothing that was not delivered is ever deleted. Methods raise `StorageError`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from factorypos_tui.core.database import Database, Row
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.models import Acknowledgement, Kind, Report
from factorypos_tui.core.shipments import REFUSED

MAX_BATCH_BYTES = 4 << 20
_MOST_CRASHES = 3
_RESEND_BATCH = 500


_REPORT_COLUMNS = (
    "id, report_id, kind, revision, terminal_id, period_id, z_number, business_date, currency, net,"
    " content_hash, (SELECT bytes FROM body WHERE shipment_id = id)"
)
_SUPERSEDE = """
    UPDATE shipment SET state = 'superseded', changed_at = ?
    WHERE kind = 'X' AND state IN ('pending', 'attention') AND period_id = ?
      AND EXISTS (SELECT 1 FROM shipment newer WHERE newer.period_id = shipment.period_id
                  AND newer.id > shipment.id)
"""


class Queue:
    """The shipments of `sync.db`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, report: Report, store_id: str, as_of: datetime, now: datetime) -> bool:
        """Queue a report for a store; False if this very report was queued before."""
        with self._database.transaction():
            added = self._database.rows(
                "INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id,"
                " z_number, business_date, as_of, currency, net, content_hash, state, queued_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)"
                " ON CONFLICT (report_id, revision, content_hash) DO NOTHING RETURNING id",
                report.id,
                report.revision,
                report.kind.value,
                store_id,
                report.terminal_id,
                report.period_id,
                report.z_number,
                report.business_date.isoformat(),
                rfc3339(as_of),
                report.currency,
                report.net,
                report.content_hash,
                rfc3339(now),
                rfc3339(now),
            )
            for (row_id,) in added:
                self._database.execute("INSERT INTO body VALUES (?, ?)", row_id, report.body)
            self._database.execute(_SUPERSEDE, rfc3339(now), report.period_id)
        return bool(added)

    def claim(self, store_id: str, limit: int, now: datetime) -> Sequence[tuple[int, Report]]:
        """Take up to `limit` pending reports of a store, at most `MAX_BATCH_BYTES`: (row id, report) each.

        What failed less often goes first, so that one report the cloud chokes on holds up no other. What was
        on its way when its sender was killed goes last and alone, to show whether it was the cause."""
        with self._database.transaction():
            waiting = self._database.rows(
                "SELECT id, length(bytes), crashes FROM shipment JOIN body ON shipment_id = id"
                " WHERE state = 'pending' AND bodiless = 0 AND store_id = ?"
                " ORDER BY crashes, attempts, id LIMIT ?",
                store_id,
                limit,
            )
            ids = _together(MAX_BATCH_BYTES, waiting)
            if not ids:
                return ()
            rows = self._database.rows(
                "UPDATE shipment SET state = 'sending', attempts = attempts + 1, changed_at = ?"
                f" WHERE state = 'pending' AND id IN ({_marks(ids)}) RETURNING {_REPORT_COLUMNS}",
                rfc3339(now),
                *ids,
            )
        return sorted(((row[0], _report(row)) for row in rows), key=lambda claimed: ids.index(claimed[0]))

    def acknowledge(self, row_id: int, receipt: Acknowledgement, now: datetime) -> None:
        """The cloud holds the report: `delivered`."""
        self._database.execute(
            "UPDATE shipment SET state = 'delivered', delivered_at = ?, changed_at = ?, result = ?,"
            " last_status = NULL, last_error = NULL, refused_fields = NULL, crashes = 0"
            " WHERE id = ? AND state = 'sending' AND content_hash = ?",
            rfc3339(now),
            rfc3339(now),
            receipt.result,
            row_id,
            receipt.content_hash,
        )

    def set_aside(self, row_id: int, refusal: CloudRefused, now: datetime) -> None:
        """The cloud refuses the report as it stands: `attention`."""
        self._database.execute(
            "UPDATE shipment SET state = 'attention', changed_at = ?, last_status = ?, last_error = ?,"
            " refused_fields = ?, crashes = 0 WHERE id = ? AND state = 'sending'",
            rfc3339(now),
            refusal.status,
            refusal.code,
            json.dumps([asdict(field) for field in refusal.fields]),
            row_id,
        )

    def put_back(self, row_ids: Iterable[int], status: int | None, reason: str, now: datetime) -> None:
        """The try failed through no fault of the reports: `pending` again, unless superseded meanwhile."""
        with self._database.transaction():
            for row_id in row_ids:
                period = self._database.rows(
                    "UPDATE shipment SET state = 'pending', changed_at = ?, last_status = ?, last_error = ?,"
                    " crashes = 0 WHERE id = ? AND state = 'sending' RETURNING period_id",
                    rfc3339(now),
                    status,
                    reason,
                    row_id,
                )
                for (period_id,) in period:
                    self._database.execute(_SUPERSEDE, rfc3339(now), period_id)

    def recover(self, now: datetime, *, killed: bool) -> int:
        """What a drainer that died was sending goes back to `pending`; only the new drainer may ask.

        `killed`: its process died and the machine did not. A report that was there three times, the last two
        alone, may be what kills it: `attention`."""
        crash = int(killed)
        with self._database.transaction():
            left = self._database.rows(
                "UPDATE shipment SET crashes = crashes + ?, changed_at = ?, last_status = NULL,"
                " state = iif(crashes + ? >= ?, 'attention', 'pending'),"
                " last_error = iif(crashes + ? >= ?, 'crashes', 'interrupted')"
                " WHERE state = 'sending' RETURNING period_id",
                crash,
                rfc3339(now),
                crash,
                _MOST_CRASHES,
                crash,
                _MOST_CRASHES,
            )
            for (period_id,) in left:
                self._database.execute(_SUPERSEDE, rfc3339(now), period_id)
        return len(left)

    def give_another_chance(self, store_id: str, before: datetime, now: datetime) -> None:
        """What was set aside `before`, its sender having died, is sent once more: it may have been chance."""
        self._database.execute(
            "UPDATE shipment SET state = 'pending', crashes = ?, changed_at = ?"
            " WHERE state = 'attention' AND last_error = 'crashes' AND store_id = ? AND changed_at <= ?",
            _MOST_CRASHES - 1,
            rfc3339(now),
            store_id,
            rfc3339(before),
        )

    def release_refused(self, since: datetime, now: datetime) -> None:
        """What the cloud refused from `since` on, other than conflicts, goes back to `pending`."""
        self._database.execute(
            f"UPDATE shipment SET state = 'pending', changed_at = ? WHERE {REFUSED} AND changed_at >= ?",
            rfc3339(now),
            rfc3339(since),
        )

    def retry(self, row_id: int, store_id: str, now: datetime) -> bool:
        """A person wants an `attention` report of a store sent again; False if it is no such report."""
        return bool(
            self._database.execute(
                "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
                " WHERE id = ? AND state = 'attention' AND store_id = ?",
                rfc3339(now),
                rfc3339(now),
                row_id,
                store_id,
            )
        )

    def hand_over(self, terminal_id: str, to_store: str, after: int) -> None:
        """What was queued after row `after`, while the terminal moved to another store, goes to that one.

        What is on its way already goes where it was sent."""
        self._database.execute(
            "UPDATE shipment SET store_id = ? WHERE state = 'pending' AND terminal_id = ? AND id > ?",
            to_store,
            terminal_id,
            after,
        )

    def offer_history(self, terminal_id: str, to_store: str, now: datetime) -> None:
        """Every Z that went to another store is queued for this one too: a cloud that has it says so. What
        another store refused stays its own, for the person who must look."""
        self._database.execute(
            "UPDATE shipment SET store_id = ?, state = 'pending', queued_at = ?, changed_at = ?"
            " WHERE kind = 'Z' AND terminal_id = ? AND state = 'delivered' AND store_id <> ?",
            to_store,
            rfc3339(now),
            rfc3339(now),
            terminal_id,
            to_store,
        )

    def retry_all(self, store_id: str, now: datetime) -> int:
        """The same for every report of a store that needs attention; returns how many."""
        return self._database.execute(
            "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
            " WHERE state = 'attention' AND store_id = ?",
            rfc3339(now),
            rfc3339(now),
            store_id,
        )

    def resend_all(self, store_id: str, now: datetime) -> int:
        """Every Z of a store to `pending` again, ids and bytes unchanged; returns how many.

        In batches, so that a sender or a screen never waits long for the database."""
        resent, after = 0, 0
        while True:
            rows = self._database.rows(
                "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
                " WHERE state IN ('delivered', 'attention') AND kind = 'Z' AND id IN (SELECT id FROM shipment"
                " WHERE store_id = ? AND id > ? AND kind = 'Z' AND state IN ('delivered', 'attention')"
                " ORDER BY id LIMIT ?) RETURNING id",
                rfc3339(now),
                rfc3339(now),
                store_id,
                after,
                _RESEND_BATCH,
            )
            if not rows:
                return resent
            resent += len(rows)
            after = max(row[0] for row in rows)


def _together(limit: int, waiting: Sequence[Row]) -> list[int]:
    """The leading row ids that may go together, within `limit` bytes: at least one, and a suspect alone."""
    ids: list[int] = []
    total = 0
    for row_id, size, crashes in waiting:
        total += size
        if ids and (crashes or total > limit):
            break
        ids.append(row_id)
    return ids


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _report(row: Row) -> Report:
    _id, report_id, kind, revision, terminal, period, z_number, day, currency, net, digest, body = row
    return Report(
        id=report_id,
        kind=Kind(kind),
        revision=revision,
        terminal_id=terminal,
        period_id=period,
        z_number=z_number,
        business_date=date.fromisoformat(day),
        currency=currency,
        net=net,
        content_hash=digest,
        body=bytes(body),
    )
