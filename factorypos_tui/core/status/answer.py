"""The first question of an operator: is all sent, and may this machine be switched off? Pure."""

from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.findings import holds_up
from factorypos_tui.core.status.first_steps import can_make_a_till, first_steps
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState
from factorypos_tui.core.status.wording import exception_words, reading_words


class Tone(StrEnum):
    """What an answer means for the operator."""

    SENT = "sent"
    WAITING = "waiting"
    """It goes on by itself."""
    WRONG = "wrong"
    """A person has to act."""
    STEP = "step"
    """A step of the set-up is still to be done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence or two, and what they mean."""

    tone: Tone
    words: str


def answer(status: Status, trouble: str | None = None) -> Answer:
    """Whether all is sent; else what is not, and why. The worst is told first. While there is `trouble` with
    the files that are kept here, that they tell of nothing that waits proves nothing."""
    told = _of_the_days(status)
    if trouble and told.tone is not Tone.WRONG:
        return Answer(Tone.WRONG, _("Something is wrong on this machine: read the lines below."))
    return told


def _of_the_days(status: Status) -> Answer:
    if attention := status.needing_a_person:
        words = counted(
            "{n} report needs you: F3 shows it.", "{n} reports need you: F3 shows them.", attention
        )
        return Answer(Tone.WRONG, " ".join([words, _("All is safe here.")]))
    if status.till_view.state is not TillState.OK and not _is_to_come(status):
        return Answer(Tone.WRONG, _("The till cannot be read. Days closed meanwhile are not queued yet."))
    if status.assignment is None or status.till_view.state is not TillState.OK:
        return _while_set_up(status)
    if days := len(status.till_view.not_queued.unassigned):
        return Answer(Tone.WRONG, _without_a_store(days))
    if held_up := sum(map(holds_up, status.till_view.findings)):
        words = counted(
            "{n} closed day makes no report until its rows at the till are mended.",
            "{n} closed days make no report until their rows at the till are mended.",
            held_up,
        )
        return Answer(Tone.WRONG, words)
    return _of_what_is_left(status)


def _of_what_is_left(status: Status) -> Answer:
    """What waits, of days that a store is assigned for."""
    if status.holder and (reading := status.till_view.not_queued.reading):
        return Answer(Tone.WAITING, " ".join([f"{reading_words(reading)}.", _("It goes on by itself.")]))
    waiting = status.waiting + len(status.till_view.not_queued.uncollected)
    if not waiting:
        return _nothing_waits(status)
    if stranded := sum(waiting.reports for waiting in status.stranded):
        words = counted(
            "{n} report waits for a store of another log-in.",
            "{n} reports wait for a store of another log-in.",
            stranded,
        )
        return Answer(Tone.WRONG, " ".join([words, _("All is safe here.")]))
    if status.holder is None:
        return Answer(Tone.WRONG, " ".join([_not_on_its_way(status, waiting), _("All is safe here.")]))
    if status.link.state is LinkState.HELD:
        words = counted(
            "{n} report waits here, safe, until you act.",
            "{n} reports wait here, safe, until you act.",
            waiting,
        )
        return Answer(Tone.WRONG, words)
    return Answer(Tone.WAITING, " ".join([_waits_here(waiting), _("You may switch off.")]))


def _is_to_come(status: Status) -> bool:
    """Whether there is no till because there never was one: it is one of the first steps."""
    is_absent = status.till_view.state is TillState.ABSENT
    return is_absent and status.last_z is None and first_steps(status) is not None


def _while_set_up(status: Status) -> Answer:
    """What is sent and what waits while no store is assigned or there is no till, and the step to that."""
    words = []
    if days := len(status.till_view.not_queued.unassigned):
        words.append(_without_a_store(days))
    if status.waiting:
        words.append(_waits_here(status.waiting))
    if not words:
        is_new = status.last_z is None and status.first_delivered_z is None
        words.append(_("Nothing is sent yet.") if is_new else _all_is_sent(status))
    step = _("Assign a business.") if status.account else _("Log in first.")
    if (status.account or status.assignment) and status.till is None:
        step = _("Make a till: F6.") if can_make_a_till(status) else _("The till cannot be read.")
    return Answer(Tone.STEP, " ".join([*words, step]))


def _without_a_store(days: int) -> str:
    return counted(
        "{n} closed day waits at the till for a store.",
        "{n} closed days wait at the till for a store.",
        days,
    )


def _nothing_waits(status: Status) -> Answer:
    if status.last_z is None and not exception_words(status):
        return Answer(Tone.SENT, _("No day has been closed yet: nothing waits. You may switch off."))
    return Answer(Tone.SENT, " ".join([_all_is_sent(status), _("You may switch off.")]))


def _all_is_sent(status: Status) -> str:
    but = ", ".join(exception_words(status))
    return (
        _("Everything is sent but {exceptions}.").format(exceptions=but) if but else _("Everything is sent.")
    )


def _waits_here(reports: int) -> str:
    return counted("{n} report waits here, safe.", "{n} reports wait here, safe.", reports)


def _not_on_its_way(status: Status, waiting: int) -> str:
    last, uncollected = status.last_z, status.till_view.not_queued.uncollected
    numbers = [close.z_number for close in uncollected]
    if last and last.state is State.PENDING and last.z_number:
        numbers.append(last.z_number)
    if waiting == len(numbers) == 1:
        return _("Z {n} is not on its way: no process sends.").format(n=numbers[0])
    return counted(
        "{n} report is not on its way: no process sends.",
        "{n} reports are not on their way: no process sends.",
        waiting,
    )
