"""Whether all is well with a terminal: one judgement for the command `check`, the screens and F2. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.shipments import State
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState


class Grade(StrEnum):
    """How bad something is, in the words of monitoring plug-ins; `UNKNOWN`: nobody can tell."""

    OK = "OK"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"
    UNKNOWN = "UNKNOWN"


class Matter(StrEnum):
    """What is not as it should be.

    NOBODY_SENDS: closed days are to leave, and no process sends. NO_STORE: closed days have no store that is
    in force. ATTENTION: the cloud refused reports. LEFT_BEHIND: closed days have not left for too long,
    though somebody sends. NO_TILL: the till cannot be read, and a store is assigned. SET_ASIDE: a damaged
    file was set aside, and nobody has seen that yet. CANNOT_TELL: there is neither till nor store. HELD:
    nothing will go until somebody acts. CLOCK: this machine's clock is off. FINDINGS: the till's records.
    DISK: little room. STANDING: what else is wrong with what is kept here."""

    NOBODY_SENDS = "nobody_sends"
    NO_STORE = "no_store"
    ATTENTION = "attention"
    LEFT_BEHIND = "left_behind"
    NO_TILL = "no_till"
    SET_ASIDE = "set_aside"
    CANNOT_TELL = "cannot_tell"
    HELD = "held"
    CLOCK = "clock"
    FINDINGS = "findings"
    DISK = "disk"
    STANDING = "standing"


GRADES = {
    Matter.NOBODY_SENDS: Grade.CRITICAL,
    Matter.NO_STORE: Grade.CRITICAL,
    Matter.ATTENTION: Grade.CRITICAL,
    Matter.LEFT_BEHIND: Grade.CRITICAL,
    Matter.NO_TILL: Grade.CRITICAL,
    Matter.SET_ASIDE: Grade.CRITICAL,
    Matter.CANNOT_TELL: Grade.UNKNOWN,
    Matter.HELD: Grade.WARNING,
    Matter.CLOCK: Grade.WARNING,
    Matter.FINDINGS: Grade.WARNING,
    Matter.DISK: Grade.WARNING,
    Matter.STANDING: Grade.WARNING,
}
_BY_GRAVITY = (Grade.CRITICAL, Grade.UNKNOWN, Grade.WARNING, Grade.OK)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is said. `behind`: how long a closed day may take to leave. `clock`: how far
    the clock may be off. `disk`: the least room on the disk, in MiB."""

    behind: timedelta = timedelta(hours=1)
    clock: timedelta = timedelta(minutes=5)
    disk: int = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What `Status` does not know. `has_token`: of the store in force. `unseen`: damaged files that were set
    aside. `free_mib`: room on the disk, None where it cannot be asked. `standing`: what is wrong with what is
    kept here, in words."""

    has_token: bool
    unseen: tuple[str, ...] = ()
    free_mib: int | None = None
    standing: str | None = None


def judge(status: Status, around: Surroundings, limits: Limits) -> tuple[Matter, ...]:
    """All that is not as it should be, the gravest first."""
    is_assigned, not_queued = status.assignment is not None, status.till_view.not_queued
    has_till = status.till_view.state is TillState.OK
    is_to_leave = is_assigned and bool(status.z_waiting_since or not_queued.uncollected)
    held = status.last_try.state is LinkState.HELD or not around.has_token
    found = {
        Matter.NOBODY_SENDS: is_to_leave and status.holder is None,
        Matter.NO_STORE: bool(not_queued.unassigned or status.stranded),
        Matter.ATTENTION: status.counts[State.ATTENTION] > 0,
        Matter.LEFT_BEHIND: status.holder is not None and _is_left_behind(status, limits.behind),
        Matter.NO_TILL: is_assigned and not has_till,
        Matter.SET_ASIDE: bool(around.unseen),
        Matter.CANNOT_TELL: not is_assigned and not has_till,
        Matter.HELD: is_assigned and held,
        Matter.CLOCK: clock_is_off(status, limits),
        Matter.FINDINGS: bool(status.till_view.findings),
        Matter.DISK: around.free_mib is not None and around.free_mib < limits.disk,
        Matter.STANDING: around.standing is not None,
    }
    return tuple(matter for matter, holds in found.items() if holds)


def grade_of(matters: tuple[Matter, ...]) -> Grade:
    """The gravest; OK where nothing is wrong."""
    grades = {GRADES[matter] for matter in matters} | {Grade.OK}
    return next(grade for grade in _BY_GRAVITY if grade in grades)


def nothing_waits(status: Status) -> bool:
    """Whether no closed day is still to leave, and nobody has to look at one."""
    return status.till_view.state is TillState.OK and not (
        status.till_view.not_queued or status.waiting or status.counts[State.ATTENTION]
    )


def all_is_sent(status: Status) -> bool:
    """Whether every closed day is known to lie in the cloud as it was closed, and nothing else waits."""
    return nothing_waits(status) and not status.left_out and not status.counts[State.ACCEPTED]


def clock_is_off(status: Status, limits: Limits) -> bool:
    """Whether this machine's clock was far from the cloud's when that was heard last."""
    offset = status.contact.offset_s
    return offset is not None and timedelta(seconds=abs(offset)) > limits.clock


def _is_left_behind(status: Status, behind: timedelta) -> bool:
    if status.assignment is None:
        return False
    since, limit = status.z_waiting_since, status.at - behind
    return (since is not None and since < limit) or any(
        close.closed_at < rfc3339(limit) for close in status.till_view.not_queued.uncollected
    )
