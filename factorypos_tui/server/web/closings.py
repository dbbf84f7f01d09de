"""The closings of months and years: a list and its table, and the order to close the newest now.

The screen: months or years of a store, of each of its terminals or of a company, the newest first, a page at
a time. A line has the period, net, tax, payments, Zs, the total since the first sale, hash and key, each with
its parts below; a closing that was corrected says so and leads to what corrects it. Where there is none, the
page says why. Whoever may closes the newest period that is over by a button; rounds close all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from factorypos_tui.server.domain.audit_trail import timezone_of
from factorypos_tui.server.domain.closings.listed import (
    Nothing,
    newest_closings,
    why_none_of_company,
    why_none_of_store,
)
from factorypos_tui.server.domain.closings.ordering import OrderForm, closable, order_closing
from factorypos_tui.server.domain.closings.periods import Kind, Period
from factorypos_tui.server.domain.closings.shown import Level, closings_of_company, closings_of_store
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.closing_papers import (
    COLUMNS,
    correction_words,
    line_of,
    row_of,
)
from factorypos_tui.server.web.tables import Form, table
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

AT_ONCE = 24
"""So many closings has a page: two years of months."""
MOST_EXPORTED = 1_000
"""Closings of one file, the newest."""
_NONE = {
    Nothing.NO_DAY: marked("No day was closed at a till yet. The first month is closed once it is over."),
    Nothing.NOT_OVER: marked(
        "None is closed yet. You need do nothing: each is closed by itself once it is over wherever on "
        "earth and each till with days in it has a later one, at the latest two weeks after its end. One "
        "with a day whose report is not here any more stays open."
    ),
    Nothing.OTHER_STORES: marked(
        "These closings tell figures of stores that you do not see. Look at those of your own stores, or ask "
        "an owner."
    ),
}


@dataclass(frozen=True, slots=True)
class AskedClosings:
    """Which list is meant."""

    period: Kind
    scope: Level

    @property
    def parameters(self) -> Mapping[str, str]:
        """As an address says it."""
        return {"period": self.period.value, "scope": self.scope.value}


async def _asked(period: Kind = Kind.MONTH, scope: Level = Level.STORE) -> AskedClosings:
    return AskedClosings(period, scope)


Asked = Annotated[AskedClosings, Depends(_asked)]
Cursor = Annotated[str | None, Query(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Place:
    """A store, or a company as a whole."""

    store: Store | None
    company: Company
    timezone: str

    @property
    def name(self) -> str:
        return self.store.name if self.store else self.company.name

    @property
    def path(self) -> str:
        return f"/stores/{self.store.id}" if self.store else f"/companies/{self.company.id}"


def _store(visit: OwnersVisit, store_id: UUID) -> Place:
    return place_of_store(visit, store_for(visit.database, visit.account, str(store_id), Role.VIEWER))


def place_of_store(visit: OwnersVisit, store: Store) -> Place:
    company = Company.select().where(Company.id == store.company_id).get(visit.database)
    return Place(store, company, store.timezone)


def place_of_company(visit: OwnersVisit, company_id: UUID) -> Place:
    company = company_for(visit.database, visit.account, str(company_id), Role.VIEWER)
    return Place(None, company, timezone_of(visit.database, company))


def _query(visit: OwnersVisit, place: Place, asked: AskedClosings) -> Any:
    database, account = visit.database, visit.account
    if place.store is None:
        return closings_of_company(database, account, place.company, asked.period)
    of_terminals = asked.scope is Level.TERMINAL
    return closings_of_store(database, account.id, place.store, asked.period, of_terminals=of_terminals)


@router.get("/stores/{store_id}/closings")
def closings_of_a_store(visit: LoggedIn, store_id: UUID, asked: Asked, cursor: Cursor = None) -> Response:
    with visit.database.connection_context():
        found = _found(visit, _store(visit, store_id), asked, cursor)
    return visit.page("closings.html", **found)


@router.post("/stores/{store_id}/closings")
def close_now(visit: LoggedIn, store_id: UUID) -> Response:
    """Close a period of a store without waiting for the round that would."""
    database, account = visit.database, visit.account
    with database.connection_context():
        store = store_for(database, account, str(store_id), Role.MANAGER)
        try:
            order = visit.read(OrderForm)
            order_closing(visit.cloud, account, store, order)
        except Refused as refused:
            asked = AskedClosings(Kind.MONTH, Level.STORE)
            found = _found(visit, place_of_store(visit, store), asked, None)
            return visit.page("closings.html", refused, **found)
    words = told("{period} is closed.").format(period=w.period(order.name))
    return visit.go(f"/stores/{store.id}/closings", words, period=order.period.value)


@router.get("/companies/{company_id}/closings")
def closings_of_a_company(visit: LoggedIn, company_id: UUID, asked: Asked, cursor: Cursor = None) -> Response:
    with visit.database.connection_context():
        found = _found(visit, place_of_company(visit, company_id), asked, cursor)
    return visit.page("closings.html", **found)


@router.get("/stores/{store_id}/closings.{form}")
def table_of_a_store(visit: LoggedIn, store_id: UUID, form: Form, asked: Asked) -> Response:
    with visit.database.connection_context():
        return _table(visit, _store(visit, store_id), asked, form)


@router.get("/companies/{company_id}/closings.{form}")
def table_of_a_company(visit: LoggedIn, company_id: UUID, form: Form, asked: Asked) -> Response:
    with visit.database.connection_context():
        return _table(visit, place_of_company(visit, company_id), asked, form)


def _found(visit: OwnersVisit, place: Place, asked: AskedClosings, cursor: str | None) -> dict[str, Any]:
    """What the page shows."""
    found, following = newest_closings(
        visit.database, place.company, _query(visit, place, asked), Page(cursor, AT_ONCE)
    )
    lines = [line_of(closing) for closing in found]
    signs = current_signer(visit.database) is not None
    return {
        "place": place,
        "asked": asked,
        "lines": lines,
        "cursor": following,
        "no_key": not signs,
        "closable": _closable(visit, place, asked) if signs and cursor is None else None,
        "nothing": "" if lines else told(_NONE[_why_none(visit, place, asked)]),
        "most": MOST_EXPORTED,
        "correction_words": correction_words,
    }


def _closable(visit: OwnersVisit, place: Place, asked: AskedClosings) -> Period | None:
    """What who looks may close now."""
    store = place.store
    if store is None or asked.scope is Level.TERMINAL or not visit.may("manager", place.company.id, store.id):
        return None
    return closable(visit.database, store, asked.period, visit.cloud.clock())


def _why_none(visit: OwnersVisit, place: Place, asked: AskedClosings) -> Nothing:
    database, account = visit.database, visit.account
    if place.store is None:
        return why_none_of_company(database, account, place.company)
    of_terminals = asked.scope is Level.TERMINAL
    return why_none_of_store(database, account, place.store, of_terminals=of_terminals)


def _table(visit: OwnersVisit, place: Place, asked: AskedClosings, form: Form) -> Response:
    query, page = _query(visit, place, asked), Page(None, MOST_EXPORTED)
    found, _ = newest_closings(visit.database, place.company, query, page)
    return table(form, COLUMNS, (row_of(closing) for closing in found))
