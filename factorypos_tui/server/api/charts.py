"""The chart of accounts that a company keeps."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, StringConstraints

from factorypos_tui.server.domain.charts import (
    MOST_BYTES,
    accounts_in,
    checked,
    etag_of_chart,
    kept_chart,
    save_chart,
)
from factorypos_tui.server.domain.configurations import Seen
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.http.calls import IfMatch, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.chart_tables import CompanyChart

router = APIRouter(tags=["archive"])


class ChartForm(Form):
    document: Annotated[str, StringConstraints(min_length=1, max_length=MOST_BYTES)]
    """A chart of accounts (TOML), as `archive chart write` writes one."""


class ShownChart(BaseModel):
    name: str
    """As the chart calls itself; it stands in every row of a journal."""
    document: str
    """TOML."""
    saved_at: str
    saved_by: str
    """The id of an account."""


@router.get("/companies/{company_id}/chart")
def get_chart(company_id: UUID, call: UserCall, response: Response) -> ShownChart:
    """The chart of accounts of a company, with its ETag."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.VIEWER)
        return _shown(kept_chart(call.database, company.id), response)


@router.put(
    "/companies/{company_id}/chart",
    responses={201: {"model": ShownChart, "description": "The first one"}, **refusals(403)},
)
def put_chart(
    company_id: UUID,
    form: ChartForm,
    call: UserCall,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfMatch = None,
) -> ShownChart:
    """Replace the chart that was seen (`If-Match`), or keep the first (`If-None-Match: *`).

    `If-Match: *` replaces whichever is there."""
    with call.as_user() as account, call.database.atomic():
        company = company_for(call.database, account, str(company_id), Role.MANAGER)
        checked(form.document)
        seen, now = Seen(if_match, if_none_match), call.cloud.now()
        kept, is_first = save_chart(call.database, now, account, company, form.document, seen)
    response.status_code = 201 if is_first else 200
    return _shown(kept, response)


def _shown(kept: CompanyChart, response: Response) -> ShownChart:
    response.headers["ETag"] = etag_of_chart(kept)
    name = accounts_in(kept).name
    return ShownChart(name=name, document=kept.document, saved_at=kept.saved_at, saved_by=kept.saved_by)
