"""Databases of older versions, and what programs of those versions wrote into them."""

from dataclasses import dataclass

from peewee import Database

from factorypos_tui.server.documents.share import share_of
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.migrations import MIGRATIONS
from tests.server.shop import Json, Till, canonical

WHO = "00000000-0000-4000-8000-000000000001"
"""The id of the account, of its company, of its store, and of its till."""
TILL = Till(None, WHO, WHO, "")  # type: ignore[arg-type]  # it only makes reports
AT = "2026-03-02T12:00:00.000Z"


@dataclass(frozen=True)
class Older:
    """A database before version 15, with a till in a store."""

    database: Database

    @classmethod
    def of_version(cls, version: int, database: Database) -> "Older":
        """An empty database, open, becomes one of this version."""
        with database.atomic():
            for migration in MIGRATIONS[:version]:
                migration(database)
            run_sql(database, f"UPDATE schema_version SET version = {version:d}")
        older = cls(database)
        named = {"id": WHO, "name": "Bar"}
        person = {"email": "a", "email_key": "a", "language": "es", "password_hash": "h"}
        older.add("account", **named, **person, created_at=AT)
        older.add("company", **named, account_id=WHO, country="ES", currency="EUR", created_at=AT)
        older.add("store", **named, company_id=WHO, timezone="Europe/Madrid", created_at=AT)
        of = {"account_id": WHO, "store_id": WHO}
        older.add("terminal", **named, **of, software="t", may_upload=False, assigned_at=AT)
        return older

    def add(self, table: str, **values: object) -> None:
        marks = ", ".join([self.database.param] * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
        run_sql(self.database, sql, *values.values())

    def add_report(self, report: Json, document: bytes | None = None) -> None:
        names = ("kind", "period_id", "z_number", "revision", "business_date", "content_hash")
        self.add(
            "report",
            id=report["report_id"],
            terminal_id=WHO,
            store_id=WHO,
            **{name: report[name] for name in names},
            document=document or canonical(report),
            received_at=AT,
        )

    def add_share(self, report: Json) -> None:
        of = {"store_id": WHO, "business_date": report["business_date"]}
        self.add("day_share", report_id=report["report_id"], **of, share=share_of(canonical(report)))

    def add_conflict(self, refused: Json, **more: object) -> None:
        of = {"terminal_id": WHO, "report_id": refused["report_id"], "content_hash": refused["content_hash"]}
        self.add("conflict", **of, document=canonical(refused), received_at=AT, **more)
