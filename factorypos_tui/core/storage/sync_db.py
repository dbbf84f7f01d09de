"""The schema of `sync.db`: settings, the assignment, the link's state, the hash chain and the queue.

Instants are RFC 3339 texts that sort (`instants.rfc3339`); money is in minor units. A table with a single row
has a key that can only be 1. Triggers keep the `tally`, so that counting a million rows costs nothing."""

from pathlib import Path

from factorypos_tui.core.storage.acceptance_schema import ACCEPTANCE
from factorypos_tui.core.storage.acknowledgement_schema import ACKNOWLEDGEMENTS
from factorypos_tui.core.storage.after_close_schema import AFTER_CLOSE
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.packed_schema import PACKED
from factorypos_tui.core.storage.states_schema import STATES
from factorypos_tui.core.storage.stores_schema import STORES

MIGRATIONS = (
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
    # The frozen bytes leave the rows that lists and searches read; earlier stores keep their names.
    """
    CREATE TABLE body (
        shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
        bytes BLOB NOT NULL
    );

    INSERT INTO body (shipment_id, bytes) SELECT id, body FROM shipment;

    ALTER TABLE shipment DROP COLUMN body;

    CREATE TABLE store (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        company_id TEXT NOT NULL,
        company_name TEXT NOT NULL
    ) WITHOUT ROWID;

    INSERT INTO store (id, name, company_id, company_name)
    SELECT store_id, store_name, company_id, company_name FROM assignment;

    CREATE TABLE tally (
        state TEXT PRIMARY KEY,
        shipments INTEGER NOT NULL
    ) WITHOUT ROWID;

    INSERT INTO tally (state, shipments)
    SELECT column1, (SELECT count(*) FROM shipment WHERE state = column1)
    FROM (VALUES ('pending'), ('sending'), ('delivered'), ('attention'), ('superseded'));

    CREATE TRIGGER shipment_added AFTER INSERT ON shipment BEGIN
        UPDATE tally SET shipments = shipments + 1 WHERE state = new.state;
    END;

    CREATE TRIGGER shipment_moved AFTER UPDATE OF state ON shipment WHEN new.state <> old.state BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = old.state;
        UPDATE tally SET shipments = shipments + 1 WHERE state = new.state;
    END;

    CREATE TRIGGER shipment_removed AFTER DELETE ON shipment BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = old.state;
    END;

    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        shipment_id INTEGER NOT NULL REFERENCES shipment (id),
        kind TEXT NOT NULL CHECK (kind IN ('failed', 'refused', 'delivered', 'again', 'superseded')),
        word TEXT,
        status INTEGER,
        first_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        times INTEGER NOT NULL DEFAULT 1
    );

    CREATE INDEX event_by_shipment ON event (shipment_id, id);

    CREATE TRIGGER shipment_failed AFTER UPDATE OF state ON shipment
    WHEN old.state = 'sending' AND new.state = 'pending' BEGIN
        UPDATE event SET times = times + 1, last_at = new.changed_at
        WHERE id = (SELECT max(id) FROM event WHERE shipment_id = new.id)
          AND kind = 'failed' AND word IS new.last_error AND status IS new.last_status;
        INSERT INTO event (shipment_id, kind, word, status, first_at, last_at)
        SELECT new.id, 'failed', new.last_error, new.last_status, new.changed_at, new.changed_at
        WHERE changes() = 0;
    END;

    CREATE TRIGGER shipment_answered AFTER UPDATE OF state ON shipment
    WHEN old.state = 'sending' AND new.state IN ('delivered', 'attention') BEGIN
        INSERT INTO event (shipment_id, kind, word, status, first_at, last_at)
        VALUES (new.id, CASE new.state WHEN 'delivered' THEN 'delivered' ELSE 'refused' END,
                coalesce(new.last_error, new.result), new.last_status, new.changed_at, new.changed_at);
    END;

    CREATE TRIGGER shipment_again AFTER UPDATE OF state ON shipment
    WHEN old.state IN ('delivered', 'attention') AND new.state = 'pending' BEGIN
        INSERT INTO event (shipment_id, kind, first_at, last_at)
        VALUES (new.id, 'again', new.changed_at, new.changed_at);
    END;

    CREATE TRIGGER shipment_superseded AFTER UPDATE OF state ON shipment
    WHEN old.state <> 'superseded' AND new.state = 'superseded' BEGIN
        INSERT INTO event (shipment_id, kind, first_at, last_at)
        VALUES (new.id, 'superseded', new.changed_at, new.changed_at);
    END;
    """,
    # The fields that FactoryCLOUD named when it refused a report, as JSON; a person reads them.
    "ALTER TABLE shipment ADD COLUMN refused_fields TEXT;",
    # Reports that made their sender crash, bodies that the till can build again, and reports that the daily
    # comparison asked for. Each Z keeps which Z it was built on. Two more questions have an index.
    """
    ALTER TABLE shipment ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE shipment ADD COLUMN bodiless INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE shipment ADD COLUMN reconciled_at TEXT;

    DROP INDEX shipment_by_state;

    CREATE INDEX shipment_by_state ON shipment (state);

    CREATE INDEX shipment_to_send ON shipment (store_id, crashes, attempts, id)
    WHERE state = 'pending' AND bodiless = 0;

    CREATE INDEX shipment_to_rebuild ON shipment (terminal_id) WHERE state = 'pending' AND bodiless = 1;

    CREATE INDEX shipment_waiting ON shipment (queued_at) WHERE state IN ('pending', 'sending');

    CREATE INDEX shipment_resent ON shipment (queued_at) WHERE kind = 'Z';

    ALTER TABLE z_hash ADD COLUMN previous_hash TEXT;

    ALTER TABLE z_hash ADD COLUMN differs INTEGER NOT NULL DEFAULT 0;

    UPDATE z_hash SET previous_hash = (
        SELECT earlier.content_hash FROM z_hash AS earlier
        WHERE earlier.terminal_id = z_hash.terminal_id AND earlier.z_number < z_hash.z_number
        ORDER BY earlier.z_number DESC LIMIT 1
    );
    """,
    # The pages that a commit writes decide how long it takes. So a new Z changes no index that only X reports
    # or a resending need. The shipment itself tells its last delivery until it is sent again.
    """
    DROP INDEX shipment_by_period;

    DROP INDEX shipment_by_kind;

    DROP INDEX shipment_resent;

    CREATE INDEX shipment_x_by_period ON shipment (period_id, id) WHERE kind = 'X';

    CREATE INDEX shipment_x ON shipment (id) WHERE kind = 'X';

    ALTER TABLE shipment ADD COLUMN resent_at TEXT;

    UPDATE shipment SET resent_at = queued_at
    WHERE kind = 'Z' AND queued_at = (SELECT value FROM setting WHERE name = 'resend_begun');

    CREATE INDEX shipment_resent ON shipment (resent_at) WHERE resent_at IS NOT NULL;

    DELETE FROM event WHERE kind = 'delivered' AND id IN (
        SELECT max(event.id) FROM event JOIN shipment ON shipment.id = shipment_id
        WHERE state = 'delivered' GROUP BY shipment_id
    );

    DROP TRIGGER shipment_answered;

    CREATE TRIGGER shipment_refused AFTER UPDATE OF state ON shipment
    WHEN old.state = 'sending' AND new.state = 'attention' BEGIN
        INSERT INTO event (shipment_id, kind, word, status, first_at, last_at)
        VALUES (new.id, 'refused', new.last_error, new.last_status, new.changed_at, new.changed_at);
    END;

    DROP TRIGGER shipment_again;

    CREATE TRIGGER shipment_again AFTER UPDATE OF state ON shipment
    WHEN old.state IN ('delivered', 'attention') AND new.state = 'pending' BEGIN
        INSERT INTO event (shipment_id, kind, word, first_at, last_at)
        SELECT new.id, 'delivered', old.result, old.delivered_at, old.delivered_at
        WHERE old.state = 'delivered' AND old.delivered_at IS NOT NULL;
        INSERT INTO event (shipment_id, kind, first_at, last_at)
        VALUES (new.id, 'again', new.changed_at, new.changed_at);
    END;
    """,
    # Who assigned the store: the assignment stays after that person logs out.
    "ALTER TABLE assignment ADD COLUMN assigned_by TEXT;",
    # What caused the link's reason, as far as this machine can tell: a word of `errors.Cause`.
    "ALTER TABLE link ADD COLUMN cause TEXT;",
    ACCEPTANCE,
    # The closed days that a person chose not to send. Before, these were all days below the first to send.
    """
    CREATE TABLE left_out (
        terminal_id TEXT NOT NULL,
        z_number INTEGER NOT NULL,
        PRIMARY KEY (terminal_id, z_number)
    ) WITHOUT ROWID;

    INSERT INTO left_out
    WITH RECURSIVE number (z) AS (
        SELECT coalesce(min(z_number), 1) FROM z_hash JOIN assignment USING (terminal_id)
        UNION ALL
        SELECT z + 1 FROM number WHERE z + 1 < (SELECT first_z FROM assignment)
    )
    SELECT terminal_id, z FROM number, assignment
    WHERE z < first_z AND NOT EXISTS (
        SELECT 1 FROM shipment
        WHERE kind = 'Z' AND z_number = z AND shipment.terminal_id = assignment.terminal_id
    );

    ALTER TABLE assignment ADD COLUMN offered_z INTEGER;

    UPDATE assignment SET offered_z = first_z, first_z = 1;
    """,
    PACKED,
    STATES,
    STORES,
    # The programs of version 2 did not keep the store that they assigned, so it looked like damage.
    """
    INSERT OR IGNORE INTO store (id, name)
    SELECT store_id, store_name FROM assignment UNION ALL SELECT DISTINCT store_id, store_id FROM shipment;
    """,
    AFTER_CLOSE,
    ACKNOWLEDGEMENTS,
)


def open_sync_db(path: Path) -> Database:
    """Open `sync.db`, creating or upgrading it; raises `StorageError`."""
    return Database(path, MIGRATIONS)
