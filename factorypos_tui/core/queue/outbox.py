"""The durable queue: one row per report, unique by report id, revision and content, its bytes frozen.

A report goes from `pending` over `sending` to `delivered`. An X is superseded when a newer X or the Z of its
period is queued. `transitions` has the graph; `requeueing` brings reports back that were delivered or set
aside. A row keeps the store that it was queued for. Methods raise `StorageError`."""

import json
from collections.abc import Sequence, Sized
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Acknowledgement, Kind, Report
from factorypos_tui.core.queue.frozen import REPEATED, frozen, repeated
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.states import TO_SEND, State, in_states
from factorypos_tui.core.queue.transitions import (
    CLAIM,
    DELIVER,
    LEAVE,
    PUT_BACK,
    REFUSE,
    SET_ASIDE,
    SUPERSEDE,
    Which,
    move,
    set_aside,
    stamped,
)
from factorypos_tui.core.reports.reports import report_id
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.core.storage.packing import packed

MAX_BATCH_BYTES = 4 << 20
MOST_CRASHES = 3
_ROWS_A_STATEMENT = 100
_WHOSE = "id, kind, terminal_id, period_id"
_INSERT = f"""
    INSERT INTO shipment ({", ".join(REPEATED)}, store_id, as_of, state, queued_at, changed_at)
    VALUES {{}}
    ON CONFLICT (report_id, revision, content_hash) DO NOTHING
    RETURNING id, report_id, revision, content_hash,
              EXISTS (SELECT 1 FROM shipment AS older WHERE older.kind = 'X' AND older.id < shipment.id
                      AND older.period_id = shipment.period_id AND {in_states(SUPERSEDE.origins)})
"""
_INSERT_ROW = f"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{State.PENDING}', ?, ?)"
_INSERT_BODY = "INSERT INTO body VALUES {}"
_SOMETHING_NEWER = """
    kind = 'X' AND id = ?
    AND (EXISTS (SELECT 1 FROM shipment newer WHERE newer.kind = 'X'
                 AND newer.period_id = shipment.period_id AND newer.id > shipment.id)
         OR EXISTS (SELECT 1 FROM shipment z WHERE z.report_id = ? AND z.id > shipment.id))
"""


class Outbox:
    """The shipments of `sync.db`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, report: Report, store_id: str, as_of: datetime, now: datetime) -> bool:
        """Queue a report for a store; False if exactly this report was queued before."""
        return bool(self.enqueue_all([(report, as_of)], store_id, now))

    def enqueue_all(
        self, reports: Sequence[tuple[Report, datetime]], store_id: str, now: datetime
    ) -> list[Report]:
        """Queue reports for a store in one commit, each with its instant. Returns those that were not queued
        before.

        One statement writes many rows: SQLite copies each page that a statement changes, once per
        statement."""
        added: list[Report] = []
        with self._database.transaction():
            for at in range(0, len(reports), _ROWS_A_STATEMENT):
                added += self._enqueue_some(reports[at : at + _ROWS_A_STATEMENT], store_id, now)
        return added

    def _enqueue_some(
        self, reports: Sequence[tuple[Report, datetime]], store_id: str, now: datetime
    ) -> list[Report]:
        rows = self._database.rows(
            _INSERT.format(_times(_INSERT_ROW, reports)),
            *[value for report, as_of in reports for value in _row(report, store_id, as_of, rfc3339(now))],
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
        for revision, alike in groupby(added, key=attrgetter("revision")):
            new = [(report.id, report.kind, report.z_number, 0) for report in alike]
            tell(self._database, "queued", new, revision=revision)
        for row, report in zip(rows, added, strict=True):
            if row[4]:
                of_the_day = "kind = 'X' AND period_id = ? AND id < ?", report.period_id, row[0]
                move(self._database, SUPERSEDE, now, of_the_day)
        return added

    def claim(self, store_id: str, limit: int, now: datetime) -> Sequence[tuple[int, Report]]:
        """Take up to `limit` pending reports of a store, at most `MAX_BATCH_BYTES`: (row id, report) each.

        Reports that failed less often go first, so that a report on which the cloud fails holds up no other.
        A report that was being sent when its sender was killed goes last and alone, to show whether it was
        the cause. Raises `DamagedError` where one of them is not what was frozen. So is one that is `pending`
        in the index only, since it would be sent again and again."""
        with self._database.transaction():
            waiting = self._database.rows(
                # +?, since SQLite plans a statement again for each value of a ? that its plan depends on.
                "SELECT id, crashes FROM shipment JOIN body ON shipment_id = id"
                f" WHERE {TO_SEND} AND store_id = +? ORDER BY crashes, attempts, id LIMIT +?",
                store_id,
                limit,
            )
            reports = self._together(waiting)
            if reports and len(move(self._database, CLAIM, now, _in(list(reports)))) < len(reports):
                raise self._database.damaged()
        return tuple(reports.items())

    def _together(self, waiting: Sequence[Row]) -> dict[int, Report]:
        """The first rows that can be sent together: at least one. A suspect is sent alone."""
        reports: dict[int, Report] = {}
        total = 0
        for row_id, crashes in waiting:
            report = frozen(self._database, row_id)
            if report is None:
                continue
            total += len(report.body)
            if reports and (crashes or total > MAX_BATCH_BYTES):
                break
            reports[row_id] = report
        return reports

    def acknowledge(self, row_id: int, receipt: Acknowledgement, now: datetime, **facts: object) -> None:
        """Mark a report `delivered`: the cloud holds it. `facts`, here and below, are for the log."""
        facts |= {"status": 201 if receipt.result == "created" else 200, "result": receipt.result}
        with self._database.transaction():
            moved = move(
                self._database,
                DELIVER,
                now,
                ("id = ? AND content_hash = ?", row_id, receipt.content_hash),
                origins=(State.SENDING,),
                sets=stamped(now, "delivered_at") | {"result = ?": receipt.result},
                facts=facts,
            )
            if moved and receipt.signed:
                # Here: the first frame needs none of it.
                from factorypos_tui.core.queue.acknowledgements import keep_signed

                keep_signed(self._database, row_id, receipt.signed)

    def set_aside(self, row_id: int, refusal: CloudRefused, now: datetime, **facts: object) -> None:
        """Mark a report `attention`, unless superseded meanwhile: the cloud refuses it."""
        fields = {"refused_fields = ?": json.dumps([asdict(field) for field in refusal.fields])}
        said = _said(refusal, facts)
        with self._database.transaction():
            refused = set_aside(self._database, REFUSE, now, ("id = ?", row_id), said, fields, _WHOSE)
            self._settle_in(refused, now)

    def leave_elsewhere(self, row_id: int, refusal: CloudRefused, now: datetime, **facts: object) -> None:
        """Mark a report `delivered` for good: the cloud holds it for the account before, which keeps it."""
        once = {"delivered_at = coalesce(delivered_at, ?)": rfc3339(now), "result = ?": "elsewhere"}
        move(self._database, LEAVE, now, ("id = ?", row_id), sets=once, facts=_said(refusal, facts))

    def note_answer(self, row_id: int, refusal: CloudRefused, **facts: object) -> None:
        """Log that the cloud did not take a report now; its state does not change."""
        rows = self._database.rows(f"SELECT {MOVED} FROM shipment WHERE id = ?", row_id)
        tell(self._database, REFUSE.said, rows, REFUSE.level, **_said(refusal, facts))

    def put_back(
        self, row_ids: Sequence[int], status: int | None, reason: str, now: datetime, **facts: object
    ) -> None:
        """The try failed through no fault of the reports: `pending` again, unless superseded meanwhile."""
        facts |= {"status": status, "reason": reason}
        innocent = {"crashes = ?": 0}
        with self._database.transaction():
            back = move(
                self._database, PUT_BACK, now, _in(row_ids), sets=innocent, facts=facts, returning=_WHOSE
            )
            self._settle_in(back, now)

    def recover(self, now: datetime, *, killed: bool) -> int:
        """Put what a dead drainer was sending back to `pending`; only the new drainer may call this.

        `killed`: the process died and the machine did not. A report that was being sent three times, the last
        two alone, may be what kills it: `attention`."""
        sending = in_states(PUT_BACK.origins)
        if not self._database.value(f"SELECT 1 FROM shipment WHERE {sending} LIMIT 1"):
            return 0
        crash = int(killed)
        counted = {"crashes = crashes + ?": crash}
        with self._database.transaction():
            left = set_aside(
                self._database,
                SET_ASIDE,
                now,
                (f"{sending} AND crashes >= ?", MOST_CRASHES - crash),
                {"reason": "crashes"},
                counted,
                _WHOSE,
            )
            left += move(
                self._database,
                PUT_BACK,
                now,
                (sending,),
                sets=counted,
                facts={"reason": "interrupted"},
                returning=_WHOSE,
            )
            self._settle_in(left, now)
        return len(left)

    def _settle_in(self, rows: Sequence[Row], now: datetime) -> None:
        """Supersede an X among these rows, named as `_WHOSE` does, where a newer one came meanwhile."""
        for row_id, kind, terminal_id, period_id in (row[4:] for row in rows):
            if kind == Kind.X.value:
                with self._database.trusted():
                    z_id = report_id(terminal_id, Kind.Z, period_id)
                move(self._database, SUPERSEDE, now, (_SOMETHING_NEWER, row_id, z_id))


def _said(refusal: CloudRefused, facts: dict[str, object]) -> dict[str, object]:
    return facts | {"status": refusal.status, "code": refusal.code}


def _in(row_ids: Sequence[int]) -> Which:
    return f"id IN ({_times('?', row_ids)})", *row_ids


def _times(pattern: str, values: Sized) -> str:
    return ", ".join([pattern] * len(values))


def _row(report: Report, store_id: str, as_of: datetime, now: str) -> tuple[object, ...]:
    return *repeated(report), store_id, rfc3339(as_of), now, now
