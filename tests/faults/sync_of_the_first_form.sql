-- sync.db as migration 1 first had it, before it was edited in place.
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
    refusals INTEGER NOT NULL,
    refused_since TEXT
);

CREATE TABLE z_hash (
    terminal_id TEXT NOT NULL,
    z_number INTEGER NOT NULL,
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
    UNIQUE (report_id, revision)
);

CREATE INDEX shipment_by_state ON shipment (state, attempts, id);

CREATE INDEX shipment_by_period ON shipment (period_id, id);

CREATE INDEX shipment_by_kind ON shipment (kind, id);
PRAGMA user_version = 1;
