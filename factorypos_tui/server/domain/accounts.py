"""People: they register, log in and log out."""

import uuid
from datetime import timedelta

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Email, Form, Language, Name, NewPassword, email_key
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import Throttle
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Session
from factorypos_tui.server.words import told

SESSION = timedelta(hours=8)


class Registration(Form):
    email: Email
    password: NewPassword
    name: Name
    language: Language = "en"


def account_of(database: Database, email: str) -> Account | None:
    return Account.select().where(Account.email_key == email_key(email)).get_or_none(database)


def add_account(database: Database, now: str, form: Registration, password_hash: str, actor: str) -> Account:
    """Store a new account inside the caller's transaction; raises `Conflict`."""
    account = Account(
        id=str(uuid.uuid4()),
        email=form.email,
        email_key=email_key(form.email),
        name=form.name,
        language=form.language,
        password_hash=password_hash,
        created_at=now,
    )
    insert = Account.insert(**account.__data__).on_conflict_ignore()
    if not insert.as_rowcount().execute(database):
        words = told("There is an account with this e-mail. Log in, or recover its password.")
        raise errors.Conflict(words, "email_taken")
    audit(database, now, actor, "account.created", account.id)
    return account


def hold_back(throttle: Throttle, email: str, network: str) -> None:
    """Count one more try of a caller for an account; raises `TooOften`."""
    if wait := throttle.take((email_key(email), network)):
        raise errors.TooOften(wait)


def log_in(cloud: Cloud, email: str, password: str, network: str) -> tuple[str, str, Account]:
    """A new user token, when it ends, and whose it is; raises `NotKnown` or `TooOften`."""
    hold_back(cloud.log_ins, email, network)
    database = cloud.database
    with database.connection_context():
        account = account_of(database, email)
        right = passwords.matches(account.password_hash if account else None, password)
        if account is None or not right or account.disabled_at is not None:
            if account is not None:
                audit(database, cloud.now(), network, "log_in.refused", account.id)
            raise errors.NotKnown(told("The e-mail or the password is not right."), "invalid_credentials")
        cloud.log_ins.forget((email_key(email), network))
        token, now, expires_at = new_token(), cloud.now(), cloud.now(SESSION)
        with database.atomic():
            Session.delete().where(Session.expires_at <= now).execute(database)
            Session.insert(
                token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=expires_at
            ).execute(database)
            audit(database, now, network, "log_in", account.id)
    return token, expires_at, account


def log_out(cloud: Cloud, account: Account, hashed_token: str) -> None:
    """End a user token."""
    with cloud.database.atomic():
        Session.delete().where(Session.token_hash == hashed_token).execute(cloud.database)
        audit(cloud.database, cloud.now(), account.id, "log_out", account.id)
