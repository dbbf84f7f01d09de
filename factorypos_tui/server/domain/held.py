"""What the cloud holds of a terminal, for that terminal, and of a store, for its owner."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from peewee import Database, Expression, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain.companies import stores_under
from factorypos_tui.server.domain.placements import named_store
from factorypos_tui.server.storage.bodies import dropped_before, zs_with_bodies
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Store, Terminal
from factorypos_tui.server.words import told

Kind = Literal["X", "Z"]
Held = type[XReport] | type[ZReport]
TABLES: dict[Kind, Held] = {"X": XReport, "Z": ZReport}


def held_reports(
    database: Database, terminal: Terminal, kind: Kind, store_name: str | None
) -> "ModelSelect[Any]":
    """Its reports of a kind without their documents, in all stores or in the one that is named."""
    table = TABLES[kind]
    query = _without_documents(table).where(_of(terminal, table))
    if store_name is None:
        return query
    return query.where(table.store_id == named_store(database, terminal, store_name))


def reports_of_store(kind: Kind, store: Store, first: date, last: date) -> "ModelSelect[Any]":
    """The reports of a kind that a store has of some business dates, without their documents."""
    table = TABLES[kind]
    between = table.business_date.between(first.isoformat(), last.isoformat())
    return _without_documents(table).where(table.store_id == store.id, between)


def held_document(database: Database, terminal: Terminal, report_id: str) -> bytes:
    """One of its reports as it arrived; raises `NotYours`, or `Gone`."""
    words = told("The cloud holds no such report of this terminal.")
    return _document(database, report_id, lambda table: _of(terminal, table), words)[0]


def document_of_store(database: Database, store: Store, report_id: str) -> tuple[bytes, str]:
    """One of the reports that a store has, as it arrived, and when; raises `NotYours`, or `Gone`."""
    words = told("The store has no such report.")
    return _document(database, report_id, lambda table: table.store_id == store.id, words)


def _document(
    database: Database, report_id: str, are_theirs: Callable[[Held], Any], words: str
) -> tuple[bytes, str]:
    xs = XReport.select(XReport.document, XReport.received_at)
    if x := xs.where(XReport.id == report_id, are_theirs(XReport)).get_or_none(database):
        return bytes(x.document), x.received_at
    zs = zs_with_bodies(ZReport.store_id, ZReport.business_date, ZReport.received_at)
    zs = zs.where(ZReport.id == report_id, are_theirs(ZReport))
    for store_id, business_date, received_at, document in zs.tuples().execute(database):
        if document is None:
            raise not_here(database, store_id, business_date)
        return bytes(document), received_at
    raise errors.NotYours(words)


def not_here(database: Database, store_id: str, business_date: str) -> errors.Gone:
    """Why the document of a Z of this date is not here."""
    is_dropped = business_date < dropped_before(database, store_id)
    return errors.BodyArchived() if is_dropped else errors.BodyLost()


def _without_documents(table: Held) -> "ModelSelect[Any]":
    return table.select(*(field for field in table._meta.sorted_fields if field.name != "document"))


def _of(terminal: Terminal, table: Held) -> Expression:
    """The condition that the terminal sent it for its present account."""
    return (table.terminal_id == terminal.id) & table.store_id.in_(stores_under(terminal.account_id))
