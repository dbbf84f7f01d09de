"""Where reports come to rest: one row each, for ever; what contradicts a row is kept beside it."""

from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from peewee import Database, fn

from factorypos_tui.server.calls import terminal_revoked
from factorypos_tui.server.report_document import ReportDocument
from factorypos_tui.server.tables import Conflict, Report, Terminal

Result = Literal["created", "unchanged", "replaced", "stale", "conflict"]
MISSING_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report; `news` when a conflict had not been seen before."""

    result: Result
    received_at: str
    news: bool = False


def decide(report: ReportDocument, stored: Report | None, same_number: Report | None, closed: bool) -> Result:
    """What to do with a report.

    `stored` has its id; `same_number` its terminal and Z number; `closed`: the Z of an X's period is here.
    """
    if stored is not None and stored.content_hash == report.content_hash:
        return "unchanged"
    if report.kind == "Z":
        return "created" if stored is None and same_number is None else "conflict"
    if closed:
        return "stale"
    if stored is None:
        return "created"
    if report.revision == stored.revision:
        return "conflict"
    return "replaced" if report.revision > stored.revision else "stale"


def queue_up(database: Database, terminal_id: str, now: str) -> Terminal:
    """The terminal, while no other sender for it can go on; raises 401 when it was revoked meanwhile."""
    live = (Terminal.id == terminal_id) & Terminal.revoked_at.is_null()
    if not Terminal.update(reported_at=now).where(live).execute(database):
        raise terminal_revoked()
    return Terminal.select().where(Terminal.id == terminal_id).get(database)


def receive(database: Database, terminal: Terminal, report: ReportDocument, raw: bytes, now: str) -> Outcome:
    """Put one report to rest inside the caller's transaction, which has queued up for the terminal."""
    stored = Report.select().where(Report.id == report.report_id).get_or_none(database)
    of_terminal = Report.select().where(Report.terminal_id == terminal.id)
    same_number = closed = None
    if report.kind == "Z":
        same_number = of_terminal.where(Report.z_number == report.z_number).get_or_none(database)
    else:
        z_of_period = of_terminal.where(Report.kind == "Z", Report.period_id == report.period_id)
        closed = z_of_period.get_or_none(database)
    result = decide(report, stored, same_number, closed is not None)
    if result == "created":
        Report.insert(**_row(terminal, report, raw, now)).execute(database)
    elif result == "replaced":
        Report.update(**_row(terminal, report, raw, now)).where(Report.id == report.report_id).execute(
            database
        )
    elif result == "conflict":
        return Outcome(result, now, _keep_conflict(database, terminal, report, raw, now))
    elif stored is not None:
        return Outcome(result, stored.received_at)
    return Outcome(result, now)


def _row(terminal: Terminal, report: ReportDocument, raw: bytes, now: str) -> dict[str, object]:
    return {
        "id": report.report_id,
        "terminal_id": terminal.id,
        "store_id": terminal.store_id,
        "kind": report.kind,
        "period_id": report.period_id,
        "z_number": report.z_number,
        "revision": report.revision,
        "business_date": report.business_date,
        "content_hash": report.content_hash,
        "document": raw,
        "received_at": now,
    }


def _keep_conflict(
    database: Database, terminal: Terminal, report: ReportDocument, raw: bytes, now: str
) -> bool:
    """Keep the refused document; whether this content is new."""
    insert = Conflict.insert(
        terminal_id=terminal.id,
        content_hash=report.content_hash,
        report_id=report.report_id,
        document=raw,
        received_at=now,
    )
    return bool(insert.on_conflict_ignore().as_rowcount().execute(database))


def last_z_number(database: Database, terminal_id: str) -> int | None:
    """The highest Z number known of a terminal."""
    query = Report.select(fn.MAX(Report.z_number)).where(Report.terminal_id == terminal_id)
    number: int | None = query.scalar(database)
    return number


def missing_z_numbers(database: Database, terminal_id: str, most: int = MISSING_SHOWN) -> list[int]:
    """The first gaps between the lowest and the highest Z number known of a terminal."""
    following = fn.LEAD(Report.z_number).over(order_by=[Report.z_number]).alias("following")
    numbers = Report.select(Report.z_number.alias("number"), following)
    numbers = numbers.where(Report.terminal_id == terminal_id, Report.z_number.is_null(False)).alias(
        "numbers"
    )
    query = Report.select(numbers.c.number, numbers.c.following).from_(numbers)
    query = query.where(numbers.c.following - numbers.c.number > 1).order_by(numbers.c.number).limit(most)
    gaps = query.tuples().execute(database)
    return list(islice(chain.from_iterable(range(low + 1, high) for low, high in gaps), most))
