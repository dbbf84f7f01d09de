"""The closings that somebody sees: those of stores, of the terminals that sent for no other store, and of
companies that have no other store. A closing of more than that would tell figures of others."""

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import Database, ModelSelect

from factorypos_tui.server.storage.closing_tables import Closing
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Store


def closings_within(database: Database, store_ids: Sequence[str]) -> Iterator[Closing]:
    """All that these stores may tell."""
    scopes = [
        *(("terminal", it) for it in terminals_within(database, store_ids, store_ids)),
        *(("store", it) for it in store_ids),
        *(("company", it) for it in _companies_within(database, store_ids)),
    ]
    for scope, scope_id in scopes:
        own = (Closing.scope == scope, Closing.scope_id == scope_id)
        ids = [row.id for row in Closing.select(Closing.id).where(*own).order_by(Closing.id).bind(database)]
        for closing_id in ids:  # one at a time: that of a year may be long
            yield Closing.select().where(Closing.id == closing_id).get(database)


def terminals_within(database: Database, store_ids: Sequence[str], seen: Any) -> list[str]:
    """The terminals with Zs of these stores that have none of stores that are not `seen` (ids, or a query of
    them)."""
    elsewhere = ZReport.select(ZReport.terminal_id).where(ZReport.store_id.not_in(seen))
    query: ModelSelect[ZReport] = ZReport.select(ZReport.terminal_id).where(ZReport.store_id.in_(store_ids))
    own = {terminal_id for (terminal_id,) in query.distinct().tuples().execute(database)}
    others = elsewhere.where(ZReport.terminal_id.in_(list(own))).distinct().tuples().execute(database)
    return sorted(own - {terminal_id for (terminal_id,) in others})


def _companies_within(database: Database, store_ids: Sequence[str]) -> list[str]:
    own = Store.select(Store.company_id).where(Store.id.in_(store_ids)).distinct()
    companies = {company_id for (company_id,) in own.tuples().execute(database)}
    others = Store.select(Store.company_id).where(
        Store.company_id.in_(list(companies)), Store.id.not_in(store_ids)
    )
    return sorted(companies - {company_id for (company_id,) in others.tuples().execute(database)})
