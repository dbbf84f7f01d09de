"""Where a terminal was and is: the stores for which it may send reports."""

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain.companies import stores_under
from factorypos_tui.server.storage.tables import Company, Placement, Store, Terminal
from factorypos_tui.server.words import told


def place(database: Database, terminal_id: str, store_id: str, now: str) -> None:
    """Note that a terminal was assigned to a store, in the caller's transaction."""
    placement = Placement.insert(terminal_id=terminal_id, store_id=store_id, assigned_at=now)
    placement.on_conflict_ignore().execute(database)


def stores_of_terminal(terminal: Terminal) -> "ModelSelect[Store]":
    """The stores of its account that a terminal was assigned to, now or before, by name; none of a company
    that was closed."""
    placed = Placement.select(Placement.store_id).where(Placement.terminal_id == terminal.id)
    under = stores_under(terminal.account_id).where(Company.closed_at.is_null())
    ours = Store.id.in_(placed) & Store.id.in_(under)
    return Store.select().where(ours).order_by(Store.name, Store.id)


def named_store(database: Database, terminal: Terminal, name: str | None) -> str:
    """The store that a call of a terminal is about; raises `NotAllowed` where it was never assigned to that.

    `name`: what the call says, None for the store that the terminal is assigned to."""
    if not may_send_for(database, terminal, name):
        raise not_assigned()
    return name or terminal.store_id


def may_send_for(database: Database, terminal: Terminal, name: str | None) -> bool:
    """Whether a terminal may send for the store that a call names."""
    if name is None or name == terminal.store_id:
        return True
    return stores_of_terminal(terminal).where(Store.id == name).exists(database)


def not_assigned() -> errors.NotAllowed:
    words = told("Your account never assigned this terminal to that store. Nothing was changed.")
    return errors.NotAllowed(words, "store_not_assigned")
