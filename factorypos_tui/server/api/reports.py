"""What the cloud holds of a terminal, or of a store, is listed, and read back as it arrived."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from factorypos_tui.server.api.tables import ALSO_CSV, WantsCsv, table_answer
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.held import TABLES, held_document, held_reports, reports_of_store
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.domain.settlements import State, states
from factorypos_tui.server.http.calls import Listing, Paging, StoreName, TerminalCall, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.report_tables import XReport, ZReport

router = APIRouter(tags=["reports"])


class HeldReport(BaseModel):
    report_id: str
    z_number: int | None
    content_hash: str
    received_at: str
    conflict: State | None


class StoreReport(HeldReport):
    kind: Literal["X", "Z"]
    terminal_id: str
    business_date: str


@router.get("/reports")
def list_reports(
    call: TerminalCall,
    page: Paging,
    kind: Annotated[Literal["X", "Z"], Query()] = "Z",
    store: StoreName = None,
) -> Listing[HeldReport]:
    """What the cloud holds of this terminal, in all stores or in one: Zs by number, Xs by id."""
    with call.as_terminal() as terminal:
        query = held_reports(call.database, terminal, kind, store)
        rows, cursor = page.rows(call.database, query, ZReport.z_number if kind == "Z" else XReport.id)
        conflicts = states(call.database, [row.id for row in rows])
    items = [
        HeldReport(
            report_id=row.id,
            z_number=row.z_number if kind == "Z" else None,
            content_hash=row.content_hash,
            received_at=row.received_at,
            conflict=conflicts.get(row.id),
        )
        for row in rows
    ]
    return Listing(items=items, next_cursor=cursor)


@router.get(
    "/stores/{store_id}/reports",
    response_class=Response,
    responses={200: {"model": Listing[StoreReport], **ALSO_CSV}},
)
def list_reports_of_store(
    store_id: UUID,
    request: Request,
    call: UserCall,
    page: Paging,
    wants_csv: WantsCsv,
    kind: Annotated[Literal["X", "Z"], Query()] = "Z",
    first: Annotated[Date, Query(alias="from")] = date.min,
    last: Annotated[Date, Query(alias="to")] = date.max,
) -> Response:
    """The reports that a store has, by business date."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        query = reports_of_store(kind, store, first, last)
        table = TABLES[kind]
        rows, cursor = page.rows(call.database, query, table.business_date, table.id)
        conflicts = states(call.database, [row.id for row in rows])
    names = ("terminal_id", "business_date", "content_hash", "received_at")
    items = [
        {
            "kind": kind,
            "report_id": row.id,
            "z_number": row.z_number if kind == "Z" else None,
            "conflict": conflicts.get(row.id),
            **{name: getattr(row, name) for name in names},
        }
        for row in rows
    ]
    return table_answer(request, items, cursor, tuple(StoreReport.model_fields) if wants_csv else None)


@router.get(
    "/reports/{report_id}",
    response_class=Response,
    responses={200: {"model": ReportDocument}, **refusals(410)},
)
def get_report(report_id: UUID, call: TerminalCall) -> Response:
    """A report as it arrived; 410 `body_archived` where the host has dropped the documents of its month."""
    with call.as_terminal() as terminal:
        document = held_document(call.database, terminal, str(report_id))
    return Response(document, media_type="application/json")
