"""The database: private, durable, versioned, checked and backed up."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from peewee import Database, DatabaseError, SqliteDatabase

from factorypos_tui.server.ops import administration
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.backup import back_up
from factorypos_tui.server.storage.migrations import MIGRATIONS, migrate, schema_version
from factorypos_tui.server.storage.tables import AuditEntry, SchemaVersion


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cloud.db"


@pytest.fixture
def sqlite(file: Path) -> Database:
    database = databases.sqlite_database(file)
    migrate(database)
    return database


def test_a_new_file_is_private_and_durable(file: Path, sqlite: Database) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    with sqlite.connection_context():
        (mode,), (synchronous,) = (
            databases.run_sql(sqlite, f"PRAGMA {name}")[0] for name in ("journal_mode", "synchronous")
        )
    assert (mode, synchronous) in {("wal", 2), ("delete", 3)}


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database)
    with database.connection_context():
        assert schema_version(database) == len(MIGRATIONS)


def test_many_processes_may_start_at_once(file: Path) -> None:
    faults: list[Exception] = []

    def start() -> None:
        try:
            migrate(databases.sqlite_database(file))
        except Exception as error:  # noqa: BLE001  # shown by the assertion below
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_newer_database_is_refused_untouched(file: Path, sqlite: Database) -> None:
    with sqlite.connection_context():
        SchemaVersion.update(version=len(MIGRATIONS) + 1).execute(sqlite)
    before = file.read_bytes()
    with pytest.raises(databases.DatabaseRefusedError, match="newer program"):
        migrate(databases.sqlite_database(file))
    assert file.read_bytes() == before


def test_a_backup_is_whole_private_and_never_overwrites(sqlite: Database, tmp_path: Path) -> None:
    administration.create_user(sqlite, "ana@example.com", "Ana", "a long walk by the sea")
    target = tmp_path / "copy.db"
    back_up(sqlite, target)
    assert target.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT email FROM account").fetchall() == [("ana@example.com",)]
    with pytest.raises(databases.DatabaseRefusedError, match="never overwrites"):
        back_up(sqlite, target)
    with pytest.raises(databases.DatabaseRefusedError, match="cannot be written"):
        back_up(sqlite, tmp_path / "nowhere" / "copy.db")


def test_only_sqlite_is_backed_up_here(database: Database, tmp_path: Path) -> None:
    if isinstance(database, SqliteDatabase):
        back_up(database, tmp_path / "copy.db")
    else:
        with pytest.raises(databases.DatabaseRefusedError, match="pg_dump"):
            back_up(database, tmp_path / "copy.db")


def test_damage_is_found(file: Path, sqlite: Database) -> None:
    assert administration.check(sqlite).damages == []
    with closing(sqlite3.connect(file)) as other:
        other.execute("INSERT INTO session VALUES ('h', 'nobody', '', '')")
        other.commit()
    assert administration.check(sqlite).damages == ["session refers to a missing account"]


def test_two_databases_in_one_process_share_nothing(tmp_path: Path) -> None:
    first, second = (databases.sqlite_database(tmp_path / name / "cloud.db") for name in "ab")
    migrate(first)
    migrate(second)
    administration.create_user(first, "ana@example.com", "Ana", "a long walk by the sea")
    assert [user.email for user in administration.list_users(first)] == ["ana@example.com"]
    assert administration.list_users(second) == []


def test_the_audit_only_grows(database: Database) -> None:
    with database.connection_context():
        audit(database, "2026-03-02T12:00:00.000Z", "ana", "log_in", "ana")
        for change in (AuditEntry.update(actor="eva"), AuditEntry.delete()):
            with pytest.raises(DatabaseError, match="the audit only grows"):
                change.execute(database)


def test_a_disabled_user_is_shown_and_an_unknown_one_refused(database: Database) -> None:
    email = f"{id(database)}@example.com"
    administration.create_user(database, email, "Ana", "a long walk by the sea")
    with pytest.raises(administration.AdministrationError, match="already"):
        administration.create_user(database, email.upper(), "Ana", "a long walk by the sea")
    administration.disable_user(database, email.upper())
    listed = {user.email: user.disabled_at for user in administration.list_users(database)}
    assert listed[email] is not None
    with pytest.raises(administration.AdministrationError, match="no account"):
        administration.disable_user(database, "nobody@example.com")
