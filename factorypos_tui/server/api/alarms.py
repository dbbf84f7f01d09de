"""What is wrong, or was, at the terminals of a store."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from factorypos_tui.server.api.tables import ALSO_CSV, WantsCsv, table_answer
from factorypos_tui.server.domain.alarms.shown import COLUMNS, alarms_of_store, flat, named
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.http.calls import Listing, Paging, UserCall
from factorypos_tui.server.storage.alarm_tables import Alarm

router = APIRouter(tags=["alarms"])


class StoreAlarm(BaseModel):
    """What does not concern its kind is null."""

    id: str
    kind: Literal["conflict", "missing_z", "broken_chain", "records", "cash", "silent", "clock"]
    store_id: str
    terminal_id: str
    terminal_name: str
    began_at: str
    ended_at: str | None
    """Null while it is open."""
    accepted_at: str | None
    """When somebody said that it is known."""
    z_numbers: list[int]
    """The first Z numbers that it is about."""
    count: int
    """How many numbers are missing, or how many reports there are for one place."""
    amount: int | None
    """What the cash was over, or below zero short."""
    currency: str | None
    clock_ahead_s: int | None
    last_heard_at: str | None
    report_id: str | None
    """The report that has the place which others want."""
    business_date: str | None
    text: str
    """The same in words."""


@router.get(
    "/stores/{store_id}/alarms",
    response_class=Response,
    responses={200: {"model": Listing[StoreAlarm], **ALSO_CSV}},
)
def list_alarms(
    store_id: UUID,
    request: Request,
    call: UserCall,
    page: Paging,
    wants_csv: WantsCsv,
    state: Literal["open", "all"] = Query("all"),
) -> Response:
    """The alarms of a store in the order in which they began."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        query = alarms_of_store(store, only_open=state == "open")
        alarms, cursor = page.rows(call.database, query, Alarm.began_at, Alarm.id)
        rows = [it.row() for it in named(call.database, alarms)]
    return table_answer(request, rows, cursor, COLUMNS if wants_csv else None, flat)
