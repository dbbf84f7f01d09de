"""What the cloud holds of a terminal, for that terminal."""

from peewee import Database, Expression, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.domain.placements import named_store
from factorypos_tui.server.storage.tables import Report, Terminal
from factorypos_tui.server.words import told


def held_reports(
    database: Database, terminal: Terminal, kind: str, store_name: str | None
) -> "ModelSelect[Report]":
    """Its reports of a kind without their documents, in all stores or in the one that is named."""
    query = Report.select(Report.id, Report.z_number, Report.content_hash, Report.received_at)
    query = query.where(_of(terminal), Report.kind == kind)
    if store_name is None:
        return query
    return query.where(Report.store_id == named_store(database, terminal, store_name))


def held_report(database: Database, terminal: Terminal, report_id: str) -> Report:
    """One of its reports; raises `NotYours`."""
    report = Report.select().where(Report.id == report_id, _of(terminal)).get_or_none(database)
    if report is None:
        raise errors.NotYours(told("The cloud holds no such report of this terminal."))
    return report


def _of(terminal: Terminal) -> Expression:
    """The condition that the terminal sent it for its present account."""
    return (Report.terminal_id == terminal.id) & Report.store_id.in_(stores_of(terminal.account_id))
