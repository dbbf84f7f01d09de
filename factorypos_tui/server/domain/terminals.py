"""Terminals: the owner of a store assigns, revokes and releases them; a terminal may disconnect itself."""

from dataclasses import dataclass

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.barring import bar
from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.domain.numbers import last_z_number
from factorypos_tui.server.domain.placements import place
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Store, Terminal, TerminalToken
from factorypos_tui.server.storage.watches import judge_again
from factorypos_tui.server.words import told


def assign(
    database: Database,
    now: str,
    account: Account,
    store: Store,
    terminal_id: str,
    named: dict[str, str],
    *,
    move: bool,
    may_upload: bool | None,
) -> tuple[str, bool]:
    """Bind a terminal to a store, in the caller's transaction: its new token, which ends the one before, and
    whether it is new here. `named`: its name and software. Raises `Elsewhere` or `OverQuota`."""
    values: dict[str, object] = {**named, "assigned_at": now, "store_id": store.id}
    _require_room_for(database, account, terminal_id)
    insert = Terminal.insert(id=terminal_id, account_id=account.id, **values).on_conflict_ignore()
    is_new = bool(insert.as_rowcount().execute(database))
    terminal = Terminal.select().where(Terminal.id == terminal_id).get(database)
    _refuse_elsewhere(database, terminal, account, store, move)
    if may_upload is not None:
        values["may_upload"] = may_upload
    elif terminal.store_id != store.id:
        values["may_upload"] = False
    if terminal.account_id != account.id:
        values["kept_bytes"] = _leave_behind(database, terminal)
    unchanged = (Terminal.store_id == terminal.store_id) & (Terminal.account_id == terminal.account_id)
    update = Terminal.update(account_id=account.id, revoked_at=None, released_at=None, **values)
    if not update.where(Terminal.id == terminal.id, unchanged).execute(database):
        raise errors.Elsewhere(
            told("This terminal was assigned elsewhere at this very moment."),
            same_account=terminal.account_id == account.id,
        )
    place(database, terminal.id, store.id, now)
    token = _exchange_token(database, terminal.id, now)
    subject, company = f"{terminal.id} to store {store.id}", store.company_id
    note_change(database, now, account.id, "terminal.assigned", subject, company_id=company)
    return token, is_new


def _exchange_token(database: Database, terminal_id: str, now: str) -> str:
    """A new token of a terminal, which ends the ones before."""
    _end_tokens(database, terminal_id, now)
    token = new_token()
    made = TerminalToken.insert(token_hash=token_hash(token), terminal_id=terminal_id, issued_at=now)
    made.execute(database)
    return token


def require_assignable(
    database: Database, account: Account, store: Store, terminal_id: str, *, move: bool
) -> None:
    """What `assign` would raise for this terminal as things stand: `Elsewhere` or `OverQuota`."""
    _require_room_for(database, account, terminal_id)
    terminal = Terminal.select().where(Terminal.id == terminal_id).get_or_none(database)
    if terminal is not None:
        _refuse_elsewhere(database, terminal, account, store, move)


def _leave_behind(database: Database, terminal: Terminal) -> int:
    """Count what a terminal sent for the account that it leaves; what is counted of it then."""
    left = Account.update(kept_bytes=Account.kept_bytes + terminal.kept_bytes)
    left.where(Account.id == terminal.account_id).execute(database)
    return 0


def _require_room_for(database: Database, account: Account, terminal_id: str) -> None:
    ours = Terminal.select().where(Terminal.account_id == account.id, Terminal.released_at.is_null())
    if not ours.where(Terminal.id == terminal_id).exists(database):
        words = told("Your account has {most} terminals; one account may have no more. Release one.")
        require_room(database, ours, limits.TERMINALS, words)


def _refuse_elsewhere(
    database: Database, terminal: Terminal, account: Account, store: Store, move: bool
) -> None:
    """A terminal with reports stays with its account until that one releases it."""
    if terminal.account_id != account.id:
        if not is_free(database, terminal):
            raise errors.Elsewhere(
                told("This terminal belongs to another account. Its owner has to release it first."),
                same_account=False,
            )
    elif terminal.revoked_at is None and terminal.store_id != store.id and not move:
        raise errors.Elsewhere(
            told("This terminal is assigned to another of your stores. Confirm that it moves."),
            same_account=True,
        )


def is_free(database: Database, terminal: Terminal) -> bool:
    """Whether any account may assign it: it was released, or revoked before it sent anything."""
    if terminal.released_at is not None:
        return True
    stores = stores_of(terminal.account_id)
    return terminal.revoked_at is not None and not any(
        table.select().where(table.terminal_id == terminal.id, table.store_id.in_(stores)).exists(database)
        for table in (ZReport, XReport)
    )


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What an account may know of a terminal before it assigns it."""

    terminal: Terminal
    last_z_number: int | None
    is_ours: bool
    is_free: bool


def known_terminal(database: Database, account: Account, terminal_id: str) -> KnownTerminal:
    """What an account may know of a terminal. Raises `NotYours` where the account knows nothing of it, and no
    other account does."""
    terminal = Terminal.select().where(Terminal.id == terminal_id).get_or_none(database)
    last = last_z_number(database, terminal_id, account.id)
    if terminal is None:
        raise _not_yours()
    is_ours = terminal.account_id == account.id and terminal.released_at is None
    free = is_free(database, terminal)
    if free and not is_ours and last is None:
        raise _not_yours()
    return KnownTerminal(terminal, last, is_ours, free)


def terminals_in(store: Store) -> "ModelSelect[Terminal]":
    """The terminals that are assigned to a store."""
    return Terminal.select().where(Terminal.store_id == store.id, Terminal.revoked_at.is_null())


def owned_terminal(
    database: Database, account: Account, terminal_id: str, *, also_revoked: bool = False
) -> Terminal:
    """The terminal, if it is this account's; raises `NotYours`. A released terminal is no account's."""
    gone = Terminal.released_at if also_revoked else Terminal.revoked_at
    mine = (Terminal.id == terminal_id) & (Terminal.account_id == account.id) & gone.is_null()
    terminal = Terminal.select().where(mine).get_or_none(database)
    if terminal is None:
        raise _not_yours()
    return terminal


def _not_yours() -> errors.NotYours:
    return errors.NotYours(told("There is no such terminal in your account."))


def permit(database: Database, now: str, account: Account, terminal_id: str, may_upload: bool) -> None:
    """Say whether the terminal may replace the configuration of its store; in the caller's transaction."""
    terminal = owned_terminal(database, account, terminal_id)
    Terminal.update(may_upload=may_upload).where(Terminal.id == terminal.id).execute(database)
    action = "terminal.upload_allowed" if may_upload else "terminal.upload_ended"
    company = company_of(database, terminal.store_id)
    note_change(database, now, account.id, action, terminal.id, company_id=company)


def rename(database: Database, now: str, account: Account, terminal_id: str, name: str) -> None:
    """Call a terminal otherwise; in the caller's transaction. Its reports keep the name that they say."""
    terminal = owned_terminal(database, account, terminal_id, also_revoked=True)
    Terminal.update(name=name).where(Terminal.id == terminal.id).execute(database)
    company = company_of(database, terminal.store_id)
    note_change(database, now, account.id, "terminal.renamed", terminal.id, company_id=company)


def release_terminal(database: Database, terminal: Terminal, actor: str, now: str) -> None:
    """Release the terminal from its account; in the caller's transaction."""
    if terminal.revoked_at is None:
        revoke_terminal(database, terminal, actor, now)
    Terminal.update(released_at=now).where(Terminal.id == terminal.id).execute(database)
    company = company_of(database, terminal.store_id)
    bar(database, terminal.id, company, now)
    audit(database, now, actor, "terminal.released", terminal.id, company_id=company)


def revoke_terminal(database: Database, terminal: Terminal, actor: str, now: str) -> None:
    """Let the terminal send no more until it is assigned again; in the caller's transaction. Unless it says
    so itself, no code of until now brings it back, and the log-ins that lie on it end."""
    Terminal.update(revoked_at=now).where(Terminal.id == terminal.id).execute(database)
    judge_again(database, Terminal.id == terminal.id)
    _end_tokens(database, terminal.id, now)
    company = company_of(database, terminal.store_id)
    if actor != terminal.id:
        bar(database, terminal.id, company, now)
    audit(database, now, actor, "terminal.revoked", terminal.id, company_id=company)


def _end_tokens(database: Database, terminal_id: str, now: str) -> None:
    live = (TerminalToken.terminal_id == terminal_id) & TerminalToken.revoked_at.is_null()
    TerminalToken.update(revoked_at=now).where(live).execute(database)
