"""A company handed over to another member, closed, and opened again."""

from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import closed_companies, membership
from factorypos_tui.server.domain.closed_companies import ClosingForm, deleted_from
from factorypos_tui.server.domain.handing_over import HandOver, hand_over
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.web.members import NEVER_HERE
from factorypos_tui.server.web.visits import OwnersVisit, Proved
from factorypos_tui.server.words import told

router = APIRouter(prefix="/companies/{company_id}", include_in_schema=False)


@router.get("/hand-over")
def hand_over_page(visit: Proved, company_id: UUID) -> Response:
    return _hand_over_page(visit, company_id)


@router.post("/hand-over")
def hand_it_over(visit: Proved, company_id: UUID) -> Response:
    database = visit.database
    try:
        form = visit.read(HandOver)
        with database.connection_context(), database.atomic():
            membership.hold_members(database, str(company_id))
            company = company_for(database, visit.account, str(company_id), Role.OWNER)
            hand_over(database, visit.cloud.now(), visit.account, company, form)
            person = membership.member_of(database, company, str(form.account_id))
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _hand_over_page(visit, company_id, refused)
    visit.cloud.postman.call()
    words = told("{company} is handed over to {name}.").format(company=company.name, name=person.name)
    return visit.go("/", words)


def _hand_over_page(visit: OwnersVisit, company_id: UUID, refused: Refused | None = None) -> Response:
    database = visit.database
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.OWNER)
        others = membership.members_of(company).where(Member.account_id != visit.account.id)
        people = membership.people(database, list(others.order_by(Member.joined_at).bind(database)))
    choices = [(person.id, f"{person.name} ({person.email})") for person in people]
    return visit.page("hand_over.html", refused, company=company, choices=choices)


@router.get("/close")
def close_page(visit: Proved, company_id: UUID) -> Response:
    """Asks for the name; of a closed company, whether to open it again."""
    return _close_page(visit, company_id)


@router.post("/close")
def close_or_open(visit: Proved, company_id: UUID) -> Response:
    opens, database, now = visit.form.get("what") == "open", visit.database, visit.cloud.now()
    try:
        with database.connection_context(), database.atomic():
            membership.hold_members(database, str(company_id))
            company = company_for(database, visit.account, str(company_id), Role.OWNER, also_closed=opens)
            if opens:
                closed_companies.open_again(database, now, visit.account, company)
            else:
                form = visit.read(ClosingForm)
                closed_companies.close_company(database, now, visit.account, company, form)
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _close_page(visit, company_id, refused)
    visit.cloud.postman.call()
    words = (
        told("{company} is open again. Assign its tills again: until then they send nothing.")
        if opens
        else told("{company} is closed. Its figures can be read for 30 days.")
    )
    return visit.go(f"/companies/{company_id}/members", words.format(company=company.name))


def _close_page(visit: OwnersVisit, company_id: UUID, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.OWNER, also_closed=True)
    until = deleted_from(company.closed_at) if company.closed_at else ""
    return visit.page("close_company.html", refused, company=company, until=until)
