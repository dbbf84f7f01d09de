"""What there is to know of the till right now: what it says of itself, or why it cannot be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from factorypos_tui.core.delivery.closes import NotQueued, closes_not_queued
from factorypos_tui.core.errors import DamagedError, FactoryPosError, StorageError, TillAbsent, TillError
from factorypos_tui.core.models import TillFinding, TillStatus
from factorypos_tui.core.queue.held_up import held_up_findings
from factorypos_tui.core.reports.findings import in_order
from factorypos_tui.core.station import Station


class TillState(StrEnum):
    """Whether the till can be read. ABSENT: there is none, or it was never set up. UNREADABLE: it is there,
    and the system, another program or its own settings keep us out. DAMAGED: what is there is no till any
    more."""

    OK = "ok"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class TillView:
    """`reason`: why it cannot be read, in words; None where it can. `status`: None where it cannot.
    `findings`: what a person should know of its records."""

    state: TillState
    reason: str | None = None
    status: TillStatus | None = None
    not_queued: NotQueued = field(default_factory=NotQueued)
    findings: Sequence[TillFinding] = ()


def view_till(station: Station) -> TillView:
    """Ask the till. Raises `StorageError` where `sync.db` cannot be read."""
    try:
        findings = in_order([*station.till.findings(), *held_up_findings(station.database)])
        return TillView(TillState.OK, None, station.till.status(), closes_not_queued(station), findings)
    except (TillError, StorageError) as error:
        if isinstance(error, StorageError) and error.path == station.database.path:
            raise
        return TillView(_state_after(error), str(error))


def _state_after(error: FactoryPosError) -> TillState:
    if isinstance(error, TillAbsent):
        return TillState.ABSENT
    return TillState.DAMAGED if isinstance(error, DamagedError) else TillState.UNREADABLE
