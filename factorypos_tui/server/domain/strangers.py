"""Strangers who say who they are: how often they may try, from where, and what is noted when they are wrong.

A known account and an unknown one take the same statements, so the time tells nobody which of them it is."""

import logging

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import email_key
from factorypos_tui.server.domain.limits import PLACES, Tries
from factorypos_tui.server.security.throttle import Limit, caller_network
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.audit import FORGOTTEN, audit, forget_old
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.session_tables import KnownPlace
from factorypos_tui.server.storage.tables import Account

logger = logging.getLogger(__name__)

Taken = list[tuple[str, Limit]]
NOBODY = "unknown account"


def hold_back(cloud: Cloud, kind: str, tries: Tries, email: str | None, address: str) -> Taken:
    """Count one more try of a caller, for an account where it names one; raises `TooOften`. A stranger's
    tries for an account never count against the places where its owner was before."""
    network = caller_network(address)
    wanted = [(bucket_key(kind, "network", network), tries.of_network)]
    with cloud.database.connection_context():
        if email is not None:
            wanted.append((bucket_key(kind, "pair", email_key(email), network), tries.of_pair))
            wanted.append((_key_of_account(cloud.database, kind, email, network), tries.of_account))
        _take(cloud, wanted, kind, address)
    return wanted


def count_letter(cloud: Cloud, email: str, address: str) -> None:
    """Count a letter that anybody may ask for, whether or not there is such an account, in the caller's
    transaction; raises `TooOften`."""
    key = _key_of_account(cloud.database, "letter", email, caller_network(address))
    if wait := buckets.take(cloud.database, cloud.now_ms(), [(key, cloud.limits.letters)]):
        log_refusal(address, "letter", "too often")
        raise errors.TooOften(wait)


def _key_of_account(database: Database, kind: str, email: str, network: str) -> str:
    """The bucket of an account; a place where its owner was before has one of its own."""
    account = email_key(email)
    apart = network if _is_known_place(database, account, network) else ""
    return bucket_key(kind, "account", account, apart)


def hold_back_network(
    cloud: Cloud, kind: str, limit: Limit, address: str, of_all: Limit | None = None
) -> None:
    """Count one more try of a network, and of all networks together where these have a limit, too; raises
    `TooOften`."""
    wanted = [(bucket_key(kind, "network", caller_network(address)), limit)]
    if of_all is not None:
        wanted.append((bucket_key(kind), of_all))
    with cloud.database.connection_context():
        _take(cloud, wanted, kind, address)


def _take(cloud: Cloud, wanted: Taken, kind: str, address: str) -> None:
    now_ms = cloud.now_ms()
    wait = buckets.take(cloud.database, now_ms, wanted)
    buckets.prune(cloud.database, now_ms)
    if wait:
        log_refusal(address, kind, "too often")
        raise errors.TooOften(wait)


def _is_known_place(database: Database, account: str, network: str) -> bool:
    query = KnownPlace.select().join(Account, on=(KnownPlace.account_id == Account.id))
    return query.where(Account.email_key == account, KnownPlace.network == network).exists(database)


def remember_place(database: Database, now: str, account_id: str, network: str) -> None:
    """Note where the owner of an account is, in the caller's transaction; places of long ago are
    forgotten."""
    place = KnownPlace.insert(account_id=account_id, network=network, seen_at=now)
    place.on_conflict(
        conflict_target=[KnownPlace.account_id, KnownPlace.network], update={KnownPlace.seen_at: now}
    ).execute(database)
    mine = KnownPlace.account_id == account_id
    latest = KnownPlace.select(KnownPlace.network).where(mine)
    latest = latest.order_by(KnownPlace.seen_at.desc(), KnownPlace.network).limit(PLACES)
    networks = [row.network for row in latest.bind(database)]
    KnownPlace.delete().where(mine, KnownPlace.network.not_in(networks)).execute(database)


def note_refusal(cloud: Cloud, kind: str, email: str, account_id: str | None, address: str) -> None:
    """Tell the log of a refused try, and the audit while it has not had too many."""
    log_refusal(address, kind, "refused")
    limits, network = cloud.limits, caller_network(address)
    wanted = [
        (bucket_key("refusals"), limits.refusals),
        (bucket_key("refusals", "network", network), limits.refusals_of_network),
        (bucket_key("refusals", "account", email_key(email)), limits.refusals_of_account),
    ]
    with cloud.database.connection_context(), cloud.database.atomic():
        _note(cloud, wanted, network, f"{kind}.refused", account_id or NOBODY)


def note(cloud: Cloud, actor: str, action: str, account_id: str) -> None:
    """Tell the audit, in the caller's transaction, what its owner may do with an account without end."""
    _note(cloud, [(bucket_key("noted", action, account_id), cloud.limits.noted)], actor, action, account_id)


def _note(cloud: Cloud, wanted: Taken, actor: str, action: str, subject: str) -> None:
    if not buckets.take(cloud.database, cloud.now_ms(), wanted):
        audit(cloud.database, cloud.now(), actor, action, subject)
        forget_old(cloud.database, action, cloud.now(-FORGOTTEN))


def log_refusal(address: str, kind: str, why: str) -> None:
    """One line in which the caller's address always stands at the same place; nothing else is a stranger's
    text."""
    logger.warning("log-in refused", extra={"address": address, "action": kind, "reason": why})
