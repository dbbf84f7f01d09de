"""The state of one terminal: what `status --json` prints and every screen's status line shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from factorypos_tui.core.account.accounts import account
from factorypos_tui.core.account.assignment import TERMINAL, Assignment, load_assignment
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.account.stores import open_stores
from factorypos_tui.core.delivery.contact import FRESH, Contact, last_contact
from factorypos_tui.core.delivery.link import NOT_ASSIGNED, Link, LinkState, load_link
from factorypos_tui.core.delivery.next_x import next_x_at
from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.queue import counting, shipments
from factorypos_tui.core.queue.comparison import was_rebuilt
from factorypos_tui.core.queue.left_out import Span, days_left_out, spans
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.waiting import Waiting, oldest_z_waiting_since, waiting_but_for
from factorypos_tui.core.reports.findings import finding_document
from factorypos_tui.core.settings import get_setting
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.till_view import TillView, view_till
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.lock import Holder, holder_of


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that `status --json` promises (interfaces §3), but what only the place of the tokens
    knows."""

    account: str | None
    assignment: Assignment | None
    cloud_url: str | None
    send_x_report: bool
    x_interval: timedelta
    next_x_at: datetime | None
    last_x_at: datetime | None
    last_z: Shipment | None
    counts: dict[State, int]
    waiting_since: datetime | None
    """Since when the oldest report that has not left has been waiting."""
    z_waiting_since: datetime | None
    """The same for the oldest Z that can be sent now."""
    open_stores: frozenset[str]
    """The ids of the stores that this terminal may send for now."""
    stranded: tuple[Waiting, ...]
    """The reports that wait for any other store."""
    left_out: Sequence[Span]
    """The first and last Z of each run of closed days that a person chose not to send."""
    last_try: Link
    """How the link was at the last try."""
    contact: Contact
    holder: Holder | None
    till_view: TillView
    token_place: str | None
    """Where the token that sends rests; before a store is assigned, the token of the log-in."""
    version: str
    at: datetime
    first_delivered_z: int | None = None
    """The lowest number of a Z that has ever arrived in FactoryCLOUD."""
    is_rebuilt: bool = False
    """Whether `sync.db` was built again, and FactoryCLOUD has not said yet what it has."""

    @property
    def waiting(self) -> int:
        """How many reports wait to be sent."""
        return sum(n for state, n in self.counts.items() if state.about.waits)

    @property
    def needing_a_person(self) -> int:
        """How many reports need a person."""
        return sum(n for state, n in self.counts.items() if state.about.needs_a_person)

    @property
    def link(self) -> Link:
        """How the link is now. The last try says nothing where no process sends, or where the cloud has not
        answered for long."""
        if self.holder is None:
            return replace(self.last_try, state=LinkState.UNKNOWN, next_try_at=None)
        if self.last_try.state is LinkState.ONLINE and not self.contact.is_within(FRESH, self.at):
            return replace(self.last_try, state=LinkState.UNKNOWN)
        return self.last_try

    @property
    def till(self) -> TillStatus | None:
        """What the till says of itself; None where it cannot be read."""
        return self.till_view.status


def read_status(station: Station) -> Status:
    """Read the whole state; asks neither network nor keyring. Raises `StorageError`."""
    database, now = station.database, station.clock.now()
    assignment = load_assignment(database)
    stores = open_stores(database)
    view = view_till(station)
    return Status(
        account=account(station),
        assignment=assignment,
        cloud_url=station.cloud_url,
        send_x_report=get_setting(database, "send_x_report") == "on",
        x_interval=station.x_interval,
        next_x_at=next_x_at(station),
        last_x_at=shipments.last_x_at(database),
        last_z=shipments.last_z(database),
        counts=counting.counts(database),
        waiting_since=counting.oldest_waiting_since(database),
        z_waiting_since=oldest_z_waiting_since(database),
        open_stores=stores,
        stranded=waiting_but_for(database, stores),
        left_out=_left_out(database, assignment, view),
        last_try=load_link(database) if assignment else NOT_ASSIGNED,
        contact=last_contact(database).as_of(now),
        holder=_holder(station),
        till_view=view,
        token_place=_token_place(station, assignment),
        version=station.version,
        at=now,
        first_delivered_z=shipments.first_delivered_z(database),
        is_rebuilt=was_rebuilt(database),
    )


def _left_out(database: Database, assignment: Assignment | None, view: TillView) -> Sequence[Span]:
    terminal = assignment.terminal if assignment else view.status and view.status.terminal
    return spans(days_left_out(database, terminal.id)) if terminal else ()


def _token_place(station: Station, assignment: Assignment | None) -> str | None:
    if assignment is None and account(station) is None:
        return None  # a terminal that is new loads nothing of it
    return station.credentials().place(TERMINAL if assignment else USER)


def _holder(station: Station) -> Holder | None:
    try:
        return holder_of(station.worker_lock)
    except StorageError:
        return None  # the process that wants to drain tells what is wrong with the lock


def status_document(status: Status, *, connected: bool) -> dict[str, Any]:
    """The JSON of `status --json`, exactly as interfaces §3 says. `connected`: `has_token`."""
    from factorypos_tui.core.credentials import is_encrypted  # the app needs it later

    assignment, holder = status.assignment, status.holder
    return {
        "connected": connected,
        "account": status.account,
        "assigned_by": assignment and assignment.assigned_by,
        "company": assignment and {"id": assignment.company.id, "name": assignment.company.name},
        "store": assignment and {"id": assignment.store.id, "name": assignment.store.name},
        "terminal": assignment and {"id": assignment.terminal.id, "name": assignment.terminal.name},
        "cloud_url": status.cloud_url,
        "send_x_report": status.send_x_report,
        "next_x_at": _instant(status.next_x_at),
        "last_x_at": _instant(status.last_x_at),
        "last_z": status.last_z and _last_z(status.last_z),
        "queue": _queue(status),
        "link": {
            "state": status.link.state.value,
            "reason": status.link.reason,
            "cause": status.link.cause,
            "next_try_at": _instant(status.link.next_try_at),
            "last_contact_at": _instant(status.contact.at),
        },
        "worker": {
            "running": holder is not None,
            "pid": holder and holder.pid,
            "kind": holder and holder.kind,
        },
        "till": _till(status.till_view),
        "clock": {"offset_s": status.contact.offset_s},
        "credentials": {"backend": status.token_place, "encrypted": is_encrypted(status.token_place)},
        "version": status.version,
    }


def _queue(status: Status) -> dict[str, Any]:
    since, not_queued = status.waiting_since, status.till_view.not_queued
    return {
        **{state.value: n for state, n in status.counts.items() if state.about.is_in_status},
        "oldest_pending_s": max(0, int((status.at - since).total_seconds())) if since else None,
        "uncollected": len(not_queued.uncollected),
        "unassigned": len(not_queued.unassigned),
        "left_out": [{"first": first, "last": last} for first, last in status.left_out],
    }


def _last_z(shipment: Shipment) -> dict[str, Any]:
    return {
        "number": shipment.z_number,
        "business_date": shipment.business_date.isoformat(),
        "closed_at": rfc3339(shipment.as_of),
        "delivered_at": _instant(shipment.delivered_at),
    }


def _till(view: TillView) -> dict[str, Any]:
    """The till's part of it; its values are null where the till cannot be read."""
    till = view.status
    return {
        "state": view.state.value,
        "reason": view.reason,
        "kind": till and till.kind,
        "open_period_since": _instant(till.open_period_since) if till else None,
        "receipts": till and till.receipts,
        "last_z_number": till and till.last_z_number,
        "wizard_finished": till and till.wizard_finished,
        "findings": list(map(finding_document, view.findings)),
    }


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None
