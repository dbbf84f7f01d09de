"""The documents of Zs: read beside what is known of the Zs for ever, and dropped when the host says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Database

from factorypos_tui.server.storage import months
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.report_tables import BodyDrop, ZBody, ZReport
from factorypos_tui.server.storage.tables import Store

_GOES = (
    "(z_report.business_date < ? AND z_report.business_date < (? - store.keep_years) || '-01'"
    " AND z_report.received_at < ?)"
)
"""Null for a store that keeps its documents for ever."""
_STORE = "JOIN store ON store.id = z_report.store_id"
_BODIES = (
    "z_body"
    " JOIN z_report ON z_report.business_date = z_body.business_date AND z_report.id = z_body.report_id"
    f" {_STORE}"
)
_BYTES = (
    f"SUM(length(z_body.document)) AS bytes FROM {_BODIES} JOIN company ON company.id = store.company_id"
    " JOIN terminal AS sender ON sender.id = z_report.terminal_id"
    f" WHERE z_body.business_date BETWEEN ? AND ? AND {_GOES} AND company.account_id"
)
_OF_TERMINALS = (
    f"UPDATE terminal SET kept_bytes = kept_bytes - gone.bytes FROM (SELECT sender.id, {_BYTES}"
    " = sender.account_id GROUP BY sender.id) AS gone WHERE terminal.id = gone.id"
)
_OF_ACCOUNTS = (
    f"UPDATE account SET kept_bytes = kept_bytes - gone.bytes FROM (SELECT company.account_id, {_BYTES}"
    " <> sender.account_id GROUP BY company.account_id) AS gone WHERE account.id = gone.account_id"
)


@dataclass(frozen=True, slots=True)
class Bodies:
    """How many documents there are to drop, and the first and the last business date of them."""

    count: int
    first: str | None
    last: str | None
    kept: int
    """How many others of the same months stay, since their stores keep them."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is old enough to be dropped: of months before `month`, `2020-01`, what its store has kept for the
    full years that it wants, counted in the year of `asked_at`. What arrived since then stays: nobody has
    counted or exported it."""

    month: str
    asked_at: str

    @property
    def year(self) -> int:
        return int(self.asked_at[:4])

    @property
    def values(self) -> tuple[str, int, str]:
        """Those of `_GOES`."""
        return self.month, self.year, self.asked_at


def zs_with_bodies(*columns: Any) -> Any:
    """These columns of Zs, each with its document, which is None where it is not here."""
    its_own = (ZBody.business_date == ZReport.business_date) & (ZBody.report_id == ZReport.id)
    return ZReport.select(*columns, ZBody.document).join(ZBody, JOIN.LEFT_OUTER, on=its_own)


def body_of(database: Database, report: ZReport) -> bytes | None:
    """The document of a Z, None where it is not here."""
    document = ZBody.select(ZBody.document).where(_of(report)).scalar(database)
    return None if document is None else bytes(document)


def bodies_of(database: Database, date: str, report_ids: Sequence[str]) -> dict[str, bytes]:
    """The documents of Zs of one business date, by their ids; those that are not here are left out."""
    query = ZBody.select(ZBody.report_id, ZBody.document).where(ZBody.business_date == date)
    found = query.where(ZBody.report_id.in_(report_ids)).tuples().execute(database)
    return {report_id: bytes(document) for report_id, document in found}


def exchange_body(database: Database, before: ZReport, report_id: str, date: str, document: bytes) -> None:
    """Put a document in the place of that of a Z."""
    ZBody.delete().where(_of(before)).execute(database)
    ZBody.insert(business_date=date, report_id=report_id, document=document).execute(database)


def dropped_before(database: Database, store_id: str) -> str:
    """The month before which bodies of a store were dropped; empty where none were. Each business date sorts
    after it or before it."""
    before: str | None = Store.select(Store.dropped_before).where(Store.id == store_id).scalar(database)
    return before or ""


def bodies_of_age(database: Database, age: Age) -> Bodies:
    """The documents that are old enough to be dropped."""
    found = f"SELECT COUNT(1), MIN(z_body.business_date), MAX(z_body.business_date) FROM {_BODIES}"
    ((count, first, last),) = _run(database, f"{found} WHERE {_GOES}", *age.values)
    there = ZBody.select().where(ZBody.business_date < age.month).count(database)
    return Bodies(count, first, last, there - count)


def stores_of_age(database: Database, age: Age) -> list[tuple[str, str]]:
    """Each store and month that has documents of that age, in their order."""
    found = f"SELECT DISTINCT z_report.store_id, substr(z_body.business_date, 1, 7) FROM {_BODIES}"
    return [
        (store, month) for store, month in _run(database, f"{found} WHERE {_GOES} ORDER BY 1, 2", *age.values)
    ]


def has_contradicted(database: Database, age: Age) -> bool:
    """Whether a Z of that age is contradicted, and nobody has decided."""
    held = f"conflict JOIN z_report ON z_report.id = conflict.held_id {_STORE}"
    is_open = f"conflict.settled_at IS NULL AND {_GOES}"
    return bool(_run(database, f"SELECT 1 FROM {held} WHERE {is_open} LIMIT 1", *age.values))


def note_drop(database: Database, now: str, age: Age, bodies: int) -> None:
    """Note that documents of that age are dropped, so that they are missed by nobody."""
    noted = BodyDrop.insert(before=age.month, dropped_at=now, bodies=bodies)
    noted.on_conflict_ignore().execute(database)
    before = "CASE WHEN (? - keep_years) || '-01' < ? THEN (? - keep_years) || '-01' ELSE ? END"
    _run(
        database,
        f"UPDATE store SET dropped_before = {before} WHERE keep_years > 0 AND dropped_before < {before}",
        *(age.year, age.month, age.year, age.month) * 2,
    )


def drop_bodies(database: Database, age: Age) -> Iterator[str]:
    """Delete the documents of that age, a few at a time, each time with the bytes that accounts keep in one
    transaction: reports that arrive meanwhile wait for little. Yields each month under way."""
    for month in months.before(database, age.month):
        if _drop_month(database, month, age):
            yield month
    date = ""
    while date := _next_date(database, date, age):
        with database.atomic():
            _keep_less(database, date, date, age)
            known = f"SELECT 1 FROM z_report {_STORE} WHERE z_report.id = z_body.report_id AND {_GOES}"
            gone = f"DELETE FROM z_body WHERE business_date = ? AND EXISTS ({known})"
            _run(database, gone, date, *age.values)
        yield date[:7]


def _drop_month(database: Database, month: str, age: Age) -> bool:
    """Drop a month at once, unless a document in it stays."""
    if _has_kept(database, month, age):
        return False
    with database.atomic() as step:
        _keep_less(database, month, f"{month}-31", age)
        months.lock(database)
        if _has_kept(database, month, age):  # one has arrived meanwhile
            step.rollback()
            return False
        months.drop(database, month)
    return True


def _has_kept(database: Database, month: str, age: Age) -> bool:
    stays = f"z_body.business_date BETWEEN ? AND ? AND NOT COALESCE({_GOES}, FALSE)"
    sql = f"SELECT 1 FROM {_BODIES} WHERE {stays} LIMIT 1"
    return bool(_run(database, sql, month, f"{month}-31", *age.values))


def _next_date(database: Database, date: str, age: Age) -> str:
    """The first business date after one that has documents of that age; empty where none has."""
    sql = f"SELECT z_body.business_date FROM {_BODIES} WHERE z_body.business_date > ? AND {_GOES}"
    found = _run(database, f"{sql} ORDER BY z_body.business_date LIMIT 1", date, *age.values)
    return found[0][0] if found else ""


def _keep_less(database: Database, first: str, last: str, age: Age) -> None:
    """Count the bytes of these dates no longer: at its terminal what that sent for its present account, at
    the account what it has of others."""
    for statement in (_OF_TERMINALS, _OF_ACCOUNTS):
        _run(database, statement, first, last, *age.values)


def _run(database: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return run_sql(database, sql.replace("?", database.param), *values)


def _of(report: ZReport) -> Any:
    return (ZBody.business_date == report.business_date) & (ZBody.report_id == report.id)
