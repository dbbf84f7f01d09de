"""The stores that this terminal was ever assigned to, and for which of them it may send now.

A report goes to the store that was assigned when its day was queued. A request names that store. So the
report arrives there even if another store of the same account is assigned now. Functions raise
`StorageError`."""

from collections.abc import Iterable

from factorypos_tui.core.models import Store
from factorypos_tui.core.storage.database import Database

OPEN = "(SELECT store_id FROM assignment UNION ALL SELECT id FROM store WHERE is_open)"
"""SQL: the ids of the stores for which FactoryCLOUD takes this terminal's reports with its present token."""


def remember_store(database: Database, store: Store, assigned_by: str | None) -> None:
    """Keep the name of a store that is being assigned, and its account where that is known."""
    database.execute(
        "INSERT INTO store (id, name, assigned_by) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET name = excluded.name, assigned_by = coalesce(excluded.assigned_by, assigned_by)",
        store.id,
        store.name,
        assigned_by,
    )


def note_store(database: Database, store_id: str) -> None:
    """Note that this terminal was assigned to a store, of which no more than the id may be known."""
    database.execute("INSERT OR IGNORE INTO store (id, name) VALUES (?1, ?1)", store_id)


def known_store(database: Database, store_id: str) -> Store:
    """A store that this terminal was assigned to; where its name is not known, its id is its name."""
    name = database.value("SELECT name FROM store WHERE id = ?", store_id)
    return Store(store_id, name or store_id)


def stores_of_account(database: Database, account: str | None) -> frozenset[str]:
    """The ids of the stores that an account is known to have assigned."""
    return frozenset(row[0] for row in database.rows("SELECT id FROM store WHERE assigned_by = ?", account))


def open_stores(database: Database) -> frozenset[str]:
    """The ids of the stores that this terminal may send for now; none where no store is assigned."""
    return frozenset(row[0] for row in database.rows(f"SELECT * FROM {OPEN}"))


def note_open_stores(database: Database, stores: Iterable[Store]) -> None:
    """Note that FactoryCLOUD takes this terminal's reports for these stores only."""
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
    """Note that FactoryCLOUD takes no more reports for this store."""
    database.execute("UPDATE store SET is_open = 0 WHERE id = ?", store_id)


def close_stores(database: Database) -> None:
    """Forget which stores FactoryCLOUD takes reports for: the token has changed, so it must be asked
    again."""
    database.execute("UPDATE store SET is_open = 0 WHERE is_open")
