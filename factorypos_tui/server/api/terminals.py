"""Terminals: people assign, revoke and release them; a terminal may disconnect itself."""

from uuid import UUID

from fastapi import APIRouter, Response
from peewee import Database
from pydantic import BaseModel

from factorypos_tui.server import errors
from factorypos_tui.server.api.companies import ShownCompany, ShownStore, shown_company, shown_store
from factorypos_tui.server.domain import enrolments, terminals
from factorypos_tui.server.domain.configurations import current_configuration, upload_allowed
from factorypos_tui.server.domain.forms import Form, LongText, Name
from factorypos_tui.server.domain.members import Role, store_for, terminal_for
from factorypos_tui.server.domain.numbers import last_z_number, missing_z_numbers
from factorypos_tui.server.domain.placements import stores_of_terminal
from factorypos_tui.server.http.calls import Listing, Paging, TerminalCall, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Company, Store, Terminal
from factorypos_tui.server.words import told

router = APIRouter(tags=["terminals"])


class Assignment(Form):
    name: Name
    software: LongText
    move: bool = False
    """Take the terminal away from the other store it is assigned to."""
    upload_allowed: bool | None = None
    """Let it replace the store's configuration, or not; left out, as before."""


class Change(Form):
    upload_allowed: bool | None = None
    """Let the terminal replace the store's configuration, or not."""
    name: Name | None = None


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
    last = last_z_number(database, terminal.id, terminal.account_id)
    return ShownTerminal(**terminal.__data__, last_z_number=last)


@router.put(
    "/stores/{store_id}/terminals/{terminal_id}",
    responses={201: {"model": Assigned, "description": "New here"}, **refusals(403, 409)},
)
def assign(
    store_id: UUID, terminal_id: UUID, form: Assignment, call: UserCall, response: Response
) -> Assigned:
    """Bind a terminal to a store; its new token ends the one before."""
    database = call.database
    with call.as_user() as account, database.atomic():
        store = store_for(database, account, str(store_id), Role.MANAGER)
        company = Company.select().where(Company.id == store.company_id).get(database)
        token, is_new = terminals.assign(
            database,
            call.cloud.now(),
            account,
            store,
            str(terminal_id),
            {"name": form.name, "software": form.software},
            move=form.move,
            may_upload=form.upload_allowed,
        )
        response.status_code = 201 if is_new else 200
        return Assigned(
            terminal_token=token,
            company=shown_company(company),
            store=shown_store(store),
            last_z_number=last_z_number(database, str(terminal_id), company.account_id),
        )


@router.get("/stores/{store_id}/terminals/{terminal_id}")
def known_terminal(store_id: UUID, terminal_id: UUID, call: UserCall) -> KnownTerminal:
    """What your account has of a terminal that may be assigned to this store.

    404 where nothing is known of it here, and it is nobody else's either."""
    database = call.database
    with call.as_user() as account:
        wanted = store_for(database, account, str(store_id), Role.MANAGER)
        known = terminals.known_terminal(database, account, wanted, str(terminal_id))
        store = Store.select().where(Store.id == known.terminal.store_id).get(database)
        return KnownTerminal(
            store=shown_store(store) if known.is_ours else None,
            last_z_number=known.last_z_number,
            missing_z_numbers=known.missing_z_numbers,
            same_account=known.is_ours or known.is_free,
        )


@router.get("/stores/{store_id}/terminals")
def list_terminals(store_id: UUID, call: UserCall, page: Paging) -> Listing[ShownTerminal]:
    """The terminals assigned to a store by name."""
    with call.as_user() as account:
        store = store_for(call.database, account, str(store_id), Role.VIEWER)
        rows, cursor = page.rows(call.database, terminals.terminals_in(store), Terminal.name, Terminal.id)
        return Listing(items=[_shown(call.database, row) for row in rows], next_cursor=cursor)


@router.get("/terminals/current")
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


@router.delete("/terminals/current", status_code=204)
def disconnect(call: TerminalCall) -> None:
    """End this terminal's own permission."""
    with call.as_terminal() as terminal, call.database.atomic():
        terminals.revoke_terminal(call.database, terminal, terminal.id, call.cloud.now())


@router.delete("/terminals/{terminal_id}", status_code=204)
def revoke(terminal_id: UUID, call: UserCall, release: bool = False, keep_codes: bool = False) -> None:
    """End a terminal's permission; what it sent stays.

    The enrolment codes that brought it end, too, since they may lie on its disk and would let another
    terminal in; with `keep_codes` they stay good for others, and this terminal still does not come back by
    them. That also keeps out one that disconnected itself.

    With `release` your account gives it up as well, also one that was revoked before: any account may
    assign it then, and what it sent so far stays yours."""
    with call.as_user() as account, call.database.atomic():
        end = terminals.release_terminal if release else terminals.revoke_terminal
        least = Role.OWNER if release else Role.MANAGER
        terminal = terminal_for(call.database, account, str(terminal_id), least, also_revoked=True)
        now = call.cloud.now()
        end(call.database, terminal, account.id, now)
        if not keep_codes:
            enrolments.end_codes_of(call.database, now, account.id, terminal)


@router.patch("/terminals/{terminal_id}")
def change(terminal_id: UUID, form: Change, call: UserCall) -> ShownTerminal:
    """Say whether a terminal may replace the configuration of its store once there is one, or what it is
    called. What is left out stays as it is."""
    database, now = call.database, call.cloud.now()
    with call.as_user() as account, database.atomic():
        if form.upload_allowed is None and form.name is None:
            raise errors.Invalid(words=told("The call does not say what to change."))
        also_revoked = form.name is not None
        terminal_for(database, account, str(terminal_id), Role.MANAGER, also_revoked=also_revoked)
        if form.upload_allowed is not None:
            terminals.permit(database, now, account, str(terminal_id), form.upload_allowed)
        if form.name is not None:
            terminals.rename(database, now, account, str(terminal_id), form.name)
        changed = terminal_for(database, account, str(terminal_id), Role.MANAGER, also_revoked=also_revoked)
        return _shown(database, changed)
