"""The page of what was done in a company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from factorypos_tui.server.domain import audit_trail
from factorypos_tui.server.domain.audit_trail import COLUMNS, Sought
from factorypos_tui.server.domain.audit_words import KINDS
from factorypos_tui.server.domain.forms import Date
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.http.calls import Paging
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.tables import AuditEntry, Company
from factorypos_tui.server.web.tables import Form, table
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)

MOST_EXPORTED = 10_000
"""Entries of one file, the newest."""


async def _sought(
    who: Annotated[str, Query(max_length=254)] = "",
    kind: Annotated[str, Query(max_length=100)] = "",
    first: Annotated[Date | None, Query(alias="from")] = None,
    last: Annotated[Date | None, Query(alias="to")] = None,
) -> Sought:
    return Sought(who, kind, first, last)


Asked = Annotated[Sought, Depends(_sought)]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, and where it goes on."""

    company: Company
    timezone: str
    entries: list[audit_trail.ShownEntry]
    cursor: str | None


def _find(visit: OwnersVisit, company_id: UUID, sought: Sought, page: Page) -> Found:
    database = visit.database
    company = company_for(database, visit.account, str(company_id), Role.OWNER)
    timezone = audit_trail.timezone_of(database, company)
    query = audit_trail.entries_of(database, company, sought, timezone)
    rows, cursor = page.newest(database, query, AuditEntry.id)
    return Found(company, timezone, audit_trail.shown(database, rows, timezone), cursor)


@router.get("/companies/{company_id}/audit")
def audit_page(visit: LoggedIn, company_id: UUID, sought: Asked, page: Paging) -> Response:
    """The newest first, a page at a time."""
    with visit.database.connection_context():
        found = _find(visit, company_id, sought, page)
        actors = audit_trail.actors_of(visit.database, found.company)
    kinds = [(kind, told(words)) for kind, words in KINDS.items()]
    asked = _parameters(sought)
    return visit.page(
        "audit.html", found=found, sought=sought, actors=actors, kinds=kinds, asked=asked, most=MOST_EXPORTED
    )


@router.get("/companies/{company_id}/audit.{form}")
def audit_table(visit: LoggedIn, company_id: UUID, form: Form, sought: Asked) -> Response:
    """The same as a file."""
    with visit.database.connection_context():
        found = _find(visit, company_id, sought, Page(None, MOST_EXPORTED))
    return table(form, COLUMNS, (entry.row() for entry in found.entries))


def _parameters(sought: Sought) -> Mapping[str, str | date]:
    """What is asked for, as an address says it."""
    named = {"who": sought.who, "kind": sought.kind, "from": sought.first, "to": sought.last}
    return {name: value for name, value in named.items() if value}
