"""A terminal asks to be assigned and shows a code; once a person has approved it, the terminal fetches a
token of its own (RFC 8628). It never gets anything of the person's."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from peewee import Database, Expression, ModelSelect
from pydantic import Field, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.domain import terminals
from factorypos_tui.server.domain.cloud import Cloud, instant
from factorypos_tui.server.domain.forms import Form, LongText, Name
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.domain.strangers import hold_back_network, log_refusal
from factorypos_tui.server.domain.telling import tell_of_assignment
from factorypos_tui.server.security.tokens import new_code, new_token, token_hash
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal, TerminalToken
from factorypos_tui.server.words import told

LIFE = timedelta(minutes=10)
"""So long a terminal shows its code."""
INTERVAL_S = 5
"""Between two questions of a terminal; so much more each time that it asks too soon."""
_EARLY = timedelta(seconds=1)
"""So much too soon is the way of the call, and not the terminal."""
AGAIN = timedelta(minutes=2)
"""So long a terminal may fetch its token once more: it had no answer to the first time."""
KEPT = timedelta(hours=1)
"""So long after its end an authorization goes."""


class Asking(Form):
    terminal_id: Annotated[uuid.UUID, Field(strict=False)]
    name: Name
    software: LongText


class Fetching(Form):
    device_code: Annotated[str, StringConstraints(max_length=200)]


@dataclass(frozen=True, slots=True)
class Handed:
    """What a terminal gets that a person approved."""

    token: str
    terminal_id: str
    company: Company
    store: Store
    history: str
    """What of its closed days it sends: `all`, `missing` or `none`."""


def ask(cloud: Cloud, form: Asking, address: str) -> tuple[str, str]:
    """Note that a terminal wants to be assigned: what it fetches its token with, and what it shows. Raises
    `TooOften`."""
    limits, database = cloud.limits, cloud.database
    of_all = limits.all_device_authorizations
    hold_back_network(cloud, "device_authorization", limits.device_authorizations, address, of_all)
    device_code, now = new_token(), cloud.now()
    row = {
        "device_hash": token_hash(device_code),
        "terminal_id": str(form.terminal_id),
        "name": form.name,
        "software": form.software,
        "address": address,
        "asked_at": now,
        "expires_at": cloud.now(LIFE),
        "interval_s": INTERVAL_S,
        "next_poll_at": now,
        "move": False,
    }
    with database.connection_context():
        while True:  # two terminals never show the same code
            user_code = new_code()
            row |= {"id": str(uuid.uuid4()), "user_hash": token_hash(user_code)}
            insert = DeviceAuthorization.insert(row).on_conflict_ignore()
            if insert.as_rowcount().execute(database):
                return device_code, user_code


def fetch(cloud: Cloud, device_code: str, address: str) -> Handed:
    """The token of a terminal that was approved. Raises `Unreadable` with a code of RFC 8628 where there is
    none (yet), and `Elsewhere` or `OverQuota` where the terminal cannot be assigned any more."""
    database = cloud.database
    itself = DeviceAuthorization.device_hash == token_hash(device_code)
    with database.connection_context():
        row = DeviceAuthorization.select().where(itself).get_or_none(database)
        if row is None:
            log_refusal(address, "device_token", "refused")
        if row is None or _is_over(cloud, row):
            raise _expired()
        _count_question(cloud, row)
        if row.decision is None:
            words = told("Nobody has approved this terminal yet. It asks again by itself.")
            raise errors.Unreadable(words, "authorization_pending")
        if row.decision == "denied":
            raise _denied()
        with database.atomic():
            handed = _hand_over(cloud, row)
    cloud.postman.call()
    return handed


def _is_over(cloud: Cloud, row: DeviceAuthorization) -> bool:
    if row.taken_at is not None:
        return bool(row.taken_at <= cloud.now(-AGAIN))
    return bool(row.expires_at <= cloud.now())


def _count_question(cloud: Cloud, row: DeviceAuthorization) -> None:
    """Let one question through in each interval, however many come at once; raises `Unreadable` for the
    others, each of which makes the interval longer."""
    database, now = cloud.database, cloud.now()
    itself = DeviceAuthorization.id == row.id
    wait = timedelta(seconds=row.interval_s) - _EARLY
    in_time = DeviceAuthorization.update(next_poll_at=cloud.now(wait))
    if in_time.where(itself, DeviceAuthorization.next_poll_at <= now).execute(database):
        return
    later = instant(datetime.fromisoformat(row.next_poll_at) + timedelta(seconds=INTERVAL_S))
    slower = {"interval_s": DeviceAuthorization.interval_s + INTERVAL_S, "next_poll_at": later}
    DeviceAuthorization.update(slower).where(itself).execute(database)
    words = told("This terminal asks too often. It asks again by itself, after a longer while.")
    raise errors.Unreadable(words, "slow_down")


def _hand_over(cloud: Cloud, row: DeviceAuthorization) -> Handed:
    """Assign the terminal and note that it has its token; both or none."""
    database, now = cloud.database, cloud.now()
    _refuse_revoked(database, row)
    approver = Account.select().where(Account.id == row.account_id).get(database)
    try:
        store = store_for(database, approver, str(row.store_id), Role.MANAGER)
    except (errors.NotYours, errors.NotAllowed, errors.CompanyClosed) as gone:
        raise _denied() from gone
    company = Company.select().where(Company.id == store.company_id).get(database)
    account = Account.select().where(Account.id == company.account_id).get(database)
    if approver.disabled_at is not None or account.disabled_at is not None:
        raise _denied()
    named = {"name": row.name, "software": row.software}
    token, _is_new = terminals.assign(
        database, now, approver, store, row.terminal_id, named, move=row.move, may_upload=None
    )
    is_first = row.taken_at is None
    taken = DeviceAuthorization.update(taken_at=row.taken_at or now, token_hash=token_hash(token))
    if not taken.where(DeviceAuthorization.id == row.id, _is_as_read(row)).execute(database):
        raise _expired()
    if is_first:
        tell_of_assignment(cloud, company, store, approver, row)
    return Handed(token, row.terminal_id, company, store, str(row.history))


def _is_as_read(row: DeviceAuthorization) -> Expression:
    """Whether nobody has fetched the token since the row was read."""
    if row.token_hash is None:
        untaken: Expression = DeviceAuthorization.token_hash.is_null()
        return untaken
    return DeviceAuthorization.token_hash == row.token_hash


def _refuse_revoked(database: Database, row: DeviceAuthorization) -> None:
    """Raises `Unreadable` where the terminal was revoked after it was approved, or has got another token
    meanwhile. Whoever revokes it at this moment comes before this, or after all of it."""
    itself = Terminal.id == row.terminal_id
    Terminal.update(assigned_at=Terminal.assigned_at).where(itself).execute(database)
    if Terminal.select().where(itself, Terminal.revoked_at >= row.decided_at).exists(database):
        raise _denied()
    if row.token_hash is not None:
        its = (TerminalToken.token_hash == row.token_hash) & TerminalToken.revoked_at.is_null()
        if not TerminalToken.select().where(its).exists(database):
            raise _expired()


def _expired() -> errors.Unreadable:
    words = told("This code has ended, or was used. Nothing was changed. Begin again at the terminal.")
    return errors.Unreadable(words, "expired_token")


def _denied() -> errors.Unreadable:
    words = told("This terminal was not approved. Nothing was changed.")
    return errors.Unreadable(words, "access_denied")


def end_approvals(database: Database, stores: "ModelSelect[Any]") -> None:
    """Let no terminal fetch a token for these stores any more, in the caller's transaction. `stores`: ids."""
    DeviceAuthorization.update(decision="denied").where(DeviceAuthorization.store_id.in_(stores)).execute(
        database
    )


def forget_old(cloud: Cloud) -> None:
    """Delete what ended long ago."""
    with cloud.database.connection_context():
        is_old = DeviceAuthorization.expires_at < cloud.now(-KEPT)
        DeviceAuthorization.delete().where(is_old).execute(cloud.database)
