"""The first page: today of all stores of an account; and today of one store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from factorypos_tui.server.domain.companies import stores_by_company, stores_seen
from factorypos_tui.server.domain.ladders import Steps, read_day, read_together
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.domain.takings import NO_TAKINGS, Compared, Takings
from factorypos_tui.server.domain.today import Today, company_compared, company_takings, read_today
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.legend import VALUES
from factorypos_tui.server.web.papers import tax_name
from factorypos_tui.server.web.plots import Column, Plot, plot
from factorypos_tui.server.web.tables import TODAY, Form, table, today_rows
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Together:
    """What the stores of a company took on their running days."""

    takings: Takings
    compared: dict[str, Compared]
    """By currency."""

    @property
    def currencies(self) -> list[str]:
        return sorted({*self.takings.currencies, *self.compared})


NOT_TOGETHER = Together(NO_TAKINGS, {})
"""Of a company whose stores are on several pages."""
STORES_A_PAGE = 60
"""So many take about 80 KB."""


def together(days: Sequence[Today]) -> Together:
    """The running days of all stores of a company as one."""
    return Together(company_takings(days), {it.currency: it for it in company_compared(days)})


def stores_by_name(visit: OwnersVisit, company: Company) -> list[Store]:
    """The stores of a company that somebody sees, in the order in which pages show them."""
    seen = stores_seen(visit.account, company)
    return list(seen.order_by(Store.name, Store.id).bind(visit.database))


@router.get("/")
def home(visit: LoggedIn, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """All companies with their stores; of very many, so many a page."""
    database, now = visit.database, visit.cloud.clock()
    with database.connection_context():
        companies = stores_by_company(database, visit.account, Role.VIEWER)
        stores = [store for _company, of_company in companies for store in of_company]
        here = stores[(page - 1) * STORES_A_PAGE : page * STORES_A_PAGE]
        days = read_today(database, here, now)
        locked = _locked(visit)
    shown = []
    for company, of_company in companies:
        its = [it for it in days if it.store.company_id == company.id]
        if its or (page == 1 and not of_company):
            all_of_them = together(its) if len(its) == len(of_company) else NOT_TOGETHER
            shown.append((company, its, all_of_them))
    return visit.page(
        "today.html",
        **VALUES,
        companies=shown,
        locked=locked,
        address=visit.cloud.public_url,
        no_terminal=len(here) == len(stores)
        and not any(it.terminals for it in days)
        and (not (companies or locked) or visit.may_somewhere("manager")),
        page=page,
        is_last=page * STORES_A_PAGE >= len(stores),
        now=now,
        live=visit.links.to("/events"),
    )


def _locked(visit: OwnersVisit) -> list[Company]:
    """The companies that show nothing but their names before there is a second factor."""
    its = [company_id for company_id, it in visit.memberships.items() if it.lacks_factor]
    query = Company.select().where(Company.id.in_(its)).order_by(Company.name, Company.id)
    return list(query.bind(visit.database))


@router.get("/companies/{company_id}/today")
def company_in_steps(visit: LoggedIn, company_id: UUID) -> Response:
    """The running days of all stores as one, by hour, department, payment and tax."""
    database, now = visit.database, visit.cloud.clock()
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.VIEWER)
        days = read_today(database, stores_by_name(visit, company), now)
        steps = read_together(database, {it.store.id: it.day for it in days})
        before = read_together(database, {it.store.id: it.last_week for it in days})
    return visit.page(
        "company_today.html",
        **VALUES,
        company=company,
        all=together(days),
        days=days,
        steps=steps,
        before=before,
        pictures=hour_plots(steps, before),
        hour_rows=hour_rows,
        group_rows=group_rows,
        now=now,
        live=visit.links.to("/events", company=company.id),
    )


@router.get("/companies/{company_id}/today.{form}")
def company_today(visit: LoggedIn, company_id: UUID, form: Form) -> Response:
    database = visit.database
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.VIEWER)
        days = read_today(database, stores_by_name(visit, company), visit.cloud.clock())
    return table(form, TODAY, today_rows(days))


@router.get("/stores/{store_id}")
def store_today(visit: LoggedIn, store_id: UUID) -> Response:
    database, now = visit.database, visit.cloud.clock()
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        (today,) = read_today(database, [store], now)
        steps = read_day(database, store, today.day)
        before = read_day(database, store, today.last_week)
    return visit.page(
        "store_today.html",
        **VALUES,
        it=today,
        steps=steps,
        before=before,
        pictures=hour_plots(steps, before),
        hour_rows=hour_rows,
        group_rows=group_rows,
        now=now,
        live=visit.links.to("/events", store=store.id),
    )


def hour_plots(steps: Steps, before: Steps | None = None) -> dict[str, Plot | None]:
    """The hours of a day by currency, each beside what was closed in that hour of an earlier day."""
    plots = {}
    for currency in steps.currencies:
        hours, earlier = steps.hours(currency), before.hours(currency) if before else {}
        places = sorted({*hours, *earlier})
        columns = [_column(at, hours.get(at, (None, None)), earlier.get(at)) for at in places]
        told_first = told("From {first} to {last}. The table below has the numbers.")
        words = told_first.format(first=w.hour(places[0]), last=w.hour(places[-1])) if places else ""
        plots[currency] = plot(told("Net of each hour, {currency}").format(currency=currency), words, columns)
    return plots


def _column(
    place: int, now: tuple[int | None, int | None], before: tuple[int | None, int | None] | None
) -> Column:
    return Column(w.hour(place), now[0] or 0, now[1] or 0, before[0] if before else None)


Cells = Sequence[tuple[str, int | None, int | None, int | None]]
"""A name, what is closed, what is so far, and what was closed on an earlier day: minor units."""


def hour_rows(steps: Steps, currency: str, before: Steps | None = None) -> Cells:
    """The rows of the table of hours."""
    hours, earlier = steps.hours(currency), before.hours(currency) if before else {}
    none = (None, None)
    places = sorted({*hours, *earlier})
    return [(w.hour(at), *hours.get(at, none), earlier.get(at, none)[0]) for at in places]


def group_rows(steps: Steps, currency: str, group: str) -> Cells:
    """The rows of departments, payments or taxes."""
    amount = "tax" if group == "taxes" else "amount"
    return [
        (
            tax_name(named["name"], named["rate"]) if group == "taxes" else named["name"],
            closed[amount] if closed else None,
            so_far[amount] if so_far else None,
            None,
        )
        for named, closed, so_far in steps.rows(currency, group)
    ]
