"""The migration of `sync.db` that keeps which reports a person accepted.

`accepted_by`: `here`, or `there` if the store's owner accepted it. `accepted_reason`: why the report needed
attention then. `acceptance_untold`: FactoryCLOUD must still be told that it was accepted, or that this was
taken back. The row stays in `attention`, and the `tally` counts it apart. A report that is delivered, or
refused for another reason, is not accepted any more. Each `acceptance` explains the event of its number."""

_STOOD, _STANDS = (
    f"iif({row}.state = 'attention' AND {row}.accepted_at IS NOT NULL, 'accepted', {row}.state)"
    for row in ("old", "new")
)
ACCEPTANCE = f"""
    ALTER TABLE shipment ADD COLUMN accepted_at TEXT;

    ALTER TABLE shipment ADD COLUMN accepted_by TEXT;

    ALTER TABLE shipment ADD COLUMN accepted_reason TEXT;

    ALTER TABLE shipment ADD COLUMN acceptance_untold INTEGER NOT NULL DEFAULT 0;

    INSERT INTO tally (state, shipments) VALUES ('accepted', 0);

    DROP TRIGGER shipment_added;

    CREATE TRIGGER shipment_added AFTER INSERT ON shipment BEGIN
        UPDATE tally SET shipments = shipments + 1 WHERE state = {_STANDS};
    END;

    DROP TRIGGER shipment_moved;

    CREATE TRIGGER shipment_moved AFTER UPDATE OF state, accepted_at ON shipment
    WHEN {_STANDS} <> {_STOOD} BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = {_STOOD};
        UPDATE tally SET shipments = shipments + 1 WHERE state = {_STANDS};
    END;

    DROP TRIGGER shipment_removed;

    CREATE TRIGGER shipment_removed AFTER DELETE ON shipment BEGIN
        UPDATE tally SET shipments = shipments - 1 WHERE state = {_STOOD};
    END;

    CREATE TABLE acceptance (
        id INTEGER PRIMARY KEY,
        shipment_id INTEGER NOT NULL REFERENCES shipment (id),
        kind TEXT NOT NULL CHECK (kind IN ('accepted', 'taken_back')),
        word TEXT,
        at TEXT NOT NULL,
        event INTEGER NOT NULL
    );

    CREATE INDEX acceptance_by_shipment ON acceptance (shipment_id);

    CREATE TRIGGER shipment_accepted AFTER UPDATE OF accepted_at ON shipment
    WHEN new.state = 'attention' AND (new.accepted_at IS NULL) <> (old.accepted_at IS NULL) BEGIN
        INSERT INTO acceptance (shipment_id, kind, word, at, event)
        VALUES (new.id, iif(new.accepted_at IS NULL, 'taken_back', 'accepted'),
                coalesce(new.accepted_by, old.accepted_by), new.changed_at,
                coalesce((SELECT max(id) FROM event WHERE shipment_id = new.id), 0));
    END;

    CREATE TRIGGER shipment_not_accepted AFTER UPDATE OF state ON shipment
    WHEN new.accepted_at IS NOT NULL AND (
        new.state = 'delivered' OR new.state = 'attention' AND new.accepted_reason IS NOT new.last_error
    ) BEGIN
        UPDATE shipment
        SET accepted_at = NULL, accepted_by = NULL, accepted_reason = NULL, acceptance_untold = 0
        WHERE id = new.id;
    END;
"""
