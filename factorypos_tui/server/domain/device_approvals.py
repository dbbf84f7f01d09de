"""A person finds the terminal that shows a code, and approves that it is assigned, or denies it."""

import uuid
from datetime import timedelta
from typing import Annotated, Literal

from peewee import Database, Expression
from pydantic import Field

from factorypos_tui.server import errors
from factorypos_tui.server.domain import terminals
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import Role, store_for, stores_for
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.domain.strangers import log_refusal
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import token_hash, typed_code
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.tables import Account, Store, Terminal
from factorypos_tui.server.words import told

GRACE = timedelta(minutes=1)
"""So long after it was approved a terminal has at least to fetch its token."""


class Approval(Form):
    store_id: Annotated[uuid.UUID, Field(strict=False)]
    history: Literal["all", "missing", "none"] = "missing"
    """What of its closed days the terminal sends."""
    move: bool = False
    """Take it away from the other store that it is assigned to."""


def find(cloud: Cloud, account: Account, typed: str, address: str) -> DeviceAuthorization:
    """The terminal that shows this code and waits. Raises `Unreadable` where none does, and `TooOften`, also
    for a right code. The try counts before it is compared, so that many at once get no more; a right one
    leaves no trace."""
    database, limits = cloud.database, cloud.limits
    wanted = [
        (bucket_key("user_code", "account", account.id), limits.user_codes),
        (bucket_key("user_code", "network", caller_network(address)), limits.user_codes_of_network),
    ]
    shown = (DeviceAuthorization.user_hash == token_hash(typed_code(typed))) & _waits(cloud)
    with database.connection_context(), database.atomic() as trying:
        wait = buckets.take(database, cloud.now_ms(), wanted)
        found: DeviceAuthorization | None = (
            DeviceAuthorization.select().where(shown).get_or_none(database) if not wait else None
        )
        if found is not None:
            trying.rollback()
    if wait:
        log_refusal(address, "user_code", "too often")
        raise errors.TooOften(wait)
    if found is None:
        log_refusal(address, "user_code", "refused")
        raise _no_such_code()
    return found


def approve(
    cloud: Cloud, account: Account, asked: DeviceAuthorization, form: Approval, address: str
) -> Store:
    """Let the terminal fetch its token for a store. Raises `NotYours`, `RoleTooLow`, `Elsewhere` or
    `OverQuota`, and `Unreadable` where it waits no more."""
    database = cloud.database
    with database.connection_context(), database.atomic():
        store = store_for(database, account, str(form.store_id), Role.MANAGER)
        terminals.require_assignable(database, account, store, asked.terminal_id, move=form.move)
        chosen = {
            "store_id": store.id,
            "history": form.history,
            "move": form.move,
            "expires_at": max(asked.expires_at, cloud.now(GRACE)),
        }
        _decide(cloud, account, asked, "approved", chosen)
        subject = f"{asked.terminal_id} to store {store.id}"
        action, where = "device_authorization.approved", {"company_id": store.company_id, "network": address}
        note_change(database, cloud.now(), account.id, action, subject, **where)
    return store


def deny(cloud: Cloud, account: Account, asked: DeviceAuthorization, address: str) -> None:
    """Let the terminal get nothing. Raises `Unreadable` where it waits no more."""
    database, now = cloud.database, cloud.now()
    with database.connection_context(), database.atomic():
        _decide(cloud, account, asked, "denied", {})
        action, terminal = "device_authorization.denied", asked.terminal_id
        note_change(database, now, account.id, action, terminal, network=address)


def _decide(
    cloud: Cloud, account: Account, asked: DeviceAuthorization, decision: str, chosen: dict[str, object]
) -> None:
    """Note a decision where there is none yet, however many decide at once."""
    who = {"decision": decision, "decided_at": cloud.now(), "account_id": account.id}
    decided = DeviceAuthorization.update({**who, **chosen})
    this = (DeviceAuthorization.id == asked.id) & _waits(cloud)
    if not decided.where(this).execute(cloud.database):
        raise _no_such_code()


def _waits(cloud: Cloud) -> Expression:
    return DeviceAuthorization.decision.is_null() & (DeviceAuthorization.expires_at > cloud.now())


def present_store(database: Database, account: Account, terminal_id: str) -> Store | None:
    """The store that a terminal sends its reports to now, if this account may take it from there."""
    mine = (Terminal.id == terminal_id) & Store.id.in_(stores_for(account.id, Role.MANAGER))
    query = Store.select().join(Terminal, on=(Terminal.store_id == Store.id))
    found: Store | None = query.where(mine, Terminal.revoked_at.is_null()).get_or_none(database)
    return found


def _no_such_code() -> errors.Unreadable:
    words = told(
        "No till shows this code now: it is mistyped, was used, or is more than 10 minutes old. Nothing was "
        "changed. Look at the till again."
    )
    return errors.Unreadable(words, "code_invalid")
