"""What an administrator does about conflicts beside the running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from peewee import Database

from factorypos_tui.server.domain import settlements
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.tables import Company, Conflict, Report, Store, Terminal


@dataclass(frozen=True, slots=True)
class ListedConflict:
    """A report that stands, and one that met it there."""

    terminal: dict[str, str]
    store: dict[str, str]
    kind: str
    z_number: int | None
    business_date: str
    report_id: str
    content_hash: str
    other_report_id: str
    other_hash: str
    other_received_at: str
    settled_at: str | None


def list_conflicts(database: Database, *, settled_too: bool) -> list[ListedConflict]:
    """Every conflict that is open, or every one, the newest first."""
    query = (
        Conflict.select(
            Conflict.terminal_id,
            Terminal.name.alias("terminal_name"),
            Report.store_id,
            Store.name.alias("store_name"),
            Company.name.alias("company_name"),
            Report.kind,
            Report.z_number,
            Report.business_date,
            Report.id.alias("held_report_id"),
            Report.content_hash.alias("held_hash"),
            Conflict.report_id,
            Conflict.content_hash,
            Conflict.received_at,
            Conflict.settled_at,
        )
        .join(Report, on=(Report.id == Conflict.held_id))
        .join(Terminal, on=(Terminal.id == Report.terminal_id))
        .join(Store, on=(Store.id == Report.store_id))
        .join(Company, on=(Company.id == Store.company_id))
    )
    if not settled_too:
        query = query.where(Conflict.settled_at.is_null())
    with database.connection_context():
        rows = query.order_by(Conflict.received_at.desc(), Conflict.content_hash).objects().execute(database)
        return [_listed(row) for row in rows]


def accept(database: Database, report_id: str, content_hash: str | None) -> str:
    """Have a report of a conflict stand: the one with this hash, or the one that stands now; gives its hash.

    Raises `AdministrationError`."""
    with _in_sentences(), database.connection_context(), database.atomic():
        held = settlements.locked(database, report_id, settlements.ANYBODYS)
        wanted = content_hash or held.content_hash
        return settlements.settle(database, held, wanted, ACTOR, instant(utc_now())).content_hash


def take_back(database: Database, report_id: str) -> None:
    """Have what came first stand, until somebody decides again. Raises `AdministrationError`."""
    with _in_sentences(), database.connection_context(), database.atomic():
        held = settlements.locked(database, report_id, settlements.ANYBODYS)
        settlements.reopen(database, held, ACTOR, instant(utc_now()))


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise AdministrationError(str(refused)) from refused


def _listed(row: Any) -> ListedConflict:
    return ListedConflict(
        terminal={"id": row.terminal_id, "name": row.terminal_name},
        store={"id": row.store_id, "name": row.store_name, "company": row.company_name},
        kind=row.kind,
        z_number=row.z_number,
        business_date=row.business_date,
        report_id=row.held_report_id,
        content_hash=row.held_hash,
        other_report_id=row.report_id,
        other_hash=row.content_hash,
        other_received_at=row.received_at,
        settled_at=row.settled_at,
    )
