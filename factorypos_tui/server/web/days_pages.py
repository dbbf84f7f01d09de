"""Any range of days, of a store or of all stores of a company, and one day step by step."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from factorypos_tui.server.domain.days import Days, Mark, StoreDay, read_days
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.ladders import DayInSteps, read_day
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.domain.ranges import asked_range, days_after, days_before, today_in
from factorypos_tui.server.domain.takings import Sums
from factorypos_tui.server.storage.days import Number, numbers_between
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.home import group_rows, hour_plots, hour_rows, stores_by_name
from factorypos_tui.server.web.legend import SIGNS, VALUES, gap_words
from factorypos_tui.server.web.plots import Column, Plot, plot
from factorypos_tui.server.web.rendering import Links
from factorypos_tui.server.web.steps import lines_of
from factorypos_tui.server.web.tables import DAY, DAYS, Form, day_rows, days_rows, table
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

_USUAL = (
    (marked("14 days"), 13),
    (marked("28 days"), 27),
    (marked("90 days"), 89),
    (marked("a year"), 364),
)
MOST_LINKED = 400
"""Zs of a range that the page of days links each; those of more are on the pages of their days."""
First = Annotated[Date | None, Query(alias="from")]
Last = Annotated[Date | None, Query(alias="to")]


def _days_of_store(visit: OwnersVisit, store_id: UUID, first: date | None, last: date | None) -> Days:
    database, now = visit.database, visit.cloud.clock()
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        return read_days(database, [store], asked_range(first, last, [store], now), now)


def _days_of_company(
    visit: OwnersVisit, company_id: UUID, first: date | None, last: date | None
) -> tuple[Any, Days]:
    database, now = visit.database, visit.cloud.clock()
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.VIEWER)
        stores = stores_by_name(visit, company)
        return company, read_days(database, stores, asked_range(first, last, stores, now), now)


def _zs_by_day(visit: OwnersVisit, found: Days) -> Mapping[str, Sequence[Number]]:
    """The Zs of the days by their dates, for a link each; none where they are very many."""
    with visit.database.connection_context():
        ids = [store.id for store in found.stores]
        zs = numbers_between(visit.database, ids, found.range.first, found.range.last)
    by_day = defaultdict(list)
    for it in sorted(zs, key=lambda z: (z.z_number, z.report_id)) if len(zs) <= MOST_LINKED else ():
        by_day[it.business_date].append(it)
    return by_day


@router.get("/stores/{store_id}/days")
def store_days(visit: LoggedIn, store_id: UUID, first: First = None, last: Last = None) -> Response:
    found = _days_of_store(visit, store_id, first, last)
    (store,) = found.stores
    return visit.page(
        "days.html",
        **VALUES,
        **_of_range(found, visit.cloud.clock()),
        store=store,
        rows=[found.of(store, day) for day in reversed(list(found.range))],
        zs=_zs_by_day(visit, found),
        gap_words=gap_words,
        live=visit.links.to("/events", store=store.id),
    )


@router.get("/stores/{store_id}/days.{form}")
def store_days_table(
    visit: LoggedIn, store_id: UUID, form: Form, first: First = None, last: Last = None
) -> Response:
    return table(form, DAYS, days_rows(_days_of_store(visit, store_id, first, last)))


@router.get("/companies/{company_id}/days")
def company_days(visit: LoggedIn, company_id: UUID, first: First = None, last: Last = None) -> Response:
    company, found = _days_of_company(visit, company_id, first, last)
    currencies = found.total.currencies
    return visit.page(
        "grid.html",
        **VALUES,
        **_of_range(found, visit.cloud.clock()),
        company=company,
        rows=list(_grid(found, visit.links, currencies)),
        sums=[_nets(found.of_store(store).closed, currencies) for store in found.stores],
        live=visit.links.to("/events", company=company.id),
    )


@router.get("/companies/{company_id}/days.{form}")
def company_days_table(
    visit: LoggedIn, company_id: UUID, form: Form, first: First = None, last: Last = None
) -> Response:
    return table(form, DAYS, days_rows(_days_of_company(visit, company_id, first, last)[1]))


def _of_range(found: Days, now: datetime) -> dict[str, Any]:
    """What both pages of a range show."""
    today = max((today_in(store, now) for store in found.stores), default=now.date())
    return {
        "found": found,
        "today": today,
        "usual_ranges": [(words, days_before(today, days)) for words, days in _USUAL],
        "pictures": {currency: _picture(found, currency) for currency in found.total.currencies},
        "now": now,
    }


def _picture(found: Days, currency: str) -> Plot | None:
    columns = []
    for day in found.range:
        takings = found.of_day(day)
        closed, so_far = takings.closed.get(currency), takings.so_far.get(currency)
        columns.append(Column(w.day(day), closed.net if closed else 0, so_far.net if so_far else 0))
    title = told("Net of each day, {currency}").format(currency=currency)
    return plot(title, told("The table below has the numbers."), columns)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One store day of the grid, in words."""

    kind: str
    """What it looks like; a day that is closed, or of which there is nothing, looks plain."""
    closed: str
    so_far: str = ""
    wrong: str = ""
    address: str = ""
    """Where to read about what is wrong. All other cells have no link: the page would be twice as long."""


def _grid(found: Days, links: Links, currencies: Sequence[str]) -> Iterator[tuple[date, list[_Cell]]]:
    """The days, the newest first."""
    for day in reversed(list(found.range)):
        yield day, [_cell(found.of(store, day), links, currencies) for store in found.stores]


def _cell(it: StoreDay, links: Links, currencies: Sequence[str]) -> _Cell:
    closed, so_far = _nets(it.takings.closed, currencies), _nets(it.takings.so_far, currencies)
    so_far = f"{so_far} {SIGNS[Mark.OPEN]}" if so_far else ""
    match it.mark:
        case Mark.QUIET | Mark.SHUT | Mark.AHEAD as mark:
            return _Cell("", SIGNS[mark])
        case Mark.MISSING | Mark.CONFLICT as mark:
            wrong = gap_words(it) if mark is Mark.MISSING else told("conflict")
            address = links.to(f"/stores/{it.store_id}/days/{it.day}")
            return _Cell(mark.value, closed, so_far, f"{SIGNS[mark]} {wrong}", address)
    return _Cell("open" if so_far else "", closed, so_far)


def _nets(by_currency: Mapping[str, Sums], currencies: Sequence[str]) -> str:
    """The nets; their currency is told where the page has more than one."""
    form = w.amount if len(currencies) == 1 else w.money
    return ", ".join(form(by_currency[it].net, it) for it in currencies if it in by_currency)


def _steps(visit: OwnersVisit, store_id: UUID, day: date) -> tuple[Store, DayInSteps]:
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.VIEWER)
        return store, read_day(database, store, day)


@router.get("/stores/{store_id}/days/{day}.{form}")
def day_table(visit: LoggedIn, store_id: UUID, day: Date, form: Form) -> Response:
    return table(form, DAY, day_rows(_steps(visit, store_id, day)[1]))


@router.get("/stores/{store_id}/days/{day}")
def day_in_steps(visit: LoggedIn, store_id: UUID, day: Date) -> Response:
    store, steps = _steps(visit, store_id, day)
    return visit.page(
        "day.html",
        **VALUES,
        steps=steps,
        ladders=[(currency, lines_of(steps, currency)) for currency in steps.currencies],
        pictures=hour_plots(steps),
        hour_rows=hour_rows,
        group_rows=group_rows,
        day_before=days_before(day, 1),
        day_after=days_after(day, 1),
        now=visit.cloud.clock(),
        live=visit.links.to("/events", store=store.id),
    )
