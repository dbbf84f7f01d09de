"""Files that survive: SQLite with safe settings, the schema of `sync.db`, the lock, and files that were set
aside."""
