"""The stores that this terminal was ever assigned to, and for which of them it may send now.

A report goes to the store that was assigned when its day was queued. A request names that store, so it
arrives there also once another store of the same account is assigned. Functions raise `StorageError`.
"""

from collections.abc import Iterable

from factorypos_tui.core.models import Store
from factorypos_tui.core.storage.database import Database

OPEN = "(SELECT store_id FROM assignment UNION ALL SELECT id FROM store WHERE is_open)"
"""SQL: the ids of the stores that FactoryCLOUD takes this terminal's reports for, with the token in force."""


def remember_store(database: Database, store: Store, assigned_by: str | None) -> None:
    """A store is assigned: keep its name, and whose it is where that is known."""
    database.execute(
        "INSERT INTO store (id, name, assigned_by) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET name = excluded.name, assigned_by = coalesce(excluded.assigned_by, assigned_by)",
        store.id,
        store.name,
        assigned_by,
    )


def known_store(database: Database, store_id: str) -> Store:
    """A store that this terminal was assigned to at some time; one without a name goes by its id."""
    name = database.value("SELECT name FROM store WHERE id = ?", store_id)
    return Store(store_id, name or store_id)


def open_stores(database: Database) -> frozenset[str]:
    """The ids of the stores that this terminal may send for now; none where no store is assigned."""
    return frozenset(row[0] for row in database.rows(f"SELECT * FROM {OPEN}"))


def note_open_stores(database: Database, stores: Iterable[Store]) -> None:
    """FactoryCLOUD takes this terminal's reports for these stores, and for no other."""
    with database.transaction():
        close_stores(database)
        for store in stores:
            database.execute(
                "INSERT INTO store (id, name, is_open) VALUES (?, ?, 1)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, is_open = 1",
                store.id,
                store.name,
            )


def close_store(database: Database, store_id: str) -> None:
    """FactoryCLOUD takes no more reports for this store."""
    database.execute("UPDATE store SET is_open = 0 WHERE id = ?", store_id)


def close_stores(database: Database) -> None:
    """It is to say again which stores it takes reports for: the token has changed."""
    database.execute("UPDATE store SET is_open = 0 WHERE is_open")
