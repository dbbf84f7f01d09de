"""What was done in a company, for its owner."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from factorypos_tui.server.api.tables import ALSO_CSV, WantsCsv, table_answer
from factorypos_tui.server.domain import audit_trail
from factorypos_tui.server.domain.audit_trail import COLUMNS, Sought
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.http.calls import Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import AuditEntry

router = APIRouter(tags=["companies"])


class Entry(BaseModel):
    at: str
    local_time: str
    """By the clock of the company's first store, in words."""
    timezone: str
    who: str
    """A person with their e-mail, a terminal, an enrolment code, or the host."""
    action: str
    what: str
    """The action in words."""
    of_what: str
    network: str | None
    """From where: an IPv4 address, or the /64 of an IPv6 address; null where it is not known."""
    device: str | None
    """What a person's program called itself (`User-Agent`)."""
    actor: str
    subject: str


@router.get(
    "/companies/{company_id}/audit",
    response_class=Response,
    responses={200: {"model": Listing[Entry], **ALSO_CSV}, **refusals(403)},
)
def list_audit(
    company_id: UUID,
    request: Request,
    call: UserCall,
    page: Paging,
    wants_csv: WantsCsv,
    who: Annotated[str, Query(max_length=254)] = "",
    kind: Annotated[str, Query(max_length=100)] = "",
    first: Annotated[Date | None, Query(alias="from")] = None,
    last: Annotated[Date | None, Query(alias="to")] = None,
) -> Response:
    """Who did what in a company, when and from where; the newest first. `who`: an id of who acted, or an
    e-mail. `kind`: how actions begin, such as `terminal`. Days are those of the company's first store."""
    database = call.database
    with call.as_user() as account:
        company = company_for(database, account, str(company_id), Role.OWNER)
        timezone = audit_trail.timezone_of(database, company)
        query = audit_trail.entries_of(database, company, Sought(who, kind, first, last), timezone)
        rows, cursor = page.newest(database, query, AuditEntry.id)
        entries = [it.row() for it in audit_trail.shown(database, rows, timezone)]
    return table_answer(request, entries, cursor, COLUMNS if wants_csv else None)
