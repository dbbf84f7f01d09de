"""Conflicts are settled: which of the reports with one place counts."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.quotas import count_change
from factorypos_tui.server.domain.settlements import State, locked_for, reopen, settle
from factorypos_tui.server.http.calls import EitherCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.live.announcing import tell_here

router = APIRouter(tags=["reports"])


class Choice(Form):
    content_hash: str
    """Of the report that counts."""


class Settlement(BaseModel):
    """The report that counts now, and whether the conflict about it is settled."""

    report_id: str
    content_hash: str
    conflict: State


@router.put("/reports/{report_id}/settlement", responses=refusals(404, 409, 410))
def put_settlement(report_id: UUID, form: Choice, call: EitherCall) -> Settlement:
    """That content counts, the other is kept."""
    with call.as_owner_or_terminal() as caller, call.database.atomic():
        count_change(call.database, call.cloud.now(), caller.id)
        held = locked_for(call.database, caller, str(report_id))
        held = settle(call.database, held, form.content_hash, caller.id, call.cloud.now())
    tell_here(call.cloud.live, call.database, {held.store_id})
    return Settlement(report_id=held.id, content_hash=held.content_hash, conflict="settled")


@router.delete("/reports/{report_id}/settlement", responses=refusals(409, 410))
def delete_settlement(report_id: UUID, call: EitherCall) -> Settlement:
    """Take it back: the report that came first counts, until somebody decides again."""
    with call.as_owner_or_terminal() as caller, call.database.atomic():
        count_change(call.database, call.cloud.now(), caller.id)
        held = locked_for(call.database, caller, str(report_id))
        held = reopen(call.database, held, caller.id, call.cloud.now())
    tell_here(call.cloud.live, call.database, {held.store_id})
    return Settlement(report_id=held.id, content_hash=held.content_hash, conflict="open")
