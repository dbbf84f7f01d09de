"""The migration of `sync.db` that lets a report go to the store that it was queued for."""

STORES = """
    ALTER TABLE store ADD COLUMN assigned_by TEXT;

    ALTER TABLE store ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;

    UPDATE store SET assigned_by = (SELECT assigned_by FROM assignment WHERE store_id = store.id);

    ALTER TABLE store DROP COLUMN company_id;

    ALTER TABLE store DROP COLUMN company_name;

    ALTER TABLE assignment DROP COLUMN offered_z;

    DELETE FROM setting WHERE name IN ('moved_to', 'compared_at');
"""
"""`assigned_by`: the account that assigned the store. `is_open`: FactoryCLOUD now takes this terminal's
reports for this store, too, and not only for the assigned one. The terminal asks that at once, since reports
may have waited for a store that it left."""
