"""The judgement in words."""

from collections.abc import Callable, Mapping

from factorypos_tui.core.delivery.link import Link
from factorypos_tui.core.language import _, counted, format_number
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.queue.wording import reason_words, waiting_words
from factorypos_tui.core.reports.findings import Code, finding_words, needs_a_person
from factorypos_tui.core.status.judging import Matter, Surroundings
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import (
    clock_words,
    no_address_words,
    waiting_since,
)


def matter_words(matter: Matter, status: Status, around: Surroundings) -> str:
    """What is wrong, and what to do."""
    return _WORDS[matter](status, around)


def _nobody_sends(status: Status, _around: Surroundings) -> str:
    words = _("Closed days wait since {when}, and nobody sends: start the app or the service.")
    if status.token_place == "systemd":  # noqa: S105 - a place, not a token
        words = _("Closed days wait since {when}, and nobody sends: start the service, which has the token.")
    return words.format(when=_since(status))


def _left_behind(status: Status, _around: Surroundings) -> str:
    words = _("Closed days have not left since {when}.").format(when=_since(status))
    return f"{words} {_sentence(status.last_try)}".rstrip()


def _no_store(status: Status, _around: Surroundings) -> str:
    days, sentences = len(status.till_view.not_queued.unassigned), []
    if days:
        sentences.append(
            counted(
                "{n} closed day has no store yet: assign one.",
                "{n} closed days have no store yet: assign one.",
                days,
            )
        )
    return " ".join([*sentences, *map(waiting_words, status.stranded)])


def _attention(status: Status, _around: Surroundings) -> str:
    n = status.needing_a_person
    return counted(
        "{n} report needs a person: {command} shows it.",
        "{n} reports need a person: {command} shows them.",
        n,
        command=command("queue list --state attention"),
    )


def _till(status: Status, _around: Surroundings) -> str:
    return status.till_view.reason or ""


def _set_aside(_status: Status, around: Surroundings) -> str:
    words = _("A damaged file was set aside: {files}. Once you have seen to it: {command}.")
    return words.format(files=", ".join(around.unseen), command=command("check --seen"))


def _no_address(_status: Status, _around: Surroundings) -> str:
    return no_address_words()


def _held(status: Status, around: Surroundings) -> str:
    return _sentence(status.last_try if around.has_token else Link(reason="no_token"))


def _clock(status: Status, _around: Surroundings) -> str:
    return clock_words(status.contact.offset_s or 0)


def _findings(status: Status, _around: Surroundings) -> str:
    """How many findings there are. Those of the running day that a person must act on are told in full."""
    n = sum(map(needs_a_person, status.till_view.findings))
    acted_on = (Code.CLOCK_BEHIND, Code.DAY_OPEN)
    pressing = [found for found in status.till_view.findings if found.code in acted_on]
    sentence = counted(
        "{n} finding in the till's records: {command} names it.",
        "{n} findings in the till's records: {command} names them.",
        n,
        command=command("status"),
    )
    return " ".join([sentence, *map(finding_words, pressing)])


def _disk(_status: Status, around: Surroundings) -> str:
    return _("The disk has {n} MiB left.").format(n=format_number(around.free_mib or 0))


def _standing(_status: Status, around: Surroundings) -> str:
    return around.standing or ""


_WORDS: Mapping[Matter, Callable[[Status, Surroundings], str]] = {
    Matter.NOBODY_SENDS: _nobody_sends,
    Matter.NO_STORE: _no_store,
    Matter.ATTENTION: _attention,
    Matter.LEFT_BEHIND: _left_behind,
    Matter.NO_TILL: _till,
    Matter.SET_ASIDE: _set_aside,
    Matter.CANNOT_TELL: _till,
    Matter.NO_ADDRESS: _no_address,
    Matter.HELD: _held,
    Matter.CLOCK: _clock,
    Matter.FINDINGS: _findings,
    Matter.DISK: _disk,
    Matter.STANDING: _standing,
}


def _since(status: Status) -> str:
    since = waiting_since(status)
    return when_words(since, status.at) if since else "?"


def _sentence(link: Link) -> str:
    return as_sentence(reason_words(link.cause or link.reason or ""))
