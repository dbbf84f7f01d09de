"""Months of bodies on PostgreSQL: partitions of their own, so that a month is dropped at once.

What has no month of its own, such as days of long ago or of a clock that is wrong, is in `z_body_other`."""

from collections.abc import Iterator
from datetime import date, timedelta

from peewee import Database, SqliteDatabase

from factorypos_tui.server.storage.database import run_sql

AHEAD = 12
"""Months that are made in advance at each start."""
_LOCK = 0x0FAC7082
_PREFIX = "z_body_"


def make_ready(database: Database, today: date) -> None:
    """Make the partitions of the last month, of this one and of the next twelve; SQLite has none. What is of
    those months and came before moves there."""
    if isinstance(database, SqliteDatabase):
        return
    with database.connection_context():
        wanted = [*_months_from(today.replace(day=1) - timedelta(days=1), AHEAD + 2)]
        if set(wanted) <= set(_present(database)):
            return
        with database.atomic():
            run_sql(database, "SELECT pg_advisory_xact_lock(%s)", _LOCK)
            run_sql(database, "LOCK TABLE z_body_other IN ACCESS EXCLUSIVE MODE")
            for month in sorted(set(wanted) - set(_present(database))):
                _make(database, month)


def before(database: Database, month: str) -> list[str]:
    """The months before one that have partitions; none on SQLite."""
    present = [] if isinstance(database, SqliteDatabase) else _present(database)
    return sorted(it for it in present if it < month)


def lock(database: Database) -> None:
    """Let nobody else read or write bodies until the caller's transaction ends. Who does is waited for 5
    seconds: then `OperationalError`."""
    run_sql(database, "SET LOCAL lock_timeout = '5s'")
    run_sql(database, "LOCK TABLE z_body IN ACCESS EXCLUSIVE MODE")


def drop(database: Database, month: str) -> None:
    """Drop a month, in the caller's transaction, which has locked the bodies."""
    run_sql(database, f"DROP TABLE {_name(month)}")


def _months_from(day: date, count: int) -> Iterator[str]:
    for _ in range(count):
        yield day.isoformat()[:7]
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _name(month: str) -> str:
    return _PREFIX + month.replace("-", "_")


def _present(database: Database) -> list[str]:
    """The months that have partitions."""
    found = run_sql(
        database,
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
        " WHERE inhparent = 'z_body'::regclass AND relname <> 'z_body_other'",
    )
    return [name.removeprefix(_PREFIX).replace("_", "-") for (name,) in found]


def _make(database: Database, month: str) -> None:
    name, end = _name(month), f"{month}-32"
    run_sql(database, f"CREATE TABLE {name} (LIKE z_body INCLUDING ALL)")
    moved = "DELETE FROM z_body_other WHERE business_date >= %s AND business_date < %s RETURNING *"
    run_sql(database, f"WITH moved AS ({moved}) INSERT INTO {name} SELECT * FROM moved", month, end)
    values = f"FROM ('{month}') TO ('{end}')"
    run_sql(database, f"ALTER TABLE z_body ATTACH PARTITION {name} FOR VALUES {values}")
