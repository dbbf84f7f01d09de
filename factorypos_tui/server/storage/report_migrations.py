"""The migrations that give reports their tables: Xs one of their own, Zs one for keys and one for bodies."""

import json
import re
from typing import Any

from peewee import Database, SqliteDatabase

from factorypos_tui.server.storage.database import run_sql


def xs_have_a_table_of_their_own(database: Database) -> None:
    """One row a period that is open, and what earlier programs left out of the figures, or in them, mended.

    A program of an earlier version can write no report from here on, as its table is gone."""
    is_sqlite = isinstance(database, SqliteDatabase)
    if not is_sqlite:
        run_sql(database, "LOCK TABLE report, day_share IN ACCESS EXCLUSIVE MODE")
    run_sql(
        database,
        "CREATE TABLE x_report (id TEXT NOT NULL PRIMARY KEY,"
        " terminal_id TEXT NOT NULL REFERENCES terminal(id), store_id TEXT NOT NULL REFERENCES store(id),"
        " period_id TEXT NOT NULL, revision BIGINT NOT NULL, business_date TEXT NOT NULL,"
        f" content_hash TEXT NOT NULL, document {'BLOB' if is_sqlite else 'BYTEA'} NOT NULL,"
        f" received_at TEXT NOT NULL, days_off BIGINT){'' if is_sqlite else ' WITH (fillfactor = 70)'}",
    )
    run_sql(database, "CREATE UNIQUE INDEX x_report_of_period ON x_report (terminal_id, period_id)")
    run_sql(database, "CREATE INDEX x_report_of_store ON x_report (store_id, business_date)")
    z_is_here = (
        "EXISTS (SELECT 1 FROM report AS z WHERE z.terminal_id = report.terminal_id AND z.kind = 'Z'"
        " AND z.period_id = report.period_id)"
    )
    _count_what_was_left_out(database, f"kind = 'Z' OR NOT {z_is_here}")
    _clear_shares_of_xs(database, z_is_here)
    columns = (
        "id, terminal_id, store_id, period_id, revision, business_date, content_hash, document,"
        " received_at, days_off"
    )
    run_sql(
        database,
        f"INSERT INTO x_report ({columns}) SELECT {columns} FROM report WHERE kind = 'X' AND (NOT {z_is_here}"
        " OR EXISTS (SELECT 1 FROM conflict WHERE conflict.held_id = report.id))",
    )
    run_sql(database, "DELETE FROM report WHERE kind = 'X'")
    run_sql(database, "ALTER TABLE report RENAME TO z_report")
    run_sql(database, "DROP INDEX report_terminal_id_kind_period_id")
    run_sql(database, "CREATE UNIQUE INDEX z_report_of_period ON z_report (terminal_id, period_id)")


def bodies_stand_beside_their_keys(database: Database) -> None:
    """What is known of Zs for ever in a narrow table, their documents in one of their own, by months on
    PostgreSQL: those in which there are any, but of no more than ten years."""
    is_sqlite = isinstance(database, SqliteDatabase)
    if not is_sqlite:
        run_sql(database, "LOCK TABLE z_report IN ACCESS EXCLUSIVE MODE")
    for index in ("z_report_of_period", "report_terminal_id_z_number", "report_store_id_business_date"):
        run_sql(database, f"DROP INDEX {index}")
    run_sql(database, "ALTER TABLE z_report RENAME TO z_whole")
    date = "business_date TEXT" if is_sqlite else 'business_date TEXT COLLATE "C"'
    run_sql(
        database,
        "CREATE TABLE z_report (id TEXT NOT NULL PRIMARY KEY,"
        " terminal_id TEXT NOT NULL REFERENCES terminal(id), store_id TEXT NOT NULL REFERENCES store(id),"
        f" period_id TEXT NOT NULL, z_number BIGINT NOT NULL, {date} NOT NULL, content_hash TEXT NOT NULL,"
        " received_at TEXT NOT NULL, days_off BIGINT)",
    )
    run_sql(
        database,
        f"CREATE TABLE z_body ({date} NOT NULL, report_id TEXT NOT NULL,"
        f" document {'BLOB' if is_sqlite else 'BYTEA'} NOT NULL, PRIMARY KEY (business_date, report_id))"
        f"{'' if is_sqlite else ' PARTITION BY RANGE (business_date)'}",
    )
    if not is_sqlite:
        _partition(database)
    columns = (
        "id, terminal_id, store_id, period_id, z_number, business_date, content_hash, received_at, days_off"
    )
    run_sql(database, f"INSERT INTO z_report ({columns}) SELECT {columns} FROM z_whole")
    run_sql(database, "INSERT INTO z_body SELECT business_date, id, document FROM z_whole")
    run_sql(database, "DROP TABLE z_whole")
    run_sql(database, "CREATE UNIQUE INDEX z_report_of_period ON z_report (terminal_id, period_id)")
    run_sql(database, "CREATE UNIQUE INDEX z_report_of_number ON z_report (terminal_id, z_number)")
    run_sql(database, "CREATE INDEX z_report_of_store ON z_report (store_id, business_date)")
    run_sql(
        database,
        "CREATE TABLE body_drop (before TEXT NOT NULL PRIMARY KEY, dropped_at TEXT NOT NULL,"
        " bodies BIGINT NOT NULL)",
    )


def _partition(database: Database) -> None:
    run_sql(database, "CREATE TABLE z_body_other PARTITION OF z_body DEFAULT")
    months = run_sql(
        database,
        "SELECT substr(business_date, 1, 7) FROM z_whole GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 120",
    )
    for (month,) in months:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", month):
            run_sql(
                database,
                f"CREATE TABLE z_body_{month.replace('-', '_')} PARTITION OF z_body"
                f" FOR VALUES FROM ('{month}') TO ('{month}-32')",
            )


def stores_keep_documents(database: Database) -> None:
    run_sql(database, "ALTER TABLE store ADD COLUMN keep_years INTEGER")
    run_sql(database, "ALTER TABLE store ADD COLUMN dropped_before TEXT NOT NULL DEFAULT ''")
    dropped = "SELECT MAX(before) FROM body_drop"
    run_sql(database, f"UPDATE store SET dropped_before = COALESCE(({dropped}), '')")


def _count_what_was_left_out(database: Database, is_to_count: str) -> None:
    """A damaged report adds nothing."""
    mark = "?" if isinstance(database, SqliteDatabase) else "%s"
    found = run_sql(
        database,
        f"SELECT id FROM report WHERE ({is_to_count})"
        " AND NOT EXISTS (SELECT 1 FROM day_share WHERE report_id = report.id)",
    )
    for (report_id,) in found:
        ((store_id, business_date, document),) = run_sql(
            database, f"SELECT store_id, business_date, document FROM report WHERE id = {mark}", report_id
        )
        try:
            share = share_of(json.loads(bytes(document)))
        except (ValueError, KeyError, TypeError):
            continue
        values = report_id, store_id, business_date, json.dumps(share, ensure_ascii=False).encode()
        run_sql(database, f"INSERT INTO day_share VALUES ({mark}, {mark}, {mark}, {mark})", *values)


def _clear_shares_of_xs(database: Database, z_is_here: str) -> None:
    """Those whose Z counts, and those whose X is gone. The share of a Z that is gone stays: it was sold."""
    mark = "?" if isinstance(database, SqliteDatabase) else "%s"
    run_sql(
        database,
        f"DELETE FROM day_share WHERE report_id IN (SELECT id FROM report WHERE kind = 'X' AND {z_is_here})",
    )
    left = (
        "SELECT report_id, share FROM day_share WHERE NOT EXISTS (SELECT 1 FROM report WHERE id = report_id)"
    )
    for report_id, share in run_sql(database, left):
        if _is_of_x(bytes(share)):
            run_sql(database, f"DELETE FROM day_share WHERE report_id = {mark}", report_id)


def _is_of_x(share: bytes) -> bool:
    try:
        return bool(json.loads(share)["kind"] == "X")
    except (ValueError, KeyError, TypeError):
        return False


def share_of(document: dict[str, Any]) -> dict[str, Any]:
    """What a report added to its day in the versions of these migrations."""
    fields = {
        "taxes": ("code", "name", "rate", "base", "tax", "gross"),
        "payments": (
            *("code", "name", "type", "sales_count", "sales_amount", "refund_count", "refund_amount"),
            *("tips", "amount"),
        ),
        "departments": ("code", "name", "quantity", "amount"),
        "hours": ("hour", "receipts", "amount"),
    }
    totals = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
    share = {name: document[name] for name in ("business_date", "currency", "kind")}
    share["receipts"] = {"count": document["receipts"]["count"]}
    share["totals"] = {name: document["totals"][name] for name in totals}
    for group, names in fields.items():
        share[group] = [{name: row[name] for name in names} for row in document[group]]
    return share
