"""Taking a configuration: one transaction brings the till from what it has to what is wanted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from factorypos_tui.core.configuration.change import (
    UNWATCHED,
    Applied,
    Change,
    References,
    Watch,
    changed_meanwhile,
    held_today,
    leaving,
    refuse_held,
    target,
)
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.tills.bundled.configuration import (
    COMPANY_COLUMNS,
    TABLES,
    keep_backup,
    read_configuration,
    references,
    sold,
)

_ROWS_A_STATEMENT = 500
_NO_REFERENCES = References(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


def apply_change(database: Database, change: Change, now: datetime, watch: Watch) -> Applied:
    """Change the till to what `change` wants, all of it or nothing, after a backup.

    Raises `DayOpen`, `Stopped`, and `TillError` where the till has changed since it was looked at."""
    before = change.here
    with database.transaction():
        # First, since SQLite needs as much memory for the backup as for all that follows: both at once never.
        backup_id = keep_backup(database, change.why, now)
        if read_configuration(database) != before:
            raise changed_meanwhile()
        refuse_held(held_today(before, change.wanted, sold(database)))
        leave = leaving(before, change.wanted)
        after = target(before, change.wanted, references(database) if leave else _NO_REFERENCES)
        write_difference(database, before, after, watch)
    dropped = leaving(before, after)
    return Applied(backup_id, dropped, leave - dropped)


def write_difference(
    database: Database, before: Configuration, after: Configuration, watch: Watch = UNWATCHED
) -> None:
    """Make `after` of `before`, which the till has now, in the caller's transaction."""
    # A row and the rows that refer to it are written in one commit, so their order does not matter.
    database.execute("PRAGMA defer_foreign_keys = ON")
    _write(database, _steps(before, after), watch)


@dataclass(frozen=True, slots=True)
class _Step:
    """One statement and its rows."""

    sql: str
    """Takes some rows at a time, in place of {rows}."""
    rows: Sequence[Row]


def _write(database: Database, steps: Sequence[_Step], watch: Watch) -> None:
    """Do all steps, and tell `watch` how many of all rows are done."""
    done, total = 0, sum(len(step.rows) for step in steps)
    for step in steps:
        for start in range(0, len(step.rows), _ROWS_A_STATEMENT):
            watch.see(done, total)
            some = step.rows[start : start + _ROWS_A_STATEMENT]
            marks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
            database.execute(step.sql.format(rows=marks), *(value for row in some for value in row))
            done += len(some)
    watch.see(done, total)


def _steps(before: Configuration, after: Configuration) -> list[_Step]:
    """The steps for what differs. A changed row is deleted and inserted again. A changed item is updated in
    place, since its prices would be deleted with it."""
    steps = []
    for table, columns in TABLES.items():
        if table not in ("items", "prices"):
            old, new = set(_rows(table, before)), set(_rows(table, after))
            # Another program may have left gaps between the positions of price levels: all get new ones.
            same = set() if table == "price_levels" and old != new else old & new
            steps += [
                _Step(f"DELETE FROM {table} WHERE code IN (VALUES {{rows}})", _keys(old - same)),
                _Step(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {{rows}}", list(new - same)),
            ]
    return [*steps, *_item_steps(before, after), *_price_steps(before, after), *_company_steps(before, after)]


def _item_steps(here: Configuration, after: Configuration) -> list[_Step]:
    old, new = set(_rows("items", here)), set(_rows("items", after))
    staying = {item.code for item in after.items}
    columns = TABLES["items"]
    return [
        _Step(
            "DELETE FROM items WHERE code IN (VALUES {rows})",
            _keys(row for row in old if row[0] not in staying),
        ),
        # Two items may exchange a value that must be unique.
        _Step("UPDATE items SET barcode = NULL WHERE code IN (VALUES {rows})", _keys(old - new)),
        _Step(
            f"INSERT INTO items ({', '.join(columns)}) VALUES {{rows}} ON CONFLICT (code) DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in columns[1:]),
            list(new - old),
        ),
    ]


def _price_steps(here: Configuration, after: Configuration) -> list[_Step]:
    before = {item.code: item.prices for item in here.items}
    repriced = [item for item in after.items if before.get(item.code, {}) != item.prices]
    prices = [(item.code, level, price) for item in repriced for level, price in item.prices.items()]
    return [
        _Step("DELETE FROM prices WHERE item IN (VALUES {rows})", [(item.code,) for item in repriced]),
        _Step("INSERT INTO prices (item, price_level, amount) VALUES {rows}", prices),
    ]


def _company_steps(here: Configuration, after: Configuration) -> list[_Step]:
    if here.company == after.company:
        return []
    values = tuple(getattr(after.company, name) for name in COMPANY_COLUMNS)
    return [
        _Step(f"UPDATE company SET ({', '.join(COMPANY_COLUMNS)}) = {{rows}}", [values]),
        _Step("UPDATE terminal SET currency = {rows}", [(after.company.currency,)]),
    ]


def _rows(table: str, configuration: Configuration) -> Iterator[Row]:
    """The rows that a section has in its table."""
    columns = [column for column in TABLES[table] if column != "position"]
    for place, record in enumerate(getattr(configuration, table), 1):
        values = (getattr(record, column) for column in columns)
        row = tuple(int(value) if isinstance(value, bool) else value for value in values)
        yield (*row, place) if table == "price_levels" else row


def _keys(rows: Iterable[Row]) -> list[Row]:
    return [(row[0],) for row in rows]
