"""The tables of a company's members, and their migration: never edited once on main."""

from peewee import BooleanField, CompositeKey, Database, Model, SqliteDatabase, TextField

from factorypos_tui.server.storage.database import run_sql


class Member(Model):
    """An account that may do something in a company."""

    company_id = TextField()
    account_id = TextField()
    role = TextField()
    """A word of `domain.members.Role`."""
    all_stores = BooleanField()
    """Whether it sees every store of the company, also one that is made later; else those of
    `MemberStore`. An owner does."""
    joined_at = TextField()

    class Meta:
        primary_key = CompositeKey("company_id", "account_id")


class MemberStore(Model):
    """A store that a member sees who does not see all. Whoever changes these writes the row of the member,
    too, so that calls of that member which are under way come before or after the change. They go with it."""

    company_id = TextField()
    account_id = TextField()
    store_id = TextField()

    class Meta:
        table_name = "member_store"
        primary_key = CompositeKey("company_id", "account_id", "store_id")


def companies_have_members(database: Database) -> None:
    """The account that answers for a company is its first owner."""
    truth = "INTEGER" if isinstance(database, SqliteDatabase) else "BOOLEAN"
    for statement in (
        "CREATE TABLE member (company_id TEXT NOT NULL REFERENCES company(id),"
        " account_id TEXT NOT NULL REFERENCES account(id), role TEXT NOT NULL,"
        f" all_stores {truth} NOT NULL, joined_at TEXT NOT NULL, PRIMARY KEY (company_id, account_id))",
        "CREATE INDEX member_account_id ON member (account_id)",
        "CREATE TABLE member_store (company_id TEXT NOT NULL, account_id TEXT NOT NULL,"
        " store_id TEXT NOT NULL REFERENCES store(id), PRIMARY KEY (company_id, account_id, store_id),"
        " FOREIGN KEY (company_id, account_id) REFERENCES member(company_id, account_id) ON DELETE CASCADE)",
        "INSERT INTO member SELECT id, account_id, 'owner', (1 = 1), created_at FROM company",
    ):
        run_sql(database, statement)
