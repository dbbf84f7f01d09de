"""How many bytes accounts keep is counted from one migration on."""

from peewee import Database

from factorypos_tui.server.storage.database import run_sql

_OWNED = "JOIN store ON store.id = {0}.store_id JOIN company ON company.id = store.company_id"


def what_accounts_keep_is_counted(database: Database) -> None:
    """At its terminals what they sent, at the account all else."""
    run_sql(database, "ALTER TABLE terminal ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0")
    run_sql(database, "ALTER TABLE account ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0")
    run_sql(database, "ALTER TABLE account ADD COLUMN told_full_at TEXT")
    ours = "AND sender.id = terminal.id AND company.account_id = sender.account_id"
    sent = (_reports("z_report", ours), _reports("x_report", ours), _documents("conflict", "terminal_id"))
    run_sql(database, f"UPDATE terminal SET kept_bytes = {' + '.join(sent)}")
    left = "AND company.account_id = account.id AND sender.account_id <> account.id"
    versions = _sum(f"configuration AS it {_OWNED.format('it')} WHERE company.account_id = account.id")
    run_sql(database, f"UPDATE account SET kept_bytes = {_reports('z_report', left)} + {versions}")


def _reports(table: str, condition: str) -> str:
    senders = "JOIN terminal AS sender ON sender.id = it.terminal_id"
    return _sum(f"{table} AS it {_OWNED.format('it')} {senders} WHERE TRUE {condition}")


def _documents(table: str, key: str) -> str:
    return _sum(f"{table} AS it WHERE it.{key} = terminal.id")


def _sum(rows: str) -> str:
    return f"COALESCE((SELECT SUM(length(it.document)) FROM {rows}), 0)"
