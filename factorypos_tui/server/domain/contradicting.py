"""Reports that contradict the one that holds their place are kept beside it, while their account has room."""

from typing import Literal

from peewee import Database

from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.quotas import Room
from factorypos_tui.server.storage.arrivals import Place
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.tables import Conflict, Terminal


def keep_conflict(
    database: Database,
    room: Room,
    account_id: str,
    held: Place | None,
    report: ReportDocument,
    raw: bytes,
    now: str,
) -> Literal["known", "kept", "left_out"]:
    """Keep a refused document beside the report that holds its place; what became of it."""
    same = (Conflict.terminal_id == report.terminal_id) & (Conflict.content_hash == report.content_hash)
    if Conflict.select().where(same).exists(database):
        return "known"
    if not room.takes_conflict(account_id, len(raw)):
        return "left_out"
    Conflict.insert(
        terminal_id=report.terminal_id,
        held_id=held and held.id,
        content_hash=report.content_hash,
        report_id=report.report_id,
        document=raw,
        received_at=now,
    ).execute(database)
    _audit_refusal(database, report, now)
    return "kept"


def _audit_refusal(database: Database, report: ReportDocument, now: str) -> None:
    """The call at work may be another terminal's, whose transaction this report shares: from where it came is
    not known here."""
    of_terminal = Terminal.select(Terminal.store_id).where(Terminal.id == report.terminal_id)
    company = company_of(database, of_terminal.scalar(database))
    audit(
        database, now, report.terminal_id, "report.refused", report.report_id, company_id=company, network=""
    )
