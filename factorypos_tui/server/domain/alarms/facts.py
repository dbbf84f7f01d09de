"""What is known of one terminal, and what is wrong with it. Pure; `reading` reads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from factorypos_tui.server.documents.headings import Heading
from factorypos_tui.server.domain.alarms import turns as deciding
from factorypos_tui.server.domain.alarms.silence import (
    HABIT_DAYS,
    USUAL_GRACE,
    USUAL_PERIOD,
    Patience,
    habit,
    silent_at,
)
from factorypos_tui.server.domain.alarms.turns import Count, Facts, Found, Gap, Kind, Turn
from factorypos_tui.server.domain.chains import follows
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.ranges import today_in
from factorypos_tui.server.storage.alarm_tables import TerminalWatch
from factorypos_tui.server.storage.tables import Store, Terminal
from factorypos_tui.server.storage.watches import LastZ

MOST_GAPS = 200
MOST_CONFLICTS = 200
GAP_SETTLES = timedelta(minutes=10)
"""So long after the Z behind a gap has arrived, the numbers in it count as missing: a till that was away
sends many, and not always in order."""
ALARMING = ("in_no_z", "left_open", "changed_since")
"""The findings that an owner has to know of."""
MOST_NAMED = 5
CASH_NEWS = timedelta(days=7)
"""Cash of Zs that arrived before is no news."""


@dataclass(frozen=True, slots=True)
class TillFinding:
    """What a terminal says of its till's records."""

    code: str
    z_number: int | None
    receipts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A terminal that is looked at."""

    terminal: Terminal
    store: Store
    watch: TerminalWatch
    cash_limit: int
    """Minor units."""
    told_at: str | None = None
    """When it last told how it is, since it was assigned to where it is."""
    clock_offset_s: int | None = None
    """How far ahead its clock was then."""
    findings: tuple[TillFinding, ...] = ()
    """What it said of its till's records then."""
    leaves_out_numbers: bool = False
    """Whether it said that its till's program leaves out Z numbers."""

    @property
    def may_skip(self) -> bool:
        """Whether a missing number is no alarm, by its own words or by its owner's."""
        return self.leaves_out_numbers or bool(self.watch.may_skip)

    @property
    def closed_weekdays(self) -> frozenset[int]:
        return frozenset(map(int, self.store.closed_weekdays))

    @property
    def heard_at(self) -> str:
        """When it was last heard of: by a report, by what it says of itself, or when it was assigned."""
        return max(self.terminal.assigned_at, self.terminal.reported_at or "", self.told_at or "")


class Z(NamedTuple):
    """A Z that has arrived."""

    store_id: str
    z_number: int
    received_at: str
    heading: Heading | None
    """None where its document is damaged, or was dropped."""


class After(NamedTuple):
    """The Z after a gap."""

    store_id: str
    received_at: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that a look judges of one terminal."""

    it: Watched
    turns: Sequence[Turn]
    """Its open alarms in the stores of its account, the oldest first."""
    new: Sequence[Z] = ()
    """What has arrived since the last look."""
    is_cut: bool = False
    """Whether more than those have arrived."""
    last: Sequence[LastZ] = ()
    """Its last Zs, the newest first."""
    gaps: Sequence[tuple[int, int]] = ()
    """The numbers around each of the first gaps, in order."""
    after: Mapping[int, After] | None = None
    """By number: the Zs behind those gaps."""
    conflicts: Sequence[Found] = ()
    asked: Sequence[Z] = ()
    """Zs of before whose place in the chain is to be judged, too."""
    hashes: Mapping[int, str] | None = None
    """By number: of the Zs before those that are judged."""
    refused: Collection[str] = ()
    """The hashes of reports whose place another one has."""
    newest_count: int = 0
    """The last Z of before at which cash was counted, of those that matter here; 0 where there is none."""
    cash_known: Collection[str] = ()
    """The subjects of alarms about cash that there are or were, of those that matter here."""

    @property
    def id(self) -> str:
        return self.it.terminal.id

    def open_of(self, kind: Kind) -> list[Turn]:
        return [turn for turn in self.turns if turn.kind is kind]


@dataclass(frozen=True, slots=True)
class Missing:
    """The alarms about missing numbers."""

    found: Sequence[Found] = ()
    is_cut: bool = False
    """Whether there are more gaps than were looked at."""
    settles_at: str | None = None
    """When the first gap counts whose numbers may just be on their way."""


def missing(known: Known, now: datetime) -> Missing:
    """The alarms about the gaps of a terminal."""
    after = known.after or {}
    if known.it.may_skip or not known.gaps:
        return Missing()
    settled = instant(now - GAP_SETTLES)
    fresh = [
        it.received_at for _low, high in known.gaps if (it := after.get(high)) and it.received_at > settled
    ]
    gaps = [
        Gap(low + 1, high - 1, high not in after or after[high].received_at <= settled)
        for low, high in known.gaps
    ]
    behind = after.get(known.gaps[-1][1])
    found = [_in_store(it, behind and behind.store_id) for it in deciding.missing(gaps, known.turns)]
    settles = instant(datetime.fromisoformat(min(fresh)) + GAP_SETTLES) if fresh else None
    return Missing(found, len(known.gaps) == MOST_GAPS, settles)


def _in_store(found: Found, store_id: str | None) -> Found:
    return replace(found, store_id=store_id)


def broken_chain(known: Known) -> list[Found]:
    """The alarms about Zs that were made after another Z than the one before them here."""
    before = known.hashes or {}
    rows = {row.z_number: row for row in (*known.new, *known.asked)}
    return [
        Found(Kind.CHAIN, str(number), Facts((number,), 1), store_id=row.store_id)
        for number, row in sorted(rows.items())
        if number - 1 in before
        and row.heading is not None
        and not follows(row.heading.previous_hash, before[number - 1], known.refused)
    ]


def records(known: Known) -> list[Found]:
    """The alarms about money that is in no Z, and about closed days whose records are others now."""
    return [
        Found(
            Kind.RECORDS,
            f"{told.code} {told.z_number}",
            Facts((told.z_number,), len(receipts), code=told.code, receipts=receipts[:MOST_NAMED]),
        )
        for told in known.it.findings
        for receipts in [told.receipts or ()]
        if told.code in ALARMING and told.z_number is not None
    ]


def counted(new: Sequence[Z], now: datetime) -> dict[int, tuple[Count, str]]:
    """By number: cash that was counted lately, and its store."""
    recent = instant(now - CASH_NEWS)
    return {
        count.z_number: (count, row.store_id)
        for row in new
        if row.received_at >= recent and (count := count_of(row.heading))
    }


def count_of(heading: Heading | None) -> Count | None:
    """The count of the cash at a close, None where nobody counted."""
    if heading is None or heading.cash.over_short is None:
        return None
    return Count(heading.z_number or 0, heading.cash.over_short, heading.currency, heading.business_date)


def wrong_counts(it: Watched, counts: Mapping[int, tuple[Count, str]]) -> list[Count]:
    """Those that differ too much."""
    return [count for count, _store in counts.values() if abs(count.over_short) > it.cash_limit]


def cash(known: Known, now: datetime) -> list[Found]:
    """The alarms about cash that was counted."""
    counts = counted(known.new, now)
    wrong = wrong_counts(known.it, counts)
    newest = max(known.newest_count, max(counts, default=0))
    found = deciding.cash(wrong, known.it.cash_limit, newest, known.turns, known.cash_known)
    stores = {str(number): store_id for number, (_count, store_id) in counts.items()}
    return [_in_store(one, stores.get(one.subject)) for one in found]


def seconds_ahead(known: Known) -> int | None:
    """How far the clock of a terminal is ahead: as it told last, or by a newer Z that is dated later than it
    arrived. None where nothing is known."""
    it, newest = known.it, known.last[0] if known.last else None
    told = it.told_at if it.told_at and it.clock_offset_s is not None else ""
    if newest is not None and newest.received_at > told and (newest.days_off or 0) > 0:
        return (newest.days_off or 0) * 86_400
    if told:
        return it.clock_offset_s
    return None if newest is None else 0


def patience(known: Known, today: date) -> Patience:
    """How long a terminal may be silent."""
    it = known.it
    period, grace = it.watch.period_hours, it.watch.grace_hours
    if period is not None and grace is not None:
        return Patience(period, grace)
    usual = proposal(it, known.last, today) or Patience(USUAL_PERIOD, USUAL_GRACE)
    return Patience(usual.period if period is None else period, usual.grace if grace is None else grace)


def proposal(it: Watched, last: Sequence[LastZ], today: date) -> Patience | None:
    """What the last closes of a terminal propose."""
    first = date.fromordinal(max(1, today.toordinal() - HABIT_DAYS)).isoformat()
    days = [row.business_date for row in last if first <= row.business_date <= today.isoformat()]
    return habit(list(map(date.fromisoformat, days)), it.closed_weekdays)


@dataclass(frozen=True, slots=True)
class Silence:
    found: Sequence[Found]
    at: str | None
    """When the terminal is silent, unless it is heard of; None where it is, or never will be."""
    late_at: str | None
    """When it is late; None where its store never opens."""


def silence(known: Known, now: datetime, awake_since: datetime) -> Silence:
    """Whether a terminal is silent, or when it will be. A pause of ours ends no silence."""
    it, heard = known.it, known.it.heard_at
    allowed = patience(known, today_in(it.store, now))
    if known.open_of(Kind.SILENT):
        awake_since = datetime.min.replace(tzinfo=UTC)
    since = max(datetime.fromisoformat(heard), awake_since)
    place = it.store.timezone, it.closed_weekdays
    at = silent_at(since, allowed.allowed, *place)
    late = silent_at(since, timedelta(hours=allowed.period), *place)
    late_at = None if late is None else instant(late)
    if at is not None and at <= now:
        return Silence([Found(Kind.SILENT, "", Facts(since=heard))], None, late_at)
    return Silence([], None if at is None else instant(at), late_at)
