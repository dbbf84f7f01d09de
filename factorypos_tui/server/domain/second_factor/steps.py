"""A log-in on the page in two steps. Between them nobody is logged in: the browser holds a token that is good
for the second step alone, for a short while and a few tries."""

from datetime import timedelta

from peewee import Expression

from factorypos_tui.server import errors
from factorypos_tui.server.domain import accounts
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.second_factor import factors
from factorypos_tui.server.domain.second_factor.factors import SecondFactorNeeded, Shown
from factorypos_tui.server.domain.strangers import hold_back
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.factor_tables import SecondStep
from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.words import told

LIFE = timedelta(minutes=5)
TRIES = 5


class StepOver(errors.NotKnown):
    """The log-in does not wait any more: it took too long, was tried too often, or the password is
    another."""

    code = "second_step_over"

    def __init__(self) -> None:
        super().__init__(
            told("This took too long, or was tried too often. Nothing was changed. Log in again.")
        )


def begin(cloud: Cloud, email: str, password: str, address: str, device: str) -> tuple[str, bool]:
    """The first step: a token, and whether somebody is logged in by it; else it is that of the second step.
    Raises `NotKnown` or `TooOften`."""
    try:
        token, _until, _account = accounts.log_in(cloud, email, password, _place(address, device))
    except SecondFactorNeeded as needed:
        if needed.account is None:
            raise
        return _wait(cloud, needed.account, password, address), False
    return token, True


def _place(address: str, device: str) -> accounts.Place:
    return accounts.Place(address, device, on_page=True)


def _wait(cloud: Cloud, account: Account, password: str, address: str) -> str:
    hold_back(cloud, "second_step", cloud.limits.second_steps, account.email, address)
    database, token, becomes = cloud.database, new_token(), accounts.renewed_hash(account, password)
    with database.connection_context(), database.atomic():
        as_it_was = Account.update(password_hash=becomes).where(accounts.as_it_was(account))
        if not as_it_was.execute(database):
            raise accounts.wrong_credentials()
        SecondStep.delete().where(SecondStep.expires_at <= cloud.now()).execute(database)
        row = {"account_id": account.id, "expires_at": cloud.now(LIFE), "tries": 0}
        SecondStep.insert(token_hash=token_hash(token), **row).execute(database)
    return token


def waiting(cloud: Cloud, hashed_token: str) -> Account:
    """Whose log-in waits under this token; raises `StepOver`."""
    with cloud.database.connection_context():
        query = Account.select().join(SecondStep, on=(SecondStep.account_id == Account.id))
        good = query.where(_is_good(cloud, hashed_token), Account.disabled_at.is_null())
        account: Account | None = good.get_or_none(cloud.database)
    if account is None:
        raise StepOver
    return account


def finish(cloud: Cloud, hashed_token: str, shown: Shown, address: str, device: str) -> str:
    """The second step: a new session's token. A try counts before anything is compared, so that many at once
    get no more. Raises `SecondFactorNeeded`, `StepOver` or `TooOften`."""
    database, account = cloud.database, waiting(cloud, hashed_token)
    taken = factors.count_try(cloud, account, shown, address)
    with database.connection_context():
        one_more = SecondStep.update(tries=SecondStep.tries + 1).where(_is_good(cloud, hashed_token))
        if not one_more.where(SecondStep.tries < TRIES).execute(database):
            raise StepOver
    try:
        with database.connection_context(), database.atomic():
            account = accounts.hold_account(database, account.id)
            waits = SecondStep.delete().where(_is_good(cloud, hashed_token)).execute(database)
            if not waits or account.disabled_at is not None:
                raise StepOver
            factors.use(cloud, account, shown, address)
            buckets.give_back(database, taken)
            token, _until = accounts.put_session(cloud, account, _place(address, device))
    except SecondFactorNeeded:
        factors.note_wrong(cloud, account, address)
        raise
    cloud.postman.call()
    return token


def _is_good(cloud: Cloud, hashed_token: str) -> Expression:
    return (SecondStep.token_hash == hashed_token) & (SecondStep.expires_at > cloud.now())
