"""The migration of `sync.db` after which only the program knows which states there are.

`queue.transitions` moves a shipment and writes its line in `event`. The only triggers left keep the `tally`
and delete an X's bytes. An accepted report has a state of its own, and the lines of its acceptances join the
other events."""

STATES = """
    DROP TRIGGER shipment_added;

    DROP TRIGGER shipment_moved;

    DROP TRIGGER shipment_removed;

    DROP TRIGGER shipment_failed;

    DROP TRIGGER shipment_refused;

    DROP TRIGGER shipment_again;

    DROP TRIGGER shipment_superseded;

    DROP TRIGGER shipment_accepted;

    DROP TRIGGER shipment_not_accepted;

    DROP TRIGGER shipment_replaces_x;

    DROP INDEX shipment_by_state;

    DROP INDEX shipment_to_send;

    DROP INDEX shipment_waiting;

    ALTER TABLE shipment RENAME COLUMN state TO stood;

    ALTER TABLE shipment ADD COLUMN state TEXT NOT NULL DEFAULT 'pending';

    UPDATE shipment SET state = iif(stood = 'attention' AND accepted_at IS NOT NULL, 'accepted', stood);

    ALTER TABLE shipment DROP COLUMN stood;

    CREATE INDEX shipment_by_state ON shipment (state);

    CREATE INDEX shipment_to_send ON shipment (store_id, crashes, attempts, id)
    WHERE state = 'pending';

    CREATE INDEX shipment_waiting ON shipment (queued_at) WHERE state IN ('pending', 'sending');

    CREATE TRIGGER shipment_added AFTER INSERT ON shipment BEGIN
        INSERT INTO tally VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET shipments = shipments + 1;
    END;

    CREATE TRIGGER shipment_moved AFTER UPDATE OF state ON shipment WHEN new.state <> old.state BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = old.state;
        INSERT INTO tally VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET shipments = shipments + 1;
    END;

    CREATE TRIGGER shipment_removed AFTER DELETE ON shipment BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = old.state;
    END;

    CREATE TRIGGER shipment_replaces_x AFTER UPDATE OF state ON shipment
    WHEN new.kind = 'Z' AND new.state = 'delivered' BEGIN
        DELETE FROM body WHERE shipment_id IN (
            SELECT id FROM shipment
            WHERE kind = 'X' AND state IN ('delivered', 'superseded') AND period_id = new.period_id
        );
    END;

    DROP INDEX event_by_shipment;

    ALTER TABLE event RENAME TO earlier_event;

    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        shipment_id INTEGER NOT NULL REFERENCES shipment (id),
        kind TEXT NOT NULL,
        word TEXT,
        status INTEGER,
        first_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        times INTEGER NOT NULL DEFAULT 1
    );

    INSERT INTO event (shipment_id, kind, word, status, first_at, last_at, times)
    SELECT shipment_id, kind, word, status, first_at, last_at, times FROM (
        SELECT id AS place, 0 AS behind, shipment_id, kind, word, status, first_at, last_at, times
        FROM earlier_event
        UNION ALL
        SELECT event, id, shipment_id, kind, word, NULL, at, at, 1 FROM acceptance
    ) ORDER BY place, behind;

    DROP TABLE earlier_event;

    DROP TABLE acceptance;

    CREATE INDEX event_by_shipment ON event (shipment_id, id);
"""
