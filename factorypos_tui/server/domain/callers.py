"""The account or the terminal behind a caller's token."""

from collections.abc import Collection
from typing import Any

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Account, Company, Session, Store, Terminal, TerminalToken
from factorypos_tui.server.words import told

_LOGGED_IN = (
    Account.select()
    .join(Session, on=(Session.account_id == Account.id))
    .where(Session.token_hash == given("token_hash"), Session.expires_at > given("now"))
    .where(Account.disabled_at.is_null())
)
_VISITOR = Prepared[Account](_LOGGED_IN)
_ACCOUNT = Prepared[Account](_LOGGED_IN.where(~Session.on_page))
_TERMINAL: Prepared[Any] = Prepared(
    Terminal.select(*Terminal._meta.sorted_fields, TerminalToken.revoked_at)
    .join(TerminalToken, on=(TerminalToken.terminal_id == Terminal.id))
    .where(TerminalToken.token_hash == given("token_hash"))
)


def no_account() -> errors.NotKnown:
    return errors.NotKnown(told("Log in: there is no valid user token with this call."))


def no_terminal() -> errors.NotKnown:
    return errors.NotKnown(told("Assign a store: there is no valid terminal token with this call."))


def account_behind(database: Database, token_hash: str, now: str) -> Account:
    """The account of a user token that a program shows; raises `NotKnown`, also for one of a page: what it
    could do by the API would need no proof."""
    return _known(_ACCOUNT.row(database, token_hash=token_hash, now=now))


def visitor_behind(database: Database, token_hash: str, now: str) -> Account:
    """The account of a user token that a browser shows in its cookie; raises `NotKnown`."""
    return _known(_VISITOR.row(database, token_hash=token_hash, now=now))


def _known(account: Account | None) -> Account:
    if account is None:
        raise no_account()
    return account


def sessions_at_work(database: Database, token_hashes: Collection[str], now: str) -> set[str]:
    """Which of these user tokens are still good."""
    query = Session.select(Session.token_hash).join(Account, on=(Account.id == Session.account_id))
    good = (Session.expires_at > now) & Account.disabled_at.is_null()
    rows = query.where(Session.token_hash.in_(list(token_hashes)), good).tuples().execute(database)
    return {token for (token,) in rows}


def terminal_behind(database: Database, token_hash: str) -> Terminal:
    """The terminal of a terminal token; raises `NotKnown`, or `Revoked` where the token was ended."""
    rows = _TERMINAL.bare_rows(database, token_hash=token_hash)
    if not rows:
        raise no_terminal()
    *values, token_revoked_at = rows[0]
    fields = zip(Terminal._meta.sorted_fields, values, strict=True)
    terminal = Terminal(**{field.name: field.python_value(value) for field, value in fields})
    if token_revoked_at is not None:
        raise errors.OfClosedCompany if _is_of_closed_company(database, terminal) else errors.Revoked
    return terminal


def _is_of_closed_company(database: Database, terminal: Terminal) -> bool:
    store = Store.select().join(Company, on=(Company.id == Store.company_id))
    is_closed = (Store.id == terminal.store_id) & Company.closed_at.is_null(False)
    return store.where(is_closed).exists(database)


def account_or_terminal_behind(database: Database, token_hash: str, now: str) -> Account | Terminal:
    """The account or terminal that may decide about a terminal's reports; raises `NotKnown`."""
    if not _TERMINAL.bare_rows(database, token_hash=token_hash):
        return account_behind(database, token_hash, now)
    return terminal_behind(database, token_hash)
