"""Enrolment codes: the owner makes one for a store, and terminals that show it are assigned there without an
account."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Annotated

from peewee import Database, Expression, ModelSelect, fn
from pydantic import Field, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits, terminals
from factorypos_tui.server.domain.barring import after_every_bar, is_barred
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Form, LongText, Name, Plain
from factorypos_tui.server.domain.members import Role, has_factor, has_role, sees
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.domain.strangers import hold_back_network, log_refusal
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import enrolment_code, token_hash, typed_code
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.enrolment_tables import Enrolled, EnrolmentCode
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import told

LONGEST = timedelta(days=366)
AGAIN = timedelta(minutes=15)
"""So long a terminal may show its code once more: it had no answer to the first time."""


class CodeForm(Form):
    expires_in_s: Annotated[int, Field(ge=60, le=LONGEST // timedelta(seconds=1))] = 24 * 60 * 60
    uses: Annotated[int, Field(ge=1, le=limits.TERMINALS)] = 1
    """How many terminals it is good for."""
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Plain] = ""


class EnrolmentForm(Form):
    code: Annotated[str, StringConstraints(max_length=200)]
    terminal_id: Annotated[uuid.UUID, Field(strict=False)]
    name: Name
    software: LongText


def add_code(
    database: Database, now: str, until: str, maker: Account | str, store: Store, form: CodeForm, secret: str
) -> EnrolmentCode:
    """Make a code that follows from `secret`, in the caller's transaction; `maker`: a member, or the name of
    the host. Raises `OverQuota`."""
    made_by = maker.id if isinstance(maker, Account) else None
    good = codes_of(store).where(is_good(now), maker_may())
    words = told("This store has {most} enrolment codes that are good; it may have no more. Revoke one.")
    require_room(database, good, limits.ENROLMENT_CODES, words)
    code_id = str(uuid.uuid4())
    made = EnrolmentCode(
        id=code_id,
        store_id=store.id,
        code_hash=token_hash(typed_code(enrolment_code(secret, code_id))),
        name=form.name,
        uses=form.uses,
        created_at=after_every_bar(database, store.company_id, now),
        expires_at=until,
        revoked_at=None,
        made_by=made_by,
    )
    EnrolmentCode.insert(made.__data__).execute(database)
    subject, company = f"{code_id} for store {store.id}", store.company_id
    actor = made_by or str(maker)
    note_change(database, now, actor, "enrolment_code.created", subject, company_id=company)
    return made


def codes_of(store: Store) -> "ModelSelect[EnrolmentCode]":
    """The codes of a store, revoked and old ones, too."""
    return EnrolmentCode.select().where(EnrolmentCode.store_id == store.id)


def maker_may() -> Expression:
    """The condition that whoever made a code may assign terminals to its store now. The host always may."""
    shop, account = Store.alias(), Account.alias()
    theirs = Member.select(Member.account_id).join(shop, on=(shop.company_id == Member.company_id))
    theirs = theirs.join(account, on=(account.id == Member.account_id)).where(
        shop.id == EnrolmentCode.store_id, Member.account_id == EnrolmentCode.made_by
    )
    theirs = theirs.where(has_role(Role.MANAGER), sees(shop.id), has_factor(), account.disabled_at.is_null())
    condition: Expression = EnrolmentCode.made_by.is_null() | fn.EXISTS(theirs)
    return condition


def is_good(now: str) -> Expression:
    """Whether a code lets one more terminal in, if its maker may."""
    return _is_in_force(now) & (EnrolmentCode.used < EnrolmentCode.uses)


def _is_in_force(now: str) -> Expression:
    return EnrolmentCode.revoked_at.is_null() & (EnrolmentCode.expires_at > now)


def state_of(code: EnrolmentCode, now: str, *, its_maker_may: bool) -> str:
    """`good`, `used_up`, `expired`, `revoked` or `maker_gone`."""
    if code.revoked_at is not None:
        return "revoked"
    if code.expires_at <= now:
        return "expired"
    if code.used >= code.uses:
        return "used_up"
    return "good" if its_maker_may else "maker_gone"


def terminals_of(database: Database, code_ids: Collection[str]) -> list[tuple[str, str, str, str]]:
    """What came with these codes, the newest first: the code, the terminal, its name, and when."""
    theirs = (
        Enrolled.select(Enrolled.code_id, Enrolled.terminal_id, Terminal.name, Enrolled.enrolled_at)
        .join(Terminal, on=(Terminal.id == Enrolled.terminal_id))
        .where(Enrolled.code_id.in_(list(code_ids)))
        .order_by(Enrolled.enrolled_at.desc(), Enrolled.terminal_id)
        .limit(limits.TERMINALS)
    )
    return list(theirs.tuples().execute(database))


def codes_that_brought(database: Database, now: str, terminal: Terminal) -> list[EnrolmentCode]:
    """The codes that brought a terminal and would bring others, too: they may lie on its disk."""
    theirs = EnrolmentCode.select().join(Enrolled, on=(Enrolled.code_id == EnrolmentCode.id))
    mine = (Enrolled.terminal_id == terminal.id) & (EnrolmentCode.store_id == terminal.store_id)
    return list(theirs.where(mine, is_good(now)).order_by(EnrolmentCode.created_at).bind(database))


def revoke_code(database: Database, now: str, actor: str, code: EnrolmentCode) -> None:
    """Let a code bring no more terminals, in the caller's transaction; those that it brought stay."""
    if code.revoked_at is None:
        EnrolmentCode.update(revoked_at=now).where(EnrolmentCode.id == code.id).execute(database)
        company = company_of(database, code.store_id)
        note_change(database, now, actor, "enrolment_code.revoked", code.id, company_id=company)


def end_codes_of(database: Database, now: str, actor: str, terminal: Terminal) -> None:
    """Revoke the codes that brought a terminal and would bring others, in the caller's transaction; whoever
    has changed too much of late may still do that."""
    company = company_of(database, terminal.store_id)
    for code in codes_that_brought(database, now, terminal):
        EnrolmentCode.update(revoked_at=now).where(EnrolmentCode.id == code.id).execute(database)
        audit(database, now, actor, "enrolment_code.revoked", code.id, company_id=company)


def enrol(cloud: Cloud, form: EnrolmentForm, address: str) -> tuple[str, Company, Store, Account]:
    """Assign a terminal to the store of its code: its token, and where it belongs. Raises `Unreadable` for a
    code that is not good, `Elsewhere`, `OverQuota` or `TooOften`."""
    limit, database = cloud.limits.enrolments, cloud.database
    hold_back_network(cloud, "enrolment", limit, address)
    with database.connection_context():
        try:
            with database.atomic():
                assigned = _enrol(cloud, form)
        except errors.Unreadable:
            log_refusal(address, "enrolment", "refused")
            raise
        key = bucket_key("enrolment", "network", caller_network(address))
        buckets.give_back(database, [(key, limit)])
    return assigned


def _enrol(cloud: Cloud, form: EnrolmentForm) -> tuple[str, Company, Store, Account]:
    database, now, terminal_id = cloud.database, cloud.now(), str(form.terminal_id)
    hashed = token_hash(typed_code(form.code))
    code = _code_in_force(database, hashed, now)
    if code is None:
        raise _not_good()
    store = Store.select().where(Store.id == code.store_id).get(database)
    company = Company.select().where(Company.id == store.company_id).get(database)
    account = Account.select().where(Account.id == company.account_id).get(database)
    if account.disabled_at is not None or is_barred(database, terminal_id, company.id, code.created_at):
        raise _not_good()
    here = (Terminal.id == terminal_id) & Terminal.revoked_at.is_null()
    was_here = Terminal.select().where(here).exists(database)
    named = {"name": form.name, "software": form.software}
    token, _is_new = terminals.assign(
        database, now, code, store, terminal_id, named, move=False, may_upload=None
    )
    _use(cloud, code, terminal_id, was_here=was_here)
    return token, company, store, account


def _use(cloud: Cloud, code: EnrolmentCode, terminal_id: str, *, was_here: bool) -> None:
    """Count a terminal; one that had no answer counts once, unless it has left since. Raises `Unreadable`
    where no use is left."""
    database, now = cloud.database, cloud.now()
    came = (Enrolled.code_id == code.id) & (Enrolled.terminal_id == terminal_id)
    lately = Enrolled.select().where(came, Enrolled.enrolled_at > cloud.now(-AGAIN))
    if was_here and lately.exists(database):
        return
    one_more = EnrolmentCode.update(used=EnrolmentCode.used + 1).where(EnrolmentCode.id == code.id)
    if not one_more.where(is_good(now)).execute(database):
        raise _not_good()
    Enrolled.insert(code_id=code.id, terminal_id=terminal_id, enrolled_at=now).on_conflict(
        conflict_target=[Enrolled.code_id, Enrolled.terminal_id], update={Enrolled.enrolled_at: now}
    ).execute(database)
    company = company_of(database, code.store_id)
    audit(database, now, f"enrolment code {code.id}", "terminal.enrolled", terminal_id, company_id=company)


def _code_in_force(database: Database, hashed: str, now: str) -> EnrolmentCode | None:
    found: EnrolmentCode | None = (
        EnrolmentCode.select()
        .where(EnrolmentCode.code_hash == hashed, _is_in_force(now), maker_may())
        .get_or_none(database)
    )
    return found


def _not_good() -> errors.Unreadable:
    words = told(
        "This code is mistyped, used up, too old or revoked, or older than the revocation of this terminal. "
        "Nothing was changed. Ask the owner of the shop for a new one."
    )
    return errors.Unreadable(words, "code_invalid")
