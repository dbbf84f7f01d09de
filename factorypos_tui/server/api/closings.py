"""Months and years that were closed, as they were signed; and the order to close one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.domain.closings.document import ClosingDocument
from factorypos_tui.server.domain.closings.ordering import OrderForm, order_closing
from factorypos_tui.server.domain.closings.periods import Kind
from factorypos_tui.server.domain.closings.shown import Level, closings_of_company, closings_of_store
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.http.calls import Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.closing_tables import Closing

router = APIRouter(tags=["closings"])
_ORDER = (Closing.name, Closing.scope_id, Closing.currency, Closing.revision)
_A_LIST: dict[int | str, dict[str, Any]] = {200: {"model": Listing[ClosingDocument]}}


@router.get("/stores/{store_id}/closings", responses=_A_LIST)
def list_closings_of_store(
    store_id: UUID, period: Kind, call: UserCall, page: Paging, scope: Level = Level.STORE
) -> Response:
    """The closings of a store, or of its terminals, by name; corrections after what they correct."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        query = closings_of_store(
            call.database, account.id, store, period, of_terminals=scope is Level.TERMINAL
        )
        rows, cursor = page.rows(call.database, query, *_ORDER)
    return _answer(rows, cursor)


@router.get("/companies/{company_id}/closings", responses=_A_LIST)
def list_closings_of_company(company_id: UUID, period: Kind, call: UserCall, page: Paging) -> Response:
    """The closings of a company; none for who does not see all its stores."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.VIEWER)
        query = closings_of_company(call.database, account, company, period)
        rows, cursor = page.rows(call.database, query, *_ORDER)
    return _answer(rows, cursor)


@router.post(
    "/stores/{store_id}/closings",
    status_code=201,
    responses={
        200: {"model": Listing[ClosingDocument], "description": "It was closed already."},
        201: {"model": Listing[ClosingDocument]},
        **refusals(404, 409, 410),
    },
)
def order_closing_of_store(store_id: UUID, form: OrderForm, call: UserCall) -> Response:
    """Close a period that is over, and those before it; its newest closing in each currency."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        rows, made = order_closing(call.cloud, account, store, form)
    return _answer(rows, None, 201 if made else 200)


def _answer(rows: Iterable[Closing], cursor: str | None, status: int = 200) -> Response:
    """The very bytes that were signed, in a list."""
    items = b",".join(row.document.encode() for row in rows)
    content = b'{"items":[' + items + b'],"next_cursor":' + canonical.encode(cursor) + b"}"
    return Response(content, status, media_type="application/json")
