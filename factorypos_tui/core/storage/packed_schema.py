"""Every Z keeps its bytes, and an X no longer than until its Z is delivered: one of the migrations of
`sync.db`. What was delivered long ago under the version before may lack its bytes still: the till has them,
and they are built again on the round that looks at each closed day, or when they are to be sent."""

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
