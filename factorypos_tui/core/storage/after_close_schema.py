"""The migration of `sync.db` that keeps a configuration until the day is closed."""

AFTER_CLOSE = """
    CREATE TABLE accepted_configuration (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        store_id TEXT NOT NULL,
        etag TEXT NOT NULL,
        document BLOB NOT NULL,
        seen_digest TEXT NOT NULL,
        changes INTEGER NOT NULL,
        accepted_at TEXT NOT NULL,
        after_z INTEGER NOT NULL,
        refusal TEXT
    );
"""
"""`document`: the packed bytes. `seen_digest`: of what the till held when the person looked. `after_z`: the
last Z number at that time. `refusal`: why the till did not take it, in words."""
