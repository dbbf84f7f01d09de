"""Resend all statistics: every Z is sent again, to the store that it was queued for. FactoryCLOUD does not
double what it has. What was queued for another account's store is not sent."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from factorypos_tui.core.account.assignment import assigned_store, load_assignment
from factorypos_tui.core.account.stores import open_stores
from factorypos_tui.core.delivery.link import ask_for_a_try
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Store
from factorypos_tui.core.queue import requeueing
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.queue.transitions import QUEUE_AGAIN, REFUSE
from factorypos_tui.core.queue.waiting import Waiting
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact_at, keep_fact

_BEGUN = "resend_begun"


_ZS = f"""SELECT state, store_id, coalesce(name, store_id), assigned_by, n, first, last
    FROM (SELECT state, store_id, count(*) AS n, min(business_date) AS first, max(business_date) AS last
          FROM shipment WHERE kind = 'Z' AND NOT {in_states([State.SUPERSEDED])} GROUP BY 1, 2)
    LEFT JOIN store ON store.id = store_id ORDER BY 3"""


@dataclass(frozen=True, slots=True)
class Resendable:
    """The Z reports that resending queues again, and those that it passes over."""

    count: int
    """How many it queues again."""
    stores: int
    """For how many stores these were made."""
    first: date | None
    """The first of their business dates; None where there are none."""
    last: date | None
    waiting: int
    """How many wait, or are on their way, already."""
    of_others: tuple[Waiting, ...] = ()
    """Those for which FactoryCLOUD takes no reports now, whether they wait or were delivered; by store."""


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
    database = station.database
    rows, here = database.rows(_ZS), open_stores(database)
    others: Counter[tuple[str, str, str | None]] = Counter()
    for _state, store_id, name, account, n, *_dates in rows:
        if store_id not in here:
            others[store_id, name, account] += n
    sendable = [row for row in rows if row[1] in here]
    with database.trusted():
        again = [row for row in sendable if State(row[0]) in QUEUE_AGAIN.origins]
        return Resendable(
            count=sum(row[4] for row in again),
            stores=len({row[1] for row in again}),
            first=min((date.fromisoformat(row[5]) for row in again), default=None),
            last=max((date.fromisoformat(row[6]) for row in again), default=None),
            waiting=sum(row[4] for row in sendable) - sum(row[4] for row in again),
            of_others=tuple(
                Waiting(Store(store_id, name), account, n) for (store_id, name, account), n in others.items()
            ),
        )


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
        f"SELECT state, coalesce(iif({in_states(REFUSE.targets)}, last_error, result), ''), count(*)"
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
    conflicts = sum(counts.get((state, "report_conflict"), 0) for state in REFUSE.targets)
    return Resend(
        begun_at=begun,
        total=sum(counts.values()),
        left=sum_of(*(state for state in State if not state.about.is_done and state not in REFUSE.targets)),
        new=new,
        there=sum_of(State.DELIVERED) - new,
        conflicts=conflicts,
        refused=sum_of(*REFUSE.targets) - conflicts,
    )
