"""A database of version 1, which was the first that anybody had, becomes what a new one is."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from peewee import Database, Model

from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import tables
from factorypos_tui.server.storage.migrations import MIGRATIONS, migrate, schema_version
from factorypos_tui.server.storage.tables import Terminal

VERSION_1 = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")
_CLASSES: list[Any] = [kind for kind in vars(tables).values() if getattr(kind, "__base__", None) is Model]
TABLES = {kind._meta.table_name: kind for kind in _CLASSES}
WHO = "00000000-0000-4000-8000-000000000001"
CONTENTS = f"""
INSERT INTO account VALUES ('{WHO}', 'a@b.example', 'a@b.example', 'Ana', 'es', 'h', 't', NULL);
INSERT INTO company VALUES ('{WHO}', '{WHO}', 'Bar', NULL, 'ES', 'EUR', 't');
INSERT INTO store VALUES ('{WHO}', '{WHO}', 'Uno', NULL, 'Europe/Madrid', 't');
INSERT INTO terminal VALUES ('{WHO}', '{WHO}', '{WHO}', 'Till', 'test', 0, 't', NULL, 't');
INSERT INTO report VALUES ('{WHO}', '{WHO}', '{WHO}', 'Z', '{WHO}', 1, 0, '2026-03-02', 'h', 'd', 't');
INSERT INTO conflict VALUES ('{WHO}', 'other', '{WHO}', X'7b7d', 't');
"""


def shape(database: Database) -> dict[str, set[tuple[Any, bool]]]:
    """The columns and indexes of every table."""
    with database.connection_context():
        return {
            table: {
                *((c.name, c.null) for c in database.get_columns(table)),
                *((tuple(i.columns), i.unique) for i in database.get_indexes(table)),
            }
            for table in database.get_tables()
        }


def test_a_database_of_version_one_becomes_what_a_new_one_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.executescript(VERSION_1 + CONTENTS)
    migrated, new = (databases.sqlite_database(tmp_path / name) for name in ("old.db", "new.db"))
    for database in (migrated, new):
        migrate(database)
    assert shape(migrated) == shape(new)
    with migrated.connection_context():
        assert schema_version(migrated) == len(MIGRATIONS)
        assert databases.damages(migrated) == []
        assert [terminal.id for terminal in Terminal.select().bind(migrated)] == [WHO]


def test_the_tables_are_those_that_the_program_reads_and_writes(database: Database) -> None:
    columns = {
        table: {entry for entry in found if isinstance(entry[0], str)}
        for table, found in shape(database).items()
    }
    assert columns == {
        name: {(field.column_name, field.null) for field in table._meta.sorted_fields}
        for name, table in TABLES.items()
    }
