"""The till's whole configuration: how it is read and backed up, and which parts of it sales have fixed."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from factorypos_tui.core.configuration.change import Backup, References, Sold, Why
from factorypos_tui.core.configuration.configuration import (
    KINDS,
    RECORD_SECTIONS,
    CompanyData,
    Configuration,
    Record,
    Section,
    fields_of,
)
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.tills.bundled.setup import read_setup

Columns = Mapping[str, Sequence[str]]
"""Table -> its columns, in the order in which a row has their values."""


def _columns(section: Section) -> Sequence[str]:
    declared = [name for name in fields_of(KINDS[section]) if name != Section.PRICES.value]
    return (*declared, "position" if section is Section.PRICE_LEVELS else "active")


TABLES: Columns = {
    **{section.value: _columns(section) for section in RECORD_SECTIONS},
    "prices": ("item", "price_level", "amount"),
}
"""The tables of the configuration, each after the tables it refers to: a column for each declared field."""
COMPANY_COLUMNS = tuple(name for name in fields_of(CompanyData) if name != "currency")
_COLUMNS: Columns = {"company": (*COMPANY_COLUMNS, "currency"), **TABLES}

_COLUMNS_BEFORE_NAMES: Columns = {
    "company": ("name", "tax_id", "address", "city", "country", "currency"),
    "departments": ("code", "name", "active"),
    "taxes": ("code", "name", "rate", "active"),
    "price_levels": ("code", "name", "position"),
    "payment_methods": ("code", "name", "type", "active"),
    "users": ("code", "name", "training", "active"),
    "items": ("code", "name", "department", "tax", "barcode", "active"),
    "prices": ("item", "price_level", "amount"),
}
"""The columns of a backup that does not name them: it was made by 0.2.0 or before."""
_MOST_BACKUPS = 5
_PAGE = 5_000


def read_configuration(database: Database) -> Configuration:
    """The whole configuration as it is now; raises `TillError` where the till is not set up."""

    def rows(table: str) -> Iterable[Row]:
        if table == "prices":
            return _prices(database)
        order = "position" if table == "price_levels" else "code"
        return database.rows(f"SELECT {', '.join(TABLES[table])} FROM {table} ORDER BY {order}")

    currency = read_setup(database).currency
    company = database.row(f"SELECT {', '.join(COMPANY_COLUMNS)} FROM company")
    if company is None:
        raise TillError(
            _("This till is not set up yet: {command} does that.").format(command=command("till init"))
        )
    return _configuration(_COLUMNS, (*company, currency), rows)


def _prices(database: Database) -> Iterable[Row]:
    """All prices, read in pages, since there may be a hundred thousand."""
    last = ("", "")
    while page := database.rows(
        "SELECT item, price_level, amount FROM prices WHERE (item, price_level) > (?, ?)"
        " ORDER BY item, price_level LIMIT ?",
        *last,
        _PAGE,
    ):
        yield from page
        last = page[-1][:2]


def _configuration(columns: Columns, company: Row, rows: Callable[[str], Iterable[Row]]) -> Configuration:
    prices: dict[str, dict[str, int]] = {}
    for item, level, amount in rows("prices"):
        prices.setdefault(item, {})[sys.intern(level)] = amount
    (who,) = _read(CompanyData, columns["company"], [company])
    sections: dict[str, Any] = {}
    for section, kind in KINDS.items():
        table = section.value
        records = (kind(**values) for values in _read(kind, columns[table], rows(table), prices))
        sections[table] = tuple(records)
    return Configuration(CompanyData(**who), **sections)


def _read(
    kind: type[Record | CompanyData],
    columns: Sequence[str],
    rows: Iterable[Row],
    prices: dict[str, dict[str, int]] | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows as the fields of a kind. A field without a column keeps its default; a column without a field is
    skipped. `prices`: the items' prices by item code."""
    readers = [(name, _reader(kind, name)) for name in columns]
    for row in rows:
        values = {
            name: read(value) for (name, read), value in zip(readers, row, strict=True) if read is not None
        }
        if prices is not None and Section.PRICES.value in fields_of(kind):
            values[Section.PRICES.value] = prices.pop(values["code"], {})
        yield values


def _reader(kind: type[Record | CompanyData], column: str) -> Callable[[Any], Any] | None:
    field = fields_of(kind).get(column)
    if column == "active" or (field and field.is_flag):
        return bool
    if field and field.refers_to:
        return lambda code: code and sys.intern(code)
    return (lambda value: value) if field else None


def keep_backup(database: Database, why: Why, now: datetime) -> int:
    """Keep the configuration as it is now, in the caller's transaction; returns the backup's id.

    SQLite itself writes it, so that twenty thousand items need not pass through Python. The columns are
    named, since the version that reads the backup may have more columns or fewer."""
    tables = ", ".join(
        f"'{table}', (SELECT json_group_array(json_array({', '.join(columns)})) FROM {table})"
        for table, columns in TABLES.items()
    )
    currency = "(SELECT currency FROM terminal)"
    company = f"(SELECT json_array({', '.join(COMPANY_COLUMNS)}, {currency}) FROM company)"
    database.execute(
        "INSERT INTO configuration_backups (taken_at, why, content)"
        f" SELECT ?, ?, json_object('columns', json(?), 'company', {company}, {tables})",
        rfc3339(now),
        why.value,
        json.dumps(_COLUMNS),
    )
    database.execute(
        "DELETE FROM configuration_backups WHERE id NOT IN"
        " (SELECT id FROM configuration_backups ORDER BY id DESC LIMIT ?)",
        _MOST_BACKUPS,
    )
    newest: int = database.value("SELECT MAX(id) FROM configuration_backups")
    return newest


def backups(database: Database) -> Sequence[Backup]:
    """The configurations that can be brought back, the newest first."""
    rows = database.rows("SELECT id, taken_at, why FROM configuration_backups ORDER BY id DESC")
    return [Backup(id_, instant_of(taken_at), Why(why)) for id_, taken_at, why in rows]


def read_backup(database: Database, backup_id: int) -> Configuration:
    """The configuration of a backup; raises `TillError` where there is no such one."""
    content = database.value("SELECT content FROM configuration_backups WHERE id = ?", backup_id)
    if content is None:
        raise TillError(_("There is no backup {id}. Nothing was changed.").format(id=backup_id))
    backup = json.loads(content)
    columns: Columns = backup.pop("columns", _COLUMNS_BEFORE_NAMES)
    company = backup.pop("company")
    for table, rows in backup.items():
        place = columns[table].index("position") if table == Section.PRICE_LEVELS.value else 0
        rows.sort(key=itemgetter(place))
    return _configuration(columns, company, backup.__getitem__)


def sold(database: Database) -> Sold:
    """What sales have fixed in the configuration."""
    today = (
        "FROM {table} JOIN receipts ON seq = receipt JOIN periods ON id = period_id WHERE z_number IS NULL"
    )
    return Sold(
        taxes=_codes(database, f"SELECT DISTINCT code {today.format(table='receipt_taxes')}"),
        payment_methods=_codes(database, f"SELECT DISTINCT code {today.format(table='receipt_payments')}"),
        ever=bool(
            database.value(
                "SELECT EXISTS (SELECT 1 FROM receipts) OR EXISTS (SELECT 1 FROM periods WHERE z_number > 0)"
            )
        ),
    )


def references(database: Database) -> References:
    """The codes that sales refer to; reads every line that was ever sold."""
    lines = database.rows("SELECT item_code, department_code, tax_code FROM receipt_lines GROUP BY 1, 2, 3")
    items, departments, taxes = ({row[n] for row in lines} for n in range(3))
    return References(
        departments,
        taxes | _codes(database, "SELECT DISTINCT code FROM receipt_taxes"),
        _codes(database, "SELECT DISTINCT code FROM receipt_payments"),
        _codes(
            database, "SELECT DISTINCT user_code FROM receipts UNION SELECT user_code FROM training_receipts"
        ),
        items,
    )


def _codes(database: Database, sql: str) -> frozenset[str]:
    return frozenset(row[0] for row in database.rows(sql))
