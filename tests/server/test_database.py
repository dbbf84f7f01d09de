"""The database: private, durable, versioned, checked and backed up."""

import socket
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from peewee import Database, DatabaseError, InterfaceError, OperationalError, SqliteDatabase

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.ops import administration, users
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import opening
from factorypos_tui.server.storage import postgresql as pool
from factorypos_tui.server.storage.audit import KEPT, audit, forget_old
from factorypos_tui.server.storage.backup import back_up
from factorypos_tui.server.storage.migrating import migrate, schema_version
from factorypos_tui.server.storage.migrations import MIGRATIONS
from factorypos_tui.server.storage.tables import AuditEntry, SchemaVersion


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "cloud.db"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Database]:
    with opening.opened(file.parent, None, print) as database:
        yield database


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
            with opening.opened(file.parent, None, print):
                pass
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
    users.create_user(sqlite, "ana@example.com", "Ana", "a long walk by the sea")
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
        columns = "token_hash, account_id, created_at, expires_at"
        other.execute(f"INSERT INTO session ({columns}) VALUES ('h', 'nobody', '', '')")
        other.commit()
    assert administration.check(sqlite).damages == ["session refers to a missing account"]


def test_two_databases_in_one_process_share_nothing(tmp_path: Path) -> None:
    with (
        opening.opened(tmp_path / "a", None, print) as first,
        opening.opened(tmp_path / "b", None, print) as second,
    ):
        users.create_user(first, "ana@example.com", "Ana", "a long walk by the sea")
        assert [user.email for user in users.list_users(first)] == ["ana@example.com"]
        assert users.list_users(second) == []


def test_no_entry_of_the_audit_is_changed_and_only_an_old_one_deleted(database: Database) -> None:
    who, now = uuid.uuid4().hex, utc_now()
    ours = AuditEntry.actor == who
    with database.connection_context():
        for days in (100, 89, 0):
            audit(database, instant(now - timedelta(days=days)), who, "log_in", who)
        for change, words in (
            (AuditEntry.update(subject="eva"), "the audit only grows"),
            (AuditEntry.delete(), "the audit keeps 90 days"),
        ):
            with pytest.raises(DatabaseError, match=words):
                change.where(ours).execute(database)
        forget_old(database, "log_in", instant(now - KEPT), most=1000)
        assert AuditEntry.select().where(ours).count(database) == 2


def test_a_disabled_user_is_shown_and_an_unknown_one_refused(database: Database) -> None:
    email = f"{id(database)}@example.com"
    users.create_user(database, email, "Ana", "a long walk by the sea")
    with pytest.raises(administration.AdministrationError, match="already"):
        users.create_user(database, email.upper(), "Ana", "a long walk by the sea")
    users.disable_user(database, email.upper())
    listed = {user.email: user.disabled_at for user in users.list_users(database)}
    assert listed[email] is not None
    with pytest.raises(administration.AdministrationError, match="no account"):
        users.disable_user(database, "nobody@example.com")


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Database]:
    database = databases.postgresql_database(postgres_url)
    migrate(database)
    databases.limit_statements(database)
    yield database
    databases.close(database)


def end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_read_or_a_new_transaction_on_a_connection_that_ended_is_tried_once_more(
    postgresql: Database, postgres_url: str
) -> None:
    with postgresql.connection_context():
        end_connections(postgres_url)
        assert databases.run_sql(postgresql, "SELECT 1") == [(1,)]
        end_connections(postgres_url)
        with postgresql.atomic():
            assert databases.run_sql(postgresql, "SELECT 2") == [(2,)]
        assert databases.run_sql(postgresql, "SELECT 3") == [(3,)]


def test_a_connection_at_rest_that_ended_is_let_go_of(postgresql: Database, postgres_url: str) -> None:
    with postgresql.connection_context():
        ended: Any = postgresql.connection()  # type: ignore[no-untyped-call]  # peewee leaves it untyped
    end_connections(postgres_url)
    with postgresql.connection_context():
        assert databases.run_sql(postgresql, "SELECT 1") == [(1,)]
    assert ended.closed


def test_a_connection_that_fails_before_it_is_ready_is_closed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    asks, mine = pool._goes_through_a_pooler, threading.get_ident()

    def fail(connection: Any) -> bool:
        if threading.get_ident() != mine:  # a server that other tests use connects meanwhile
            return asks(connection)
        made.append(connection)
        raise psycopg.OperationalError("the server closed the connection")

    monkeypatch.setattr(pool, "_goes_through_a_pooler", fail)
    with pytest.raises(OperationalError):
        databases.postgresql_database(postgres_url).connect()
    assert [connection.closed for connection in made] == [True]


def test_what_a_transaction_has_done_is_never_tried_again(postgresql: Database, postgres_url: str) -> None:
    def begin_and_go_on() -> None:
        with postgresql.connection_context(), postgresql.atomic():
            audit(postgresql, "2026-03-02T12:00:00.000Z", "ana", "half", "ana")
            end_connections(postgres_url)
            databases.run_sql(postgresql, "SELECT 1")

    with pytest.raises((OperationalError, InterfaceError)):
        begin_and_go_on()
    with postgresql.connection_context():
        halves = AuditEntry.select().where(AuditEntry.action == "half")
        assert not halves.exists(postgresql)


def test_each_transaction_of_a_server_has_its_limits(postgresql: Database) -> None:
    with postgresql.connection_context(), postgresql.atomic():
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert databases.run_sql(postgresql, f"SHOW {name}") != [("0",)]


def test_that_all_connections_are_busy_is_an_answer(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_wait_timeout", 0.01)
    monkeypatch.setattr(sqlite, "_max_connections", 1)
    with sqlite.connection_context(), ThreadPoolExecutor(1) as beat:
        beat.submit(databases.wait_for_any_answer, sqlite).result()


def test_where_postgresql_says_nothing_one_call_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SECONDS_AFTER_A_FAILURE", float("inf"))
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        port = silent.getsockname()[1]
        database = databases.postgresql_database(f"postgresql://x@127.0.0.1:{port}/x")
        for _ in range(20):
            with pytest.raises(OperationalError), database.connection_context():
                pass
        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody else came
            silent.accept()
    monkeypatch.setattr(pool, "SECONDS_AFTER_A_FAILURE", 0)
    with pytest.raises(OperationalError, match="refused"), database.connection_context():
        pass
