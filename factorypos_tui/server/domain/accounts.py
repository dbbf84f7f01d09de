"""People: they register, log in and log out."""

import uuid
from datetime import timedelta

from peewee import Database, Expression

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Email, Form, Language, Name, NewPassword, email_key
from factorypos_tui.server.domain.limits import SESSIONS
from factorypos_tui.server.domain.strangers import Taken, hold_back, note, note_refusal, remember_place
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Session
from factorypos_tui.server.words import told

SESSION = timedelta(hours=8)
LONGEST_DEVICE = 200


class Registration(Form):
    email: Email
    password: NewPassword
    name: Name
    language: Language = "en"


def account_of(database: Database, email: str) -> Account | None:
    return Account.select().where(Account.email_key == email_key(email)).get_or_none(database)


def as_it_was(account: Account) -> Expression:
    """The account, as long as it has the password that was read with it and nobody has disabled it since."""
    same_password = (Account.id == account.id) & (Account.password_hash == account.password_hash)
    return same_password & (Account.disabled_at == account.disabled_at)


def hold_account(database: Database, account_id: str) -> Account:
    """The account, which nobody else changes until the caller's transaction ends."""
    mine = Account.id == account_id
    Account.update(name=Account.name).where(mine).execute(database)
    return Account.select().where(mine).get(database)


def require_open(cloud: Cloud) -> None:
    """Raises `NotAllowed` where accounts are made by the host alone."""
    if cloud.is_open:
        return
    whom = cloud.contact or told("the person who runs this FactoryCLOUD")
    words = told("Registration is by invitation here. Ask {whom} for an account; nothing was stored.")
    raise errors.NotAllowed(words.format(whom=whom), "registration_closed")


def add_account(
    database: Database,
    now: str,
    form: Registration,
    password_hash: str,
    actor: str,
    *,
    is_confirmed: bool,
) -> Account:
    """Store a new account inside the caller's transaction; raises `Conflict`."""
    account = Account(
        id=str(uuid.uuid4()),
        email=form.email,
        email_key=email_key(form.email),
        name=form.name,
        language=form.language,
        password_hash=password_hash,
        created_at=now,
        confirmed_at=now if is_confirmed else None,
    )
    insert = Account.insert(**account.__data__).on_conflict_ignore()
    if not insert.as_rowcount().execute(database):
        words = told("There is an account with this e-mail. Log in, or recover its password.")
        raise errors.Conflict(words, "email_taken")
    audit(database, now, actor, "account.created", account.id)
    return account


def log_in(
    cloud: Cloud, email: str, password: str, address: str, device: str, terminal_id: str | None = None
) -> tuple[str, str, Account]:
    """A new user token, when it ends, and whose it is; raises `NotKnown` or `TooOften`. `device` is what the
    caller's program calls itself, `terminal_id` the terminal on which it runs, if it is one's."""
    taken = hold_back(cloud, "log_in", cloud.limits.log_ins, email, address)
    while True:  # again where the account was changed while its password was compared
        account = _who_knows(cloud, email, password, address)
        if session := _open_session(cloud, account, password, address, device, taken, terminal_id):
            return (*session, account)


def _who_knows(cloud: Cloud, email: str, password: str, address: str) -> Account:
    """The account with this e-mail and password; raises `NotKnown`."""
    with cloud.database.connection_context():
        account = account_of(cloud.database, email)
    right = passwords.matches(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        note_refusal(cloud, "log_in", email, account.id if account else None, address)
        raise errors.NotKnown(told("The e-mail or the password is not right."), "invalid_credentials")
    return account


def _open_session(
    cloud: Cloud,
    account: Account,
    password: str,
    address: str,
    device: str,
    taken: Taken,
    terminal_id: str | None,
) -> tuple[str, str] | None:
    """A new token and when it ends; none where the account is no longer as it was."""
    database, token, network = cloud.database, new_token(), caller_network(address)
    now, expires_at, becomes = cloud.now(), cloud.now(SESSION), account.password_hash
    if passwords.is_outgrown(becomes):
        becomes = passwords.hash_password(password)
    with database.connection_context(), database.atomic():
        if not Account.update(password_hash=becomes).where(as_it_was(account)).execute(database):
            return None
        buckets.give_back(database, taken)
        _end_oldest(database, now, account)
        Session.insert(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            expires_at=expires_at,
            network=network,
            device=device[:LONGEST_DEVICE],
            terminal_id=terminal_id,
        ).execute(database)
        remember_place(database, now, account.id, network)
        note(cloud, network, "log_in", account.id)
    return token, expires_at


def _end_oldest(database: Database, now: str, account: Account) -> None:
    """Leave room for one session more."""
    Session.delete().where(Session.expires_at <= now).execute(database)
    mine = Session.select(Session.token_hash).where(Session.account_id == account.id)
    oldest = mine.order_by(Session.created_at.desc(), Session.token_hash).offset(SESSIONS - 1).limit(SESSIONS)
    hashes = [row.token_hash for row in oldest.bind(database)]
    Session.delete().where(Session.token_hash.in_(hashes)).execute(database)


def log_out(cloud: Cloud, account: Account, hashed_token: str) -> None:
    """End a user token."""
    with cloud.database.atomic():
        Session.delete().where(Session.token_hash == hashed_token).execute(cloud.database)
        note(cloud, account.id, "log_out", account.id)
