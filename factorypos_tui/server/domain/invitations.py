"""Invitations into a company: an owner writes one, and whoever has its link becomes a member.

It is sent to an e-mail, and says nothing about whether there is an account with it."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain import confirmations, limits
from factorypos_tui.server.domain.accounts import Registration, account_of
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.company_news import tell_owners
from factorypos_tui.server.domain.confirmations import note_confirmed
from factorypos_tui.server.domain.forms import Email, email_key
from factorypos_tui.server.domain.members import NAMES, Membership, Role, add_member
from factorypos_tui.server.domain.membership import (
    AccessForm,
    access_of,
    hold_members,
    is_member,
    members_of,
)
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.domain.strangers import log_refusal
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.mail.people_letters import INVITATION_DAYS, Told, invitation
from factorypos_tui.server.security.tokens import invitation_token, token_hash
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.people_tables import Invitation, InvitationStore
from factorypos_tui.server.storage.tables import Account, Company
from factorypos_tui.server.words import told

LIFE = timedelta(days=INVITATION_DAYS)


class InvitationForm(AccessForm):
    email: Email


@dataclass(frozen=True, slots=True)
class Invited:
    """What a link leads to."""

    invitation: Invitation
    company: Company
    inviter: str
    """The name of who invites."""
    access: Membership

    def is_meant_for(self, email: str) -> bool:
        """Whether this is the e-mail that was invited."""
        return email_key(self.invitation.email) == email_key(email)

    @property
    def proves_email(self) -> bool:
        """Whether having the link shows that its holder reads the mails to the e-mail that was invited."""
        return bool(self.invitation.mailed)


def are_mailed(cloud: Cloud) -> bool:
    """Whether links are mailed; else the owner is shown each, once."""
    return cloud.confirms and cloud.public_url is not None


def link_of(cloud: Cloud, secret: str, invitation_id: str) -> str:
    """The address that the link of an invitation has. Without an address of this server: only its path."""
    return f"{cloud.public_url or ''}/invitation?token={invitation_token(secret, invitation_id)}"


def invite(cloud: Cloud, actor: Account, company: Company, form: InvitationForm, secret: str) -> Invitation:
    """Invite somebody with a link that follows from `secret`, in the caller's transaction; an earlier
    invitation of the same e-mail ends. Raises `Invalid`, `Conflict` for a member, `OverQuota` or
    `TooOften`."""
    database, now = cloud.database, cloud.now()
    access = access_of(database, company, form)
    known = account_of(database, form.email)
    if known is not None and is_member(database, company.id, known.id):
        raise _already_member()
    for earlier in list(invitations_of(company).bind(database)):
        if earlier.expires_at <= now or email_key(earlier.email) == email_key(form.email):
            Invitation.delete().where(Invitation.id == earlier.id).execute(database)
    words = told("{most} invitations are open; a company may have no more. Revoke one.")
    require_room(database, invitations_of(company), limits.OPEN_INVITATIONS, words)
    made = Invitation(
        id=str(uuid.uuid4()),
        company_id=company.id,
        email=form.email,
        role=access.role.value,
        all_stores=access.stores is None,
        invited_by=actor.id,
        mailed=are_mailed(cloud),
        created_at=now,
        expires_at=cloud.now(LIFE),
    )
    made.token_hash = token_hash(invitation_token(secret, made.id))
    Invitation.insert(made.__data__).execute(database)
    for store_id in sorted(access.stores or ()):
        InvitationStore.insert(invitation_id=made.id, store_id=store_id).execute(database)
    subject = f"{made.id} {access.role.value}"
    note_change(database, now, actor.id, "invitation.created", subject, company_id=company.id)
    if made.mailed:
        language = known.language if known else actor.language
        link = link_of(cloud, secret, made.id)
        _mail(
            cloud, actor, made, invitation(form.email, language, actor.name, company.name, _role(made), link)
        )
    return made


def _mail(cloud: Cloud, actor: Account, made: Invitation, letter: Letter) -> None:
    to_one = bucket_key("invitation", "to", email_key(made.email))
    by_one = bucket_key("invitation", "by", actor.id)
    wanted = [(to_one, cloud.limits.invitations_to_one), (by_one, cloud.limits.invitations)]
    if wait := buckets.take(cloud.database, cloud.now_ms(), wanted):
        raise errors.TooOften(wait)
    outbox.put(cloud.database, letter, actor.id, made.created_at, made.expires_at)


def _role(made: Invitation) -> str:
    return NAMES[Role(made.role)]


def invitations_of(company: Company) -> "ModelSelect[Invitation]":
    """The invitations of a company; those that are too old, too, until the next one is made."""
    return Invitation.select().where(Invitation.company_id == company.id)


def open_invitations(company: Company, now: str) -> "ModelSelect[Invitation]":
    return invitations_of(company).where(Invitation.expires_at > now)


def stores_of(database: Database, invitation_ids: Collection[str]) -> Mapping[str, list[str]]:
    """The ids of the stores that each of these invitations names."""
    found: dict[str, list[str]] = {invitation_id: [] for invitation_id in invitation_ids}
    theirs = InvitationStore.select().where(InvitationStore.invitation_id.in_(list(invitation_ids)))
    for row in theirs.order_by(InvitationStore.store_id).bind(database):
        found[row.invitation_id].append(row.store_id)
    return found


def revoke(database: Database, now: str, actor: Account, company: Company, invitation_id: str) -> None:
    """Let nobody in with this invitation, in the caller's transaction. Raises `NotYours`."""
    its = (Invitation.id == invitation_id) & (Invitation.company_id == company.id)
    if not Invitation.delete().where(its).execute(database):
        raise errors.NotYours(told("There is no such invitation; perhaps it was used."))
    note_change(database, now, actor.id, "invitation.revoked", invitation_id, company_id=company.id)


def invited(cloud: Cloud, token: str, address: str) -> Invited:
    """What a link leads to; the caller has the database open. Raises `Unreadable` where it is used up,
    revoked or too old."""
    database = cloud.database
    good = (Invitation.token_hash == token_hash(token)) & (Invitation.expires_at > cloud.now())
    good &= Account.disabled_at.is_null()  # whom the host shut out lets nobody in
    query = Invitation.select().join(Account, on=(Account.id == Invitation.invited_by))
    found = query.where(good).get_or_none(database)
    if found is None:
        log_refusal(address, "invitation", "refused")
        words = told(
            "This invitation was used or revoked, is too old, or its link is not whole. Nothing was changed. "
            "Ask an owner of the company for a new one."
        )
        raise errors.Unreadable(words, "invitation_invalid")
    stores = None if found.all_stores else frozenset(stores_of(database, [found.id])[found.id])
    company = Company.select().where(Company.id == found.company_id).get(database)
    inviter = Account.select().where(Account.id == found.invited_by).get(database)
    return Invited(found, company, inviter.name, Membership(Role(found.role), stores))


def accept(cloud: Cloud, account: Account, token: str, address: str, *, also_other: bool) -> Invited:
    """Make an account a member with an invitation, which is used up; in the caller's transaction. Raises
    `Unreadable`, `OverQuota`, `Conflict` where it is a member already or, unless `also_other`, another e-mail
    than its own was invited."""
    database, now = cloud.database, cloud.now()
    seen = invited(cloud, token, address)
    hold_members(database, seen.company.id)
    seen = invited(cloud, token, address)
    if not seen.is_meant_for(account.email) and not also_other:
        words = told("This invitation is meant for {email}, and you are logged in as {mine}.")
        words = words.format(email=seen.invitation.email, mine=account.email)
        raise errors.Conflict(words, "invitation_for_another")
    if is_member(database, seen.company.id, account.id):
        raise _already_member()
    words = told("This company has {most} members; it may have no more.")
    require_room(database, members_of(seen.company), limits.MEMBERS, words)
    mine = Member.select().where(Member.account_id == account.id)
    words = told("You are a member of {most} companies; nobody may be one of more.")
    require_room(database, mine, limits.MEMBERSHIPS, words)
    Invitation.delete().where(Invitation.id == seen.invitation.id).execute(database)
    add_member(database, now, seen.company.id, account.id, seen.access)
    if seen.proves_email and seen.is_meant_for(account.email):
        note_confirmed(database, now, account.id, account.id)
    _note_joined(database, now, account, seen)
    return seen


def register_invited(
    cloud: Cloud, form: Registration, password_hash: str, token: str, address: str
) -> Account:
    """Store the account of a person who was invited, also where nobody else may register, and make it a
    member; in the caller's transaction. Raises as `accept`, and `Conflict` where there is such an account."""
    seen = invited(cloud, token, address)
    reads_email = seen.proves_email and seen.is_meant_for(form.email)
    account = confirmations.register(cloud, form, password_hash, reads_email=reads_email)
    accept(cloud, account, token, address, also_other=True)
    return account


def _note_joined(database: Database, now: str, account: Account, seen: Invited) -> None:
    company, role = seen.company, seen.access.role
    subject = f"{account.id} {role.value} by invitation {seen.invitation.id}"
    note_change(database, now, account.id, "member.joined", subject, company_id=company.id)
    who = (seen.inviter, account.name, account.email)
    tell_owners(database, now, company.id, Told("joined", company.name, *who, NAMES[role]))


def _already_member() -> errors.Conflict:
    words = told("This person is a member of the company already. Nothing was changed.")
    return errors.Conflict(words, "already_member")
