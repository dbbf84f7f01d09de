"""The till's configuration as a whole: read, kept as a backup, and what sales have fixed of it."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from factorypos_tui.core.configuration.change import Backup, References, Sold, Why
from factorypos_tui.core.configuration.configuration import (
    COMPANY_FIELDS,
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Tax,
    User,
)
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.tills.bundled.setup import read_setup

TABLES = {
    "departments": ("code", "name", "active"),
    "taxes": ("code", "name", "rate", "active"),
    "price_levels": ("code", "name", "position"),
    "payment_methods": ("code", "name", "type", "active"),
    "users": ("code", "name", "training", "active"),
    "items": ("code", "name", "department", "tax", "barcode", "active"),
    "prices": ("item", "price_level", "amount"),
}
"""The tables of the configuration, each after those that it refers to, and their columns."""
COMPANY_COLUMNS = COMPANY_FIELDS[:-1]

_MOST_BACKUPS = 5
_PAGE = 5_000


def read_configuration(database: Database) -> Configuration:
    """All of it as it is now; raises `TillError` where the till is not set up."""

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
    return _configuration(CompanyData(*(*company, currency)), rows)


def _prices(database: Database) -> Iterable[Row]:
    """In pages, since there may be a hundred thousand."""
    last = ("", "")
    while page := database.rows(
        "SELECT item, price_level, amount FROM prices WHERE (item, price_level) > (?, ?)"
        " ORDER BY item, price_level LIMIT ?",
        *last,
        _PAGE,
    ):
        yield from page
        last = page[-1][:2]


def _configuration(company: CompanyData, rows: Callable[[str], Iterable[Row]]) -> Configuration:
    prices: dict[str, dict[str, int]] = {}
    for item, level, amount in rows("prices"):
        prices.setdefault(item, {})[sys.intern(level)] = amount
    return Configuration(
        company=company,
        departments=tuple(Department(code, name, active=bool(on)) for code, name, on in rows("departments")),
        taxes=tuple(Tax(code, name, rate, active=bool(on)) for code, name, rate, on in rows("taxes")),
        price_levels=tuple(PriceLevel(code, name) for code, name, _position in rows("price_levels")),
        payment_methods=tuple(
            PaymentMethod(code, name, kind, active=bool(on))
            for code, name, kind, on in rows("payment_methods")
        ),
        users=tuple(
            User(code, name, bool(training), active=bool(on)) for code, name, training, on in rows("users")
        ),
        items=tuple(
            Item(
                code,
                name,
                sys.intern(department),
                sys.intern(tax),
                prices.pop(code, {}),
                barcode,
                active=bool(on),
            )
            for code, name, department, tax, barcode, on in rows("items")
        ),
    )


def keep_backup(database: Database, why: Why, now: datetime) -> int:
    """Keep the configuration as it is now, in the caller's transaction; returns the backup's id.

    SQLite writes it: twenty thousand items need not pass through here for that."""
    tables = ", ".join(
        f"'{table}', (SELECT json_group_array(json_array({', '.join(columns)})) FROM {table})"
        for table, columns in TABLES.items()
    )
    currency = "(SELECT currency FROM terminal)"
    company = f"(SELECT json_array({', '.join(COMPANY_COLUMNS)}, {currency}) FROM company)"
    database.execute(
        "INSERT INTO configuration_backups (taken_at, why, content)"
        f" SELECT ?, ?, json_object('company', {company}, {tables})",
        rfc3339(now),
        why.value,
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
    kept = json.loads(content)
    for table, rows in kept.items():
        if table != "company":
            order = "position" if table == "price_levels" else TABLES[table][0]
            rows.sort(key=itemgetter(TABLES[table].index(order)))
    return _configuration(CompanyData(*kept["company"]), kept.__getitem__)


def sold(database: Database) -> Sold:
    """What sales have fixed."""
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
    """What sales refer to; reads every line that was ever sold."""
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
