"""The account or the terminal behind a caller's token."""

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.placements import terminal_with_id
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Account, Session, Terminal, TerminalToken
from factorypos_tui.server.words import told

_ACCOUNT = Prepared[Account](
    Account.select()
    .join(Session, on=(Session.account_id == Account.id))
    .where(Session.token_hash == given("token_hash"), Session.expires_at > given("now"))
    .where(Account.disabled_at.is_null())
)
_TOKEN = Prepared[TerminalToken](
    TerminalToken.select().where(TerminalToken.token_hash == given("token_hash"))
)


def account_behind(database: Database, token_hash: str, now: str) -> Account:
    """The account of a user token; raises `NotKnown`."""
    account = _ACCOUNT.row(database, token_hash=token_hash, now=now)
    if account is None:
        raise errors.NotKnown(told("Log in: there is no valid user token with this call."))
    return account


def terminal_behind(database: Database, token_hash: str) -> Terminal:
    """The terminal of a terminal token; raises `NotKnown`, or `Revoked` where the token was ended."""
    token = _TOKEN.row(database, token_hash=token_hash)
    if token is None:
        raise errors.NotKnown(told("Assign a store: there is no valid terminal token with this call."))
    if token.revoked_at is not None:
        raise errors.Revoked
    return terminal_with_id(database, token.terminal_id)


def account_or_terminal_behind(database: Database, token_hash: str, now: str) -> Account | Terminal:
    """The account or terminal that may decide about a terminal's reports; raises `NotKnown`."""
    if _TOKEN.row(database, token_hash=token_hash) is None:
        return account_behind(database, token_hash, now)
    return terminal_behind(database, token_hash)
