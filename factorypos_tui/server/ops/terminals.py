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
    """End a terminal's permission, and keep it out, also one that left by itself; what it sent stays. Raises
    `AdministrationError`."""
    with database.connection_context(), database.atomic():
        revoke_terminal(database, _of_an_account(database, terminal_id), ACTOR, instant(utc_now()))


def release(database: Database, terminal_id: str) -> None:
    """Let any account assign a terminal; what it sent stays where it is. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        release_terminal(database, _of_an_account(database, terminal_id), ACTOR, instant(utc_now()))


def _of_an_account(database: Database, terminal_id: str) -> Terminal:
    terminal = Terminal.select().where(Terminal.id == terminal_id.lower()).get_or_none(database)
    if terminal is None:
        words = told("There is no terminal {terminal}. Run: cloud terminal list")
        raise AdministrationError(words.format(terminal=terminal_id))
    if terminal.released_at is not None:
        words = told("The terminal {terminal} is released already. Nothing was changed.")
        raise AdministrationError(words.format(terminal=terminal_id))
    found: Terminal = terminal
    return found


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
