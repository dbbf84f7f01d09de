"""What was done in a company, for its owner."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from factorypos_tui.server.api.tables import ALSO_CSV, WantsCsv, table_answer
from factorypos_tui.server.domain import audit_trail
from factorypos_tui.server.domain.audit_trail import COLUMNS, ShownEntry, Sought
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.http.calls import Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import AuditEntry

router = APIRouter(tags=["companies"])


@router.get(
    "/companies/{company_id}/audit",
    response_class=Response,
    responses={200: {"model": Listing[ShownEntry], **ALSO_CSV}, **refusals(403)},
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
