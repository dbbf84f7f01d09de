"""Files that survive: SQLite as we trust it, the schema of `sync.db`, the lock, what is set aside."""
