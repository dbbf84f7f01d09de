"""A person's sessions, and a new password while logged in."""

from peewee import Database, ModelSelect, fn

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import as_it_was
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import Form, GivenPassword, NewPassword
from factorypos_tui.server.domain.strangers import count_letter, hold_back, note, note_refusal
from factorypos_tui.server.domain.telling import tell_of_new_password
from factorypos_tui.server.mail.letters import Chosen
from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.factor_tables import SecondStep
from factorypos_tui.server.storage.tables import Account, PasswordReset, Session
from factorypos_tui.server.words import told

ID_LETTERS = 32


class PasswordChange(Form):
    current_password: GivenPassword
    password: NewPassword


def session_id(session: Session) -> str:
    """What names a session in a list; nobody can log in with it."""
    return session.token_hash[:ID_LETTERS]


def sessions_of(account: Account, now: str) -> "ModelSelect[Session]":
    return Session.select().where(Session.account_id == account.id, Session.expires_at > now)


def end_session(cloud: Cloud, account: Account, wanted: str) -> None:
    """End one session of the account; raises `NotYours`."""
    named = fn.SUBSTR(Session.token_hash, 1, ID_LETTERS) == wanted
    mine = (Session.account_id == account.id) & (Session.expires_at > cloud.now())
    with cloud.database.atomic():
        if not Session.delete().where(mine, named).execute(cloud.database):
            raise errors.NotYours(told("There is no such session in your account; it may have ended."))
        note(cloud, account.id, "session.ended", account.id)


def end_sessions(cloud: Cloud, account: Account) -> None:
    """End every session of the account."""
    with cloud.database.atomic():
        Session.delete().where(Session.account_id == account.id).execute(cloud.database)
        note(cloud, account.id, "session.all_ended", account.id)


def change_password(
    cloud: Cloud, account: Account, given: str, password: str, kept_token: str, address: str
) -> None:
    """Set a new password, end every session but the one with the hash `kept_token`, and say so by mail.
    Raises `NotAllowed` where the password given is not the present one, or `TooOften`: each change is told by
    a letter."""
    database = cloud.database
    taken = hold_back(cloud, "password", cloud.limits.log_ins, account.email, address)
    words = told("The present password is not right. Nothing was changed.")
    if not passwords.matches(account.password_hash, given):
        note_refusal(cloud, "password", account.email, account.id, address)
        raise errors.NotAllowed(words, "wrong_password")
    password_hash, now = passwords.hash_password(password), cloud.now()
    with database.connection_context(), database.atomic():
        count_letter(cloud, account.email, address)
        if not store_password(database, now, account, password_hash, "session", kept_token=kept_token):
            raise errors.NotAllowed(words, "wrong_password")
        buckets.give_back(database, taken)
    cloud.postman.call()


def store_password(
    database: Database,
    now: str,
    account: Account,
    password_hash: str,
    chosen: Chosen,
    *,
    actor: str = "",
    kept_token: str = "",
) -> bool:
    """Set a password, end every session but one, every log-in that waits and every mail with a code, and say
    so by mail, in the caller's transaction. The second factor stays. False, and nothing done, where the
    account is no longer as it was."""
    if not Account.update(password_hash=password_hash).where(as_it_was(account)).execute(database):
        return False
    PasswordReset.delete().where(PasswordReset.account_id == account.id).execute(database)
    SecondStep.delete().where(SecondStep.account_id == account.id).execute(database)
    others = (Session.account_id == account.id) & (Session.token_hash != kept_token)
    Session.delete().where(others).execute(database)
    audit(database, now, actor or account.id, "password.changed", account.id)
    tell_of_new_password(database, now, account, chosen)
    return True
