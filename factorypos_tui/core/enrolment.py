"""Assigning a store: binds this terminal, keeps its token, and leaves no closed day behind."""

from factorypos_tui.core import shipments
from factorypos_tui.core.accounts import user_token
from factorypos_tui.core.assignment import TERMINAL, Assignment, History, load_assignment, save_assignment
from factorypos_tui.core.collector import collect
from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _, ngettext
from factorypos_tui.core.link import Link, save_link
from factorypos_tui.core.models import Terminal, TillStatus
from factorypos_tui.core.queue import Queue
from factorypos_tui.core.station import Station


def assign(station: Station, company_id: str, store_id: str, history: History, *, move: bool) -> Assignment:
    """Bind this terminal to a store and keep the terminal token.

    `move` takes the terminal away from another store that the cloud knows it in. Raises `UsageError` for a
    store that is not the company's, `FactoryPosError` while reports wait for another store, `TillError`
    where there is no till, and what the cloud says."""
    token = user_token(station)
    till = station.till.status()
    current = load_assignment(station.database)
    if current and current.terminal.id != till.terminal.id:
        _refuse_while_waiting(station.database, current)  # only the token in force can still send them
        current = None
    if current and current.store.id != store_id:
        collect(station)  # what was closed so far was made for the store that is left
        _refuse_while_waiting(station.database, current)
    if store_id not in {store.id for store in station.cloud().stores(token, company_id)}:
        raise UsageError(_("That company has no store {id}. Nothing was changed.").format(id=store_id))
    terminal = Terminal(till.terminal.id, station.terminal_name or till.terminal.name)
    move = move or current is not None
    enrolment = station.cloud().enrol(token, store_id, terminal, station.software, move=move)
    station.credentials().set(TERMINAL, f"{enrolment.store.id} {enrolment.terminal_token}")
    assignment = Assignment(
        company=enrolment.company,
        store=enrolment.store,
        terminal=terminal,
        first_z=_first_z(history, till, current, store_id),
        collected_z=0,
        assigned_at=station.clock.now(),
    )
    with station.database.transaction():
        save_assignment(station.database, assignment)
        save_link(station.database, Link())
        # Closed since we looked: the terminal was already the new store's.
        Queue(station.database).hand_over(terminal.id, store_id)
        if history is History.ALL:
            Queue(station.database).offer_history(terminal.id, store_id, assignment.assigned_at)
    return assignment


def _first_z(history: History, till: TillStatus, current: Assignment | None, store_id: str) -> int:
    """The first Z number to send; assigning the same store again never leaves out what it was to get."""
    first = 1 if history is History.ALL else (till.last_z_number or 0) + 1
    return min(first, current.first_z) if current and current.store.id == store_id else first


def _refuse_while_waiting(database: Database, current: Assignment) -> None:
    waiting = shipments.waiting(database, current.store.id)
    if waiting:
        raise FactoryPosError(
            ngettext(
                "{n} report still waits for {store}. Let it be sent first; then assign the other store.",
                "{n} reports still wait for {store}. Let them be sent first; then assign the other store.",
                waiting,
            ).format(n=waiting, store=current.store.name)
        )
