"""Resend all statistics: every Z is sent again, to the store that it was queued for. FactoryCLOUD does not
double what it has. What was queued for another account's store is not sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from factorypos_tui.core.account.assignment import assigned_store, load_assignment
from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.delivery.link import ask_for_a_try
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue import requeueing
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact_at, keep_fact

_BEGUN = "resend_begun"
_REFUSED = (State.ATTENTION, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Resendable:
    """The Z reports that this terminal can send; dates are business dates, None where there is no report."""

    count: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Resend:
    """How the last resending goes, or went; all counts are reports."""

    begun_at: datetime
    total: int
    left: int
    """Still without an answer."""
    new: int
    """FactoryCLOUD answered that it is new (created)."""
    there: int
    """FactoryCLOUD had it already (unchanged)."""
    conflicts: int
    """FactoryCLOUD holds another report with its number."""
    refused: int
    """Refused for any other reason."""


def resendable(station: Station) -> Resendable:
    """What resending would send; raises `NotConnected` where no store is assigned."""
    assigned_store(station.database)
    row = station.database.row(
        "SELECT count(*), min(business_date), max(business_date) FROM shipment"
        f" WHERE kind = 'Z' AND store_id IN {OPEN}"
    )
    count, first, last = row or (0, None, None)
    return Resendable(count, first and date.fromisoformat(first), last and date.fromisoformat(last))


def resend_all(station: Station) -> int:
    """Queue every delivered or refused Z again, with the same ids and bytes, and try at once; returns how
    many. Raises `NotConnected` where no store is assigned."""
    assigned_store(station.database)
    now = station.clock.now()
    count = requeueing.resend_all(station.database, now)
    if count:  # else a resending that is under way goes on counting
        keep_fact(station.database, _BEGUN, rfc3339(now))
    ask_for_a_try(station.database, now)
    return count


def resend_progress(database: Database) -> Resend | None:
    """How the last resending goes; None where there was none, or nothing is left to say of it."""
    begun = fact_at(database, _BEGUN)
    if begun is None or load_assignment(database) is None:
        return None
    rows = database.rows(
        f"SELECT state, coalesce(iif({in_states(_REFUSED)}, last_error, result), ''), count(*)"
        " FROM shipment WHERE kind = 'Z' AND resent_at = ? AND queued_at = resent_at"
        " GROUP BY 1, 2",
        rfc3339(begun),
    )
    with database.trusted():
        found = {(State(state), word): n for state, word, n in rows}
    return _progress(begun, found) if found else None


def _progress(begun: datetime, counts: Mapping[tuple[State, str], int]) -> Resend:
    def sum_of(*states: State) -> int:
        return sum(n for (state, _word), n in counts.items() if state in states)

    new = counts.get((State.DELIVERED, "created"), 0)
    conflicts = sum(counts.get((state, "report_conflict"), 0) for state in _REFUSED)
    return Resend(
        begun_at=begun,
        total=sum(counts.values()),
        left=sum_of(*(state for state in State if state.about.waits)),
        new=new,
        there=sum_of(State.DELIVERED) - new,
        conflicts=conflicts,
        refused=sum_of(*_REFUSED) - conflicts,
    )
