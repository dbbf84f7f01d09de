"""What an administrator does with accounts while the server may be running."""

from dataclasses import dataclass
from datetime import timedelta

from peewee import Database
from pydantic import ValidationError

from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.domain.accounts import Registration, account_of, add_account, hold_account
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.confirmations import note_confirmed
from factorypos_tui.server.domain.forms import Form, NewPassword
from factorypos_tui.server.domain.second_factor.changing import take_away
from factorypos_tui.server.domain.sessions import store_password
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.tokens import new_code, new_token, token_hash
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, PasswordReset, Session
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedUser:
    id: str
    email: str
    name: str
    created_at: str
    disabled_at: str | None
    confirmed_at: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invited person needs, once, to choose a password."""

    token: str
    """Of the link `/recover?token=TOKEN`."""
    code: str
    """For the app's and the command's recovery, with the e-mail."""
    expires_at: str


class _Password(Form):
    password: NewPassword


def create_user(database: Database, email: str, name: str, password: str) -> str:
    """Make an account, whose e-mail the host answers for; returns its id. Raises `AdministrationError`."""
    return _create(database, email, name, password, is_confirmed=True)


def id_of(database: Database, email: str) -> str | None:
    """The id of the account with this e-mail; None where there is none."""
    with database.connection_context():
        account = account_of(database, email)
        return str(account.id) if account else None


def _create(database: Database, email: str, name: str, password: str, *, is_confirmed: bool) -> str:
    try:
        form = Registration(email=email, name=name, password=password)
    except ValidationError as error:
        raise _wrong(error) from None  # the input holds the password
    password_hash = passwords.hash_password(form.password)
    try:
        with database.connection_context(), database.atomic():
            now = instant(utc_now())
            return add_account(database, now, form, password_hash, ACTOR, is_confirmed=is_confirmed).id
    except Refused as refused:
        raise AdministrationError(
            told("There is an account with the e-mail {email} already.").format(email=form.email)
        ) from refused


def invite_user(database: Database, email: str, name: str, days: int) -> Invitation:
    """Make an account with a password that nobody knows, and what its person needs to choose one; choosing it
    confirms the e-mail. Raises `AdministrationError`."""
    account_id = _create(database, email, name, new_token(), is_confirmed=False)
    token, code = new_token(), new_code()
    expires_at, code_hash = instant(utc_now() + timedelta(days=days)), passwords.hash_password(code)
    with database.connection_context(), database.atomic():
        PasswordReset.insert(
            token_hash=token_hash(token), account_id=account_id, expires_at=expires_at, code_hash=code_hash
        ).execute(database)
        audit(database, instant(utc_now()), ACTOR, "account.invited", account_id)
    return Invitation(token, code, expires_at)


def set_password(database: Database, email: str, password: str) -> None:
    """Set an account's password, end its sessions and write it so. Raises `AdministrationError`."""
    try:
        form = _Password(password=password)
    except ValidationError as error:
        raise _wrong(error) from None
    password_hash = passwords.hash_password(form.password)
    with database.connection_context(), database.atomic():
        account = hold_account(database, _account(database, email).id)
        store_password(database, instant(utc_now()), account, password_hash, "host", actor=ACTOR)


def disable_user(database: Database, email: str) -> None:
    """End an account's log-ins and sessions; its terminals keep delivering. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        account, now = _account(database, email), instant(utc_now())
        Account.update(disabled_at=now).where(Account.id == account.id).execute(database)
        Session.delete().where(Session.account_id == account.id).execute(database)
        PasswordReset.delete().where(PasswordReset.account_id == account.id).execute(database)
        audit(database, now, ACTOR, "account.disabled", account.id)


def enable_user(database: Database, email: str) -> None:
    """Let the person of a disabled account log in again. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        account = _account(database, email)
        Account.update(disabled_at=None).where(Account.id == account.id).execute(database)
        audit(database, instant(utc_now()), ACTOR, "account.enabled", account.id)


def confirm_user(database: Database, email: str) -> None:
    """Count the e-mail of an account as confirmed. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        note_confirmed(database, instant(utc_now()), _account(database, email).id, ACTOR)


def take_second_factor_away(database: Database, email: str) -> bool:
    """Remove the app, the passkeys and the recovery codes of an account, and write it so; whether it had any.
    Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        account = hold_account(database, _account(database, email).id)
        return take_away(database, instant(utc_now()), account, ACTOR)


def list_users(database: Database) -> list[ListedUser]:
    with database.connection_context():
        return [
            ListedUser(row.id, row.email, row.name, row.created_at, row.disabled_at, row.confirmed_at)
            for row in Account.select().order_by(Account.email_key).bind(database)
        ]


def _account(database: Database, email: str) -> Account:
    account = account_of(database, email)
    if account is None:
        raise AdministrationError(told("There is no account with the e-mail {email}.").format(email=email))
    return account


def _wrong(error: ValidationError) -> AdministrationError:
    faults = field_problems(error.errors(include_url=False))
    return AdministrationError("\n".join(f"{fault.field}: {fault.message}" for fault in faults))
