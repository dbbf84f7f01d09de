"""The members of a company: listed, invited, given another role or other stores, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ValidationError

from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.domain import invitations, membership
from factorypos_tui.server.domain.closed_companies import deleted_from
from factorypos_tui.server.domain.companies import stores_seen
from factorypos_tui.server.domain.invitations import InvitationForm
from factorypos_tui.server.domain.members import NAMES, Role, company_for, company_to_leave
from factorypos_tui.server.domain.membership import AccessForm, Person
from factorypos_tui.server.errors import (
    CompanyClosed,
    Invalid,
    NotYours,
    Refused,
    RoleTooLow,
    SecondFactorMissing,
)
from factorypos_tui.server.security.tokens import new_token
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.people_tables import Invitation
from factorypos_tui.server.storage.tables import Account, Company, Store
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit, Proved
from factorypos_tui.server.words import marked, told

router = APIRouter(prefix="/companies/{company_id}", include_in_schema=False)

NEVER_HERE = (NotYours, RoleTooLow, SecondFactorMissing, CompanyClosed)
"""What a form is not shown again for."""
MEANINGS = {
    Role.OWNER: marked("Owner: does everything, members and the company itself, too."),
    Role.MANAGER: marked("Manager: runs stores: catalogue, terminals, alarms."),
    Role.VIEWER: marked("Viewer: reads figures and reports, and changes nothing."),
}
Kind = TypeVar("Kind", bound=AccessForm)


@dataclass(frozen=True, slots=True)
class Line:
    """A member, or an invitation, as the page shows it."""

    id: str
    title: str
    email: str
    role: str
    stores: str
    """The names of those that are seen; empty for all."""
    since: str
    until: str = ""
    is_me: bool = False


@router.get("/members")
def list_members(visit: LoggedIn, company_id: UUID, new: bool = False) -> Response:
    """`new`: the notice is the link of an invitation that was just made."""
    database = visit.database
    with database.connection_context():
        company = company_for(database, visit.account, str(company_id), Role.VIEWER)
        names = {it.id: it.name for it in stores_seen(visit.account, company).bind(database)}
        mine = membership.member_of(database, company, visit.account.id)
        is_owner = mine.role is Role.OWNER
        rows = list(
            membership.members_of(company).order_by(Member.joined_at, Member.account_id).bind(database)
        )
        everybody = membership.people(database, rows)
        still_open = _invitations(visit, company, names) if is_owner else []
    shown = everybody if is_owner else [it for it in everybody if it.role is Role.OWNER or it.id == mine.id]
    return visit.page(
        "members.html",
        company=company,
        is_owner=is_owner,
        lines=[_line(visit, person, names) for person in shown],
        invitations=still_open,
        until=deleted_from(company.closed_at) if company.closed_at else "",
        made=visit.notice if new else "",
    )


def _line(visit: OwnersVisit, person: Person, names: dict[str, str]) -> Line:
    return Line(
        person.id,
        person.name,
        person.email,
        told(NAMES[person.role]),
        _names_of(person.stores, names),
        person.joined_at,
        is_me=person.id == visit.account.id,
    )


def _names_of(stores: Sequence[str] | None, names: dict[str, str]) -> str:
    if stores is None:
        return ""
    return ", ".join(sorted(names[it] for it in stores if it in names)) or told("none")


def _invitations(visit: OwnersVisit, company: Company, names: dict[str, str]) -> list[Line]:
    query = invitations.open_invitations(company, visit.cloud.now())
    rows = list(query.order_by(Invitation.created_at, Invitation.id).bind(visit.database))
    stores = invitations.stores_of(visit.database, [row.id for row in rows])
    by = Account.select().where(Account.id.in_({row.invited_by for row in rows})).bind(visit.database)
    inviters = {account.id: account.name for account in by}
    return [
        Line(
            row.id,
            row.email,
            inviters[row.invited_by],
            told(NAMES[Role(row.role)]),
            _names_of(None if row.all_stores else stores[row.id], names),
            row.created_at,
            row.expires_at,
        )
        for row in rows
    ]


@router.get("/invitations/new")
def new_invitation(visit: Proved, company_id: UUID) -> Response:
    return _invitation_page(visit, company_id)


@router.post("/invitations/new")
def make_invitation(visit: Proved, company_id: UUID) -> Response:
    """Its page shows the link from a cookie, once, where it was not mailed."""
    secret, cloud = new_token(), visit.cloud
    try:
        form = read_access(visit, InvitationForm)
        with visit.database.connection_context(), visit.database.atomic():
            company = company_for(visit.database, visit.account, str(company_id), Role.OWNER)
            made = invitations.invite(cloud, visit.account, company, form, secret)
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _invitation_page(visit, company_id, refused)
    cloud.postman.call()
    back = f"/companies/{company_id}/members"
    if not made.mailed:
        return visit.go(back, invitations.link_of(cloud, secret, made.id), new="true")
    words = told("The invitation is on its way to {email}. It is good for {days} days.")
    return visit.go(back, words.format(email=form.email, days=invitations.LIFE.days))


@router.post("/invitations/{invitation_id}/revoke")
def revoke_invitation(visit: LoggedIn, company_id: UUID, invitation_id: UUID) -> Response:
    with visit.database.connection_context(), visit.database.atomic():
        company = company_for(visit.database, visit.account, str(company_id), Role.OWNER)
        now = visit.cloud.now()
        invitations.revoke(visit.database, now, visit.account, company, str(invitation_id))
    return visit.go(f"/companies/{company_id}/members", told("The invitation lets nobody in any more."))


@router.get("/members/{account_id}")
def member(visit: Proved, company_id: UUID, account_id: UUID) -> Response:
    return _member_page(visit, company_id, account_id)


@router.post("/members/{account_id}")
def change_member(visit: Proved, company_id: UUID, account_id: UUID) -> Response:
    """Save what was chosen, or take the member away."""
    takes_away = visit.form.get("what") == "remove"
    try:
        form = None if takes_away else read_access(visit, AccessForm)
        words = _change(visit, str(company_id), str(account_id), form)
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _member_page(visit, company_id, account_id, refused)
    visit.cloud.postman.call()
    return visit.go(f"/companies/{company_id}/members", words)


def _change(visit: OwnersVisit, company_id: str, account_id: str, form: AccessForm | None) -> str:
    database, now = visit.database, visit.cloud.now()
    with database.connection_context(), database.atomic():
        membership.hold_members(database, company_id)
        company = company_for(database, visit.account, company_id, Role.OWNER, also_closed=True)
        person = membership.member_of(database, company, account_id)
        if form is None:
            membership.remove_member(database, now, visit.account, company, account_id)
            return told("{name} is no member any more.").format(name=person.name)
        access = membership.access_of(database, company, form)
        membership.change_member(database, now, visit.account, company, account_id, access)
    return told("Saved.")


@router.get("/leave")
def leave_page(visit: Proved, company_id: UUID) -> Response:
    return _leave_page(visit, company_id)


@router.post("/leave")
def leave(visit: Proved, company_id: UUID) -> Response:
    database = visit.database
    try:
        with database.connection_context(), database.atomic():
            membership.hold_members(database, str(company_id))
            company = company_to_leave(database, visit.account, str(company_id))
            membership.remove_member(database, visit.cloud.now(), visit.account, company, visit.account.id)
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _leave_page(visit, company_id, refused)
    visit.cloud.postman.call()
    return visit.go("/", told("You left {company}.").format(company=company.name))


def read_access(visit: OwnersVisit, kind: type[Kind]) -> Kind:
    """The form with a box for each store; raises `Invalid`."""
    given: dict[str, object] = {"role": visit.form.get("role", "")}
    if "email" in kind.model_fields:
        given["email"] = visit.form.get("email", "")
    if visit.form.get("where") == "some":
        given["store_ids"] = visit.form.getlist("store")
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise Invalid(field_problems(error.errors())) from error


def _stores(visit: OwnersVisit, company: Company) -> list[Store]:
    seen = stores_seen(visit.account, company)
    return list(seen.order_by(Store.name, Store.id).bind(visit.database))


def _invitation_page(visit: OwnersVisit, company_id: UUID, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.OWNER)
        stores = _stores(visit, company)
    return visit.page(
        "invitation_new.html",
        refused,
        company=company,
        roles=_roles(),
        role=visit.form.get("role", Role.VIEWER.value),
        stores=stores,
        chosen=visit.form.getlist("store"),
        where=visit.form.get("where", "all"),
        is_mailed=invitations.are_mailed(visit.cloud),
    )


def _member_page(
    visit: OwnersVisit, company_id: UUID, account_id: UUID, refused: Refused | None = None
) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.OWNER, also_closed=True)
        person = membership.member_of(visit.database, company, str(account_id))
        stores = _stores(visit, company)
    is_typed = bool(visit.form)
    return visit.page(
        "member.html",
        refused,
        company=company,
        person=person,
        roles=_roles(),
        role=visit.form.get("role", person.role.value),
        stores=stores,
        chosen=visit.form.getlist("store") if is_typed else list(person.stores or ()),
        where=visit.form.get("where", "all" if person.stores is None else "some"),
        is_me=person.id == visit.account.id,
    )


def _leave_page(visit: OwnersVisit, company_id: UUID, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        company = company_to_leave(visit.database, visit.account, str(company_id))
    return visit.page("leave.html", refused, company=company)


def _roles() -> list[tuple[str, str]]:
    """Each role with what it means, the least first."""
    return [(role.value, told(MEANINGS[role])) for role in Role]
