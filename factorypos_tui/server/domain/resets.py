"""A new password for a forgotten one, by the link or the code of a mail."""

from datetime import timedelta

from peewee import Expression

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import account_of
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.forms import email_key
from factorypos_tui.server.mail import letters
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.tokens import new_code, new_token, token_hash, typed_code
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, PasswordReset, Session
from factorypos_tui.server.words import told

RESET = timedelta(minutes=letters.RESET_MINUTES)
CODE_TRIES = 5


def send_reset(cloud: Cloud, email: str) -> None:
    """Mail a link and a code, if there is such an account and it has not had too many."""
    database = cloud.database
    with database.connection_context():
        account = account_of(database, email)
        if account is None or account.disabled_at is not None or cloud.resets.take(("letters", account.id)):
            return
        token, code, now = new_token(), new_code(), cloud.now()
        code_hash = passwords.hash_password(code)
        with database.atomic():
            PasswordReset.delete().where(PasswordReset.expires_at <= now).execute(database)
            PasswordReset.insert(
                token_hash=token_hash(token),
                account_id=account.id,
                expires_at=cloud.now(RESET),
                code_hash=code_hash,
            ).execute(database)
    link = f"{cloud.public_url}/reset#{token}" if cloud.public_url else None
    cloud.postman.post(letters.password_reset(account.email, account.name, account.language, code, link))


def reset_of_link(cloud: Cloud, token: str) -> PasswordReset | None:
    """The mail whose link holds a token, while the link is valid."""
    query = PasswordReset.select().where(_still_good(cloud, token_hash(token)))
    return query.get_or_none(cloud.database)


def reset_of_code(cloud: Cloud, email: str, typed: str, network: str) -> PasswordReset | None:
    """The newest mail to this address, if the code is right. A try counts before the code is compared, so
    that many tries at once get no more. An address without account or mail takes the same time."""
    database = cloud.database
    newest = (
        PasswordReset.select()
        .join(Account, on=(PasswordReset.account_id == Account.id))
        .where(Account.email_key == email_key(email), Account.disabled_at.is_null())
        .where(PasswordReset.expires_at > cloud.now())
        .order_by(PasswordReset.expires_at.desc(), PasswordReset.token_hash)
        .limit(1)
        .get_or_none(database)
    )
    counts = False
    if newest is not None:
        try_it = PasswordReset.update(tries=PasswordReset.tries + 1)
        left = (PasswordReset.token_hash == newest.token_hash) & (PasswordReset.tries < CODE_TRIES)
        counts = bool(try_it.where(left).execute(database))
    right = passwords.matches(newest.code_hash if newest and counts else None, typed_code(typed))
    if newest is not None and not right:
        audit(database, cloud.now(), network, "password_reset.refused", newest.account_id)
    return newest if right else None


def set_password(cloud: Cloud, reset: PasswordReset | None, password: str) -> None:
    """Set the password chosen with a mail, end every session of its account, and say so by mail. Raises
    `Unreadable` where there is no such mail, or it was used meanwhile."""
    words = told("This code is used up, too old or mistyped. Ask for a new one.")
    refused = errors.Unreadable(words, "reset_token_invalid")
    if reset is None:
        raise refused
    database, password_hash = cloud.database, passwords.hash_password(password)
    with database.atomic():
        if not PasswordReset.delete().where(_still_good(cloud, reset.token_hash)).execute(database):
            raise refused
        mine = Account.id == reset.account_id
        Account.update(password_hash=password_hash).where(mine).execute(database)
        PasswordReset.delete().where(PasswordReset.account_id == reset.account_id).execute(database)
        Session.delete().where(Session.account_id == reset.account_id).execute(database)
        audit(database, cloud.now(), reset.account_id, "password.changed", reset.account_id)
    account = Account.select().where(mine).get(database)
    cloud.postman.post(letters.password_changed(account.email, account.name, account.language))


def _still_good(cloud: Cloud, hashed: str) -> Expression:
    return (PasswordReset.token_hash == hashed) & (PasswordReset.expires_at > cloud.now())
