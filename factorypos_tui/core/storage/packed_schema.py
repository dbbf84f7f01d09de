"""The migration of `sync.db` that keeps every Z's bytes, and an X's bytes until its Z is delivered.

Z reports that an older version delivered may still lack their bytes. They are built again from the till: by
the round that looks at each closed day, or when they are to be sent."""

_REPLACED = "kind = 'X' AND state IN ('delivered', 'superseded')"
PACKED = f"""
    DROP INDEX shipment_to_send;

    DROP INDEX shipment_to_rebuild;

    ALTER TABLE shipment DROP COLUMN bodiless;

    CREATE INDEX shipment_to_send ON shipment (store_id, crashes, attempts, id) WHERE state = 'pending';

    DELETE FROM body WHERE shipment_id IN (
        SELECT id FROM shipment WHERE {_REPLACED} AND period_id IN (
            SELECT period_id FROM shipment WHERE kind = 'Z' AND state = 'delivered'
        )
    );

    CREATE TRIGGER shipment_replaces_x AFTER UPDATE OF state ON shipment
    WHEN new.kind = 'Z' AND new.state = 'delivered' BEGIN
        DELETE FROM body WHERE shipment_id IN (
            SELECT id FROM shipment WHERE {_REPLACED} AND period_id = new.period_id
        );
    END;
"""
