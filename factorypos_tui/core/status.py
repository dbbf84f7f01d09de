"""The state of one terminal at a glance: what `status --json` prints and every screen's status line shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from factorypos_tui.core import shipments
from factorypos_tui.core.accounts import account
from factorypos_tui.core.assignment import Assignment, load_assignment
from factorypos_tui.core.collector import next_x_at
from factorypos_tui.core.errors import StorageError, TillError
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.link import NOT_ASSIGNED, Link, load_link
from factorypos_tui.core.lock import Holder, holder_of
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.settings import fact, get_setting
from factorypos_tui.core.shipments import Shipment, State
from factorypos_tui.core.station import Station


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `status --json` promises (interfaces §3); `till` is None where there is none."""

    account: str | None
    assignment: Assignment | None
    cloud_url: str | None
    send_x_report: bool
    x_interval: timedelta
    next_x_at: datetime | None
    last_x_at: datetime | None
    last_z: Shipment | None
    counts: dict[State, int]
    oldest_waiting_s: int | None
    link: Link
    holder: Holder | None
    till: TillStatus | None
    credentials_backend: str | None
    credentials_encrypted: bool
    version: str

    @property
    def waiting(self) -> int:
        """Reports that still have to leave."""
        return self.counts[State.PENDING] + self.counts[State.SENDING]


def read_status(station: Station) -> Status:
    """Read it all; asks neither network nor keyring. Raises `StorageError`."""
    database = station.database
    assignment = load_assignment(database)
    oldest = shipments.oldest_waiting_since(database)
    try:
        till = station.till.status()
    except (TillError, StorageError):
        till = None  # what is wrong with it is said by who needs it
    return Status(
        account=account(station),
        assignment=assignment,
        cloud_url=station.cloud_url,
        send_x_report=get_setting(database, "send_x_report") == "on",
        x_interval=station.x_interval,
        next_x_at=next_x_at(station),
        last_x_at=shipments.last_x_at(database),
        last_z=shipments.last_z(database),
        counts=shipments.counts(database),
        oldest_waiting_s=max(0, int((station.clock.now() - oldest).total_seconds())) if oldest else None,
        link=load_link(database) if assignment else NOT_ASSIGNED,
        holder=_holder(station),
        till=till,
        credentials_backend=fact(database, "credentials_backend"),
        credentials_encrypted=fact(database, "credentials_encrypted") == "yes",
        version=station.version,
    )


def _holder(station: Station) -> Holder | None:
    try:
        return holder_of(station.worker_lock)
    except StorageError:
        return None  # who wants to drain says what is wrong with the lock


def status_document(status: Status) -> dict[str, Any]:
    """The JSON of `status --json`, word by word as interfaces §3 has it."""
    assignment, holder = status.assignment, status.holder
    return {
        "connected": status.account is not None,
        "account": status.account,
        "company": assignment and {"id": assignment.company.id, "name": assignment.company.name},
        "store": assignment and {"id": assignment.store.id, "name": assignment.store.name},
        "terminal": assignment and {"id": assignment.terminal.id, "name": assignment.terminal.name},
        "cloud_url": status.cloud_url,
        "send_x_report": status.send_x_report,
        "next_x_at": _instant(status.next_x_at),
        "last_x_at": _instant(status.last_x_at),
        "last_z": status.last_z and _last_z(status.last_z),
        "queue": {
            **{state.value: status.counts[state] for state in State if state is not State.SUPERSEDED},
            "oldest_pending_s": status.oldest_waiting_s,
        },
        "link": {
            "state": status.link.state.value,
            "reason": status.link.reason,
            "next_try_at": _instant(status.link.next_try_at),
        },
        "worker": {
            "running": holder is not None,
            "pid": holder and holder.pid,
            "kind": holder and holder.kind,
        },
        "till": status.till and _till(status.till),
        "credentials": {"backend": status.credentials_backend, "encrypted": status.credentials_encrypted},
        "version": status.version,
    }


def _last_z(shipment: Shipment) -> dict[str, Any]:
    return {
        "number": shipment.z_number,
        "business_date": shipment.business_date.isoformat(),
        "closed_at": rfc3339(shipment.as_of),
        "delivered_at": _instant(shipment.delivered_at),
    }


def _till(till: TillStatus) -> dict[str, Any]:
    return {
        "kind": till.kind,
        "open_period_since": _instant(till.open_period_since),
        "receipts": till.receipts,
        "last_z_number": till.last_z_number,
        "wizard_finished": till.wizard_finished,
    }


def _instant(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None
