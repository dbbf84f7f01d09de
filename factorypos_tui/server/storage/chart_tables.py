"""The table of the charts of accounts that companies keep, and its migration: never edited once on main."""

from peewee import Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class CompanyChart(Model):
    """The chart of accounts of a company; there is one at most."""

    company_id = TextField(primary_key=True)
    document = TextField()
    """TOML, as a shop keeps it in a file."""
    saved_at = TextField()
    saved_by = TextField()
    """The id of an account."""

    class Meta:
        table_name = "company_chart"


def companies_keep_a_chart(database: Database) -> None:
    run_sql(
        database,
        "CREATE TABLE company_chart (company_id TEXT NOT NULL PRIMARY KEY REFERENCES company(id),"
        " document TEXT NOT NULL, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL)",
    )
