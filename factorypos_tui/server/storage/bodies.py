"""The documents of Zs: read beside what is known of the Zs for ever, and dropped when the host says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Database, fn

from factorypos_tui.server.storage import months
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.report_tables import BodyDrop, ZBody, ZReport

_BYTES = (
    "SUM(length(z_body.document)) AS bytes FROM z_body"
    " JOIN z_report ON z_report.business_date = z_body.business_date AND z_report.id = z_body.report_id"
    " JOIN store ON store.id = z_report.store_id JOIN company ON company.id = store.company_id"
    " JOIN terminal AS sender ON sender.id = z_report.terminal_id"
    " WHERE z_body.business_date BETWEEN ? AND ? AND company.account_id"
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
    """How many documents there are, and the first and the last business date of them."""

    count: int
    first: str | None
    last: str | None


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


def dropped_before(database: Database) -> str:
    """The month before which bodies were dropped; empty where none were. Each business date sorts after it or
    before it."""
    before: str | None = BodyDrop.select(fn.MAX(BodyDrop.before)).scalar(database)
    return before or ""


def bodies_before(database: Database, month: str) -> Bodies:
    """The documents of months before one."""
    dates = fn.COUNT(1), fn.MIN(ZBody.business_date), fn.MAX(ZBody.business_date)
    (found,) = ZBody.select(*dates).where(ZBody.business_date < month).tuples().execute(database)
    return Bodies(*found)


def drop_before(database: Database, month: str) -> Iterator[str]:
    """Delete the documents of months before one, a few at a time, each time with the bytes that accounts
    keep in one transaction: reports that arrive meanwhile wait for little. Yields each month under way."""
    for old in months.before(database, month):
        with database.atomic():
            _keep_less(database, old, f"{old}-31")
            months.drop(database, old)
        yield old
    is_old = ZBody.business_date < month
    while date := ZBody.select(fn.MIN(ZBody.business_date)).where(is_old).scalar(database):
        with database.atomic():
            _keep_less(database, date, date)
            ZBody.delete().where(ZBody.business_date == date).execute(database)
        yield date[:7]


def _keep_less(database: Database, first: str, last: str) -> None:
    """Count the bytes of these dates no longer: at its terminal what that sent for its present account, at
    the account what it has of others."""
    for statement in (_OF_TERMINALS, _OF_ACCOUNTS):
        run_sql(database, statement.replace("?", database.param), first, last)


def _of(report: ZReport) -> Any:
    return (ZBody.business_date == report.business_date) & (ZBody.report_id == report.id)
