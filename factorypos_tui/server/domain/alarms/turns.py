"""When an alarm begins, goes on and ends, decided from what is known of a terminal. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

MOST_NUMBERS = 20
"""Named in one alarm."""


class Kind(StrEnum):
    """What can be wrong, the most urgent first."""

    CONFLICT = "conflict"
    """Two reports have one place, and nobody has decided."""
    MISSING = "missing_z"
    """Z numbers between others have not arrived."""
    CHAIN = "broken_chain"
    """A Z was made after another one than the Z before it here."""
    RECORDS = "records"
    """The till has money that is in no Z, or a closed day whose records are others now."""
    CASH = "cash"
    """The cash counted differs too much from what was expected."""
    SILENT = "silent"
    """A terminal was not heard of for too long."""
    CLOCK = "clock"
    """The clock of a terminal is wrong."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an alarm says; what does not concern its kind is left out."""

    numbers: tuple[int, ...] = ()
    """The first Z numbers that it is about."""
    count: int = 0
    """How many there are: missing numbers, or reports for one place."""
    first: int | None = None
    last: int | None = None
    """Between these numbers, both included, some are missing."""
    amount: int | None = None
    """Over, or below zero short; minor units of `currency`."""
    currency: str | None = None
    seconds: int | None = None
    """How far a clock is ahead."""
    since: str | None = None
    """When a terminal was last heard of."""
    report_id: str | None = None
    """The report that has the place."""
    business_date: str | None = None
    code: str | None = None
    """What the till says of its records."""
    receipts: tuple[str, ...] = ()
    """The numbers of the first receipts that it is about."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is wrong."""

    kind: Kind
    subject: str
    facts: Facts
    is_over: bool = False
    """It was wrong, and is not any more."""
    store_id: str | None = None
    """Where that is not the terminal's own store of now."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An alarm that is open."""

    id: str
    kind: Kind
    subject: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Change:
    begin: tuple[Found, ...]
    go_on: tuple[tuple[Turn, Facts], ...]
    """With facts that changed."""
    end: tuple[Turn, ...]


def change(turns: Sequence[Turn], found: Iterable[Found], unsure: Collection[Kind] = ()) -> Change:
    """What to do with the open alarms of a terminal. `unsure`: kinds of which not all that is wrong could be
    looked at, so none of them ends."""
    wrong = {(it.kind, it.subject): it for it in found}
    is_open = {(it.kind, it.subject) for it in turns}
    return Change(
        tuple(it for place, it in wrong.items() if place not in is_open),
        tuple(
            (it, now.facts)
            for it in turns
            if (now := wrong.get((it.kind, it.subject))) and not now.is_over and now.facts != it.facts
        ),
        tuple(
            it
            for it in turns
            if it.kind not in unsure and ((now := wrong.get((it.kind, it.subject))) is None or now.is_over)
        ),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Z numbers that are missing, both ends included."""

    first: int
    last: int
    is_settled: bool = True
    """Whether the Z after them has been here for so long that they are not just on their way."""


def missing(gaps: Sequence[Gap], turns: Iterable[Turn]) -> list[Found]:
    """The alarms about gaps in order. A number that is missing within an open alarm belongs to that one; all
    others begin one together."""
    left, found = list(gaps), []
    for turn in turns:
        first, last = turn.facts.first, turn.facts.last
        if turn.kind is Kind.MISSING and first is not None and last is not None:
            inside, left = _cut(left, first, last)
            if inside:
                found.append(_missing(inside, turn.subject, turn.facts))
    if new := [gap for gap in left if gap.is_settled]:
        bounds = Facts(first=new[0].first, last=new[-1].last)
        found.append(_missing(new, str(new[0].first), bounds))
    return found


def _cut(gaps: Iterable[Gap], first: int, last: int) -> tuple[list[Gap], list[Gap]]:
    """What of some gaps lies between two numbers, and what does not."""
    inside: list[Gap] = []
    outside: list[Gap] = []
    for gap in gaps:
        parts = (
            (outside, gap.first, min(gap.last, first - 1)),
            (inside, max(gap.first, first), min(gap.last, last)),
            (outside, max(gap.first, last + 1), gap.last),
        )
        for target, low, high in parts:
            if low <= high:
                target.append(replace(gap, first=low, last=high))
    return inside, outside


def _missing(gaps: Sequence[Gap], subject: str, bounds: Facts) -> Found:
    numbers: list[int] = []
    for gap in gaps:
        room = MOST_NUMBERS - len(numbers)
        numbers += range(gap.first, min(gap.last, gap.first + room - 1) + 1)
    count = sum(gap.last - gap.first + 1 for gap in gaps)
    facts = Facts(numbers=tuple(numbers), count=count, first=bounds.first, last=bounds.last)
    return Found(Kind.MISSING, subject, facts)


@dataclass(frozen=True, slots=True)
class Count:
    """Cash that was counted at a close."""

    z_number: int
    over_short: int
    currency: str
    business_date: str

    @property
    def facts(self) -> Facts:
        day = self.business_date
        return Facts((self.z_number,), 1, amount=self.over_short, currency=self.currency, business_date=day)


def cash(
    new: Iterable[Count], limit: int, newest: int, turns: Iterable[Turn], known: Collection[str]
) -> list[Found]:
    """The alarms about cash. `newest`: the last Z at which it was counted; only that one's stays open.
    `known`: the subjects of alarms that there are or were."""
    stays = [
        Found(Kind.CASH, it.subject, it.facts)
        for it in turns
        if it.kind is Kind.CASH and int(it.subject) >= newest and abs(it.facts.amount or 0) > limit
    ]
    begins = [
        Found(
            Kind.CASH,
            str(it.z_number),
            Facts(
                (it.z_number,), 1, amount=it.over_short, currency=it.currency, business_date=it.business_date
            ),
            is_over=it.z_number < newest,
        )
        for it in new
        if abs(it.over_short) > limit and str(it.z_number) not in known
    ]
    return [*stays, *begins]


CLOCK_OFF, CLOCK_RIGHT = 300, 120
"""Seconds: a clock that differs by more is wrong, and right again once it differs by no more than the second.
Between them nothing begins and nothing ends."""


def clock(seconds: int | None, turn: Turn | None) -> list[Found]:
    """The alarm about a clock. `seconds`: how far it is ahead, as far as that is known."""
    if seconds is None:
        return [Found(Kind.CLOCK, "", turn.facts)] if turn else []
    wrong = abs(seconds) > (CLOCK_RIGHT if turn else CLOCK_OFF)
    return [Found(Kind.CLOCK, "", Facts(seconds=seconds))] if wrong else []
