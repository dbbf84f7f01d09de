"""What is known of the till now: what it says of itself, or why it cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from factorypos_tui.core.capabilities import READ_ONLY, Capabilities
from factorypos_tui.core.delivery.closes import NotQueued, closes_not_queued
from factorypos_tui.core.errors import DamagedError, FactoryPosError, StorageError, TillAbsent, TillError
from factorypos_tui.core.models import TillFinding, TillStatus
from factorypos_tui.core.queue.held_up import held_up_findings
from factorypos_tui.core.reports.findings import in_order
from factorypos_tui.core.station import Station


class TillState(StrEnum):
    """Whether the till can be read."""

    OK = "ok"
    ABSENT = "absent"
    """There is no till, or it was never set up."""
    UNREADABLE = "unreadable"
    """It is there, but the system, another program or its own settings keep us from reading it."""
    DAMAGED = "damaged"
    """The file is no till any more."""


@dataclass(frozen=True, slots=True)
class TillView:
    """The till, as far as it can be read."""

    state: TillState
    reason: str | None = None
    """Why it cannot be read, in words; None where it can."""
    status: TillStatus | None = None
    """None where it cannot be read."""
    not_queued: NotQueued = field(default_factory=NotQueued)
    findings: Sequence[TillFinding] = ()
    """What a person should know of its records."""
    can: Capabilities = READ_ONLY
    """What can be done to it from here."""
    kind: str = ""
    """The word for it under `[till]` in `config.toml`."""


def view_till(station: Station) -> TillView:
    """Read the till. Raises `StorageError` where `sync.db` cannot be read."""
    till, can = station.till, station.till.can
    try:
        findings = in_order([*till.findings(), *held_up_findings(station.database)])
        not_queued = closes_not_queued(station)
        return TillView(TillState.OK, None, till.status(), not_queued, findings, can, till.kind)
    except (TillError, StorageError) as error:
        if isinstance(error, StorageError) and error.path == station.database.path:
            raise
        return TillView(_state_after(error), str(error), can=can, kind=till.kind)


def _state_after(error: FactoryPosError) -> TillState:
    if isinstance(error, TillAbsent):
        return TillState.ABSENT
    return TillState.DAMAGED if isinstance(error, DamagedError) else TillState.UNREADABLE
