"""Keeps reports for ever, one row each; a report that contradicts a row is kept beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from peewee import Database, Field

from factorypos_tui.server import errors
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.domain.dating import days_off
from factorypos_tui.server.domain.numbers import missing_z_numbers
from factorypos_tui.server.domain.placements import named_store, terminal_with_id
from factorypos_tui.server.mail import letters
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Account, Conflict, Report, Store, Terminal
from factorypos_tui.server.words import told

Result = Literal["created", "unchanged", "replaced", "stale", "conflict", "elsewhere"]

_NEW = {name: given(name) for name in Report._meta.sorted_field_names}
_ADD: Prepared[None] = Prepared(Report.insert(**_NEW))
_REPLACE: Prepared[None] = Prepared(Report.update(**_NEW).where(Report.id == given("id")))
_QUEUE_UP: Prepared[None] = Prepared(
    Terminal.update(reported_at=given("now")).where(
        Terminal.id == given("id"), Terminal.account_id == given("account_id"), Terminal.revoked_at.is_null()
    )
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one report."""

    result: Result
    """`elsewhere`: it arrived while the terminal belonged to another account, and stays with that account."""
    received_at: str
    store_id: str
    """The store that has it; of a conflict, the store that it was sent for."""
    news: bool = False
    """Whether the conflict is new."""

    def refusal(self) -> errors.Refused | None:
        """Why it is not acknowledged; None where the report is kept here."""
        if self.result == "elsewhere":
            message = told(
                "This report arrived while the terminal belonged to another account, and stays with that "
                "one. Nothing was changed."
            )
            return errors.NotAllowed(message, "report_elsewhere")
        if self.result == "conflict":
            message = told(
                "Another report with other content holds this place. Both are kept and the owner was told."
            )
            return errors.Conflict(message, "report_conflict")
        return None


def decide(report: ReportDocument, stored: Report | None, same_number: Report | None, closed: bool) -> Result:
    """What to do with a report.

    `stored` has its id; `same_number` its terminal and Z number; `closed`: the Z of an X's period is here."""
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


def put_to_rest(
    cloud: Cloud,
    terminal: Terminal,
    store_name: str | None,
    arrived: Sequence[tuple[ReportDocument, bytes]],
    most: int,
) -> tuple[list[Outcome], list[int]]:
    """What became of reports, in order, once all of it is durable; and the first gaps, at most so many.

    `store_name`: what the call says of their store. An owner hears of each new conflict."""
    database, now = cloud.database, cloud.now()
    with database.atomic():
        terminal = queue_up(database, terminal, now)
        store_id = named_store(database, terminal, store_name)
        outcomes = receive(database, terminal, store_id, arrived, now)
        missing = missing_z_numbers(database, terminal.id, terminal.account_id, most)
    for (report, _raw), outcome in zip(arrived, outcomes, strict=True):
        if outcome.news:
            _tell_owner(cloud, terminal, report, outcome)
    return outcomes, missing


def _tell_owner(cloud: Cloud, terminal: Terminal, report: ReportDocument, outcome: Outcome) -> None:
    account = Account.select().where(Account.id == terminal.account_id).get(cloud.database)
    store = Store.select().where(Store.id == outcome.store_id).get(cloud.database)
    audit(cloud.database, outcome.received_at, terminal.id, "report.refused", report.report_id)
    values = {
        "name": account.name,
        "terminal": terminal.name,
        "store": store.name,
        "report": f"Z {report.z_number}" if report.kind == "Z" else "X",
        "date": report.business_date,
        "report_id": report.report_id,
        "content_hash": report.content_hash,
    }
    cloud.postman.post(letters.report_conflict(account.email, account.language, values))


def queue_up(database: Database, terminal: Terminal, now: str) -> Terminal:
    """The terminal, locked against its other senders. Raises `Revoked` where it was revoked, or came to
    another account, meanwhile."""
    if not _QUEUE_UP.change(database, now=now, id=terminal.id, account_id=terminal.account_id):
        raise errors.Revoked
    return terminal_with_id(database, terminal.id)


def receive(
    database: Database,
    terminal: Terminal,
    store_id: str,
    arrived: Sequence[tuple[ReportDocument, bytes]],
    now: str,
) -> list[Outcome]:
    """Put reports to rest, in order, inside the caller's transaction, which has queued up for the terminal.

    `store_id`: the store that they were sent for; a report stays in the one that it first arrived in.
    What holds their places is read once and new rows are written together; each finds those before it."""
    places = _read_places(database, terminal, [report for report, _raw in arrived])
    new: dict[str, dict[str, object]] = {}
    outcomes = []
    for report, raw in arrived:
        stored = places.by_id.get(report.report_id)
        same_number = places.by_number.get(report.z_number or 0)
        if stored is not None and stored.store_id in places.elsewhere:
            outcomes.append(Outcome("elsewhere", now, stored.store_id))
            continue
        result = decide(report, stored, same_number, report.period_id in places.closed)
        if result in ("created", "replaced"):
            row = _row(stored.store_id if stored else store_id, report, raw, now)
            places.take(Report(**row))
            if result == "created" or report.report_id in new:
                new[report.report_id] = row
            else:
                _REPLACE.change(database, **row)
            outcomes.append(Outcome(result, now, str(row["store_id"])))
        elif result == "conflict":
            held = stored or same_number
            news = _keep_conflict(database, held, report, raw, now)
            outcomes.append(Outcome(result, now, store_id, news))
        else:
            at, where = (stored.received_at, stored.store_id) if stored else (now, store_id)
            outcomes.append(Outcome(result, at, where))
    for row in new.values():
        _ADD.change(database, **row)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Places:
    """What the cloud holds, without the documents."""

    by_id: dict[str, Report]
    """The reports by id."""
    by_number: dict[int, Report]
    """The Z reports of the terminal by number."""
    closed: set[str]
    """The periods of these Z."""
    elsewhere: set[str]
    """Those of their stores that are another account's."""

    def take(self, report: Report) -> None:
        self.by_id[report.id] = report
        if report.z_number is not None:
            self.by_number[report.z_number] = report
            self.closed.add(report.period_id)


@cache
def _in_places(column: "Field[Any]", count: int) -> Prepared[Report]:
    """The reports, without their documents, with one of so many values in a column: any report with the ids,
    the terminal's Z with the numbers, and its Z of the periods."""
    which = column.in_([given(f"value_{n}") for n in range(count)])
    if column is not Report.id:
        which &= Report.terminal_id == given("terminal_id")
    if column is Report.period_id:
        which &= Report.kind == "Z"
    columns = [field for field in Report._meta.sorted_fields if field is not Report.document]
    return Prepared(Report.select(*columns).where(which))


def _read_places(database: Database, terminal: Terminal, reports: Sequence[ReportDocument]) -> _Places:
    places = _Places({}, {}, set(), set())
    wanted: dict[Field[Any], Sequence[object]] = {
        Report.id: [report.report_id for report in reports],
        Report.z_number: [report.z_number for report in reports if report.z_number is not None],
        Report.period_id: [report.period_id for report in reports if report.kind == "X"],
    }
    for column, values in wanted.items():
        if values:
            numbered = {f"value_{n}": value for n, value in enumerate(values)}
            for found in _in_places(column, len(values)).rows(database, terminal_id=terminal.id, **numbered):
                places.take(found)
    others = {found.store_id for found in places.by_id.values()} - {terminal.store_id}
    if others:
        ours = Store.select(Store.id).where(
            Store.id.in_(others), Store.id.in_(stores_of(terminal.account_id))
        )
        places.elsewhere.update(others - {row.id for row in ours.execute(database)})
    return places


def _row(store_id: str, report: ReportDocument, raw: bytes, now: str) -> dict[str, object]:
    return {
        "id": report.report_id,
        "terminal_id": report.terminal_id,
        "store_id": store_id,
        "kind": report.kind,
        "period_id": report.period_id,
        "z_number": report.z_number,
        "revision": report.revision,
        "business_date": report.business_date,
        "content_hash": report.content_hash,
        "document": raw,
        "received_at": now,
        "days_off": days_off(report, datetime.fromisoformat(now)),
    }


def _keep_conflict(
    database: Database, held: Report | None, report: ReportDocument, raw: bytes, now: str
) -> bool:
    """Keep the refused document beside the report that holds its place; whether this content is new."""
    insert = Conflict.insert(
        terminal_id=report.terminal_id,
        held_id=held and held.id,
        content_hash=report.content_hash,
        report_id=report.report_id,
        document=raw,
        received_at=now,
    )
    return bool(insert.on_conflict_ignore().as_rowcount().execute(database))
