"""A second factor is set up, removed, or taken away by the host. The page asks first who it is (`proofs`)."""

import uuid

from peewee import Database
from webauthn.helpers import bytes_to_base64url

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import hold_account
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.limits import PASSKEYS
from factorypos_tui.server.domain.quotas import require_room
from factorypos_tui.server.domain.second_factor import codes, passkeys
from factorypos_tui.server.domain.second_factor.factors import are_on
from factorypos_tui.server.domain.second_factor.passkeys import Signed
from factorypos_tui.server.domain.second_factor.telling import tell
from factorypos_tui.server.domain.strangers import count_letter
from factorypos_tui.server.security.tokens import token_hash, typed_code
from factorypos_tui.server.storage.factor_tables import AuthenticatorApp, Passkey, RecoveryCode, SecondStep
from factorypos_tui.server.storage.tables import Account, Session
from factorypos_tui.server.words import told

APP = "app"
"""What names the authenticator app where something is removed; passkeys have ids."""


def add_app(
    cloud: Cloud, account: Account, secret: str, typed: str, kept_token: str, address: str
) -> list[str]:
    """Set an authenticator app up, in place of the one before, with the first code that it shows. Returns the
    recovery codes, where it is the first factor of the account. Raises `Invalid`, or `TooOften`."""
    database, now = cloud.database, cloud.now()
    steps = codes.steps_of(secret, typed, cloud.now_ms() // 1000) if codes.is_secret(secret) else []
    if not steps:
        words = told("This is not the code that the app shows now. Is the clock of the phone right?")
        raise errors.Invalid([errors.FieldProblem("code", "wrong_code", words)])
    row = {"secret": secret, "last_step": steps[-1], "added_at": now}
    with database.connection_context(), database.atomic():
        made = _prepare(cloud, account, kept_token, address)
        AuthenticatorApp.delete().where(AuthenticatorApp.account_id == account.id).execute(database)
        AuthenticatorApp.insert(account_id=account.id, **row).execute(database)
        tell(database, now, account, "app_added", address=address)
    cloud.postman.call()
    return made


def add_passkey(cloud: Cloud, account: Account, name: str, signed: Signed, address: str) -> list[str]:
    """Add a passkey that a browser has made. Returns the recovery codes, where it is the first factor of the
    account. Raises `Unreadable`, `Conflict`, `OverQuota` or `TooOften`."""
    database, now = cloud.database, cloud.now()
    with database.connection_context(), database.atomic():
        made = _prepare(cloud, account, signed.holder, address)
        theirs = Passkey.select().where(Passkey.account_id == account.id)
        words = told("You have {most} passkeys; there may be no more. Remove one first.")
        require_room(database, theirs, PASSKEYS, words)
        key = passkeys.added(cloud, signed)
        if key is None:
            words = told(
                "The passkey was not made, or its answer came too late. Nothing was changed. Try again."
            )
            raise errors.Unreadable(words, "passkey_invalid")
        insert = Passkey.insert(
            id=str(uuid.uuid4()),
            account_id=account.id,
            credential_id=bytes_to_base64url(key.credential_id),
            public_key=bytes_to_base64url(key.credential_public_key),
            sign_count=key.sign_count,
            name=name,
            added_at=now,
            used_at=None,
        )
        if not insert.on_conflict_ignore().as_rowcount().execute(database):
            raise errors.Conflict(
                told("This passkey is there already. Nothing was changed."), "passkey_known"
            )
        tell(database, now, account, "passkey_added", address=address, passkey=name)
    cloud.postman.call()
    return made


def _prepare(cloud: Cloud, account: Account, kept_token: str, address: str) -> list[str]:
    """Before a factor is added, in the caller's transaction: no other session stays proved by something less,
    and with the first factor those end that were opened by the password alone. Returns new recovery codes
    for the first factor."""
    database = cloud.database
    hold_account(database, account.id)
    count_letter(cloud, account.email, address)
    others = (Session.account_id == account.id) & (Session.token_hash != kept_token)
    if are_on(database, account.id):
        Session.update(proved_until=None).where(others).execute(database)
        return []
    Session.delete().where(others).execute(database)
    return _put_codes(database, account.id)


def make_codes(cloud: Cloud, account: Account, address: str) -> list[str]:
    """New recovery codes in place of those of before. Raises `Conflict` where there is no second factor, or
    `TooOften`."""
    database = cloud.database
    with database.connection_context(), database.atomic():
        hold_account(database, account.id)
        count_letter(cloud, account.email, address)
        if not are_on(database, account.id):
            raise _none_there()
        made = _put_codes(database, account.id)
        tell(database, cloud.now(), account, "new_codes", address=address)
    cloud.postman.call()
    return made


def _put_codes(database: Database, account_id: str) -> list[str]:
    made = codes.new_recovery_codes()
    RecoveryCode.delete().where(RecoveryCode.account_id == account_id).execute(database)
    rows = [{"account_id": account_id, "code_hash": token_hash(typed_code(code))} for code in made]
    RecoveryCode.insert_many(rows).execute(database)
    return made


def remove(cloud: Cloud, account: Account, which: str, address: str) -> bool:
    """Remove the app, or the passkey of an id. Whether a second factor is left: with the last one the
    recovery codes go. Raises `Conflict` where it is not there, or `TooOften`."""
    database, now = cloud.database, cloud.now()
    with database.connection_context(), database.atomic():
        hold_account(database, account.id)
        count_letter(cloud, account.email, address)
        if which == APP:
            theirs = AuthenticatorApp.account_id == account.id
            if not AuthenticatorApp.delete().where(theirs).execute(database):
                raise _none_there()
            tell(database, now, account, "app_removed", address=address)
        else:
            this = (Passkey.account_id == account.id) & (Passkey.id == which)
            key = Passkey.select().where(this).get_or_none(database)
            if key is None or not Passkey.delete().where(this).execute(database):
                raise _none_there()
            tell(database, now, account, "passkey_removed", address=address, passkey=key.name)
        is_left = are_on(database, account.id)
        if not is_left:
            RecoveryCode.delete().where(RecoveryCode.account_id == account.id).execute(database)
    cloud.postman.call()
    return is_left


def take_away(database: Database, now: str, account: Account, actor: str) -> bool:
    """Remove all that an account has of a second factor, in the caller's transaction; whether there was
    anything."""
    kinds = (AuthenticatorApp, Passkey, RecoveryCode, SecondStep)
    gone = [kind.delete().where(kind.account_id == account.id).execute(database) for kind in kinds]
    if not any(gone[:2]):
        return False
    Session.update(proved_until=None).where(Session.account_id == account.id).execute(database)
    tell(database, now, account, "taken_away", actor=actor)
    return True


def _none_there() -> errors.Conflict:
    return errors.Conflict(told("It is not there any more. Nothing was changed."), "no_such_factor")
