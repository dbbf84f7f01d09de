"""Whether all is well with a terminal: one judgement for the command `check`, the screens and F2. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.reports.findings import needs_a_person
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState


class Grade(StrEnum):
    """How bad something is, in the words of monitoring plug-ins."""

    OK = "OK"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"
    UNKNOWN = "UNKNOWN"
    """The state cannot be told."""


class Matter(StrEnum):
    """Something that is not as it should be."""

    NOBODY_SENDS = "nobody_sends"
    """Closed days wait to be sent, and no process sends."""
    NO_STORE = "no_store"
    """Closed days wait, and no store is assigned."""
    ATTENTION = "attention"
    """The cloud refused reports."""
    LEFT_BEHIND = "left_behind"
    """Closed days have waited for too long, though a process sends."""
    NO_TILL = "no_till"
    """The till cannot be read, and a store is assigned."""
    SET_ASIDE = "set_aside"
    """A damaged file was set aside, and no person has seen that yet."""
    CANNOT_TELL = "cannot_tell"
    """There is neither till nor store."""
    NO_ADDRESS = "no_address"
    """A store is assigned, and this process knows no address to send to."""
    HELD = "held"
    """Nothing is sent until a person acts."""
    CLOCK = "clock"
    """This machine's clock is off."""
    FINDINGS = "findings"
    """The till's records have findings."""
    DISK = "disk"
    """The disk has little room."""
    STANDING = "standing"
    """Another trouble with the files that are kept here."""


GRADES = {
    Matter.NOBODY_SENDS: Grade.CRITICAL,
    Matter.NO_STORE: Grade.CRITICAL,
    Matter.ATTENTION: Grade.CRITICAL,
    Matter.LEFT_BEHIND: Grade.CRITICAL,
    Matter.NO_TILL: Grade.CRITICAL,
    Matter.SET_ASIDE: Grade.CRITICAL,
    Matter.CANNOT_TELL: Grade.UNKNOWN,
    Matter.NO_ADDRESS: Grade.WARNING,
    Matter.HELD: Grade.WARNING,
    Matter.CLOCK: Grade.WARNING,
    Matter.FINDINGS: Grade.WARNING,
    Matter.DISK: Grade.WARNING,
    Matter.STANDING: Grade.WARNING,
}
_BY_GRAVITY = (Grade.CRITICAL, Grade.UNKNOWN, Grade.WARNING, Grade.OK)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is told."""

    behind: timedelta = timedelta(hours=1)
    """How long a closed day may wait to be sent."""
    clock: timedelta = timedelta(minutes=5)
    """How far the clock may be off."""
    disk: int = 100
    """The least room on the disk, in MiB."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What `Status` does not know."""

    has_token: bool
    """Whether the token of the assigned store can be read."""
    unseen: tuple[str, ...] = ()
    """Damaged files that were set aside and that no person has noted."""
    free_mib: int | None = None
    """Room on the disk; None where the system does not tell."""
    standing: str | None = None
    """What is wrong with the files that are kept here, in words."""


def judge(status: Status, around: Surroundings, limits: Limits) -> tuple[Matter, ...]:
    """All that is not as it should be, the worst first."""
    is_assigned, not_queued = status.assignment is not None, status.till_view.not_queued
    has_till = status.till_view.state is TillState.OK
    is_to_leave = is_assigned and bool(status.z_waiting_since or not_queued.uncollected)
    held = status.last_try.state is LinkState.HELD or not around.has_token
    holds_by_matter = {
        Matter.NOBODY_SENDS: is_to_leave and status.holder is None,
        Matter.NO_STORE: bool(not_queued.unassigned or status.stranded),
        Matter.ATTENTION: status.needing_a_person > 0,
        Matter.LEFT_BEHIND: status.holder is not None and _is_left_behind(status, limits.behind),
        Matter.NO_TILL: is_assigned and not has_till,
        Matter.SET_ASIDE: bool(around.unseen),
        Matter.CANNOT_TELL: not is_assigned and not has_till,
        Matter.NO_ADDRESS: is_assigned and status.cloud_url is None,
        Matter.HELD: is_assigned and held,
        Matter.CLOCK: clock_is_off(status, limits),
        Matter.FINDINGS: any(map(needs_a_person, status.till_view.findings)),
        Matter.DISK: around.free_mib is not None and around.free_mib < limits.disk,
        Matter.STANDING: around.standing is not None,
    }
    return tuple(matter for matter, holds in holds_by_matter.items() if holds)


def grade_of(matters: tuple[Matter, ...]) -> Grade:
    """The worst grade; OK where nothing is wrong."""
    return worst([GRADES[matter] for matter in matters])


def worst(grades: Iterable[Grade]) -> Grade:
    """The worst of some grades; OK where there are none."""
    met = {*grades, Grade.OK}
    return next(grade for grade in _BY_GRAVITY if grade in met)


def nothing_waits(status: Status) -> bool:
    """Whether no closed day waits to be sent, and none needs a person."""
    return status.till_view.state is TillState.OK and not (
        status.till_view.not_queued or status.waiting or status.needing_a_person
    )


def all_is_sent(status: Status) -> bool:
    """Whether FactoryCLOUD is known to have every closed day as it was closed, and nothing else waits."""
    not_there = any(n for state, n in status.counts.items() if not state.about.is_done)
    return nothing_waits(status) and not status.left_out and not not_there


def clock_is_off(status: Status, limits: Limits) -> bool:
    """Whether this machine's clock was far from the cloud's at the cloud's last answer."""
    offset = status.contact.offset_s
    return offset is not None and timedelta(seconds=abs(offset)) > limits.clock


def _is_left_behind(status: Status, behind: timedelta) -> bool:
    if status.assignment is None:
        return False
    since, limit = status.z_waiting_since, status.at - behind
    return (since is not None and since < limit) or any(
        close.closed_at < rfc3339(limit) for close in status.till_view.not_queued.uncollected
    )
