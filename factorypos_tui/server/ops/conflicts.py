"""What an administrator does about conflicts while the server may be running."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from peewee import Case, Database

from factorypos_tui.server.domain import settlements
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.settlements import of_held, with_held
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Company, Conflict, Store, Terminal
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedConflict:
    """A report that counts, and another one for the same place."""

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
        with_held(
            Conflict.select(
                Conflict.terminal_id,
                Terminal.name.alias("terminal_name"),
                of_held("store_id").alias("store_id"),
                Store.name.alias("store_name"),
                Company.name.alias("company_name"),
                Case(None, [(XReport.id.is_null(), "Z")], "X").alias("kind"),
                ZReport.z_number,
                of_held("business_date").alias("business_date"),
                Conflict.held_id.alias("report_id"),
                of_held("content_hash").alias("content_hash"),
                Conflict.report_id.alias("other_report_id"),
                Conflict.content_hash.alias("other_hash"),
                Conflict.received_at.alias("other_received_at"),
                Conflict.settled_at,
            )
        )
        .join(Terminal, on=(Terminal.id == Conflict.terminal_id))
        .join(Store, on=(Store.id == of_held("store_id")))
        .join(Company, on=(Company.id == Store.company_id))
    )
    if not settled_too:
        query = query.where(Conflict.settled_at.is_null())
    with database.connection_context():
        rows = query.order_by(Conflict.received_at.desc(), Conflict.content_hash).dicts().execute(database)
        return [_listed(row) for row in rows]


def _listed(row: dict[str, Any]) -> ListedConflict:
    terminal = {"id": row.pop("terminal_id"), "name": row.pop("terminal_name")}
    store = {"id": row.pop("store_id"), "name": row.pop("store_name"), "company": row.pop("company_name")}
    return ListedConflict(terminal=terminal, store=store, **row)


def accept(database: Database, report_id: str, beginning: str | None) -> str:
    """Let a report of a conflict count: the one whose hash begins so, or the one that counts now. Returns its
    hash. Raises `AdministrationError`."""
    with _in_sentences(), database.connection_context(), database.atomic():
        held = settlements.locked(database, report_id, settlements.ANYBODYS)
        wanted = _hash_beginning(database, held, beginning.lower()) if beginning else held.content_hash
        return settlements.settle(database, held, wanted, ACTOR, instant(utc_now())).content_hash


def take_back(database: Database, report_id: str) -> None:
    """Let the report that came first count again, until somebody decides again. Raises
    `AdministrationError`."""
    with _in_sentences(), database.connection_context(), database.atomic():
        held = settlements.locked(database, report_id, settlements.ANYBODYS)
        settlements.reopen(database, held, ACTOR, instant(utc_now()))


def _hash_beginning(database: Database, held: settlements.Held, beginning: str) -> str:
    """The one hash of a conflict that begins so; a text that no hash begins with is returned for `settle` to
    refuse."""
    others = Conflict.select(Conflict.content_hash).where(Conflict.held_id == held.id).bind(database)
    known = {held.content_hash, *(other.content_hash for other in others)}
    meant = [content_hash for content_hash in known if content_hash.startswith(beginning)]
    if len(meant) > 1:
        raise AdministrationError(
            told("Several reports of this conflict have a hash that begins so. Give more of it.")
        )
    return meant[0] if meant else beginning


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise AdministrationError(str(refused)) from refused
