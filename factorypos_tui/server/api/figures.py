"""What a store sold, day by day, and what the stores of a company sold."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from factorypos_tui.server.api.tables import ALSO_CSV, AMOUNTS, WantsCsv, flat_figures, table_answer
from factorypos_tui.server.domain.companies import stores_seen
from factorypos_tui.server.domain.company_figures import By, figures_by
from factorypos_tui.server.domain.figures import Day, Summed, days_of
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.domain.ranges import asked_range
from factorypos_tui.server.http.calls import Listing, Paging, UserCall
from factorypos_tui.server.storage.tables import Store

router = APIRouter(tags=["figures"])

_COLUMNS = ("currency", "provisional", "z_reports", "receipts", *AMOUNTS)


class Taken(Summed):
    """What was taken from a day to another, both included, in one currency."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    store_id: str | None
    """Null unless `by` is `store`."""


@router.get(
    "/stores/{store_id}/figures",
    response_class=Response,
    responses={200: {"model": Listing[Day], **ALSO_CSV}},
)
def figures(
    store_id: UUID,
    request: Request,
    call: UserCall,
    page: Paging,
    wants_csv: WantsCsv,
    first: Annotated[Date, Query(alias="from")] = date.min,
    last: Annotated[Date, Query(alias="to")] = date.max,
) -> Response:
    """The days from `from` to `to`, both included; a page holds up to `limit` business dates. Its CSV has the
    totals."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        days, cursor = days_of(call.database, store, first, last, page)
    # our own sums need no check
    return table_answer(request, days, cursor, ("date", *_COLUMNS) if wants_csv else None, flat_figures)


@router.get(
    "/companies/{company_id}/figures",
    response_class=Response,
    responses={200: {"model": Listing[Taken], **ALSO_CSV}},
)
def company_figures(
    company_id: UUID,
    request: Request,
    call: UserCall,
    wants_csv: WantsCsv,
    first: Annotated[Date | None, Query(alias="from")] = None,
    last: Annotated[Date | None, Query(alias="to")] = None,
    by: By = By.DAY,
) -> Response:
    """What all stores that you see took from `from` to `to`, both included, added up by day, week (of ISO
    8601), month or store. Without `to` until today; without `from` 14 days."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.VIEWER)
        stores = list(stores_seen(account, company).order_by(Store.name, Store.id).bind(call.database))
        asked = asked_range(first, last, stores, call.cloud.clock())
        rows = figures_by(call.database, stores, asked, by)
    columns = ("from", "to", "store_id", *_COLUMNS)
    return table_answer(request, rows, None, columns if wants_csv else None, flat_figures)
