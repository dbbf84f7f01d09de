"""The statements that make an account which can read what we read, and nothing else.

Only the columns that we read: others are passwords, cards, customers, and what is on open tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from factorypos_tui.core.connecting.found import Access
from factorypos_tui.tills.unicenta.naming import Table, read_names
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.tables import Tables

ACCOUNT = "factorypos"
"""What the account is called."""
_PASSWORD = "..."  # noqa: S105 - a place for one
_ITS_OWNERS = ("root", "postgres")


def grants(access: Access, home: Path) -> Sequence[str]:
    """The statements, in the spelling of this database. Raises `TillError` where it cannot be read."""
    server = Server(access.address, access.password)
    try:
        tables = Tables(server, read_names(home)).spelled()
    finally:
        server.close()
    address = server.address
    account = ACCOUNT if address.user in _ITS_OWNERS else address.user
    if access.address.startswith("postgresql:"):
        return _of_postgresql(tables, address.database, account)
    return _of_mysql(tables, address.database, account)


def _of_mysql(tables: Mapping[str, Table], database: str, account: str) -> Sequence[str]:
    whom = f"{_text(account)}@'%'"
    in_it = _name(database, "`")
    return [
        f"CREATE USER {whom} IDENTIFIED BY '{_PASSWORD}';",
        *(
            f"GRANT SELECT {_columns(table)} ON {in_it}.{_name(table.spelling, '`')} TO {whom};"
            for table in tables.values()
            if table.columns
        ),
    ]


def _of_postgresql(tables: Mapping[str, Table], database: str, account: str) -> Sequence[str]:
    whom = _name(account, '"')
    return [
        f"CREATE ROLE {whom} LOGIN PASSWORD '{_PASSWORD}';",
        f"GRANT CONNECT ON DATABASE {_name(database, chr(34))} TO {whom};",
        *(
            f"GRANT SELECT {_columns(table)} ON {table.spelling} TO {whom};"
            for table in tables.values()
            if table.columns
        ),
    ]


def _columns(table: Table) -> str:
    return f"({', '.join(table.columns.values())})"


def _name(name: str, quote: str) -> str:
    return quote + name.replace(quote, quote * 2) + quote


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
