"""Who is logged in proves once more who it is, before what cannot be taken back: by a second factor where the
account has one, else by a mailed code, or by the password where no mail reaches the account.

Where there is a second factor, nothing else is enough: who stole a session may know the password or read the
mails, too, and the second factor is there for that very case."""

from datetime import timedelta

from peewee import Expression

from factorypos_tui.server import errors
from factorypos_tui.server.domain.accounts import hold_account
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.second_factor import factors
from factorypos_tui.server.domain.second_factor.factors import SecondFactorNeeded, Shown
from factorypos_tui.server.domain.strangers import count_letter, hold_back, note, note_refusal
from factorypos_tui.server.mail import letters, outbox
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.tokens import new_code, typed_code
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.tables import Account, Session
from factorypos_tui.server.words import told

PROVED = timedelta(minutes=30)
"""So long one proof counts."""
CODE = timedelta(minutes=letters.PROOF_MINUTES)
CODE_TRIES = 5


def is_by_mail(cloud: Cloud, account: Account) -> bool:
    """Whether a code is mailed; else the password is asked for."""
    return cloud.confirms and account.confirmed_at is not None


def is_proved(cloud: Cloud, hashed_token: str) -> bool:
    """Whether this session has proved it lately; the caller has the database open."""
    proved = Session.select().where(_is(hashed_token), Session.proved_until > cloud.now())
    return proved.exists(cloud.database)


def has_code(cloud: Cloud, hashed_token: str) -> bool:
    """Whether a code is on its way to this session; the caller has the database open."""
    return Session.select().where(_is(hashed_token), Session.code_until > cloud.now()).exists(cloud.database)


def send_code(cloud: Cloud, account: Account, hashed_token: str, address: str) -> None:
    """Mail a code for this session, in place of the one before; raises `TooOften`."""
    _refuse_without_factor(cloud, account)
    hold_back(cloud, "proof_code", cloud.limits.resets, account.email, address)
    database, code, now, until = cloud.database, new_code(), cloud.now(), cloud.now(CODE)
    changes = {"code_hash": passwords.hash_password(code), "code_until": until, "code_tries": 0}
    with database.connection_context(), database.atomic():
        count_letter(cloud, account.email, address)
        Session.update(changes).where(_is(hashed_token)).execute(database)
        letter = letters.proof(account.email, account.name, account.language, code)
        outbox.put(database, letter, account.id, now, until)
    cloud.postman.call()


def prove_with_code(cloud: Cloud, account: Account, hashed_token: str, typed: str, address: str) -> None:
    """Count the session as proved if the code is right; raises `NotAllowed`. A try counts before the code is
    compared, so that many at once get no more."""
    _refuse_without_factor(cloud, account)
    database = cloud.database
    good = (Session.code_until > cloud.now()) & (Session.code_tries < CODE_TRIES)
    with database.connection_context():
        counted = Session.update(code_tries=Session.code_tries + 1).where(_is(hashed_token), good)
        counts = bool(counted.execute(database))
        session = Session.select().where(_is(hashed_token)).get_or_none(database)
    if not passwords.matches(session.code_hash if session and counts else None, typed_code(typed)):
        note_refusal(cloud, "proof", account.email, account.id, address)
        words = told("This code is used up, too old or mistyped. Nothing was changed. Have a new one mailed.")
        raise errors.NotAllowed(words, "wrong_code")
    _count_as_proved(cloud, account, hashed_token)


def prove_with_password(cloud: Cloud, account: Account, hashed_token: str, given: str, address: str) -> None:
    """Count the session as proved if the password is right; raises `NotAllowed` or `TooOften`."""
    _refuse_without_factor(cloud, account)
    taken = hold_back(cloud, "password", cloud.limits.log_ins, account.email, address)
    if not passwords.matches(account.password_hash, given):
        note_refusal(cloud, "proof", account.email, account.id, address)
        words = told("The present password is not right. Nothing was changed.")
        raise errors.NotAllowed(words, "wrong_password")
    with cloud.database.connection_context():
        buckets.give_back(cloud.database, taken)
    _count_as_proved(cloud, account, hashed_token)


def prove_with_factor(cloud: Cloud, account: Account, hashed_token: str, shown: Shown, address: str) -> None:
    """Count the session as proved if a second factor is right; raises `SecondFactorNeeded` or `TooOften`."""
    taken = factors.count_try(cloud, account, shown, address)
    try:
        with cloud.database.connection_context(), cloud.database.atomic():
            hold_account(cloud.database, account.id)
            factors.use(cloud, account, shown, address)
            buckets.give_back(cloud.database, taken)
            _put_proof(cloud, account, hashed_token)
    except SecondFactorNeeded:
        factors.note_wrong(cloud, account, address)
        raise
    cloud.postman.call()


def _refuse_without_factor(cloud: Cloud, account: Account) -> None:
    """Raises `SecondFactorNeeded` where the account has a second factor."""
    with cloud.database.connection_context():
        if factors.are_on(cloud.database, account.id):
            raise SecondFactorNeeded(
                told("Your account has a second factor: show that. Nothing was changed.")
            )


def _count_as_proved(cloud: Cloud, account: Account, hashed_token: str) -> None:
    with cloud.database.connection_context(), cloud.database.atomic():
        hold_account(cloud.database, account.id)
        if not factors.are_on(cloud.database, account.id):  # none was added meanwhile
            _put_proof(cloud, account, hashed_token)


def _put_proof(cloud: Cloud, account: Account, hashed_token: str) -> None:
    changes = {"proved_until": cloud.now(PROVED), "code_hash": None, "code_until": None}
    Session.update(changes).where(_is(hashed_token)).execute(cloud.database)
    note(cloud, account.id, "session.proved", account.id)


def _is(hashed_token: str) -> Expression:
    return Session.token_hash == hashed_token
