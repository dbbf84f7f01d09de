"""What a store sold, day by day."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from factorypos_tui.server.api.calls import Listing, Paging, UserCall
from factorypos_tui.server.api.problems import refusals
from factorypos_tui.server.domain.companies import owned_store
from factorypos_tui.server.domain.figures import Day, days_of

router = APIRouter(tags=["figures"])


@router.get("/stores/{store_id}/figures", responses=refusals(401, 404))
def figures(
    store_id: UUID,
    call: UserCall,
    page: Paging,
    first: Annotated[date, Query(alias="from")] = date.min,
    last: Annotated[date, Query(alias="to")] = date.max,
) -> Listing[Day]:
    """The days from `from` to `to`, both included; a page holds up to `limit` business dates."""
    with call.as_user() as account:
        store = owned_store(call.database, account, str(store_id))
        days, cursor = days_of(call.database, store, first, last, page)
    return Listing(items=days, next_cursor=cursor)
