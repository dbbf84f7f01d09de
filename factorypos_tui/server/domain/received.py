"""Keeps reports: each Z for ever, and the newest X of a period. What contradicts one is kept beside it."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, Literal

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.documents.reading import Arrived
from factorypos_tui.server.documents.report import ReportDocument, id_of
from factorypos_tui.server.documents.share import share_of
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.contradicting import keep_conflict
from factorypos_tui.server.domain.dating import days_off
from factorypos_tui.server.domain.numbers import missing_of_each
from factorypos_tui.server.domain.placements import may_send_for, not_assigned
from factorypos_tui.server.domain.quotas import Room, over_bytes
from factorypos_tui.server.domain.telling import tell_of_conflicts, tell_of_no_room
from factorypos_tui.server.live.announcing import announcement, tell_here
from factorypos_tui.server.storage import arrivals
from factorypos_tui.server.storage.arrivals import Announcement, Arrival, Place, Share
from factorypos_tui.server.storage.tables import Terminal
from factorypos_tui.server.words import told

Result = Literal["created", "unchanged", "replaced", "stale", "conflict", "elsewhere", "full"]
Refusal = Callable[[], errors.Refused]
"""Makes the refusal of a call, in the language of the thread that calls it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The reports of one call."""

    terminal: Terminal
    """As the call found it."""
    store_name: str | None
    """What the call says of their store; None for the store that the terminal is assigned to."""
    reports: Sequence[Arrived]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a delivery."""

    outcomes: list["Outcome"]
    """Of its reports, in order."""
    missing: list[int]
    """The first Z numbers that are missing now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one report."""

    result: Result
    """`elsewhere`: it arrived while the terminal belonged to another account, and stays with that account.
    `full`: the account keeps as much as one may."""
    received_at: str
    store_id: str
    """The store that has it; of a conflict, the store that it was sent for."""
    news: bool = False
    """Whether the conflict is new, and kept."""
    kept_bytes: int = 0
    """So much more the account keeps."""
    is_left_out: bool = False
    """Whether the account has no room for what contradicts others."""

    def refusal(self) -> errors.Refused | None:
        """Why it is not acknowledged; None where the report is kept here."""
        if self.result == "elsewhere":
            message = told(
                "This report arrived while the terminal belonged to another account, and stays with that "
                "one. Nothing was changed."
            )
            return errors.NotAllowed(message, "report_elsewhere")
        if self.result == "full":
            return over_bytes()
        if self.is_left_out:
            message = told(
                "Another report with other content holds this place. The account keeps as many such reports "
                "as it may, so this one is not kept. The owner was told."
            )
            return errors.Conflict(message, "report_conflict")
        if self.result == "conflict":
            message = told(
                "Another report with other content holds this place. Both are kept and the owner was told."
            )
            return errors.Conflict(message, "report_conflict")
        return None


def decide(report: ReportDocument, stored: Place | None, same_number: Place | None, closed: bool) -> Result:
    """What to do with a report.

    `stored` has its id; `same_number` its terminal and Z number; `closed`: the Z of an X's period is here."""
    if stored is not None and stored.content_hash == report.content_hash:
        return "unchanged"
    if report.kind == "Z":
        return "created" if stored is None and same_number is None else "conflict"
    if closed:
        return "stale"
    if stored is None:
        return "created"
    if report.revision == stored.revision:
        return "conflict"
    return "replaced" if report.revision > stored.revision else "stale"


def put_to_rest(cloud: Cloud, delivery: Delivery) -> Kept:
    """What became of a delivery, once all of it is durable, perhaps in one transaction with others. Raises
    `Revoked`, `Busy` where the terminal came to another account meanwhile, or `NotAllowed` for the store."""
    kept = cloud.arrivals.carry_out(partial(keep, cloud), delivery, len(delivery.reports))
    if not isinstance(kept, Kept):
        raise kept()
    if any(outcome.news or outcome.is_left_out for outcome in kept.outcomes):
        cloud.postman.call()
    tell_here(cloud.live, cloud.database, _changed(kept.outcomes))
    return kept


def keep(cloud: Cloud, deliveries: Sequence[Delivery], is_alone: bool) -> list[Kept | Refusal | None]:
    """Put deliveries to rest, in order, in the caller's transaction; whatever holds their places is read once
    and what is new is written together. An owner hears of each new conflict.

    Where others are at work for a terminal, its delivery is left out (None), unless it is alone and waits."""
    database, now = cloud.database, cloud.now()
    ids = {delivery.terminal.id for delivery in deliveries}
    terminals = arrivals.lock_terminals(database, ids, wait=is_alone)
    admitted: dict[int, Terminal] = {}
    answers: list[Kept | Refusal | None] = [None] * len(deliveries)
    for index, delivery in enumerate(deliveries):
        terminal = terminals.get(delivery.terminal.id)
        if terminal is not None and (refusal := _refusal(cloud, terminal, delivery)):
            answers[index] = refusal
        elif terminal is not None:
            admitted[index] = terminal
    room = Room(database, {terminal.account_id for terminal in admitted.values()})
    shelf = _read_shelf(database, room, [deliveries[index] for index in admitted])
    outcomes = {index: shelf.receive(it, deliveries[index], now) for index, it in admitted.items()}
    for terminal_id, size, account_id in shelf.make_room():
        if account_id == terminals[terminal_id].account_id:
            terminals[terminal_id].kept_bytes -= size
    for index, terminal in admitted.items():
        _count(cloud, terminal, outcomes[index])
    changed = _changed(chain.from_iterable(outcomes.values()))
    arrival = shelf.arrival(admitted.values(), announcement(database, changed))
    arrivals.write(database, arrival, now)
    of_account = [(admitted[index].account_id, it) for index, found in outcomes.items() for it in found]
    tell_of_conflicts(database, now, {account_id for account_id, outcome in of_account if outcome.news})
    tell_of_no_room(database, now, {account_id for account_id, outcome in of_account if outcome.is_left_out})
    missing = missing_of_each(database, admitted.values())
    for index, terminal in admitted.items():
        answers[index] = Kept(outcomes[index], missing[terminal.id])
    return answers


def _changed(outcomes: Iterable[Outcome]) -> set[str]:
    """The stores whose figures, or whose conflicts, are others now."""
    return {it.store_id for it in outcomes if it.news or it.result in ("created", "replaced")}


def _refusal(cloud: Cloud, terminal: Terminal, delivery: Delivery) -> Refusal | None:
    if terminal.revoked_at is not None:
        return errors.Revoked
    if terminal.account_id != delivery.terminal.account_id:
        return errors.Busy  # perhaps its company was handed over
    if not may_send_for(cloud.database, terminal, delivery.store_name):
        return not_assigned
    limit = limits.REPORTS
    too_full = limit.level(terminal.empty_at, cloud.now_ms()) - limit.capacity_ms + limit.cost_ms
    return partial(errors.TooManyReports, math.ceil(too_full / 1000)) if too_full > 0 else None


def _count(cloud: Cloud, terminal: Terminal, outcomes: Sequence[Outcome]) -> None:
    """Count what is new of a terminal; a call that begins below the limit is taken whole."""
    new = sum(outcome.result == "created" or outcome.news for outcome in outcomes)
    limit, now_ms = limits.REPORTS, cloud.now_ms()
    terminal.kept_bytes += sum(outcome.kept_bytes for outcome in outcomes)
    terminal.empty_at = now_ms + limit.level(terminal.empty_at, now_ms) + new * limit.cost_ms


@dataclass(slots=True)
class _Shelf:
    """What is held where reports arrive, and what is to be written of them."""

    database: Database
    room: Room
    by_period: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    """By terminal, period and kind."""
    by_number: dict[tuple[str, int], Place] = field(default_factory=dict)
    zs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows to add, by id."""
    xs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows to keep, by id."""
    began: set[str] = field(default_factory=set)
    """The terminals that sent the first X of a period."""
    shares: dict[str, Share] = field(default_factory=dict)
    """What reports add to their days from now on, by id."""
    no_shares: set[str] = field(default_factory=set)
    """The ids of reports that add something else now, or nothing."""

    def take(self, place: Place) -> None:
        self.by_period[place.terminal_id, place.period_id, place.kind] = place
        if place.z_number is not None:
            self.by_number[place.terminal_id, place.z_number] = place

    def receive(self, terminal: Terminal, delivery: Delivery, now: str) -> list[Outcome]:
        """Decide about each report of a delivery, which finds those before it."""
        store_id = delivery.store_name or terminal.store_id
        return [self._receive(terminal, store_id, *arrived, now) for arrived in delivery.reports]

    def _receive(
        self, terminal: Terminal, store_id: str, report: ReportDocument, raw: bytes, now: str
    ) -> Outcome:
        stored = self.by_period.get((terminal.id, report.period_id, report.kind))
        same_number = self.by_number.get((terminal.id, report.z_number or 0))
        its_z = self.by_period.get((terminal.id, report.period_id, "Z"))
        of_period = stored or its_z
        if of_period is not None and of_period.account_id != terminal.account_id:
            return Outcome("elsewhere", now, of_period.store_id)
        result = decide(report, stored, same_number, closed=its_z is not None)
        if result == "created" and not self.room.takes(terminal.account_id, len(raw)):
            return Outcome("full", now, store_id)
        if result in ("created", "replaced"):
            row = _row(stored.store_id if stored else store_id, report, raw, now)
            self._keep(terminal, row, is_new=result == "created")
            more = max(0, len(raw) - (stored.size if stored else 0))
            return Outcome(result, now, str(row["store_id"]), kept_bytes=more)
        if result == "conflict":
            held = stored or same_number
            found = keep_conflict(self.database, self.room, terminal.account_id, held, report, raw, now)
            more = len(raw) if found == "kept" else 0
            return Outcome(result, now, store_id, found == "kept", more, is_left_out=found == "left_out")
        at, where = (stored.received_at, stored.store_id) if stored else (now, store_id)
        return Outcome(result, at, where)

    def _keep(self, terminal: Terminal, row: dict[str, Any], *, is_new: bool) -> None:
        held = {name: row[name] for name in Place.__dataclass_fields__ if name in row}
        self.take(place := Place(**held, account_id=terminal.account_id, size=len(row["document"])))
        self._share(place, row)
        if place.kind == "Z":
            self.zs[place.id] = row
            return
        self.xs[place.id] = row
        if is_new:
            self.began.add(terminal.id)

    def _share(self, place: Place, row: dict[str, Any]) -> None:
        """Let the report count, and its period's X no longer, even where only the share of that is left."""
        x_id = id_of(place.terminal_id, "X", place.period_id)
        self.shares.pop(x_id, None)
        self.no_shares.add(x_id)
        self.shares[place.id] = (place.id, place.store_id, row["business_date"], share_of(row["document"]))

    def make_room(self) -> list[tuple[str, int, str]]:
        """Write the Zs that are new where a period began, and let Xs go, as `arrivals.make_room` does."""
        if self.began:
            arrivals.add_zs(self.database, self.zs.values())
            self.zs = {}
        return arrivals.make_room(self.database, self.began)

    def arrival(self, senders: Collection[Terminal], said: Announcement | None) -> Arrival:
        """What is new, with who sent it."""
        held = self.zs.values(), self.xs.values(), list(self.shares.values())
        return Arrival(*held, self.no_shares, senders, said)


def _read_shelf(database: Database, room: Room, deliveries: Iterable[Delivery]) -> _Shelf:
    shelf = _Shelf(database, room)
    reports = [report for delivery in deliveries for report, _raw in delivery.reports]
    periods = {(report.terminal_id, report.period_id) for report in reports}
    running = {(report.terminal_id, report.period_id) for report in reports if report.kind == "X"}
    numbers = {(it.terminal_id, it.z_number) for it in reports if it.z_number is not None}
    for place in arrivals.places(database, periods, running, numbers):
        shelf.take(place)
    return shelf


def _row(store_id: str, report: ReportDocument, raw: bytes, now: str) -> dict[str, object]:
    return {
        "id": report.report_id,
        "report_id": report.report_id,
        "terminal_id": report.terminal_id,
        "store_id": store_id,
        "kind": report.kind,
        "period_id": report.period_id,
        "z_number": report.z_number,
        "revision": report.revision,
        "business_date": report.business_date,
        "content_hash": report.content_hash,
        "document": raw,
        "received_at": now,
        "days_off": days_off(report, datetime.fromisoformat(now)),
    }
