"""A new password for a forgotten one, by the link or the code of a mail."""

from datetime import timedelta

from peewee import Expression, Value

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import account_of, hold_account
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.confirmations import note_confirmed
from factorypos_tui.server.domain.forms import email_key
from factorypos_tui.server.domain.second_factor import factors
from factorypos_tui.server.domain.sessions import store_password
from factorypos_tui.server.domain.strangers import (
    count_letter,
    log_refusal,
    note_refusal,
    remember_place,
)
from factorypos_tui.server.mail import letters, outbox
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import new_code, new_token, token_hash, typed_code
from factorypos_tui.server.storage.tables import Account, PasswordReset
from factorypos_tui.server.words import told

RESET = timedelta(minutes=letters.RESET_MINUTES)
CODE_TRIES = 5
_NOBODY = Account(id="", email="", name="", language="en")


def send_reset(cloud: Cloud, email: str, address: str) -> None:
    """Mail a link and a code, if there is such an account; raises `TooOften`. Without one the same work is
    done: neither this call nor the next one takes another time."""
    database, now, until = cloud.database, cloud.now(), cloud.now(RESET)
    token, code = new_token(), new_code()
    link = f"{cloud.public_url}/recover?token={token}" if cloud.public_url else None
    code_hash = passwords.hash_password(code)
    with database.connection_context(), database.atomic():
        count_letter(cloud, email, address)
        PasswordReset.delete().where(PasswordReset.expires_at <= now).execute(database)
        account = account_of(database, email)
        if account is None or account.disabled_at is not None:
            account = _NOBODY
        columns = (PasswordReset.token_hash, PasswordReset.account_id, PasswordReset.expires_at)
        values = (token_hash(token), account.id, until, code_hash, 0)
        theirs = Account.select(*(Value(value) for value in values)).where(Account.id == account.id)
        row = (*columns, PasswordReset.code_hash, PasswordReset.tries)
        PasswordReset.insert_from(theirs, row).execute(database)
        letter = letters.password_reset(account.email, account.name, account.language, code, link)
        outbox.put(database, letter, account.id, now, until)
    cloud.postman.call()


def reset_of_link(cloud: Cloud, token: str, address: str) -> PasswordReset | None:
    """The mail whose link holds a token, while the link is valid."""
    query = PasswordReset.select().where(_still_good(cloud, token_hash(token)))
    with cloud.database.connection_context():
        reset = query.get_or_none(cloud.database)
    if reset is None:
        log_refusal(address, "password_reset", "refused")
    return reset


def reset_of_code(cloud: Cloud, email: str, typed: str, address: str) -> PasswordReset | None:
    """The newest mail to this address, if the code is right. A try counts before the code is compared, so
    that many tries at once get no more. An address without account or mail takes the same time."""
    database, is_invitation = cloud.database, PasswordReset.expires_at > cloud.now(RESET)
    with database.connection_context():
        newest = (
            PasswordReset.select()
            .join(Account, on=(PasswordReset.account_id == Account.id))
            .where(Account.email_key == email_key(email), Account.disabled_at.is_null())
            .where(PasswordReset.expires_at > cloud.now())
            .order_by(is_invitation, PasswordReset.expires_at.desc(), PasswordReset.token_hash)
            .limit(1)
            .get_or_none(database)
        )
        try_it = PasswordReset.update(tries=PasswordReset.tries + 1)
        this = PasswordReset.token_hash == (newest.token_hash if newest else "")
        counts = bool(try_it.where(this, PasswordReset.tries < CODE_TRIES).execute(database))
    right = passwords.matches(newest.code_hash if newest and counts else None, typed_code(typed))
    if not right:
        note_refusal(cloud, "password_reset", email, newest.account_id if newest else None, address)
    return newest if right else None


def reset_password(cloud: Cloud, reset: PasswordReset | None, password: str, address: str) -> None:
    """Set the password chosen with a mail, end every session of its account, and say so by mail. The e-mail
    is confirmed by that, and the caller's place is a known one from now on, unless a second factor is to show
    whose place it is. Raises `Unreadable` where there
    is no such mail, or it was used meanwhile."""
    words = told("This code is used up, too old or mistyped. Ask for a new one.")
    refused = errors.Unreadable(words, "reset_token_invalid")
    if reset is None:
        raise refused
    database, now, password_hash = cloud.database, cloud.now(), passwords.hash_password(password)
    with database.connection_context(), database.atomic():
        account = hold_account(database, reset.account_id)
        if not PasswordReset.delete().where(_still_good(cloud, reset.token_hash)).execute(database):
            raise refused
        note_confirmed(database, now, account.id, account.id)
        store_password(database, now, account, password_hash, "mail")
        if not factors.are_on(database, account.id):
            remember_place(database, now, account.id, caller_network(address))
    cloud.postman.call()


def _still_good(cloud: Cloud, hashed: str) -> Expression:
    return (PasswordReset.token_hash == hashed) & (PasswordReset.expires_at > cloud.now())
