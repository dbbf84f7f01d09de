"""Which store this terminal's reports go to, and since which Z."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core.account.stores import close_stores, remember_store
from factorypos_tui.core.errors import NotConnected, StorageError, TokenMissing
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.models import Company, Store, Terminal
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

TERMINAL = "terminal"
DISCONNECTED = "disconnected"
"""The fact that a person wants no store in force, also where the token could not be taken away."""
_SPANS = re.compile(r"\d{1,18}-\d{1,18}(,\d{1,18}-\d{1,18})*", re.ASCII)


class History(StrEnum):
    """Which of the Z reports closed so far go up: all, also once more, each to its store; what the cloud
    lacks since the first of this terminal that it has (all where it has none); or only those from now on."""

    ALL = "all"
    MISSING = "missing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`first_z`: the first Z number to send, but for those that are left out. `collected_z`: the last one
    the collector has seen. `assigned_by`: the account that assigned it, None where that is not known."""

    company: Company
    store: Store
    terminal: Terminal
    first_z: int
    collected_z: int
    assigned_at: datetime
    assigned_by: str | None = None


def load_assignment(database: Database) -> Assignment | None:
    """The store in force, or None."""
    row = database.row(
        "SELECT company_id, company_name, store_id, store_name, terminal_id, terminal_name, first_z,"
        " collected_z, assigned_at, assigned_by FROM assignment"
    )
    if row is None:
        return None
    company_id, company, store_id, store, terminal_id, terminal, first_z = row[:7]
    collected_z, assigned_at, assigned_by = row[7:]
    with database.trusted():
        return Assignment(
            Company(company_id, company),
            Store(store_id, store),
            Terminal(terminal_id, terminal),
            first_z,
            collected_z,
            instant_of(assigned_at),
            assigned_by,
        )


def assigned_store(database: Database) -> Store:
    """The store in force; raises `NotConnected` where there is none."""
    assignment = load_assignment(database)
    if assignment is None:
        raise NotConnected(_("Assign this terminal to a store first."))
    return assignment.store


def terminal_token(station: Station, assignment: Assignment) -> str:
    """The token that sends this store's reports; raises `TokenMissing`, or `KeyringLocked` where it is not
    to be had now.

    It is kept together with the id of its store, so that a token of one store never carries the reports
    of another; a systemd credential holds the token alone."""
    kept = kept_of(station.credentials().get(TERMINAL))
    if kept is None or kept.store_id not in (None, assignment.store.id):
        raise TokenMissing(
            _("The token of this terminal is missing. Nothing is lost. Assign the store again.")
        )
    return kept.token


def has_token(station: Station) -> bool:
    """Whether the store in force can be sent to: there is one, and its token can be read here."""
    assignment = load_assignment(station.database)
    try:
        return assignment is not None and bool(terminal_token(station, assignment))
    except (NotConnected, StorageError):  # why is said by the link when it is tried
        return False


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a terminal where tokens rest, and so outlives `sync.db`: the token, its store, the
    first Z that was wanted, and the first and last of those that were not. A systemd credential holds the
    token alone."""

    token: str = field(repr=False)
    store_id: str | None = None
    first_z: int | None = None
    left_out: tuple[tuple[int, int], ...] = ()

    def text(self) -> str:
        """As it is kept: store, first Z, what is left out if anything is, and token."""
        left_out = ",".join(f"{first}-{last}" for first, last in self.left_out)
        return " ".join(filter(None, (str(self.store_id), str(self.first_z), left_out, self.token)))


def kept_of(text: str | None) -> Kept | None:
    """Read it; None where nothing is kept."""
    match (text or "").split():
        case [token]:
            return Kept(token)
        case [store_id, token]:
            return Kept(token, store_id)
        case [store_id, first_z, token] if first_z.isdecimal():
            return Kept(token, store_id, int(first_z))
        case [store_id, first_z, left_out, token] if first_z.isdecimal() and _SPANS.fullmatch(left_out):
            ends = (span.split("-") for span in left_out.split(","))
            return Kept(token, store_id, int(first_z), tuple((int(first), int(last)) for first, last in ends))
    return None


def save_assignment(database: Database, assignment: Assignment) -> None:
    """Put a store in force, inside the caller's transaction; its name is remembered for good."""
    remember_store(database, assignment.store, assignment.assigned_by)
    database.execute(
        "INSERT OR REPLACE INTO assignment (only_row, company_id, company_name, store_id, store_name,"
        " terminal_id, terminal_name, first_z, collected_z, assigned_at, assigned_by)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        assignment.company.id,
        assignment.company.name,
        assignment.store.id,
        assignment.store.name,
        assignment.terminal.id,
        assignment.terminal.name,
        assignment.first_z,
        assignment.collected_z,
        rfc3339(assignment.assigned_at),
        assignment.assigned_by,
    )


def drop_assignment(database: Database) -> None:
    """No store is in force any more; what was made for it stays in the queue."""
    database.execute("DELETE FROM assignment")
    close_stores(database)


def mark_collected(database: Database, z_number: int) -> None:
    """The collector has seen every close up to `z_number`."""
    database.execute("UPDATE assignment SET collected_z = ?", z_number)
