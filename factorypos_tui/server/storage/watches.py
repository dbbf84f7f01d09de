"""The SQL of looks at terminals that only SQLite and PostgreSQL of their own can say (`many`)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from peewee import Database

from factorypos_tui.server.storage.alarm_tables import TerminalWatch
from factorypos_tui.server.storage.many import in_columns, run_for
from factorypos_tui.server.storage.tables import Terminal

_HOLD = (
    "SELECT terminal_id, looked_at FROM terminal_watch"
    " WHERE terminal_id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))",
    "SELECT terminal_id, looked_at FROM terminal_watch WHERE terminal_id = ANY(%b)"
    " ORDER BY terminal_id FOR NO KEY UPDATE SKIP LOCKED",
)
_NOTE = (
    "UPDATE terminal_watch SET looked_at = json_extract(asked.value, '$[1]'),"
    " due_at = json_extract(asked.value, '$[2]'), late_at = json_extract(asked.value, '$[3]')"
    " FROM json_each(?) AS asked WHERE terminal_watch.terminal_id = json_extract(asked.value, '$[0]')",
    "UPDATE terminal_watch SET looked_at = asked.looked_at, due_at = asked.due_at, late_at = asked.late_at"
    " FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])"
    " AS asked (id, looked_at, due_at, late_at) WHERE terminal_watch.terminal_id = asked.id",
)
_IS_OWN = (  # as a scalar, so that no planner begins at the stores and reads all their Zs
    " terminal.account_id = (SELECT company.account_id FROM store"
    " JOIN company ON company.id = store.company_id WHERE store.id = z.store_id)"
)
_LAST = (
    f"FROM z_report AS z WHERE z.terminal_id = terminal.id AND{_IS_OWN} ORDER BY z.z_number DESC LIMIT {{}}"
)
_LAST_ZS = "SELECT terminal.id, z.z_number, z.business_date, z.days_off, z.received_at FROM "
_LAST_OF_EACH = (
    f"{_LAST_ZS} (SELECT json_extract(value, '$[0]') AS id FROM json_each(?)) AS asked"
    " CROSS JOIN terminal ON terminal.id = asked.id"
    f" CROSS JOIN z_report AS z ON z.rowid IN (SELECT z.rowid {_LAST}) ORDER BY terminal.id, z.z_number DESC",
    f"{_LAST_ZS} unnest(%b::text[]) AS asked (id) JOIN terminal ON terminal.id = asked.id"
    f" CROSS JOIN LATERAL (SELECT z.z_number, z.business_date, z.days_off, z.received_at {_LAST}) AS z"
    " ORDER BY terminal.id, z.z_number DESC",
)
_PLACES = (
    "(SELECT json_extract(value, '$[0]') AS terminal_id, json_extract(value, '$[1]') AS z_number"
    " FROM json_each(?)) AS asked CROSS",
    "unnest(%b::text[], %b::bigint[]) AS asked (terminal_id, z_number)",
)
_AT_PLACES = (
    " JOIN z_report AS z ON z.terminal_id = asked.terminal_id AND z.z_number = asked.z_number"
    f" JOIN terminal ON terminal.id = z.terminal_id AND{_IS_OWN}"
)
_BODIES = " LEFT JOIN z_body AS body ON body.business_date = z.business_date AND body.report_id = z.id"


class LastZ(NamedTuple):
    """One of the last Zs of a terminal."""

    terminal_id: str
    z_number: int
    business_date: str
    days_off: int | None
    received_at: str


class PlacedZ(NamedTuple):
    """The Z that has a number of a terminal."""

    terminal_id: str
    z_number: int
    store_id: str
    received_at: str
    content_hash: str
    document: bytes | None
    """None where it is not here, or not asked for."""


def hold(database: Database, seen: Mapping[str, str]) -> list[str]:
    """Hold terminals until the transaction ends; returns which. `seen`: when each was last looked at; one
    that another process holds, or has looked at since, is left out."""
    if new := [{"terminal_id": it} for it, looked_at in sorted(seen.items()) if not looked_at]:
        TerminalWatch.insert_many(new).on_conflict_ignore().execute(database)
    held = run_for(database, _HOLD, [sorted(seen)])
    return [terminal_id for terminal_id, looked_at in held if seen[terminal_id] == looked_at]


def note(database: Database, looks: Collection[tuple[str, str, str, str | None]]) -> None:
    """Keep of each terminal until when it is judged, when it is due, and when it is late."""
    run_for(database, _NOTE, in_columns(looks))


def judge_again(database: Database, which: Any) -> None:
    """Let the next round look at those terminals, in the caller's transaction."""
    ids = Terminal.select(Terminal.id).where(which)
    TerminalWatch.update(due_at="").where(TerminalWatch.terminal_id.in_(ids)).execute(database)


def last_zs(database: Database, terminal_ids: Iterable[str], most: int) -> list[LastZ]:
    """The last Zs of each terminal in the stores of its account, those with the highest numbers first."""
    sqlite, postgresql = _LAST_OF_EACH
    asked = sqlite.format(most), postgresql.format(most)
    return list(map(LastZ._make, run_for(database, asked, [list(terminal_ids)])))


def zs_at(database: Database, places: Iterable[tuple[str, int]], *, with_documents: bool) -> list[PlacedZ]:
    """The Zs that have these numbers of these terminals, in the stores of their accounts."""
    document = "body.document" if with_documents else "NULL"
    columns = f"z.terminal_id, z.z_number, z.store_id, z.received_at, z.content_hash, {document}"
    bodies = _BODIES if with_documents else ""
    sqlite, postgresql = (f"SELECT {columns} FROM {asked}{_AT_PLACES}{bodies}" for asked in _PLACES)
    return list(map(PlacedZ._make, run_for(database, (sqlite, postgresql), in_columns(places))))
