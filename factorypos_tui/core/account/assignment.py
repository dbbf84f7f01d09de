"""Which store this terminal's reports go to, and since which Z."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core.account.earlier_stores import EarlierStores, earlier_stores_of
from factorypos_tui.core.account.stores import close_stores, note_open_stores, remember_store
from factorypos_tui.core.errors import (
    FactoryPosError,
    NotConnected,
    StorageError,
    TokenMissing,
    TokenWithService,
)
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.models import Company, Store, Terminal
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

TERMINAL = "terminal"
DISCONNECTED = "disconnected"
"""The fact that a person disconnected; kept also where the token could not be deleted."""
EARLIER_STORES = "earlier_stores"
"""The fact that says which days belong to earlier stores (`EarlierStores.text`)."""
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_SPANS = re.compile(r"\d{1,18}-\d{1,18}(,\d{1,18}-\d{1,18})*", re.ASCII)


class History(StrEnum):
    """Which of the Z reports closed so far are sent: all, each to its store, even if it was sent before;
    those that the cloud lacks since the first one that it has (all where it has none); or only those from now
    on."""

    ALL = "all"
    MISSING = "missing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The store that this terminal's reports go to."""

    company: Company
    store: Store
    terminal: Terminal
    first_z: int
    """The first Z number to send; some Z above it may be left out."""
    collected_z: int
    """The last Z number that the collector has seen."""
    assigned_at: datetime
    assigned_by: str | None = None
    """The account that assigned it; None where that is not known."""


def load_assignment(database: Database) -> Assignment | None:
    """The assigned store, or None."""
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


def assigned(database: Database) -> Assignment:
    """The assigned store with all that belongs to it; raises `NotConnected` where there is none."""
    assignment = load_assignment(database)
    if assignment is None:
        raise NotConnected(_("Assign this terminal to a store first."))
    return assignment


def refuse_another_store(database: Database, store_id: str) -> None:
    """Raise `FactoryPosError` where another store is assigned by now than when the person looked."""
    if assigned_store(database).id != store_id:
        raise FactoryPosError(_("Another store was assigned in the meantime. Nothing was changed."))


def assigned_store(database: Database) -> Store:
    """The assigned store; raises `NotConnected` where there is none."""
    return assigned(database).store


def terminal_token(station: Station, assignment: Assignment) -> str:
    """The token that sends this store's reports. Raises `TokenMissing`, or `KeyringLocked` while the keyring
    does not give it.

    The token is kept together with the id of its store. So a token of one store never sends the reports of
    another. A systemd credential holds the token alone."""
    stored = kept_of(station.credentials().get(TERMINAL))
    if stored is None or stored.store_id not in (None, assignment.store.id):
        raise TokenMissing(
            _("The token of this terminal is missing. Nothing is lost. Assign the store again.")
        )
    return stored.token


def has_token(station: Station) -> bool:
    """Whether reports can be sent: a store is assigned, and its token can be read here or by the service."""
    assignment = load_assignment(station.database)
    try:
        return assignment is not None and bool(terminal_token(station, assignment))
    except TokenWithService:
        return True
    except (NotConnected, StorageError):  # the link says why when it is tried
        return False


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a terminal beside its token, so that it survives the loss of `sync.db`. A systemd
    credential holds the token alone."""

    token: str = field(repr=False)
    store_id: str | None = None
    """The token's store."""
    first_z: int | None = None
    """The first Z number to send."""
    left_out: tuple[tuple[int, int], ...] = ()
    """First and last number of each run of Z that are not to be sent."""
    earlier: EarlierStores = field(default_factory=EarlierStores)
    """Which days belong to earlier stores."""

    def text(self) -> str:
        """The text that is kept: store, first Z, the runs left out and the earlier stores if there are any,
        and the token."""
        left_out = ",".join(f"{first}-{last}" for first, last in self.left_out)
        words = (str(self.store_id), str(self.first_z), left_out, self.earlier.text(), self.token)
        return " ".join(filter(None, words))


def kept_of(text: str | None) -> Kept | None:
    """What a kept text says; None where nothing is kept."""
    match (text or "").split():
        case [token]:
            return Kept(token)
        case [store_id, token]:
            return Kept(token, store_id)
        case [store_id, first_z, *more, token] if _NUMBER.fullmatch(first_z):
            left_out = _spans_of(more.pop(0)) if more and _SPANS.fullmatch(more[0]) else ()
            with suppress(ValueError):
                return Kept(token, store_id, int(first_z), left_out, earlier_stores_of(" ".join(more)))
    return None


def _spans_of(text: str) -> tuple[tuple[int, int], ...]:
    ends = (span.split("-") for span in text.split(","))
    return tuple((int(first), int(last)) for first, last in ends)


def earlier_stores(station: Station, terminal_id: str) -> EarlierStores:
    """Which days belong to earlier stores. Where `sync.db` was lost, what is kept beside the token tells it.

    Raises `KeyringLocked` while the keyring does not give that."""
    database = station.database
    text = fact(database, EARLIER_STORES)
    if text is None:
        kept = kept_of(station.credentials().get(TERMINAL))
        text = kept.earlier.text() if kept else ""
        keep_fact(database, EARLIER_STORES, text)
    with database.trusted():
        earlier = earlier_stores_of(text)
    return earlier if earlier.terminal_id == terminal_id else EarlierStores()


def save_assignment(database: Database, assignment: Assignment) -> None:
    """Assign a store, inside the caller's transaction; its name is remembered for good."""
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


def in_force(database: Database, assignment: Assignment) -> Assignment | None:
    """The assignment as it stands now; None where the terminal was assigned again or disconnected since."""
    now_assigned = load_assignment(database)
    return now_assigned if now_assigned and now_assigned.assigned_at == assignment.assigned_at else None


def note_what_is_open(database: Database, assignment: Assignment, stores: Iterable[Store]) -> bool:
    """Note for which stores FactoryCLOUD takes reports with the token of this assignment. False where that is
    not in force any more: what was said of its token says nothing of the present one."""
    with database.transaction():
        if not in_force(database, assignment):
            return False
        note_open_stores(database, stores)
    return True


def drop_assignment(database: Database) -> None:
    """Assign no store any more; reports that were queued for it stay in the queue."""
    database.execute("DELETE FROM assignment")
    close_stores(database)


def mark_collected(database: Database, z_number: int) -> None:
    """Note that the collector has seen every close up to `z_number`."""
    database.execute("UPDATE assignment SET collected_z = ?", z_number)
