"""Queries that every report, or every look at terminals, needs. peewee writes their SQL only once, since that
takes longer than running them."""

import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from peewee import Database, Node, SqliteDatabase, Value

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _Given:
    """A place in a query for a value that each call gives."""

    name: str
    is_many: bool = False

    def of(self, values: dict[str, object], *, for_sqlite: bool) -> object:
        """What the driver gets for it. SQLite has no arrays; it gets a text of JSON."""
        value = values[self.name]
        return json.dumps(value) if self.is_many and for_sqlite else value


class _Many(Node):
    """The rows of a list that a call gives."""

    def __init__(self, name: str) -> None:
        self._given = Value(_Given(name, is_many=True), converter=False)

    def __sql__(self, ctx: Any) -> Any:  # peewee leaves it untyped
        before, after = _LISTS[ctx.state.param == "?"]
        return ctx.literal(before).sql(self._given).literal(after)


_LISTS = (("(SELECT unnest(", "::text[]))"), ("(SELECT value FROM json_each(", "))"))


def given(name: str) -> Any:
    """The place in a prepared query for the value that a call gives under this name."""
    return Value(_Given(name), converter=False)


def given_any_of(name: str) -> Any:
    """The place after `in_` for a list of texts that a call gives under this name, however many they are."""
    return _Many(name)


class Prepared(Generic[Row]):
    """A query whose text is written once for SQLite and once for PostgreSQL, when it is first run there."""

    def __init__(self, query: Any) -> None:
        self._query = query
        self._texts: dict[bool, tuple[str, tuple[object, ...]]] = {}

    def rows(self, database: Database, **values: object) -> list[Row]:
        """All rows of a `select`."""
        return list(self._query._get_cursor_wrapper(self._run(database, values)))

    def row(self, database: Database, **values: object) -> Row | None:
        """The first row of a `select`, None where there is none."""
        rows = self.rows(database, **values)
        return rows[0] if rows else None

    def bare_rows(self, database: Database, **values: object) -> list[tuple[Any, ...]]:
        """All rows of a `select`, as the driver gives them: peewee takes longer to look at them than to find
        them."""
        return list(self._run(database, values).fetchall())

    def change(self, database: Database, **values: object) -> int:
        """Run an `insert`, `update` or `delete`; how many rows it changed."""
        return int(self._run(database, values).rowcount)

    def _run(self, database: Any, values: dict[str, object]) -> Any:
        sql, parameters = self._text(database)
        is_sqlite = isinstance(database, SqliteDatabase)
        filled = [it.of(values, for_sqlite=is_sqlite) if isinstance(it, _Given) else it for it in parameters]
        return database.execute_sql(sql, filled)

    def _text(self, database: Any) -> tuple[str, tuple[object, ...]]:
        kind = isinstance(database, SqliteDatabase)
        if kind not in self._texts:
            sql, parameters = database.get_sql_context().sql(self._query).query()
            self._texts[kind] = sql, tuple(parameters)
        return self._texts[kind]
