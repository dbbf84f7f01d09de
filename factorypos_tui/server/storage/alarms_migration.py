"""The migrations of the tables of alarms. As all others they are never edited once on main."""

from peewee import Database

from factorypos_tui.server.storage.database import run_sql


def alarms_are_kept(database: Database) -> None:
    for statement in (
        "CREATE TABLE alarm (id TEXT NOT NULL PRIMARY KEY, store_id TEXT NOT NULL REFERENCES store(id),"
        " terminal_id TEXT NOT NULL REFERENCES terminal(id), kind TEXT NOT NULL, subject TEXT NOT NULL,"
        " began_at TEXT NOT NULL, ended_at TEXT, accepted_at TEXT, facts TEXT NOT NULL)",
        "CREATE UNIQUE INDEX alarm_turn ON alarm (terminal_id, kind, subject) WHERE ended_at IS NULL",
        "CREATE INDEX alarm_open ON alarm (store_id) WHERE ended_at IS NULL",
        "CREATE INDEX alarm_of_subject ON alarm (terminal_id, kind, subject)",
        "CREATE INDEX alarm_of_store ON alarm (store_id, began_at)",
        "CREATE INDEX alarm_ended_at ON alarm (ended_at)",
        "CREATE TABLE alarm_notice (alarm_id TEXT NOT NULL REFERENCES alarm(id),"
        " account_id TEXT NOT NULL REFERENCES account(id), noticed_at TEXT NOT NULL, cleared_at TEXT,"
        " PRIMARY KEY (alarm_id, account_id))",
        "CREATE TABLE terminal_watch (terminal_id TEXT NOT NULL PRIMARY KEY REFERENCES terminal(id),"
        " looked_at TEXT NOT NULL, due_at TEXT NOT NULL, period_hours INTEGER, grace_hours INTEGER,"
        " may_skip BOOLEAN NOT NULL)",
        "CREATE TABLE store_watch (store_id TEXT NOT NULL PRIMARY KEY REFERENCES store(id),"
        " cash_limit BIGINT NOT NULL)",
        "CREATE TABLE mail_wish (account_id TEXT NOT NULL PRIMARY KEY REFERENCES account(id),"
        " alarms BOOLEAN NOT NULL, day_at TEXT)",
        "CREATE TABLE day_mail (account_id TEXT NOT NULL REFERENCES account(id),"
        " store_id TEXT NOT NULL REFERENCES store(id), business_date TEXT NOT NULL, sent_at TEXT NOT NULL,"
        " PRIMARY KEY (account_id, store_id, business_date))",
        "CREATE TABLE alarm_round (name TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL, since TEXT NOT NULL)",
    ):
        run_sql(database, statement)


def terminals_are_late(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal_watch ADD COLUMN late_at TEXT")


def tills_tell_their_findings(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal_state ADD COLUMN findings TEXT")


def tills_tell_that_they_leave_out_numbers(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal_state ADD COLUMN leaves_out_numbers BOOLEAN")


def new_reports_are_found_at_once(database: Database) -> None:
    run_sql(database, "CREATE INDEX z_report_of_arrival ON z_report (terminal_id, received_at)")
