"""The members of a company and its invitations, who answers for it, and its end."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui.server.api.idempotency import create_once
from factorypos_tui.server.domain import closed_companies, invitations, membership
from factorypos_tui.server.domain.closed_companies import ClosingForm
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.handing_over import HandOver, hand_over
from factorypos_tui.server.domain.invitations import InvitationForm
from factorypos_tui.server.domain.members import Role, company_for, company_to_leave
from factorypos_tui.server.domain.membership import AccessForm, Person
from factorypos_tui.server.http.calls import Address, IdempotencyKey, Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.security.tokens import new_token
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.people_tables import Invitation

router = APIRouter(tags=["members"])

RoleWord = Literal["owner", "manager", "viewer"]


class ShownMember(BaseModel):
    id: str
    """Of the account."""
    name: str
    email: str
    role: RoleWord
    store_ids: list[str] | None
    """The stores that the member sees; null: all that there are and will be."""
    joined_at: str


class ShownInvitation(BaseModel):
    id: str
    email: str
    role: RoleWord
    store_ids: list[str] | None
    invited_by: str
    """The id of an account."""
    created_at: str
    expires_at: str


class NewInvitation(ShownInvitation):
    link: str | None
    """Where no mail is set up: shown this once. Null where it was mailed."""


class Acceptance(Form):
    token: str
    """Of the link."""
    also_other: bool = False
    """Whether to join with another account than that of the e-mail that was invited."""


class Joined(BaseModel):
    company_id: str
    company: str
    role: RoleWord


def _shown(person: Person) -> ShownMember:
    stores = None if person.stores is None else list(person.stores)
    return ShownMember(
        id=person.id,
        name=person.name,
        email=person.email,
        role=person.role.value,
        store_ids=stores,
        joined_at=person.joined_at,
    )


@router.get("/companies/{company_id}/members")
def list_members(company_id: UUID, call: UserCall, page: Paging) -> Listing[ShownMember]:
    """The members of a company, those of longest first."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.OWNER, also_closed=True)
        rows, cursor = page.rows(
            call.database, membership.members_of(company), Member.joined_at, Member.account_id
        )
        found = membership.people(call.database, rows)
    return Listing(items=[_shown(person) for person in found], next_cursor=cursor)


@router.put("/companies/{company_id}/members/{account_id}", responses=refusals(403, 409))
def change_member(company_id: UUID, account_id: UUID, form: AccessForm, call: UserCall) -> ShownMember:
    """Give a member another role, or other stores. The last owner stays one."""
    database = call.database
    with call.as_user() as account, database.atomic():
        membership.hold_members(database, str(company_id))
        company = company_for(database, account, str(company_id), Role.OWNER, also_closed=True)
        access = membership.access_of(database, company, form)
        membership.change_member(database, call.cloud.now(), account, company, str(account_id), access)
        changed = membership.member_of(database, company, str(account_id))
    call.cloud.postman.call()
    return _shown(changed)


@router.delete("/companies/{company_id}/members/{account_id}", status_code=204, responses=refusals(403, 409))
def remove_member(company_id: UUID, account_id: UUID, call: UserCall) -> None:
    """Take a member away, or leave: anybody may take themselves away but the last owner, also who
    lacks the second factor that the company asks for."""
    database = call.database
    with call.as_user() as account, database.atomic():
        membership.hold_members(database, str(company_id))
        if account.id == str(account_id):
            company = company_to_leave(database, account, str(company_id))
        else:
            company = company_for(database, account, str(company_id), Role.OWNER, also_closed=True)
        membership.remove_member(database, call.cloud.now(), account, company, str(account_id))
    call.cloud.postman.call()


@router.post("/companies/{company_id}/invitations", status_code=201, responses=refusals(403, 409, 429))
def create_invitation(
    company_id: UUID, form: InvitationForm, call: UserCall, idempotency_key: IdempotencyKey = None
) -> NewInvitation:
    """Invite somebody: the link is mailed, or shown here this once where no mail is set up."""
    cloud, secret = call.cloud, idempotency_key or new_token()
    with call.as_user() as account, call.database.atomic():
        company = company_for(call.database, account, str(company_id), Role.OWNER)

        def add() -> ShownInvitation:
            made = invitations.invite(cloud, account, company, form, secret)
            return _shown_invitation(made, [str(it) for it in form.store_ids or ()])

        scope = f"{account.id} invitations of {company.id}"
        shown = create_once(cloud, scope, idempotency_key, form, ShownInvitation, add)
    cloud.postman.call()
    link = None if invitations.are_mailed(cloud) else invitations.link_of(cloud, secret, shown.id)
    return NewInvitation(**shown.model_dump(), link=link)


def _shown_invitation(made: Invitation, store_ids: list[str]) -> ShownInvitation:
    shown = {**made.__data__, "store_ids": None if made.all_stores else sorted(store_ids)}
    return ShownInvitation.model_validate(shown)


@router.get("/companies/{company_id}/invitations")
def list_invitations(company_id: UUID, call: UserCall, page: Paging) -> Listing[ShownInvitation]:
    """The open invitations of a company, the oldest first."""
    with call.as_user() as account:
        company = company_for(call.database, account, str(company_id), Role.OWNER, also_closed=True)
        still_open = invitations.open_invitations(company, call.cloud.now())
        rows, cursor = page.rows(call.database, still_open, Invitation.created_at, Invitation.id)
        stores = invitations.stores_of(call.database, [row.id for row in rows])
    return Listing(items=[_shown_invitation(row, stores[row.id]) for row in rows], next_cursor=cursor)


@router.delete("/companies/{company_id}/invitations/{invitation_id}", status_code=204)
def revoke_invitation(company_id: UUID, invitation_id: UUID, call: UserCall) -> None:
    """Let nobody in with this invitation."""
    with call.as_user() as account, call.database.atomic():
        company = company_for(call.database, account, str(company_id), Role.OWNER)
        invitations.revoke(call.database, call.cloud.now(), account, company, str(invitation_id))


@router.post("/invitations/accept", responses=refusals(409))
def accept_invitation(form: Acceptance, call: UserCall, address: Address) -> Joined:
    """Become a member with the token of an invitation's link, which is used up by that."""
    with call.as_user() as account, call.database.atomic():
        seen = invitations.accept(call.cloud, account, form.token, address, also_other=form.also_other)
    call.cloud.postman.call()
    return Joined(company_id=seen.company.id, company=seen.company.name, role=seen.access.role.value)


@router.put("/companies/{company_id}/owner", status_code=204, responses=refusals(403, 409))
def hand_over_company(company_id: UUID, form: HandOver, call: UserCall) -> None:
    """Hand a company over to another member, who is its owner then and answers for it; you stay as a manager,
    or leave."""
    database = call.database
    with call.as_user() as account, database.atomic():
        membership.hold_members(database, str(company_id))
        company = company_for(database, account, str(company_id), Role.OWNER)
        hand_over(database, call.cloud.now(), account, company, form)
    call.cloud.postman.call()


@router.put("/companies/{company_id}/closed", status_code=204, responses=refusals(403, 409))
def close_company(company_id: UUID, form: ClosingForm, call: UserCall) -> None:
    """Close a company: its terminals may send no more, and 30 days later all that it has is deleted. The form
    has its name."""
    database = call.database
    with call.as_user() as account, database.atomic():
        membership.hold_members(database, str(company_id))
        company = company_for(database, account, str(company_id), Role.OWNER)
        closed_companies.close_company(database, call.cloud.now(), account, company, form)
    call.cloud.postman.call()


@router.delete("/companies/{company_id}/closed", status_code=204, responses=refusals(403, 409))
def open_company_again(company_id: UUID, call: UserCall) -> None:
    """Open a closed company again; its terminals are assigned again then."""
    database = call.database
    with call.as_user() as account, database.atomic():
        membership.hold_members(database, str(company_id))
        company = company_for(database, account, str(company_id), Role.OWNER, also_closed=True)
        closed_companies.open_again(database, call.cloud.now(), account, company)
    call.cloud.postman.call()
