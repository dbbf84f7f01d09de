"""What a person should know of FloCafe's rows: of the running day, and of the newest closes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import MOST_RECEIPTS, Code
from factorypos_tui.tills.flocafe.closures import Closure
from factorypos_tui.tills.flocafe.days import ClosedDays, bad_texts
from factorypos_tui.tills.flocafe.flo_database import FloDatabase, Row, Snapshot
from factorypos_tui.tills.flocafe.running import RunningDay, sql_instant
from factorypos_tui.tills.flocafe.values import instant, text

_NEWEST = 14
_FORGOTTEN_AFTER = timedelta(hours=36)
_LATE_BILLS = (
    "SELECT bill_number, paid_at FROM bills WHERE paid_at >= ? AND paid_at < ? AND paid_at >= ?"
    " ORDER BY paid_at DESC, id DESC LIMIT ?"
)
_LATE_REFUNDS = (
    "SELECT bill_number, refunds.created_at FROM bills JOIN refunds ON bill_id = bills.id"
    " WHERE paid_at >= ? AND paid_at < ? AND refunds.created_at >= ? ORDER BY refunds.id DESC LIMIT ?"
)


def of_the_closes(file: FloDatabase, days: ClosedDays) -> Iterator[TillFinding]:
    """The findings of the newest closes."""
    newest = list(days.closures(0))[-_NEWEST:]
    late = file.read(lambda snapshot: [_came_late(snapshot, closure) for closure in newest])
    for closure, rows in zip(newest, late, strict=True):
        numbers = [text(number) for number, at in rows if instant(at) > closure.closed_at]
        if numbers:
            yield TillFinding(Code.IN_NO_Z, closure.z_number, tuple(dict.fromkeys(numbers))[:MOST_RECEIPTS])
        for code, odd in days.odd(closure).items():
            yield TillFinding(code, closure.z_number, tuple(odd)[:MOST_RECEIPTS])


def of_the_running_day(running: RunningDay) -> Iterator[TillFinding]:
    """The findings of the running day."""
    if running.odd:
        yield TillFinding(Code.DOES_NOT_ADD_UP, None, tuple(running.odd)[:MOST_RECEIPTS])
    if texts := bad_texts(running.receipts):
        yield TillFinding(Code.BAD_TEXT, None, tuple(texts)[:MOST_RECEIPTS])


def unreportable_day(error: Unreportable) -> TillFinding:
    """The finding of a running day that no report can carry."""
    return TillFinding(error.code, None, error.receipts)


def forgotten(file: FloDatabase, scope: str, now: datetime) -> Iterator[TillFinding]:
    """Bills of days that are over and were not closed: their money is in no Z yet. Only days after the first
    of the newest closes count, so a shop that began to close its days late is not told of all before."""
    found = file.read(lambda snapshot: _unclosed(snapshot, scope, sql_instant(now - _FORGOTTEN_AFTER)))
    if found:
        yield TillFinding(Code.DAY_OPEN, None, tuple(text(row[0]) for row in found))


def _came_late(snapshot: Snapshot, closure: Closure) -> Sequence[Row]:
    """What may have come after a close; the instants are compared later, since they are texts here."""
    # Texts of one day compare by their date whichever of its two ways FloCafe wrote them in.
    span = closure.since, closure.until, f"{closure.closed_at:%Y-%m-%d}", MOST_RECEIPTS * 20
    # The newest are fetched: a busy day has more bills before its close than are looked at.
    late = snapshot.rows(_LATE_BILLS, *span), snapshot.rows(_LATE_REFUNDS, *span)
    return [row for rows in late for row in reversed(rows)]


def _unclosed(snapshot: Snapshot, scope: str, before: str) -> Sequence[Row]:
    return snapshot.rows(
        "WITH newest AS (SELECT period_start, period_end FROM cash_closures WHERE scope = ?1"
        " ORDER BY z_number DESC LIMIT ?2)"
        " SELECT bill_number FROM bills WHERE paid_at >= (SELECT MIN(period_start) FROM newest)"
        " AND paid_at < ?3 AND NOT EXISTS"
        " (SELECT 1 FROM newest WHERE paid_at >= period_start AND paid_at < period_end)"
        " ORDER BY paid_at LIMIT ?4",
        scope,
        _NEWEST,
        before,
        MOST_RECEIPTS,
    )
