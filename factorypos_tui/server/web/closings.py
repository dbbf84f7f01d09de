"""The closings of months and years: a list, its table, and each as a paper.

The screen: months or years of a store, of each of its terminals or of a company, the newest first, a page at
a time. A line has the period, net, tax, payments, Zs, the total since the first sale, hash and key, each with
its parts below; a closing that was corrected says so and leads to what corrects it. Where there is none, the
page says why. It has no form: rounds make closings, and managers order them by the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from factorypos_tui.server.domain.audit_trail import timezone_of
from factorypos_tui.server.domain.closings.listed import (
    Nothing,
    ShownClosing,
    closing_of_company,
    closing_of_store,
    newest_closings,
    why_none_of_company,
    why_none_of_store,
)
from factorypos_tui.server.domain.closings.periods import Kind
from factorypos_tui.server.domain.closings.shown import Level, closings_of_company, closings_of_store
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.web.closing_papers import (
    COLUMNS,
    correction_words,
    line_of,
    paper_of_closing,
    row_of,
)
from factorypos_tui.server.web.pdfs import pdf_answer
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
        "None is closed yet. There is nothing to do: each is closed by itself once it is over wherever on "
        "earth and each till with days in it has a later one, at the latest two weeks after its end. One "
        "with a day whose report is not here any more stays open."
    ),
    Nothing.OTHER_STORES: marked(
        "These closings tell figures of stores that you do not see. Look at those of your own stores, or ask "
        "an owner."
    ),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which list is meant."""

    period: Kind
    scope: Level

    @property
    def parameters(self) -> Mapping[str, str]:
        """As an address says it."""
        return {"period": self.period.value, "scope": self.scope.value}


async def _asked(period: Kind = Kind.MONTH, scope: Level = Level.STORE) -> _Asked:
    return _Asked(period, scope)


Asked = Annotated[_Asked, Depends(_asked)]
Cursor = Annotated[str | None, Query(max_length=1000)]


@dataclass(frozen=True, slots=True)
class _Place:
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


def _store(visit: OwnersVisit, store_id: UUID) -> _Place:
    return _of_store(visit, store_for(visit.database, visit.account, str(store_id), Role.VIEWER))


def _of_store(visit: OwnersVisit, store: Store) -> _Place:
    company = Company.select().where(Company.id == store.company_id).get(visit.database)
    return _Place(store, company, store.timezone)


def _company(visit: OwnersVisit, company_id: UUID) -> _Place:
    company = company_for(visit.database, visit.account, str(company_id), Role.VIEWER)
    return _Place(None, company, timezone_of(visit.database, company))


def _query(visit: OwnersVisit, place: _Place, asked: _Asked) -> Any:
    database, account = visit.database, visit.account
    if place.store is None:
        return closings_of_company(database, account, place.company, asked.period)
    of_terminals = asked.scope is Level.TERMINAL
    return closings_of_store(database, account.id, place.store, asked.period, of_terminals=of_terminals)


@router.get("/stores/{store_id}/closings")
def closings_of_a_store(visit: LoggedIn, store_id: UUID, asked: Asked, cursor: Cursor = None) -> Response:
    with visit.database.connection_context():
        return _page(visit, _store(visit, store_id), asked, cursor)


@router.get("/companies/{company_id}/closings")
def closings_of_a_company(visit: LoggedIn, company_id: UUID, asked: Asked, cursor: Cursor = None) -> Response:
    with visit.database.connection_context():
        return _page(visit, _company(visit, company_id), asked, cursor)


@router.get("/stores/{store_id}/closings.{form}")
def table_of_a_store(visit: LoggedIn, store_id: UUID, form: Form, asked: Asked) -> Response:
    with visit.database.connection_context():
        return _table(visit, _store(visit, store_id), asked, form)


@router.get("/companies/{company_id}/closings.{form}")
def table_of_a_company(visit: LoggedIn, company_id: UUID, form: Form, asked: Asked) -> Response:
    with visit.database.connection_context():
        return _table(visit, _company(visit, company_id), asked, form)


def _page(visit: OwnersVisit, place: _Place, asked: _Asked, cursor: str | None) -> Response:
    found, following = newest_closings(
        visit.database, place.company, _query(visit, place, asked), Page(cursor, AT_ONCE)
    )
    lines = [line_of(closing) for closing in found]
    return visit.page(
        "closings.html",
        place=place,
        asked=asked,
        lines=lines,
        cursor=following,
        no_key=current_signer(visit.database) is None,
        nothing="" if lines else told(_NONE[_why_none(visit, place, asked)]),
        most=MOST_EXPORTED,
        correction_words=correction_words,
    )


def _why_none(visit: OwnersVisit, place: _Place, asked: _Asked) -> Nothing:
    database, account = visit.database, visit.account
    if place.store is None:
        return why_none_of_company(database, account, place.company)
    of_terminals = asked.scope is Level.TERMINAL
    return why_none_of_store(database, account, place.store, of_terminals=of_terminals)


def _table(visit: OwnersVisit, place: _Place, asked: _Asked, form: Form) -> Response:
    query, page = _query(visit, place, asked), Page(None, MOST_EXPORTED)
    found, _ = newest_closings(visit.database, place.company, query, page)
    return table(form, COLUMNS, (row_of(closing) for closing in found))


@router.get("/stores/{store_id}/closings/{closing_id}.json")
def closing_of_a_store_as_it_was_signed(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _signed(_one_of_store(visit, store_id, closing_id)[1])


@router.get("/companies/{company_id}/closings/{closing_id}.json")
def closing_of_a_company_as_it_was_signed(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _signed(_one_of_company(visit, company_id, closing_id)[1])


@router.get("/stores/{store_id}/closings/{closing_id}.pdf")
def closing_of_a_store_as_a_pdf(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _pdf(*_one_of_store(visit, store_id, closing_id))


@router.get("/companies/{company_id}/closings/{closing_id}.pdf")
def closing_of_a_company_as_a_pdf(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _pdf(*_one_of_company(visit, company_id, closing_id))


@router.get("/stores/{store_id}/closings/{closing_id}")
def closing_of_a_store_as_it_prints(visit: LoggedIn, store_id: UUID, closing_id: UUID) -> Response:
    return _printed(visit, *_one_of_store(visit, store_id, closing_id))


@router.get("/companies/{company_id}/closings/{closing_id}")
def closing_of_a_company_as_it_prints(visit: LoggedIn, company_id: UUID, closing_id: UUID) -> Response:
    return _printed(visit, *_one_of_company(visit, company_id, closing_id))


_One = tuple[_Place, ShownClosing]


def _one_of_store(visit: OwnersVisit, store_id: UUID, closing_id: UUID) -> _One:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        return _of_store(visit, store), closing_of_store(database, visit.account, store, str(closing_id))


def _one_of_company(visit: OwnersVisit, company_id: UUID, closing_id: UUID) -> _One:
    database = visit.database
    with database.connection_context():
        place = _company(visit, company_id)
        return place, closing_of_company(database, visit.account, place.company, str(closing_id))


def _signed(closing: ShownClosing) -> Response:
    return Response(closing.signed, media_type="application/json")


def _pdf(place: _Place, closing: ShownClosing) -> Response:
    it = closing.document
    revision = f".{it.revision}" if it.revision else ""
    paper = paper_of_closing(closing, place.timezone)
    places = [name for name in dict.fromkeys((place.company.name, place.name)) if name != closing.of]
    return pdf_answer(paper, places, it.made_at, f"closing-{it.name}{revision}.pdf")


def _printed(visit: OwnersVisit, place: _Place, closing: ShownClosing) -> Response:
    return visit.page(
        "closing.html",
        place=place,
        closing=closing,
        asked=_Asked(closing.document.period, _level(closing)),
        paper=paper_of_closing(closing, place.timezone),
        correction_words=correction_words,
    )


def _level(closing: ShownClosing) -> Level:
    return Level.TERMINAL if closing.document.scope == "terminal" else Level.STORE
