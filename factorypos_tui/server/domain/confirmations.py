"""Who registers confirms the e-mail by the link of a mail. Until then the account works, and nothing else is
mailed to it."""

from datetime import timedelta

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import Registration, add_account
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.strangers import count_letter, hold_back, hold_back_network, log_refusal
from factorypos_tui.server.mail import letters, outbox
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Confirmation
from factorypos_tui.server.words import told

CONFIRMATION = timedelta(days=letters.CONFIRMATION_DAYS)


def register(cloud: Cloud, form: Registration, password_hash: str, *, reads_email: bool = False) -> Account:
    """Store the account of a person who registers, in the caller's transaction, and write to it, unless it is
    known that its person reads the mails to it; raises `Conflict`."""
    database, now, is_confirmed = cloud.database, cloud.now(), reads_email or not cloud.confirms
    account = add_account(database, now, form, password_hash, "registration", is_confirmed=is_confirmed)
    if not is_confirmed:
        _write(cloud, account)
    return account


def send_confirmation(cloud: Cloud, account: Account, address: str) -> None:
    """Mail one more link; raises `Conflict` where the e-mail is confirmed, or `TooOften`."""
    if account.confirmed_at is not None:
        words = told("The e-mail of this account is confirmed. Nothing was sent.")
        raise errors.Conflict(words, "email_confirmed")
    hold_back(cloud, "confirmation", cloud.limits.resets, account.email, address)
    with cloud.database.connection_context(), cloud.database.atomic():
        count_letter(cloud, account.email, address)
        _write(cloud, account)
    cloud.postman.call()


def _write(cloud: Cloud, account: Account) -> None:
    database, token, now, until = cloud.database, new_token(), cloud.now(), cloud.now(CONFIRMATION)
    Confirmation.delete().where(Confirmation.expires_at <= now).execute(database)
    Confirmation.insert(token_hash=token_hash(token), account_id=account.id, expires_at=until).execute(
        database
    )
    link = f"{cloud.public_url}/confirm?token={token}"
    letter = letters.confirmation(account.email, account.name, account.language, link)
    outbox.put(database, letter, account.id, now, until)


def confirm(cloud: Cloud, token: str, address: str) -> None:
    """Confirm the e-mail of the account to which a link was mailed. It may be done again while the link is
    good. Raises `Unreadable`, or `TooOften`."""
    hold_back_network(cloud, "code", cloud.limits.codes.of_network, address)
    database, now = cloud.database, cloud.now()
    good = (Confirmation.token_hash == token_hash(token)) & (Confirmation.expires_at > now)
    with database.connection_context(), database.atomic():
        mail = Confirmation.select().where(good).get_or_none(database)
        if mail is None:
            log_refusal(address, "confirmation", "refused")
            words = told("This link is too old or not whole. Log in and ask for a new mail.")
            raise errors.Unreadable(words, "confirmation_invalid")
        note_confirmed(database, now, mail.account_id, mail.account_id)


def note_confirmed(database: Database, now: str, account_id: str, actor: str) -> None:
    """Count the e-mail of an account as confirmed, in the caller's transaction."""
    unconfirmed = (Account.id == account_id) & Account.confirmed_at.is_null()
    if Account.update(confirmed_at=now).where(unconfirmed).execute(database):
        audit(database, now, actor, "account.confirmed", account_id)
