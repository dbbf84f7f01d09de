"""How a database is opened, so that what was committed is on the disk.

SQLite 3.7.0 to 3.51.2 can lose committed rows in WAL mode (sqlite.org, changes of 3.51.3), so WAL is used
only where the linked library carries the fix."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version has the WAL-reset fix (3.51.3, and back-ported to 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def pragmas(version: tuple[int, ...]) -> dict[str, object]:
    """The pragmas of a connection of this SQLite version."""
    if wal_is_safe(version):
        # To sync a log that is overwritten is cheaper than to sync one that grows. But a checkpoint writes
        # each page once, however often the log has it.
        journal = {
            "wal_autocheckpoint": 2000,
            "journal_mode": "wal",
            "synchronous": "full",
            "journal_size_limit": 16 << 20,
        }
    else:
        journal = {"journal_mode": "delete", "synchronous": "extra"}
    return {**journal, "foreign_keys": 1}
