"""The durable queue: one row a report, unique by report id, revision and content, its bytes frozen.

    pending --claim--> sending --acknowledge--> delivered
       ^                  |------set_aside----> attention   (refused as it stands: a person must look)
       '-----put_back-----'                     (or three times the end of the process that sent it)
    pending, attention --> superseded   (an X, when a newer X or the Z of its period is queued)

What brings a report back that was delivered or set aside is in `requeueing`, and in `moving` what a change
of store does to it. Every transition names the state it starts from, so a row that another process moved
meanwhile is left alone. Nothing that was not delivered is ever deleted. Methods raise `StorageError`.
"""

import json
import logging
from collections.abc import Iterable, Sequence, Sized
from dataclasses import asdict
from datetime import date, datetime

from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Acknowledgement, Kind, Report
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.moving import follow_the_terminal
from factorypos_tui.core.queue.shipments import body
from factorypos_tui.core.reports.reports import report_id
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.core.storage.packing import packed

MAX_BATCH_BYTES = 4 << 20
MOST_CRASHES = 3
_ROWS_A_STATEMENT = 100


_REPORT_COLUMNS = (
    "id, report_id, kind, revision, terminal_id, period_id, z_number, business_date, currency, net,"
    " content_hash"
)
_WHOSE = "id, kind, terminal_id, period_id"
_INSERT = """
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, state, queued_at, changed_at)
    VALUES {}
    ON CONFLICT (report_id, revision, content_hash) DO NOTHING
    RETURNING id, report_id, revision, content_hash,
              EXISTS (SELECT 1 FROM shipment AS older WHERE older.kind = 'X' AND older.id < shipment.id
                      AND older.period_id = shipment.period_id AND older.state IN ('pending', 'attention'))
"""
_INSERT_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)"
_INSERT_BODY = "INSERT INTO body VALUES {}"
_SUPERSEDE_OLDER = (
    """
    UPDATE shipment SET state = 'superseded', changed_at = ?
    WHERE kind = 'X' AND state IN ('pending', 'attention') AND period_id = ? AND id < ?
    RETURNING """
    + MOVED
)
_SUPERSEDE_IF_OLDER = (
    """
    UPDATE shipment SET state = 'superseded', changed_at = ?
    WHERE kind = 'X' AND state IN ('pending', 'attention') AND id = ?
      AND (EXISTS (SELECT 1 FROM shipment newer WHERE newer.kind = 'X'
                   AND newer.period_id = shipment.period_id AND newer.id > shipment.id)
           OR EXISTS (SELECT 1 FROM shipment z WHERE z.report_id = ? AND z.id > shipment.id))
    RETURNING """
    + MOVED
)


class Queue:
    """The shipments of `sync.db`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, report: Report, store_id: str, as_of: datetime, now: datetime) -> bool:
        """Queue a report for a store; False if this very report was queued before."""
        return bool(self.enqueue_all([(report, as_of)], store_id, now))

    def enqueue_all(
        self, reports: Sequence[tuple[Report, datetime]], store_id: str, now: datetime
    ) -> list[Report]:
        """Queue reports for a store in one commit, each with its instant; those that were not queued before.

        Many rows a statement: SQLite copies the pages that a statement changes, once a statement."""
        added: list[Report] = []
        with self._database.transaction():
            for at in range(0, len(reports), _ROWS_A_STATEMENT):
                added += self._enqueue_some(reports[at : at + _ROWS_A_STATEMENT], store_id, rfc3339(now))
        return added

    def _enqueue_some(
        self, reports: Sequence[tuple[Report, datetime]], store_id: str, now: str
    ) -> list[Report]:
        rows = self._database.rows(
            _INSERT.format(_times(_INSERT_ROW, reports)),
            *[value for report, as_of in reports for value in _row(report, store_id, as_of, now)],
        )
        by_name = {
            (report.id, report.revision, report.content_hash): report for report, _as_of in reversed(reports)
        }
        added = [by_name[row[1:4]] for row in rows]
        if added:
            bodies = [
                value
                for row, report in zip(rows, added, strict=True)
                for value in (row[0], packed(report.body))
            ]
            self._database.execute(_INSERT_BODY.format(_times("(?, ?)", rows)), *bodies)
        for row, report in zip(rows, added, strict=True):
            if row[4]:
                older = self._database.rows(_SUPERSEDE_OLDER, now, report.period_id, row[0])
                tell(self._database, "superseded", older)
        return added

    def claim(self, store_id: str, limit: int, now: datetime) -> Sequence[tuple[int, Report]]:
        """Take up to `limit` pending reports of a store, at most `MAX_BATCH_BYTES`: (row id, report) each.

        What failed less often goes first, so that one report the cloud chokes on holds up no other. What was
        on its way when its sender was killed goes last and alone, to show whether it was the cause."""
        with self._database.transaction():
            waiting = self._database.rows(
                # +?, since SQLite plans a statement anew for each value of a ? that its plan depends on.
                "SELECT id, crashes FROM shipment JOIN body ON shipment_id = id"
                " WHERE state = 'pending' AND store_id = +? ORDER BY crashes, attempts, id LIMIT +?",
                store_id,
                limit,
            )
            bodies = self._together(waiting)
            if not bodies:
                return ()
            rows = self._database.rows(
                "UPDATE shipment SET state = 'sending', attempts = attempts + 1, changed_at = ?"
                f" WHERE state = 'pending' AND id IN ({_times('?', bodies)}) RETURNING {_REPORT_COLUMNS}",
                rfc3339(now),
                *bodies,
            )
            with self._database.trusted():
                reports = {row[0]: _report(row, bodies[row[0]]) for row in rows}
        return [(row_id, reports[row_id]) for row_id in bodies]

    def _together(self, waiting: Sequence[Row]) -> dict[int, bytes]:
        """The bytes of the leading rows that may go together: of at least one, and of a suspect alone."""
        bodies: dict[int, bytes] = {}
        total = 0
        for row_id, crashes in waiting:
            found = body(self._database, row_id) or b""
            total += len(found)
            if bodies and (crashes or total > MAX_BATCH_BYTES):
                break
            bodies[row_id] = found
        return bodies

    def acknowledge(self, row_id: int, receipt: Acknowledgement, now: datetime) -> None:
        """The cloud holds the report: `delivered`."""
        at = rfc3339(now)
        self._database.execute(
            "UPDATE shipment SET state = 'delivered', delivered_at = ?, changed_at = ?, result = ?,"
            " last_status = NULL, last_error = NULL, refused_fields = NULL, crashes = 0"
            " WHERE id = ? AND state = 'sending' AND content_hash = ?",
            at,
            at,
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

    def leave_elsewhere(self, row_id: int, now: datetime) -> None:
        """The cloud holds the report for the account before, which keeps it: `delivered`, and never again."""
        self._database.execute(
            "UPDATE shipment SET state = 'delivered', delivered_at = coalesce(delivered_at, ?),"
            " changed_at = ?, result = 'elsewhere', last_status = NULL, last_error = NULL,"
            " refused_fields = NULL, crashes = 0 WHERE id = ? AND state = 'sending'",
            rfc3339(now),
            rfc3339(now),
            row_id,
        )

    def put_back(self, row_ids: Iterable[int], status: int | None, reason: str, now: datetime) -> None:
        """The try failed through no fault of the reports: `pending` again, unless superseded meanwhile."""
        with self._database.transaction():
            back: list[Row] = []
            for row_id in row_ids:
                back += self._database.rows(
                    "UPDATE shipment SET state = 'pending', changed_at = ?, last_status = ?, last_error = ?,"
                    f" crashes = 0 WHERE id = ? AND state = 'sending' RETURNING {_WHOSE}",
                    rfc3339(now),
                    status,
                    reason,
                    row_id,
                )
            self._settle_in(back, now)

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
                f" WHERE state = 'sending' RETURNING {_WHOSE}, state, {MOVED}",
                crash,
                rfc3339(now),
                crash,
                MOST_CRASHES,
                crash,
                MOST_CRASHES,
            )
            suspect = [row[5:] for row in left if row[4] == "attention"]
            innocent = [row[5:] for row in left if row[4] != "attention"]
            tell(self._database, "set aside", suspect, logging.ERROR, reason="crashes")
            tell(self._database, "put back", innocent, logging.WARNING, reason="interrupted")
            self._settle_in(left, now)
        return len(left)

    def _settle_in(self, rows: Sequence[Row], now: datetime) -> None:
        """These rows, as `_WHOSE` names them, came back: their terminal may have moved to another store while
        they were away, and something newer may have come for an X."""
        follow_the_terminal(self._database, [row[0] for row in rows], now)
        for row_id, kind, terminal_id, period_id, *_more in rows:
            if kind == Kind.X.value:
                with self._database.trusted():
                    z_id = report_id(terminal_id, Kind.Z, period_id)
                older = self._database.rows(_SUPERSEDE_IF_OLDER, rfc3339(now), row_id, z_id)
                tell(self._database, "superseded", older)


def _times(pattern: str, values: Sized) -> str:
    return ", ".join([pattern] * len(values))


def _row(report: Report, store_id: str, as_of: datetime, now: str) -> tuple[object, ...]:
    return (
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
        now,
        now,
    )


def _report(row: Row, body: bytes) -> Report:
    _id, name, kind, revision, terminal, period, z_number, day, currency, net, digest = row
    return Report(
        id=name,
        kind=Kind(kind),
        revision=revision,
        terminal_id=terminal,
        period_id=period,
        z_number=z_number,
        business_date=date.fromisoformat(day),
        currency=currency,
        net=net,
        content_hash=digest,
        body=body,
    )
