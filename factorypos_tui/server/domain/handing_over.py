"""An owner hands a company over to another member."""

from typing import Annotated
from uuid import UUID

from peewee import Database
from pydantic import Field

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.domain.answering import move_company, require_room_for
from factorypos_tui.server.domain.company_news import tell_owners
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import Membership, Role
from factorypos_tui.server.domain.membership import change_member, member_of, remove_member, set_access
from factorypos_tui.server.mail.people_letters import Told
from factorypos_tui.server.storage.tables import Account, Company
from factorypos_tui.server.words import told


class HandOver(Form):
    account_id: Annotated[UUID, Field(strict=False)]
    """The member who is going to own the company."""
    leave: bool = False
    """Whether the one who hands over leaves it; else that one stays as a manager."""


def hand_over(database: Database, now: str, actor: Account, company: Company, form: HandOver) -> None:
    """Make another member the owner who answers for the company, in place of the actor; in the caller's
    transaction, which holds the members. Raises `Invalid`, `NotYours` or `OverQuota`."""
    to_id = str(form.account_id)
    if to_id == actor.id:
        raise errors.Invalid([fault("account_id", told("Name another member."))])
    person = member_of(database, company, to_id)
    if company.account_id != to_id:
        require_room_for(database, company, to_id)
    set_access(database, company.id, to_id, Membership(Role.OWNER, None))
    if company.account_id != to_id:
        move_company(database, now, actor, company, to_id)
    tell_owners(
        database, now, company.id, Told("handed_over", company.name, actor.name, person.name, person.email)
    )
    if form.leave:
        remove_member(database, now, actor, company, actor.id)
    else:
        change_member(database, now, actor, company, actor.id, Membership(Role.MANAGER, None))
