"""Terminals: people assign, revoke and release them; a terminal may disconnect itself. The account of a
terminal is the one that answers for the company of its store."""

from dataclasses import dataclass

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.barring import bar
from factorypos_tui.server.domain.companies import hold_company, stores_under
from factorypos_tui.server.domain.members import Role, stores_for, terminal_for
from factorypos_tui.server.domain.numbers import last_z_number, missing_z_numbers
from factorypos_tui.server.domain.placements import place
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.audit import audit, company_of
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal, TerminalToken
from factorypos_tui.server.storage.watches import judge_again
from factorypos_tui.server.words import told

Actor = Account | EnrolmentCode
"""Who assigns a terminal."""


def assign(
    database: Database,
    now: str,
    actor: Actor,
    store: Store,
    terminal_id: str,
    named: dict[str, str],
    *,
    move: bool,
    may_upload: bool | None,
) -> tuple[str, bool]:
    """Bind a terminal to a store, in the caller's transaction: its new token, which ends the one before, and
    whether it is new here. `named`: its name and software. Raises `Elsewhere`,
    `OverQuota` or `CompanyClosed`."""
    values: dict[str, object] = {**named, "assigned_at": now, "store_id": store.id}
    account_id = hold_company(database, store.company_id).account_id
    _require_room_for(database, account_id, terminal_id)
    insert = Terminal.insert(id=terminal_id, account_id=account_id, **values).on_conflict_ignore()
    is_new = bool(insert.as_rowcount().execute(database))
    terminal = Terminal.select().where(Terminal.id == terminal_id).get(database)
    _refuse_elsewhere(database, terminal, account_id, actor, store, move)
    if may_upload is not None:
        values["may_upload"] = may_upload
    elif terminal.store_id != store.id:
        values["may_upload"] = False
    if terminal.account_id != account_id:
        values["kept_bytes"] = _leave_behind(database, terminal)
    unchanged = (Terminal.store_id == terminal.store_id) & (Terminal.account_id == terminal.account_id)
    update = Terminal.update(account_id=account_id, revoked_at=None, released_at=None, **values)
    if not update.where(Terminal.id == terminal.id, unchanged).execute(database):
        raise errors.Elsewhere(
            told("This terminal was assigned elsewhere at this very moment."),
            same_account=terminal.account_id == account_id,
        )
    place(database, terminal.id, store.id, now)
    token = _exchange_token(database, terminal.id, now)
    name = actor.id if isinstance(actor, Account) else f"enrolment code {actor.id}"
    subject, company = f"{terminal.id} to store {store.id}", store.company_id
    note_change(database, now, name, "terminal.assigned", subject, company_id=company)
    return token, is_new


def _exchange_token(database: Database, terminal_id: str, now: str) -> str:
    """A new token of a terminal, which ends the ones before."""
    _end_tokens(database, terminal_id, now)
    token = new_token()
    made = TerminalToken.insert(token_hash=token_hash(token), terminal_id=terminal_id, issued_at=now)
    made.execute(database)
    return token


def require_assignable(
    database: Database, actor: Actor, store: Store, terminal_id: str, *, move: bool
) -> None:
    """What `assign` would raise for this terminal as things stand: `Elsewhere` or `OverQuota`."""
    account_id = account_of(database, store)
    _require_room_for(database, account_id, terminal_id)
    terminal = Terminal.select().where(Terminal.id == terminal_id).get_or_none(database)
    if terminal is not None:
        _refuse_elsewhere(database, terminal, account_id, actor, store, move)


def _leave_behind(database: Database, terminal: Terminal) -> int:
    """Count what a terminal sent for the account that it leaves; what is counted of it then."""
    left = Account.update(kept_bytes=Account.kept_bytes + terminal.kept_bytes)
    left.where(Account.id == terminal.account_id).execute(database)
    return 0


def account_of(database: Database, store: Store) -> str:
    """The id of the account that answers for the company of a store."""
    company = Company.select(Company.account_id).where(Company.id == store.company_id)
    return str(company.scalar(database))


def _require_room_for(database: Database, account_id: str, terminal_id: str) -> None:
    ours = Terminal.select().where(Terminal.account_id == account_id, Terminal.released_at.is_null())
    if not ours.where(Terminal.id == terminal_id).exists(database):
        words = told("Your account has {most} terminals; one account may have no more. Release one.")
        require_room(database, ours, limits.TERMINALS, words)


def _refuse_elsewhere(
    database: Database, terminal: Terminal, account_id: str, actor: Actor, store: Store, move: bool
) -> None:
    """A terminal with reports stays with its account until that one releases it, and within reach of those
    who may take it away from its store."""
    if terminal.account_id != account_id:
        if not is_free(database, terminal):
            raise errors.Elsewhere(
                told("This terminal belongs to another account. Its owner has to release it first."),
                same_account=False,
            )
        return
    if terminal.store_id == store.id or is_free(database, terminal):
        return
    if not _may_take(database, actor, terminal, store):
        raise errors.Elsewhere(
            told("This terminal is assigned to a store where you may not change that. Ask an owner there."),
            same_account=False,
        )
    if terminal.revoked_at is None and not move:
        raise errors.Elsewhere(
            told("This terminal is assigned to another of your stores. Confirm that it moves."),
            same_account=True,
        )


def _may_take(database: Database, actor: Actor, terminal: Terminal, store: Store) -> bool:
    """Whether a terminal may be taken away from the store where it is, or was last: by an account that may
    assign terminals there; by an enrolment code within its company."""
    if isinstance(actor, Account):
        theirs = stores_for(actor.id, Role.MANAGER)
    else:
        theirs = Store.select(Store.id).where(Store.company_id == store.company_id)
    return Store.select().where(Store.id == terminal.store_id, Store.id.in_(theirs)).exists(database)


def is_free(database: Database, terminal: Terminal) -> bool:
    """Whether any account may assign it: it was released, or revoked before it sent anything."""
    if terminal.released_at is not None:
        return True
    stores = stores_under(terminal.account_id)
    return terminal.revoked_at is not None and not any(
        table.select().where(table.terminal_id == terminal.id, table.store_id.in_(stores)).exists(database)
        for table in (ZReport, XReport)
    )


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What somebody may know of a terminal before they assign it."""

    terminal: Terminal
    last_z_number: int | None
    missing_z_numbers: list[int]
    is_ours: bool
    """Whether it is at a store, or was there last, from which they may take it."""
    is_free: bool


def known_terminal(database: Database, account: Account, store: Store, terminal_id: str) -> KnownTerminal:
    """What an account may know of a terminal that may be assigned to this store. Raises `NotYours` where
    nothing is known of it there, and it is no other account's."""
    account_id = account_of(database, store)
    terminal = Terminal.select().where(Terminal.id == terminal_id).get_or_none(database)
    if terminal is None:
        raise _not_yours()
    free = is_free(database, terminal)
    if terminal.account_id == account_id and not free and not _may_take(database, account, terminal, store):
        return KnownTerminal(terminal, None, [], is_ours=False, is_free=False)
    is_ours = terminal.account_id == account_id and terminal.released_at is None
    last = last_z_number(database, terminal_id, account_id)
    if free and not is_ours and last is None:
        raise _not_yours()
    missing = missing_z_numbers(database, terminal_id, account_id)
    return KnownTerminal(terminal, last, missing, is_ours, free)


def terminals_in(store: Store) -> "ModelSelect[Terminal]":
    """The terminals that are assigned to a store."""
    return Terminal.select().where(Terminal.store_id == store.id, Terminal.revoked_at.is_null())


def _not_yours() -> errors.NotYours:
    return errors.NotYours(told("There is no such terminal in your account."))


def permit(database: Database, now: str, account: Account, terminal_id: str, may_upload: bool) -> None:
    """Say whether the terminal may replace the configuration of its store; in the caller's transaction."""
    terminal = terminal_for(database, account, terminal_id, Role.MANAGER)
    Terminal.update(may_upload=may_upload).where(Terminal.id == terminal.id).execute(database)
    action = "terminal.upload_allowed" if may_upload else "terminal.upload_ended"
    company = company_of(database, terminal.store_id)
    note_change(database, now, account.id, action, terminal.id, company_id=company)


def rename(database: Database, now: str, account: Account, terminal_id: str, name: str) -> None:
    """Call a terminal otherwise; in the caller's transaction. Its reports keep the name that they say."""
    terminal = terminal_for(database, account, terminal_id, Role.MANAGER, also_revoked=True)
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
