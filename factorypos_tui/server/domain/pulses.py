"""How long ago each terminal was heard of, and what that means."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import Database

from factorypos_tui.server.documents.headings import Heading
from factorypos_tui.server.domain.alarms.silence import silent_at
from factorypos_tui.server.domain.states import last_states
from factorypos_tui.server.storage.tables import Store, Terminal

FRESH = timedelta(minutes=45)
"""A running till sends an X each half hour, if its owner wants that."""
LATE = timedelta(hours=3)
SILENT_CLOSED = timedelta(hours=36)
"""A closed till need not be heard of until it has missed a day on which its store is open."""


class Pulse(StrEnum):
    FRESH = "fresh"
    LATE = "late"
    SILENT = "silent"
    CLOSED = "closed"
    """Its day is closed, and it has not missed one on which its store is open."""


@dataclass(frozen=True, slots=True)
class TerminalNow:
    """A terminal of a store, as it was last heard of."""

    id: str
    name: str
    pulse: Pulse
    heard_at: str | None
    """When reports last arrived, or it last told how it is; None: never."""
    open_day: date | None
    """The business date that is open there, as far as it has told."""


def terminals_now(
    database: Database, stores: Sequence[Store], running: Iterable[Heading], now: datetime
) -> dict[str, tuple[TerminalNow, ...]]:
    """The terminals of each store that may send, by name. `running`: the newest X of each open period."""
    open_days: dict[str, date] = {}
    for report in running:
        day = date.fromisoformat(report.business_date)
        open_days[report.terminal_id] = max(day, open_days.get(report.terminal_id, day))
    in_stores = Terminal.store_id.in_([store.id for store in stores])
    query = Terminal.select().where(in_stores, Terminal.revoked_at.is_null())
    terminals = list(query.order_by(Terminal.name, Terminal.id).bind(database))
    states = last_states(database, terminals)
    places = {store.id: store for store in stores}
    found: dict[str, list[TerminalNow]] = {store.id: [] for store in stores}
    for it in terminals:
        open_day, state = open_days.get(it.id), states.get(it.id)
        heard_at = max(it.reported_at or "", state.told_at if state else "") or None
        store = places[it.store_id]
        closed = [int(weekday) for weekday in store.closed_weekdays]
        pulse = pulse_of(heard_at, open_day is not None, now, store.timezone, closed)
        found[it.store_id].append(TerminalNow(it.id, it.name, pulse, heard_at, open_day))
    return {store_id: tuple(its) for store_id, its in found.items()}


def pulse_of(
    heard_at: str | None, is_open: bool, now: datetime, timezone: str, closed: Collection[int]
) -> Pulse:
    """What the time since a terminal was last heard of means. `closed`: the ISO weekdays on which its store
    is. Pure."""
    if heard_at is None:
        return Pulse.SILENT
    heard = datetime.fromisoformat(heard_at)
    if not is_open:
        silent = silent_at(heard, SILENT_CLOSED, timezone, closed)
        return Pulse.CLOSED if silent is None or now <= silent else Pulse.SILENT
    silence = now - heard
    if silence <= FRESH:
        return Pulse.FRESH
    return Pulse.LATE if silence <= LATE else Pulse.SILENT
