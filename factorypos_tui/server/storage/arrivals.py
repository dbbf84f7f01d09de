"""The SQL of reports that arrive: each statement takes any number of rows at once (`many`)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import Database, SqliteDatabase

from factorypos_tui.server.storage.many import in_columns, run_for
from factorypos_tui.server.storage.report_tables import XReport, ZBody, ZReport
from factorypos_tui.server.storage.tables import DayShare, Terminal


@dataclass(frozen=True, slots=True)
class Place:
    """A report that is held, without its document."""

    id: str
    terminal_id: str
    store_id: str
    kind: str
    period_id: str
    z_number: int | None
    revision: int
    content_hash: str
    received_at: str
    account_id: str
    """Of its store."""
    size: int
    """The bytes of an X."""


_Z = (
    "SELECT z.id, z.terminal_id, z.store_id, 'Z', z.period_id, z.z_number, 0, z.content_hash, z.received_at,"
    " company.account_id, 0"
)
_X = (
    "SELECT x.id, x.terminal_id, x.store_id, 'X', x.period_id, NULL, x.revision, x.content_hash,"
    " x.received_at, company.account_id, length(x.document)"
)
_OWNED = "JOIN store ON store.id = {0}.store_id JOIN company ON company.id = store.company_id"


def _places(asked_periods: str, asked_numbers: str) -> str:
    of_period = "ON {0}.terminal_id = asked.terminal_id AND {0}.period_id = asked.period_id " + _OWNED
    of_number = "ON {0}.terminal_id = asked.terminal_id AND {0}.z_number = asked.z_number " + _OWNED
    return " UNION ALL ".join(
        (
            f"{_Z} FROM {asked_periods} JOIN z_report AS z {of_period.format('z')}",
            f"{_X} FROM {asked_periods} JOIN x_report AS x {of_period.format('x')}",
            f"{_Z} FROM {asked_numbers} JOIN z_report AS z {of_number.format('z')}",
        )
    )


_PLACES = (
    _places(
        *(
            f"(SELECT json_extract(value, '$[0]') AS terminal_id, json_extract(value, '$[1]') AS {name}"
            " FROM json_each(?)) AS asked CROSS"
            for name in ("period_id", "z_number")
        )
    ),
    _places(
        "unnest(%b::text[], %b::text[]) AS asked (terminal_id, period_id)",
        "unnest(%b::text[], %b::bigint[]) AS asked (terminal_id, z_number)",
    ),
)
_LOCK = (
    "SELECT id, account_id, store_id, revoked_at, empty_at, kept_bytes FROM terminal"
    " WHERE id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))",
    "SELECT id, account_id, store_id, revoked_at, empty_at, kept_bytes FROM terminal"
    " WHERE id = ANY(%b) ORDER BY id FOR NO KEY UPDATE",
)
_REPORTED = (
    "UPDATE terminal SET reported_at = ?, empty_at = json_extract(asked.value, '$[1]'),"
    " kept_bytes = json_extract(asked.value, '$[2]')"
    " FROM json_each(?) AS asked WHERE terminal.id = json_extract(asked.value, '$[0]')",
    "UPDATE terminal SET reported_at = %s, empty_at = asked.empty_at, kept_bytes = asked.kept_bytes"
    " FROM unnest(%b::text[], %b::bigint[], %b::bigint[]) AS asked (id, empty_at, kept_bytes)"
    " WHERE terminal.id = asked.id",
)
_KEPT_BY = (
    "SELECT account.id, account.kept_bytes + COALESCE(SUM(terminal.kept_bytes), 0) FROM account"
    " LEFT JOIN terminal ON terminal.account_id = account.id WHERE account.id"
)
_KEPT = (
    f"{_KEPT_BY} IN (SELECT json_extract(value, '$[0]') FROM json_each(?)) GROUP BY account.id",
    f"{_KEPT_BY} = ANY(%b) GROUP BY account.id",
)
_SPANS = (
    "SELECT terminal_id, MIN(z_number), MAX(z_number), COUNT(*) FROM z_report"
    " WHERE terminal_id IN (SELECT json_extract(value, '$[0]') FROM json_each(?)) GROUP BY terminal_id",
    "SELECT terminal_id, MIN(z_number), MAX(z_number), COUNT(*) FROM z_report"
    " WHERE terminal_id = ANY(%b) GROUP BY terminal_id",
)
_TYPES = {
    **dict.fromkeys(("revision", "z_number", "days_off"), "bigint"),
    **dict.fromkeys(("document", "share"), "bytea"),
}


@dataclass(frozen=True, slots=True)
class _Adding:
    """The statement that adds rows to a table: one row on SQLite, any number on PostgreSQL."""

    columns: Sequence[str]
    sqlite: str
    postgresql: str


def _adding(table: Any, otherwise: str = "") -> _Adding:
    columns = table._meta.sorted_field_names
    into = f"INSERT INTO {table._meta.table_name} ({', '.join(columns)})"
    arrays = ", ".join(f"%b::{_TYPES.get(name, 'text')}[]" for name in columns)
    return _Adding(
        columns,
        f"{into} VALUES ({', '.join('?' for _ in columns)}){otherwise}",
        f"{into} SELECT * FROM unnest({arrays}){otherwise}",
    )


_ADD_ZS = _adding(ZReport)
_ADD_BODIES = _adding(  # instead of the body of a report that the database has lost
    ZBody, " ON CONFLICT (business_date, report_id) DO UPDATE SET document = excluded.document"
)
_KEEP_XS = _adding(
    XReport,
    " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in XReport._meta.sorted_field_names if name != "id"),
)
_CLOSED = (
    " AND EXISTS (SELECT 1 FROM z_report WHERE z_report.terminal_id = x_report.terminal_id"
    " AND z_report.period_id = x_report.period_id)"
    " AND NOT EXISTS (SELECT 1 FROM conflict WHERE conflict.held_id = x_report.id)"
)
_GONE = (
    " RETURNING terminal_id, length(document), (SELECT company.account_id FROM store"
    " JOIN company ON company.id = store.company_id WHERE store.id = x_report.store_id)"
)
_MAKE_ROOM = (
    "DELETE FROM x_report WHERE terminal_id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))"
    + _CLOSED
    + _GONE,
    f"DELETE FROM x_report WHERE terminal_id = ANY(%b){_CLOSED}{_GONE}",
)
_INSTEAD = (  # of the share of a report that the database has lost
    " ON CONFLICT (report_id) DO UPDATE SET store_id = excluded.store_id,"
    " business_date = excluded.business_date, share = excluded.share"
)
_SHARE = ("report_id", "store_id", "business_date", "share")
_ADD_SHARES = _adding(DayShare, _INSTEAD)
_DROP_SHARES = (
    "DELETE FROM day_share WHERE report_id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))",
    "DELETE FROM day_share WHERE report_id = ANY(%b)",
)

Share = tuple[str, str, str, bytes]
"""A report's id, its store, its business date, and what it adds to that day."""
Announcement = tuple[str, Sequence[object]]
"""What PostgreSQL is to say once all is committed: a statement and its values."""


def lock_terminals(database: Database, ids: Iterable[str], *, wait: bool) -> dict[str, Terminal]:
    """The terminals, locked against their other senders until the transaction ends; unless told to `wait`,
    only those that nobody else has locked."""
    sqlite, postgresql = _LOCK
    found = run_for(database, (sqlite, postgresql if wait else f"{postgresql} SKIP LOCKED"), [sorted(ids)])
    names = ("id", "account_id", "store_id", "revoked_at", "empty_at", "kept_bytes")
    return {row[0]: Terminal(**dict(zip(names, row, strict=True))) for row in found}


def kept_bytes(database: Database, account_ids: Iterable[str]) -> dict[str, int]:
    """How many bytes are kept of each of these accounts."""
    return {account_id: int(kept) for account_id, kept in run_for(database, _KEPT, [sorted(account_ids)])}


def places(
    database: Database,
    periods: Collection[tuple[str, str]],
    running: Collection[tuple[str, str]],
    numbers: Collection[tuple[str, int]],
) -> list[Place]:
    """The Zs that are held of terminals and their periods, the Xs of those that are `running`, and the Zs of
    terminals and Z numbers."""
    execute: Any = database.execute_sql
    if not periods:
        return []
    asked: list[Collection[tuple[str, Any]]] = [periods, running, numbers]
    if isinstance(database, SqliteDatabase):
        rows = execute(_PLACES[0], [json.dumps(list(one)) for one in asked])
    else:
        rows = execute(_PLACES[1], [column for one in asked for column in in_columns(one) or ([], [])])
    return [Place(*row) for row in rows.fetchall()]


def spans(database: Database, terminal_ids: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """The lowest and the highest Z number of each terminal that has any, and how many it has."""
    found = run_for(database, _SPANS, [sorted(terminal_ids)])
    return {terminal_id: (low, high, count) for terminal_id, low, high, count in found}


def add_zs(database: Database, rows: Collection[Mapping[str, object]]) -> None:
    """Add Z reports and their documents."""
    together = _Together(database)
    together.add(_ADD_ZS, rows)
    together.add(_ADD_BODIES, rows)
    together.finish()


def make_room(database: Database, began_a_period: Iterable[str]) -> list[tuple[str, int, str]]:
    """Where terminals began a period with an X, let their Xs of periods that are closed go, unless another
    content of theirs was refused: returns the terminal, the bytes and the account of each."""
    gone = run_for(database, _MAKE_ROOM, [sorted(began_a_period)])
    return [(terminal_id, size, account_id) for terminal_id, size, account_id in gone]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is written of reports that arrive together."""

    zs: Collection[Mapping[str, object]]
    """Rows to add, with their documents."""
    xs: Collection[Mapping[str, object]]
    """Rows to keep, each in the place of the X of its period."""
    shares: Sequence[Share]
    no_shares: Collection[str]
    """The ids of reports whose shares go."""
    senders: Collection[Terminal]
    """With how full their buckets are, and how much they keep."""
    announcement: Announcement | None


def write(database: Database, arrival: Arrival, now: str) -> None:
    """Write it, and that the terminals sent it now: on PostgreSQL by one statement."""
    together = _Together(database)
    together.add(_ADD_ZS, arrival.zs)
    together.add(_ADD_BODIES, arrival.zs)
    together.add(_KEEP_XS, arrival.xs)
    _put_shares(together, arrival.shares, arrival.no_shares)
    columns = [[getattr(it, name) for it in arrival.senders] for name in ("id", "empty_at", "kept_bytes")]
    together.change(_REPORTED, columns, now)
    together.finish(arrival.announcement)


def keep_shares(database: Database, shares: Sequence[Share], instead_of: Iterable[str] = ()) -> None:
    """Add shares; those of these reports go."""
    together = _Together(database)
    _put_shares(together, shares, instead_of)
    together.finish()


def _put_shares(together: "_Together", shares: Sequence[Share], instead_of: Iterable[str]) -> None:
    """A share that is added takes the place of its own without being dropped: one statement of PostgreSQL
    cannot do both to one row."""
    together.change(_DROP_SHARES, [sorted(set(instead_of) - {share[0] for share in shares})])
    together.add(_ADD_SHARES, [dict(zip(_SHARE, share, strict=True)) for share in shares])


@dataclass(slots=True)
class _Together:
    """Changes that do not see each other: made at once on SQLite, by one statement on PostgreSQL, where each
    takes an exchange."""

    database: Database
    _texts: list[str] = field(default_factory=list)
    _values: list[object] = field(default_factory=list)

    def add(self, adding: _Adding, rows: Collection[Mapping[str, object]]) -> None:
        execute: Any = self.database.execute_sql
        if isinstance(self.database, SqliteDatabase):
            for row in rows:
                execute(adding.sqlite, [row[name] for name in adding.columns])
        elif rows:
            self._texts.append(adding.postgresql)
            self._values += [[row[name] for row in rows] for name in adding.columns]

    def change(
        self, statement: tuple[str, str], columns: Sequence[Sequence[object]], *before: object
    ) -> None:
        if isinstance(self.database, SqliteDatabase):
            run_for(self.database, statement, columns, *before)
        elif columns[0]:
            self._texts.append(statement[1])
            self._values += [*before, *map(list, columns)]

    def finish(self, asked: Announcement | None = None) -> None:
        """Make the changes, and ask this after them."""
        execute: Any = self.database.execute_sql
        if asked is not None:
            self._texts.append(asked[0])
            self._values += asked[1]
        if self._texts:
            *parts, last = self._texts
            named = ", ".join(f"part_{number} AS ({text})" for number, text in enumerate(parts))
            execute(f"WITH {named} {last}" if parts else last, self._values)
