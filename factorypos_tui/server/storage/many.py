"""Statements that take any number of rows at once.

SQLite gets the rows as one JSON text, PostgreSQL gets an array a column in its binary form: as text they take
ten times as long."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Database, SqliteDatabase


def in_columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    """Rows of equal length as their columns; none where there are no rows."""
    return [list(column) for column in zip(*rows, strict=True)]


def run_for(
    database: Database, statement: tuple[str, str], columns: Sequence[Sequence[object]], *before: object
) -> list[tuple[Any, ...]]:
    """The rows that a statement finds for those given; `before` come before them in its text."""
    if not columns or not columns[0]:
        return []
    execute: Any = database.execute_sql
    sqlite, postgresql = statement
    if isinstance(database, SqliteDatabase):
        cursor = execute(sqlite, (*before, json.dumps(list(zip(*columns, strict=True)))))
    else:
        cursor = execute(postgresql, (*before, *map(list, columns)))
    return list(cursor.fetchall()) if cursor.description else []
