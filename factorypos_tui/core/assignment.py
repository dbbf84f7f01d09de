"""Which store this terminal's reports go to, and since which Z."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core import shipments
from factorypos_tui.core.accounts import user_token
from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import FactoryPosError, NotConnected, UsageError
from factorypos_tui.core.instants import instant_of, rfc3339
from factorypos_tui.core.language import _, ngettext
from factorypos_tui.core.models import Company, Enrolment, Store, Terminal
from factorypos_tui.core.station import Station

TERMINAL = "terminal"


class History(StrEnum):
    """Which of the Z reports closed so far go up: all, or only those from now on."""

    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`first_z`: the first Z number to send. `collected_z`: the last one the collector has seen."""

    company: Company
    store: Store
    terminal: Terminal
    first_z: int
    collected_z: int
    assigned_at: datetime


def assign(station: Station, company_id: str, store_id: str, history: History, *, move: bool) -> Assignment:
    """Bind this terminal to a store and keep the terminal token.

    `move` takes the terminal away from another store that the cloud knows it in. Raises `UsageError` for a
    store that is not the company's, `FactoryPosError` while reports wait for another store, and what the
    cloud says."""
    token = user_token(station)
    current = load_assignment(station.database)
    if current and current.store.id != store_id:
        _refuse_while_waiting(station.database, current)
    if store_id not in {store.id for store in station.cloud().stores(token, company_id)}:
        raise UsageError(_("That company has no store {id}. Nothing was changed.").format(id=store_id))
    status = station.till.status()
    terminal = Terminal(status.terminal.id, station.terminal_name or status.terminal.name)
    enrolment = station.cloud().enrol(
        token, store_id, terminal, station.software, move=move or current is not None
    )
    station.credentials().set(TERMINAL, f"{enrolment.store.id} {enrolment.terminal_token}")
    first_z = 1 if history is History.ALL else (status.last_z_number or 0) + 1
    assignment = _assignment(enrolment, terminal, first_z, station.clock.now())
    _save(station.database, assignment)
    return assignment


def load_assignment(database: Database) -> Assignment | None:
    """The store in force, or None."""
    row = database.row(
        "SELECT company_id, company_name, store_id, store_name, terminal_id, terminal_name, first_z,"
        " collected_z, assigned_at FROM assignment"
    )
    if row is None:
        return None
    company_id, company, store_id, store, terminal_id, terminal, first_z, collected_z, assigned_at = row
    return Assignment(
        Company(company_id, company),
        Store(store_id, store),
        Terminal(terminal_id, terminal),
        first_z,
        collected_z,
        instant_of(assigned_at),
    )


def terminal_token(station: Station, assignment: Assignment) -> str:
    """The token that sends this store's reports; raises `NotConnected` where it is missing.

    It is kept together with the id of its store, so that a token of one store never carries the reports
    of another; a systemd credential holds the token alone."""
    kept = station.credentials().get(TERMINAL)
    store_id, _space, token = (kept or "").rpartition(" ")
    if not token or store_id not in ("", assignment.store.id):
        raise NotConnected(
            _("The token of this terminal is missing. Nothing is lost. Assign the store again.")
        )
    return token


def mark_collected(database: Database, z_number: int) -> None:
    """The collector has seen every close up to `z_number`."""
    database.execute("UPDATE assignment SET collected_z = max(collected_z, ?)", z_number)


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


def _assignment(enrolment: Enrolment, terminal: Terminal, first_z: int, now: datetime) -> Assignment:
    return Assignment(enrolment.company, enrolment.store, terminal, first_z, 0, now)


def _save(database: Database, assignment: Assignment) -> None:
    database.execute(
        "INSERT OR REPLACE INTO assignment (only_row, company_id, company_name, store_id, store_name,"
        " terminal_id, terminal_name, first_z, collected_z, assigned_at)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        assignment.company.id,
        assignment.company.name,
        assignment.store.id,
        assignment.store.name,
        assignment.terminal.id,
        assignment.terminal.name,
        assignment.first_z,
        assignment.collected_z,
        rfc3339(assignment.assigned_at),
    )
