"""What is told of reports: the company and the store that they belong to."""

import json
from collections.abc import Collection

from peewee import Database, SqliteDatabase

from factorypos_tui.server.live.listeners import Listeners
from factorypos_tui.server.storage.arrivals import Announcement
from factorypos_tui.server.storage.database import run_sql

CHANNEL = "factorycloud_figures"
_ANNOUNCE = (
    f"SELECT pg_notify('{CHANNEL}', store.company_id || ' ' || store.id) FROM store WHERE store.id = ANY(%b)"
)
_COMPANIES = "SELECT company_id FROM store WHERE id IN (SELECT value FROM json_each(?))"


def announce(database: Database, stores: Collection[str]) -> None:
    """In the transaction that changes the figures of these stores: PostgreSQL tells every process of it when
    that is committed."""
    if said := announcement(database, stores):
        run_sql(database, said[0], *said[1])


def announcement(database: Database, stores: Collection[str]) -> Announcement | None:
    """The statement that tells it and its values; None where there is nothing to tell, or nobody to be told
    by the database."""
    if not stores or isinstance(database, SqliteDatabase):
        return None
    return _ANNOUNCE, [list(stores)]


def tell_here(listeners: Listeners, database: Database, stores: Collection[str]) -> None:
    """After that transaction: on SQLite this process is the only one that serves."""
    if stores and len(listeners) and isinstance(database, SqliteDatabase):
        with database.connection_context():
            companies = run_sql(database, _COMPANIES, json.dumps(list(stores)))
        listeners.tell({*stores, *(company for (company,) in companies)})
