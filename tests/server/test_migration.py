"""A database of version 1, which was the first that anybody had, becomes what a new one is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from peewee import Database, Model

from factorypos_tui.server.domain.callers import account_behind, visitor_behind
from factorypos_tui.server.errors import NotKnown
from factorypos_tui.server.storage import (
    alarm_tables,
    barring_tables,
    chart_tables,
    closing_tables,
    device_tables,
    enrolment_tables,
    factor_tables,
    member_tables,
    people_tables,
    report_tables,
    session_tables,
    signing_tables,
    tables,
)
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.audit_tables import entries_tell_company_and_network
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.kept_bytes import what_accounts_keep_is_counted
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.migrating import migrate, schema_version
from factorypos_tui.server.storage.migrations import (
    MIGRATIONS,
    _sessions_know_their_device_and_prove_who_it_is,
)
from factorypos_tui.server.storage.session_tables import sessions_are_of_a_page_or_of_the_api
from factorypos_tui.server.storage.tables import Account, AuditEntry, Session, Store, Terminal
from tests.server.conftest import KINDS
from tests.server.older import Older

VERSION_1 = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")
_ROOMS = (
    tables,
    report_tables,
    alarm_tables,
    barring_tables,
    chart_tables,
    closing_tables,
    device_tables,
    enrolment_tables,
    factor_tables,
    member_tables,
    session_tables,
    signing_tables,
    people_tables,
)
_NAMED = {name: kind for room in _ROOMS for name, kind in vars(room).items()}
_CLASSES: list[Any] = [kind for kind in _NAMED.values() if getattr(kind, "__base__", None) is Model]
TABLES = {kind._meta.table_name: kind for kind in _CLASSES}
WHO = "00000000-0000-4000-8000-000000000001"
CONTENTS = f"""
INSERT INTO account VALUES ('{WHO}', 'a@b.example', 'a@b.example', 'Ana', 'es', 'h', 't', NULL);
INSERT INTO company VALUES ('{WHO}', '{WHO}', 'Bar', NULL, 'ES', 'EUR', 't');
INSERT INTO store VALUES ('{WHO}', '{WHO}', 'Uno', NULL, 'Europe/Madrid', 't');
INSERT INTO terminal VALUES ('{WHO}', '{WHO}', '{WHO}', 'Till', 'test', 0, 't', NULL, 't');
INSERT INTO report VALUES ('{WHO}', '{WHO}', '{WHO}', 'Z', '{WHO}', 1, 0, '2026-03-02', 'h', X'64', 't');
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
            if not table.startswith("z_body_")  # a month of it
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
        assert [store.closed_weekdays for store in Store.select().bind(migrated)] == [""]
        first_owner = {"company_id": WHO, "account_id": WHO, "role": "owner", "all_stores": True}
        assert [*Member.select().dicts().bind(migrated)] == [{**first_owner, "joined_at": "t"}]


def test_who_was_logged_in_before_sessions_knew_their_device_stays_so(
    older: Callable[[int], Older],
) -> None:
    before = older(MIGRATIONS.index(_sessions_know_their_device_and_prove_who_it_is))
    before.add("session", token_hash="h", account_id=WHO, created_at="1", expires_at="3", network="n")
    migrate(before.database)
    assert visitor_behind(before.database, "h", "2").id == WHO
    (session,) = Session.select().bind(before.database)
    assert (session.network, session.device, session.proved_until, session.code_tries) == ("n", "", None, 0)


def test_of_the_log_ins_of_before_only_those_of_terminals_open_the_api(
    older: Callable[[int], Older],
) -> None:
    before = older(MIGRATIONS.index(sessions_are_of_a_page_or_of_the_api))
    for token, terminal in (("unknown", None), ("till", WHO)):
        row = {"token_hash": token, "account_id": WHO, "terminal_id": terminal}
        before.add("session", **row, created_at="1", expires_at="3", network="n")
    migrate(before.database)
    assert account_behind(before.database, "till", "2").id == WHO
    with pytest.raises(NotKnown):
        account_behind(before.database, "unknown", "2")
    assert visitor_behind(before.database, "unknown", "2").id == WHO


def test_entries_of_the_audit_of_before_stay_and_name_no_company(older: Callable[[int], Older]) -> None:
    before = older(MIGRATIONS.index(entries_tell_company_and_network))
    before.add("audit_entry", at="1", actor=WHO, action="company.changed", subject=WHO)
    migrate(before.database)
    with before.database.connection_context():
        audit(before.database, "2", WHO, "company.changed", WHO, company_id=WHO, network="192.0.2.1")
    rows = AuditEntry.select().order_by(AuditEntry.id).bind(before.database)
    assert [(row.at, row.company_id, row.network) for row in rows] == [
        ("1", None, None),
        ("2", WHO, "192.0.2.1"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_account_keeps_is_counted(tmp_path: Path, request: pytest.FixtureRequest, kind: str) -> None:
    """A Z of 2 bytes, a contradicting report of 3, and an X of 4; a configuration of 5."""
    if kind == "sqlite":
        database: Database = databases.sqlite_database(tmp_path / "old.db")
    else:
        database = databases.postgresql_database(request.getfixturevalue("new_postgres")())

    def add(table: str, **values: object) -> None:
        marks = ", ".join([database.param] * len(values))
        run_sql(database, f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", *values.values())

    mine = {"id": WHO, "name": "A"}
    of_till = {"terminal_id": WHO, "content_hash": "h", "received_at": "t"}
    of_report = {"store_id": WHO, "period_id": "p", "revision": 0, "business_date": "d", **of_till}
    with database.connection_context(), database.atomic():
        before = MIGRATIONS.index(what_accounts_keep_is_counted)
        for migration in MIGRATIONS[:before]:
            migration(database)
        run_sql(database, f"UPDATE schema_version SET version = {before:d}")
        add("account", **mine, email="a", email_key="a", language="es", password_hash="h", created_at="t")
        add("company", **mine, account_id=WHO, country="ES", currency="EUR", created_at="t")
        add("store", **mine, company_id=WHO, timezone="UTC", created_at="t")
        of_store = {"account_id": WHO, "store_id": WHO}
        add("terminal", **mine, **of_store, software="t", may_upload=False, assigned_at="t")
        add("z_report", id="Z", kind="Z", z_number=1, document=b"{}", **of_report)
        add("x_report", id="X", document=b"{  }", **of_report)
        add("conflict", report_id="r", document=b"{ }", **of_till)
        add("configuration", store_id=WHO, version=1, etag="e", document=b"{   }", uploaded_at="t")
    migrate(database)
    with database.connection_context():
        assert Terminal.select().get(database).kept_bytes == 2 + 3 + 4
        assert Account.select().get(database).kept_bytes == 5
    databases.close(database)


def test_the_tables_are_those_that_the_program_reads_and_writes(database: Database) -> None:
    columns = {
        table: {entry for entry in found if isinstance(entry[0], str)}
        for table, found in shape(database).items()
    }
    assert columns == {
        name: {(field.column_name, field.null) for field in table._meta.sorted_fields}
        for name, table in TABLES.items()
    }
