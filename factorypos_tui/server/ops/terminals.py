"""What an administrator does with terminals while the server may be running."""

from dataclasses import dataclass
from typing import Any

from peewee import Database

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.numbers import last_z_number
from factorypos_tui.server.domain.terminals import release_terminal, revoke_terminal
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedTerminal:
    """A terminal and its account, or the account that it had before it was released."""

    id: str
    name: str
    account: str
    company: str
    store: str
    last_z_number: int | None
    reported_at: str | None
    revoked_at: str | None
    released_at: str | None


def list_terminals(database: Database) -> list[ListedTerminal]:
    """All terminals by account, company, store and name."""
    with database.connection_context():
        query = (
            Terminal.select(
                Terminal,
                Account.email.alias("account"),
                Company.name.alias("company"),
                Store.name.alias("store"),
            )
            .join(Account, on=(Terminal.account_id == Account.id))
            .join(Store, on=(Terminal.store_id == Store.id))
            .join(Company, on=(Store.company_id == Company.id))
            .order_by(Account.email_key, Company.name, Store.name, Terminal.name, Terminal.id)
        )
        return [_listed(database, row) for row in query.objects().bind(database)]


def revoke(database: Database, terminal_id: str) -> None:
    """End a terminal's permission; what it sent stays. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        terminal = _terminal(database, terminal_id)
        if terminal.revoked_at is not None:
            raise AdministrationError(
                told("The terminal {terminal} may not send already. Nothing was changed.").format(
                    terminal=terminal_id
                )
            )
        revoke_terminal(database, terminal, ACTOR, instant(utc_now()))


def release(database: Database, terminal_id: str) -> None:
    """Let any account assign a terminal; what it sent stays where it is. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        terminal = _terminal(database, terminal_id)
        if terminal.released_at is not None:
            raise AdministrationError(
                told("The terminal {terminal} is released already. Nothing was changed.").format(
                    terminal=terminal_id
                )
            )
        release_terminal(database, terminal, ACTOR, instant(utc_now()))


def _terminal(database: Database, terminal_id: str) -> Terminal:
    terminal = Terminal.select().where(Terminal.id == terminal_id.lower()).get_or_none(database)
    if terminal is None:
        raise AdministrationError(
            told("There is no terminal {terminal}. Run: cloud terminal list").format(terminal=terminal_id)
        )
    return terminal


def _listed(database: Database, row: Any) -> ListedTerminal:
    return ListedTerminal(
        id=row.id,
        name=row.name,
        account=row.account,
        company=row.company,
        store=row.store,
        last_z_number=last_z_number(database, row.id, row.account_id),
        reported_at=row.reported_at,
        revoked_at=row.revoked_at,
        released_at=row.released_at,
    )
