"""All migrations of FactoryCLOUD's database: forward only, never edited once on main."""

import json
from collections.abc import Callable
from pathlib import Path

from peewee import BigIntegerField, Case, Database, Model, SqliteDatabase, TextField

from factorypos_tui.server.storage import alarms_migration as of_alarms
from factorypos_tui.server.storage.audit_tables import (
    entries_tell_company_and_network,
    entries_tell_the_device,
)
from factorypos_tui.server.storage.barring_tables import revoked_terminals_stay_out
from factorypos_tui.server.storage.chart_tables import companies_keep_a_chart
from factorypos_tui.server.storage.closing_tables import periods_are_closed
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.device_tables import terminals_ask_to_be_assigned
from factorypos_tui.server.storage.enrolment_tables import (
    codes_know_who_made_them,
    stores_have_enrolment_codes,
)
from factorypos_tui.server.storage.factor_tables import (
    accounts_have_a_second_factor,
    companies_ask_for_a_second_factor,
)
from factorypos_tui.server.storage.kept_bytes import what_accounts_keep_is_counted
from factorypos_tui.server.storage.member_tables import companies_have_members
from factorypos_tui.server.storage.people_tables import people_are_invited_and_companies_closed
from factorypos_tui.server.storage.report_migrations import (
    bodies_stand_beside_their_keys,
    stores_keep_documents,
    xs_have_a_table_of_their_own,
)
from factorypos_tui.server.storage.report_migrations import share_of as _share_of
from factorypos_tui.server.storage.session_tables import sessions_are_of_a_page_or_of_the_api
from factorypos_tui.server.storage.signing_tables import receipts_are_signed
from factorypos_tui.server.storage.tables import Conflict

FIRST_TABLES = Path(__file__).with_name("first_tables.sql").read_text("utf-8")
_SQLITE = {"integer": "INTEGER", "bytes": "BLOB", "truth": "INTEGER", "counter": "INTEGER"}
_POSTGRESQL = {"integer": "BIGINT", "bytes": "BYTEA", "truth": "BOOLEAN", "counter": "BIGSERIAL"}


class Report(Model):
    """What the migrations up to version 14 ask of the table that Xs and Zs shared."""

    id = TextField(primary_key=True)
    terminal_id = TextField()
    z_number = BigIntegerField(null=True)


def begin(database: Database) -> None:
    """The tables of the first version that anybody had."""
    is_sqlite = isinstance(database, SqliteDatabase)
    statements = FIRST_TABLES.format_map(_SQLITE if is_sqlite else _POSTGRESQL).split(";\n")
    for statement in (*filter(str.strip, statements), *audit_only_grows(is_sqlite)):
        run_sql(database, statement)


def audit_only_grows(is_sqlite: bool) -> tuple[str, ...]:
    """The statements after which no entry of the audit can be changed or deleted."""
    if is_sqlite:
        return tuple(
            f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$",
        "CREATE TRIGGER audit_entry_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION audit_only_grows()",
    )


def _reports_have_odd_dates(database: Database) -> None:
    run_sql(database, "ALTER TABLE report ADD COLUMN days_off BIGINT")


def _terminals_are_released(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal ADD COLUMN released_at TEXT")


def _settle_conflicts(database: Database) -> None:
    """Conflicts know the report that holds their place, and how they were settled."""
    for column in ("held_id", "stood_until", "settled_at"):
        run_sql(database, f"ALTER TABLE conflict ADD COLUMN {column} TEXT")
    run_sql(database, "CREATE INDEX conflict_held_id ON conflict (held_id)")
    known = (Conflict.terminal_id, Conflict.content_hash, Conflict.report_id, Conflict.document)
    for conflict in Conflict.select(*known).execute(database):
        z_number = json.loads(bytes(conflict.document)).get("z_number")
        place = (Report.id == conflict.report_id) | (Report.z_number == z_number)
        held = Report.select(Report.id).where(Report.terminal_id == conflict.terminal_id, place)
        same_id_first = Case(None, [(Report.id == conflict.report_id, 0)], 1)
        held_id = held.order_by(same_id_first).limit(1).scalar(database)
        itself = (known[0] == conflict.terminal_id) & (known[1] == conflict.content_hash)
        Conflict.update(held_id=held_id).where(itself).execute(database)


def _mail_a_short_code_too(database: Database) -> None:
    run_sql(database, "ALTER TABLE password_reset ADD COLUMN code_hash TEXT")
    run_sql(database, "ALTER TABLE password_reset ADD COLUMN tries INTEGER NOT NULL DEFAULT 0")


def _terminals_had_stores_before(database: Database) -> None:
    """Where each terminal was, as the audit has it, and where it is."""
    run_sql(
        database,
        "CREATE TABLE placement (terminal_id TEXT NOT NULL REFERENCES terminal(id),"
        " store_id TEXT NOT NULL REFERENCES store(id), assigned_at TEXT NOT NULL,"
        " PRIMARY KEY (terminal_id, store_id, assigned_at))",
    )
    run_sql(
        database,
        "INSERT INTO placement SELECT id, store_id, assigned_at FROM terminal"
        " UNION SELECT terminal.id, store.id, audit_entry.at FROM audit_entry"
        " JOIN terminal ON terminal.id = substr(audit_entry.subject, 1, 36)"
        " JOIN store ON store.id = substr(audit_entry.subject, 47)"
        " WHERE audit_entry.action = 'terminal.assigned'",
    )


def _days_are_added_up_from_shares(database: Database) -> None:
    """Of each report that counts, what it adds to its day. A damaged document adds nothing."""
    is_sqlite = isinstance(database, SqliteDatabase)
    run_sql(
        database,
        "CREATE TABLE day_share (report_id TEXT NOT NULL PRIMARY KEY,"
        " store_id TEXT NOT NULL REFERENCES store(id), business_date TEXT NOT NULL,"
        f" share {'BLOB' if is_sqlite else 'BYTEA'} NOT NULL)",
    )
    run_sql(database, "CREATE INDEX dayshare_store_id_business_date ON day_share (store_id, business_date)")
    mark = "?" if is_sqlite else "%s"
    after = ""
    while page := run_sql(
        database,
        "SELECT id, store_id, business_date, document FROM report"
        f" WHERE id > {mark} AND (kind = 'Z' OR NOT EXISTS (SELECT 1 FROM report AS z"
        " WHERE z.terminal_id = report.terminal_id AND z.kind = 'Z' AND z.period_id = report.period_id))"
        " ORDER BY id LIMIT 200",
        after,
    ):
        after = page[-1][0]
        for report_id, store_id, business_date, document in page:
            try:
                share = _share_of(json.loads(bytes(document)))
            except (ValueError, KeyError, TypeError):
                continue
            values = report_id, store_id, business_date, json.dumps(share, ensure_ascii=False).encode()
            run_sql(database, f"INSERT INTO day_share VALUES ({mark}, {mark}, {mark}, {mark})", *values)


def _count_tries_and_know_places(database: Database) -> None:
    """Tries stand in buckets, accounts have known places, and the audit can be pruned of what is old."""
    run_sql(database, "CREATE TABLE bucket (key TEXT NOT NULL PRIMARY KEY, empty_at BIGINT NOT NULL)")
    run_sql(database, "CREATE INDEX bucket_empty_at ON bucket (empty_at)")
    run_sql(
        database,
        "CREATE TABLE known_place (account_id TEXT NOT NULL REFERENCES account(id), network TEXT NOT NULL,"
        " seen_at TEXT NOT NULL, PRIMARY KEY (account_id, network))",
    )
    run_sql(database, "ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT ''")
    run_sql(database, "CREATE INDEX audit_entry_action ON audit_entry (action, at)")
    for statement in _only_old_entries_go(isinstance(database, SqliteDatabase)):
        run_sql(database, statement)


def _only_old_entries_go(is_sqlite: bool) -> tuple[str, ...]:
    """The statements after which an entry of the audit can be deleted once it is 90 days old."""
    if is_sqlite:
        return (
            "DROP TRIGGER audit_entry_no_DELETE",
            "CREATE TRIGGER audit_entry_no_DELETE BEFORE DELETE ON audit_entry "
            "WHEN OLD.at > strftime('%Y-%m-%dT%H:%M:%S', 'now', '-90 days') "
            "BEGIN SELECT RAISE(ABORT, 'the audit keeps 90 days'); END",
        )
    return (
        "DROP TRIGGER audit_entry_grows ON audit_entry",
        "CREATE TRIGGER audit_entry_grows BEFORE UPDATE OR TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION audit_only_grows()",
        "CREATE FUNCTION audit_keeps_90_days() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF OLD.at > to_char(now() AT TIME ZONE 'UTC' - interval '90 days', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS') THEN RAISE EXCEPTION 'the audit keeps 90 days'; END IF; "
        "RETURN OLD; END $$",
        "CREATE TRIGGER audit_entry_keeps BEFORE DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_keeps_90_days()",
    )


def _letters_wait_in_the_database(database: Database) -> None:
    run_sql(
        database,
        "CREATE TABLE letter (id TEXT NOT NULL PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account(id),"
        " kind TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT,"
        " state TEXT NOT NULL, created_at TEXT NOT NULL, due_at TEXT NOT NULL, expires_at TEXT NOT NULL,"
        " tries INTEGER NOT NULL, cause TEXT, ended_at TEXT)",
    )
    run_sql(database, "CREATE INDEX letter_due ON letter (state, due_at)")
    run_sql(database, "CREATE INDEX letter_of_account ON letter (account_id, kind, created_at)")


def _new_conflicts_are_found_at_once(database: Database) -> None:
    run_sql(database, "CREATE INDEX conflict_of_terminal ON conflict (terminal_id, received_at)")
    run_sql(database, "CREATE INDEX terminal_account_id ON terminal (account_id)")


def _reports_of_a_day_are_counted(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal ADD COLUMN empty_at BIGINT NOT NULL DEFAULT 0")


def _accounts_confirm_their_e_mail(database: Database) -> None:
    """Accounts of before count as confirmed: their people had every mail so far."""
    run_sql(database, "ALTER TABLE account ADD COLUMN confirmed_at TEXT")
    run_sql(database, "UPDATE account SET confirmed_at = created_at")
    run_sql(
        database,
        "CREATE TABLE confirmation (token_hash TEXT NOT NULL PRIMARY KEY,"
        " account_id TEXT NOT NULL REFERENCES account(id), expires_at TEXT NOT NULL)",
    )
    run_sql(database, "CREATE INDEX confirmation_expires_at ON confirmation (expires_at)")


def _terminals_say_how_they_are(database: Database) -> None:
    run_sql(
        database,
        "CREATE TABLE terminal_state (terminal_id TEXT NOT NULL PRIMARY KEY REFERENCES terminal(id),"
        " told_at TEXT NOT NULL, pending BIGINT, sending BIGINT, attention BIGINT, delivered BIGINT,"
        " oldest_pending_s BIGINT, last_z_number BIGINT, clock_offset_s BIGINT, software TEXT, sender TEXT)",
    )


def _stores_have_days_on_which_they_are_closed(database: Database) -> None:
    run_sql(database, "ALTER TABLE store ADD COLUMN closed_weekdays TEXT NOT NULL DEFAULT ''")


def _sessions_know_their_device_and_prove_who_it_is(database: Database) -> None:
    run_sql(database, "ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT ''")
    run_sql(database, "ALTER TABLE session ADD COLUMN proved_until TEXT")
    run_sql(database, "ALTER TABLE session ADD COLUMN code_hash TEXT")
    run_sql(database, "ALTER TABLE session ADD COLUMN code_until TEXT")
    run_sql(database, "ALTER TABLE session ADD COLUMN code_tries INTEGER NOT NULL DEFAULT 0")


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    begin,
    _reports_have_odd_dates,
    _terminals_are_released,
    _settle_conflicts,
    _mail_a_short_code_too,
    _terminals_had_stores_before,
    _days_are_added_up_from_shares,
    _count_tries_and_know_places,
    _letters_wait_in_the_database,
    _new_conflicts_are_found_at_once,
    _reports_of_a_day_are_counted,
    _accounts_confirm_their_e_mail,
    _terminals_say_how_they_are,
    _stores_have_days_on_which_they_are_closed,
    xs_have_a_table_of_their_own,
    what_accounts_keep_is_counted,
    _sessions_know_their_device_and_prove_who_it_is,
    bodies_stand_beside_their_keys,
    of_alarms.alarms_are_kept,
    of_alarms.terminals_are_late,
    stores_keep_documents,
    of_alarms.new_reports_are_found_at_once,
    of_alarms.tills_tell_their_findings,
    stores_have_enrolment_codes,
    of_alarms.tills_tell_that_they_leave_out_numbers,
    entries_tell_company_and_network,
    terminals_ask_to_be_assigned,
    revoked_terminals_stay_out,
    companies_have_members,
    receipts_are_signed,
    accounts_have_a_second_factor,
    people_are_invited_and_companies_closed,
    entries_tell_the_device,
    periods_are_closed,
    companies_ask_for_a_second_factor,
    companies_keep_a_chart,
    sessions_are_of_a_page_or_of_the_api,
    codes_know_who_made_them,
)
"""The first one brings a database to version 1, the second to version 2, and so on."""
