"""People: they register, log in and log out."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from peewee import Database, Expression

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Email, Form, Language, Name, NewPassword, email_key
from factorypos_tui.server.domain.limits import SESSIONS
from factorypos_tui.server.domain.second_factor import factors
from factorypos_tui.server.domain.second_factor.factors import SecondFactorNeeded, Typed
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


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody logs in."""

    address: str
    device: str
    """What the caller's program calls itself."""
    on_page: bool
    """Whether it is a browser, on a page; else a program, by the API."""
    terminal_id: str | None = None
    """The terminal on which it runs, if it is one's."""


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
    cloud: Cloud, email: str, password: str, place: Place, *, code: str | None = None
) -> tuple[str, str, Account]:
    """A new user token, when it ends, and whose it is. `code` is that of the second factor, where the account
    has one. Raises `NotKnown`, `SecondFactorNeeded` or `TooOften`."""
    taken = hold_back(cloud, "log_in", cloud.limits.log_ins, email, place.address)
    while True:  # again where the account was changed while its password was compared
        account = _who_knows(cloud, email, password, place.address)
        guessed = _count_code(cloud, account, code, place.address, taken)
        if session := _open_session(cloud, account, password, place, code, [*taken, *guessed]):
            return (*session, account)


def _who_knows(cloud: Cloud, email: str, password: str, address: str) -> Account:
    """The account with this e-mail and password; raises `NotKnown`."""
    with cloud.database.connection_context():
        account = account_of(cloud.database, email)
    right = passwords.matches(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        note_refusal(cloud, "log_in", email, account.id if account else None, address)
        raise wrong_credentials()
    return account


def wrong_credentials() -> errors.NotKnown:
    return errors.NotKnown(told("The e-mail or the password is not right."), "invalid_credentials")


def _count_code(cloud: Cloud, account: Account, code: str | None, address: str, taken: Taken) -> Taken:
    """Count a code as a try, where the account asks for one. A log-in without one is a question, and counts
    for nothing: raises `SecondFactorNeeded`. Also raises `TooOften`."""
    with cloud.database.connection_context():
        if not factors.are_on(cloud.database, account.id):
            return []
        if code is None:
            buckets.give_back(cloud.database, taken)
            words = told(
                "This account asks for a second factor: give the code of the app, or a recovery code."
            )
            raise SecondFactorNeeded(words, account)
    return factors.count_try(cloud, account, Typed(code), address)


def _open_session(
    cloud: Cloud, account: Account, password: str, place: Place, code: str | None, taken: Taken
) -> tuple[str, str] | None:
    """A new token and when it ends; none where the account is no longer as it was."""
    database, becomes = cloud.database, renewed_hash(account, password)
    try:
        with database.connection_context(), database.atomic():
            if not Account.update(password_hash=becomes).where(as_it_was(account)).execute(database):
                return None
            if factors.are_on(database, account.id):
                factors.use(cloud, account, Typed(code or ""), place.address)
            buckets.give_back(database, taken)
            session = put_session(cloud, account, place)
    except SecondFactorNeeded:
        factors.note_wrong(cloud, account, place.address)
        raise
    if code is not None:  # a recovery code is told by mail
        cloud.postman.call()
    return session


def renewed_hash(account: Account, password: str) -> str:
    """The hash of an account's password, made at what one costs now."""
    if passwords.is_outgrown(account.password_hash):
        return passwords.hash_password(password)
    return str(account.password_hash)


def put_session(cloud: Cloud, account: Account, place: Place) -> tuple[str, str]:
    """Log somebody in, in the caller's transaction: a new token, and when it ends."""
    database, token, network = cloud.database, new_token(), caller_network(place.address)
    now, expires_at = cloud.now(), cloud.now(SESSION)
    _end_oldest(database, now, account)
    Session.insert(
        token_hash=token_hash(token),
        account_id=account.id,
        created_at=now,
        expires_at=expires_at,
        network=network,
        device=place.device[:LONGEST_DEVICE],
        terminal_id=place.terminal_id,
        on_page=place.on_page,
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
