"""Terminals: assigned, revoked and released by the owner of a store, disconnected by themselves."""

from uuid import UUID

from fastapi import APIRouter, Response
from peewee import Database, ModelSelect
from pydantic import BaseModel

from factorypos_tui.server.api.calls import Listing, Paging, TerminalCall, UserCall, audit
from factorypos_tui.server.api.companies import (
    ShownCompany,
    ShownStore,
    owned_store,
    shown_company,
    shown_store,
    stores_of,
)
from factorypos_tui.server.api.configuration import current_configuration, upload_allowed
from factorypos_tui.server.api.problems import Problem, refusals
from factorypos_tui.server.domain.forms import Form, LongText, Name
from factorypos_tui.server.domain.placements import place, stores_of_terminal
from factorypos_tui.server.domain.received import last_z_number, missing_z_numbers
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.tables import Account, Company, Report, Store, Terminal, TerminalToken
from factorypos_tui.server.words import told

router = APIRouter(tags=["terminals"])


class Assignment(Form):
    name: Name
    software: LongText
    move: bool = False
    """Take the terminal away from the other store it is assigned to."""
    upload_allowed: bool | None = None
    """Let it replace the store's configuration, or not; left out, as before."""


class Permission(Form):
    upload_allowed: bool
    """Let the terminal replace the store's configuration, or not."""


class Assigned(BaseModel):
    terminal_token: str
    company: ShownCompany
    store: ShownStore
    last_z_number: int | None


class ShownTerminal(BaseModel):
    id: str
    name: str
    software: str
    assigned_at: str
    reported_at: str | None
    last_z_number: int | None


class KnownTerminal(BaseModel):
    """What an account knows of a terminal: the store it is in, or was in last, and its Z numbers."""

    store: ShownStore | None
    last_z_number: int | None
    missing_z_numbers: list[int]
    same_account: bool


class CurrentTerminal(BaseModel):
    company: ShownCompany
    store: ShownStore
    terminal: ShownTerminal
    last_z_number: int | None
    missing_z_numbers: list[int]
    configuration_etag: str | None
    upload_allowed: bool
    stores: list[ShownStore]
    """Those that it may send reports for: where it was and is, as far as they are its account's."""


def _shown(database: Database, terminal: Terminal) -> ShownTerminal:
    return ShownTerminal(
        id=terminal.id,
        name=terminal.name,
        software=terminal.software,
        assigned_at=terminal.assigned_at,
        reported_at=terminal.reported_at,
        last_z_number=last_z_number(database, terminal.id, terminal.account_id),
    )


def _elsewhere(detail: str, *, same_account: bool) -> Problem:
    return Problem(409, detail, "terminal_elsewhere", same_account=same_account)


def _is_free(database: Database, terminal: Terminal) -> bool:
    """Whether any account may assign it: it was released, or revoked before it sent anything."""
    if terminal.released_at is not None:
        return True
    sent = Report.select().where(
        Report.terminal_id == terminal.id, Report.store_id.in_(stores_of(terminal.account_id))
    )
    return terminal.revoked_at is not None and not sent.exists(database)


def _refuse_elsewhere(
    database: Database, terminal: Terminal, account: Account, store: Store, move: bool
) -> None:
    """A terminal with reports stays with its account until that one releases it."""
    if terminal.account_id != account.id:
        if not _is_free(database, terminal):
            raise _elsewhere(
                told("This terminal belongs to another account. Its owner has to release it first."),
                same_account=False,
            )
    elif terminal.revoked_at is None and terminal.store_id != store.id and not move:
        raise _elsewhere(
            told("This terminal is assigned to another of your stores. Confirm that it moves."),
            same_account=True,
        )


@router.put(
    "/stores/{store_id}/terminals/{terminal_id}",
    responses={201: {"model": Assigned, "description": "New here"}, **refusals(401, 404, 409)},
)
def assign(
    store_id: UUID, terminal_id: UUID, form: Assignment, call: UserCall, response: Response
) -> Assigned:
    """Bind a terminal to a store; its new token ends the one before."""
    database, now, token = call.database, call.cloud.now(), new_token()
    with call.as_user() as account, database.atomic():
        store = owned_store(database, account, str(store_id))
        company = Company.select().where(Company.id == store.company_id).get(database)
        values: dict[str, object] = {
            "name": form.name,
            "software": form.software,
            "assigned_at": now,
            "store_id": store.id,
        }
        insert = Terminal.insert(id=str(terminal_id), account_id=account.id, **values).on_conflict_ignore()
        if insert.as_rowcount().execute(database):
            response.status_code = 201
        terminal = Terminal.select().where(Terminal.id == str(terminal_id)).get(database)
        _refuse_elsewhere(database, terminal, account, store, form.move)
        if form.upload_allowed is not None:
            values["may_upload"] = form.upload_allowed
        elif terminal.store_id != store.id:
            values["may_upload"] = False
        unchanged = (Terminal.store_id == terminal.store_id) & (Terminal.account_id == terminal.account_id)
        update = Terminal.update(account_id=account.id, revoked_at=None, released_at=None, **values)
        if not update.where(Terminal.id == terminal.id, unchanged).execute(database):
            raise _elsewhere(
                told("This terminal was assigned elsewhere at this very moment."),
                same_account=terminal.account_id == account.id,
            )
        place(database, terminal.id, store.id, now)
        _end_tokens(database, terminal.id, now)
        TerminalToken.insert(token_hash=token_hash(token), terminal_id=terminal.id, issued_at=now).execute(
            database
        )
        audit(database, now, account.id, "terminal.assigned", f"{terminal.id} to store {store.id}")
        return Assigned(
            terminal_token=token,
            company=shown_company(company),
            store=shown_store(store),
            last_z_number=last_z_number(database, terminal.id, account.id),
        )


@router.get("/stores/{store_id}/terminals/{terminal_id}", responses=refusals(401, 404))
def known_terminal(store_id: UUID, terminal_id: UUID, call: UserCall) -> KnownTerminal:
    """What your account has of a terminal that may be assigned to this store.

    404 where nothing is known of it here, and it is nobody else's either.
    """
    database = call.database
    with call.as_user() as account:
        owned_store(database, account, str(store_id))
        terminal = Terminal.select().where(Terminal.id == str(terminal_id)).get_or_none(database)
        last = last_z_number(database, str(terminal_id), account.id)
        if terminal is None:
            raise _unknown()
        is_ours = terminal.account_id == account.id and terminal.released_at is None
        is_free = _is_free(database, terminal)
        if is_free and not is_ours and last is None:
            raise _unknown()
        store = Store.select().where(Store.id == terminal.store_id).get(database)
        return KnownTerminal(
            store=shown_store(store) if is_ours else None,
            last_z_number=last,
            missing_z_numbers=missing_z_numbers(database, str(terminal_id), account.id),
            same_account=is_ours or is_free,
        )


@router.get("/stores/{store_id}/terminals", responses=refusals(401, 404))
def list_terminals(store_id: UUID, call: UserCall, page: Paging) -> Listing[ShownTerminal]:
    """The terminals assigned to a store by name."""
    with call.as_user() as account:
        store = owned_store(call.database, account, str(store_id))
        query = Terminal.select().where(Terminal.store_id == store.id, Terminal.revoked_at.is_null())
        rows, cursor = page.rows(call.database, query, Terminal.name, Terminal.id)
        return Listing(items=[_shown(call.database, row) for row in rows], next_cursor=cursor)


@router.get("/terminals/current", responses=refusals(401))
def current_terminal(call: TerminalCall) -> CurrentTerminal:
    """What this terminal is bound to, and what the cloud holds of it."""
    database = call.database
    with call.as_terminal() as terminal:
        store = Store.select().where(Store.id == terminal.store_id).get(database)
        company = Company.select().where(Company.id == store.company_id).get(database)
        configuration = current_configuration(database, store.id)
        seen = _shown(database, terminal)
        return CurrentTerminal(
            company=shown_company(company),
            store=shown_store(store),
            terminal=seen,
            last_z_number=seen.last_z_number,
            missing_z_numbers=missing_z_numbers(database, terminal.id, terminal.account_id),
            configuration_etag=configuration.etag if configuration else None,
            upload_allowed=upload_allowed(terminal, configuration),
            stores=[shown_store(row) for row in stores_of_terminal(terminal).bind(database)],
        )


@router.delete("/terminals/current", status_code=204, responses=refusals(401))
def disconnect(call: TerminalCall) -> None:
    """End this terminal's own permission."""
    with call.as_terminal() as terminal, call.database.atomic():
        revoke_terminal(call.database, terminal, terminal.id, call.cloud.now())


@router.delete("/terminals/{terminal_id}", status_code=204, responses=refusals(401, 404))
def revoke(terminal_id: UUID, call: UserCall, release: bool = False) -> None:
    """End a terminal's permission; what it sent stays.

    With `release` your account gives it up as well, also one that was revoked before: any account may
    assign it then, and what it sent so far stays yours.
    """
    with call.as_user() as account, call.database.atomic():
        if release:
            query = _owned_terminals(account, terminal_id).where(Terminal.released_at.is_null())
            release_terminal(call.database, _existing(call.database, query), account.id, call.cloud.now())
        else:
            terminal = _owned_terminal(call.database, account, terminal_id)
            revoke_terminal(call.database, terminal, account.id, call.cloud.now())


@router.patch("/terminals/{terminal_id}", status_code=204, responses=refusals(401, 404))
def permit(terminal_id: UUID, form: Permission, call: UserCall) -> None:
    """Say whether a terminal may replace the configuration of its store once there is one."""
    with call.as_user() as account, call.database.atomic():
        terminal = _owned_terminal(call.database, account, terminal_id)
        update = Terminal.update(may_upload=form.upload_allowed).where(Terminal.id == terminal.id)
        update.execute(call.database)
        action = "terminal.upload_allowed" if form.upload_allowed else "terminal.upload_ended"
        audit(call.database, call.cloud.now(), account.id, action, terminal.id)


def _owned_terminal(database: Database, account: Account, terminal_id: UUID) -> Terminal:
    query = _owned_terminals(account, terminal_id).where(Terminal.revoked_at.is_null())
    return _existing(database, query)


def _owned_terminals(account: Account, terminal_id: UUID) -> "ModelSelect[Terminal]":
    return Terminal.select().where(Terminal.id == str(terminal_id), Terminal.account_id == account.id)


def _existing(database: Database, query: "ModelSelect[Terminal]") -> Terminal:
    terminal = query.get_or_none(database)
    if terminal is None:
        raise _unknown()
    return terminal


def _unknown() -> Problem:
    return Problem(404, told("There is no such terminal in your account."))


def release_terminal(database: Database, terminal: Terminal, actor: str, now: str) -> None:
    """Its account gives it up; in the caller's transaction."""
    if terminal.revoked_at is None:
        revoke_terminal(database, terminal, actor, now)
    Terminal.update(released_at=now).where(Terminal.id == terminal.id).execute(database)
    audit(database, now, actor, "terminal.released", terminal.id)


def revoke_terminal(database: Database, terminal: Terminal, actor: str, now: str) -> None:
    """It may send no more until it is assigned again; in the caller's transaction."""
    Terminal.update(revoked_at=now).where(Terminal.id == terminal.id).execute(database)
    _end_tokens(database, terminal.id, now)
    audit(database, now, actor, "terminal.revoked", terminal.id)


def _end_tokens(database: Database, terminal_id: str, now: str) -> None:
    live = (TerminalToken.terminal_id == terminal_id) & TerminalToken.revoked_at.is_null()
    TerminalToken.update(revoked_at=now).where(live).execute(database)
