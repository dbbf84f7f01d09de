"""The schema of `sync.db`: settings, the assignment, the link's state, the hash chain and the queue.

Instants are RFC 3339 texts that sort (`instants.rfc3339`); money is in minor units. Single rows live in
tables whose key can only be 1.
"""

from pathlib import Path

from factorypos_tui.core.database import Database

_MIGRATIONS = (
    """
    CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE assignment (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        company_id TEXT NOT NULL,
        company_name TEXT NOT NULL,
        store_id TEXT NOT NULL,
        store_name TEXT NOT NULL,
        terminal_id TEXT NOT NULL,
        terminal_name TEXT NOT NULL,
        first_z INTEGER NOT NULL,
        collected_z INTEGER NOT NULL DEFAULT 0,
        assigned_at TEXT NOT NULL
    );

    CREATE TABLE link (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        state TEXT NOT NULL CHECK (state IN ('online', 'offline', 'held')),
        reason TEXT,
        next_try_at TEXT,
        failures INTEGER NOT NULL,
        batch_limit INTEGER NOT NULL,
        refused_since TEXT
    );

    CREATE TABLE z_hash (
        terminal_id TEXT NOT NULL,
        z_number INTEGER NOT NULL,
        period_id TEXT NOT NULL,
        closed_at TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        PRIMARY KEY (terminal_id, z_number)
    ) WITHOUT ROWID;

    CREATE TABLE shipment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        report_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('X', 'Z')),
        store_id TEXT NOT NULL,
        terminal_id TEXT NOT NULL,
        period_id TEXT NOT NULL,
        z_number INTEGER,
        business_date TEXT NOT NULL,
        as_of TEXT NOT NULL,
        currency TEXT NOT NULL,
        net INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        body BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'delivered', 'attention', 'superseded')),
        attempts INTEGER NOT NULL DEFAULT 0,
        queued_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        delivered_at TEXT,
        result TEXT,
        last_status INTEGER,
        last_error TEXT,
        UNIQUE (report_id, revision, content_hash)
    );

    CREATE INDEX shipment_by_state ON shipment (state, attempts, id);

    CREATE INDEX shipment_by_period ON shipment (period_id, id);

    CREATE INDEX shipment_by_kind ON shipment (kind, id);

    CREATE INDEX shipment_by_number ON shipment (z_number) WHERE kind = 'Z';
    """,
)


def open_sync_db(path: Path) -> Database:
    """Open `sync.db`, creating or upgrading it; raises `StorageError`."""
    return Database(path, _MIGRATIONS)
