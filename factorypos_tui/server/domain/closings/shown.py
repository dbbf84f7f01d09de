"""The closings that somebody sees: those of stores, of the terminals that sent for no other store, and of
companies that have no other store. A closing of more than that would tell figures of others."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from peewee import Database, ModelSelect

from factorypos_tui.server.domain.closings.periods import Kind
from factorypos_tui.server.domain.companies import stores_seen
from factorypos_tui.server.domain.members import Role, stores_for
from factorypos_tui.server.storage.closing_tables import Closing
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Account, Company, Store


class Level(StrEnum):
    """Of what: the store as a whole, or each of its terminals that sent for no store that you do not see."""

    STORE = "store"
    TERMINAL = "terminal"


def closings_within(database: Database, store_ids: Sequence[str]) -> Iterator[Closing]:
    """All that these stores may tell."""
    scopes = [
        *(("terminal", it) for it in terminals_within(database, store_ids, store_ids)),
        *(("store", it) for it in store_ids),
        *(("company", it) for it in companies_within(database, store_ids)),
    ]
    for scope, scope_id in scopes:
        own = (Closing.scope == scope, Closing.scope_id == scope_id)
        ids = [row.id for row in Closing.select(Closing.id).where(*own).order_by(Closing.id).bind(database)]
        for closing_id in ids:  # one at a time: that of a year may be long
            yield Closing.select().where(Closing.id == closing_id).get(database)


def closings_of_store(
    database: Database, account_id: str, store: Store, period: Kind, *, of_terminals: bool
) -> "ModelSelect[Closing]":
    """Those of a store, or of the terminals of it that sent for no store that the account does not see."""
    query = Closing.select().where(Closing.period == period.value)
    if not of_terminals:
        return query.where(Closing.scope == "store", Closing.scope_id == store.id)
    terminals = terminals_within(database, [store.id], stores_for(account_id, Role.VIEWER))
    return query.where(Closing.scope == "terminal", Closing.scope_id.in_(terminals))


def closings_of_company(
    database: Database, account: Account, company: Company, period: Kind
) -> "ModelSelect[Closing]":
    """Those of a company; none where the account does not see all its stores."""
    seen = [store.id for store in stores_seen(account, company).bind(database)]
    ids = [it for it in companies_within(database, seen) if it == company.id]
    query = Closing.select().where(Closing.period == period.value)
    return query.where(Closing.scope == "company", Closing.scope_id.in_(ids))


def terminals_within(database: Database, store_ids: Sequence[str], seen: Any) -> list[str]:
    """The terminals with Zs of these stores that have none of stores that are not `seen` (ids, or a query of
    them)."""
    elsewhere = ZReport.select(ZReport.terminal_id).where(ZReport.store_id.not_in(seen))
    query: ModelSelect[ZReport] = ZReport.select(ZReport.terminal_id).where(ZReport.store_id.in_(store_ids))
    own = {terminal_id for (terminal_id,) in query.distinct().tuples().execute(database)}
    others = elsewhere.where(ZReport.terminal_id.in_(list(own))).distinct().tuples().execute(database)
    return sorted(own - {terminal_id for (terminal_id,) in others})


def companies_within(database: Database, store_ids: Sequence[str]) -> list[str]:
    """The companies of these stores that have no others."""
    own = Store.select(Store.company_id).where(Store.id.in_(store_ids)).distinct()
    companies = {company_id for (company_id,) in own.tuples().execute(database)}
    others = Store.select(Store.company_id).where(
        Store.company_id.in_(list(companies)), Store.id.not_in(store_ids)
    )
    return sorted(companies - {company_id for (company_id,) in others.tuples().execute(database)})
