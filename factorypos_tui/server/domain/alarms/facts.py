"""What is known of one terminal, read for the decision about its alarms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import Database, fn

from factorypos_tui.server.documents.headings import Heading, heading_if_any
from factorypos_tui.server.domain.alarms import turns as deciding
from factorypos_tui.server.domain.alarms.silence import HABIT_DAYS, USUAL_GRACE, USUAL_PERIOD, Patience, habit
from factorypos_tui.server.domain.alarms.turns import Count, Facts, Found, Gap, Kind, Turn
from factorypos_tui.server.domain.chains import follows, refused_hashes
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.domain.numbers import gaps
from factorypos_tui.server.domain.settlements import of_held, with_held
from factorypos_tui.server.domain.states import last_states
from factorypos_tui.server.storage.alarm_tables import Alarm, TerminalWatch
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Conflict, Store, Terminal

MOST_NEW = 1_000
"""Zs that one look judges."""
MOST_GAPS = 200
MOST_CONFLICTS = 200
RECENT_CLOSES = 60
GAP_SETTLES = timedelta(minutes=10)
"""So long after the Z behind a gap has arrived, the numbers in it count as missing: a till that was away
sends many, and not always in order."""
CASH_NEWS = timedelta(days=7)
"""Cash of Zs that arrived before is no news."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A terminal that is looked at."""

    terminal: Terminal
    store: Store
    watch: TerminalWatch
    cash_limit: int

    @property
    def closed_weekdays(self) -> frozenset[int]:
        return frozenset(map(int, self.store.closed_weekdays))


class Z(NamedTuple):
    """A Z that has arrived."""

    store_id: str
    z_number: int
    received_at: str
    heading: Heading | None
    """None where its document is damaged, or was dropped."""


def new_zs(database: Database, it: Watched) -> tuple[list[Z], bool]:
    """The Zs that have arrived since the last look, and whether there are more."""
    query = _with_headings().where(_zs(it.terminal), ZReport.received_at > it.watch.looked_at)
    found = list(_read(database, query.order_by(ZReport.received_at).limit(MOST_NEW + 1)))
    if len(found) <= MOST_NEW:
        return found, False
    return [one for one in found if one.received_at < found[-1].received_at] or found, True


def _with_headings() -> Any:
    return zs_with_bodies(ZReport.store_id, ZReport.z_number, ZReport.received_at)


def _read(database: Database, query: Any) -> Iterator[Z]:
    for store_id, z_number, received_at, document in query.tuples().execute(database):
        heading = None if document is None else heading_if_any(bytes(document))
        yield Z(store_id, z_number, received_at, heading)


def _zs(terminal: Terminal) -> Any:
    """The Zs of a terminal in the stores of its account."""
    known = ZReport.store_id.in_(stores_of(terminal.account_id))
    return (ZReport.terminal_id == terminal.id) & known


@dataclass(frozen=True, slots=True)
class Missing:
    """The alarms about missing numbers."""

    found: Sequence[Found] = ()
    is_cut: bool = False
    """Whether there are more gaps than were looked at."""
    is_settling: bool = False
    """Whether there are gaps whose numbers may just be on their way."""


def missing(database: Database, it: Watched, turns: Sequence[Turn], now: datetime) -> Missing:
    """The alarms about the gaps of a terminal."""
    if it.watch.may_skip:
        return Missing()
    around = gaps(database, it.terminal.id, it.terminal.account_id, MOST_GAPS)
    if not around:
        return Missing()
    after = {row.z_number: row for row in _by_number(database, it.terminal, [high for _low, high in around])}
    settled = instant(now - GAP_SETTLES)
    known = [
        Gap(low + 1, high - 1, high not in after or after[high].received_at <= settled)
        for low, high in around
    ]
    found = deciding.missing(known, turns)
    last = after[around[-1][1]].store_id if around[-1][1] in after else None
    is_settling = not all(gap.is_settled for gap in known)
    return Missing([_in_store(one, last) for one in found], len(around) == MOST_GAPS, is_settling)


def _in_store(found: Found, store_id: str | None) -> Found:
    return Found(found.kind, found.subject, found.facts, found.is_over, store_id)


def _by_number(database: Database, terminal: Terminal, numbers: Iterable[int]) -> list[ZReport]:
    columns = (ZReport.z_number, ZReport.store_id, ZReport.received_at, ZReport.content_hash)
    query = ZReport.select(*columns).where(_zs(terminal), ZReport.z_number.in_(list(numbers)))
    return list(query.bind(database))


def conflicts(database: Database, it: Watched) -> tuple[list[Found], bool]:
    """The alarms about reports for one place, and whether there are more than were looked at."""
    same = (Conflict.held_id, ZReport.z_number, of_held("business_date"), of_held("store_id"))
    query = with_held(Conflict.select(*same, fn.COUNT(1), fn.MIN(Conflict.received_at))).group_by(*same)
    query = query.where(Conflict.terminal_id == it.terminal.id, Conflict.settled_at.is_null())
    query = query.where(of_held("store_id").in_(stores_of(it.terminal.account_id)))
    rows = query.order_by(fn.MIN(Conflict.received_at)).limit(MOST_CONFLICTS).tuples().execute(database)
    found = [
        Found(
            Kind.CONFLICT,
            report_id,
            Facts((number,) if number else (), others + 1, report_id=report_id, business_date=business_date),
            store_id=store_id,
        )
        for report_id, number, business_date, store_id, others, _since in rows
    ]
    return found, len(found) == MOST_CONFLICTS


def broken_chain(database: Database, it: Watched, new: Sequence[Z], turns: Iterable[Turn]) -> list[Found]:
    """The alarms about Zs that were made after another Z than the one before them here."""
    here = {row.z_number for row in new}
    asked = {int(turn.subject) for turn in turns if turn.kind is Kind.CHAIN}
    if not here and not asked:
        return []
    others = (asked | {number + 1 for number in here}) - here
    more = _with_headings().where(_zs(it.terminal), ZReport.z_number.in_(list(others)))
    rows = {row.z_number: row for row in (*new, *_read(database, more))}
    before = {row.z_number: row for row in _by_number(database, it.terminal, [n - 1 for n in rows])}
    refused = refused_hashes(database, it.terminal.id)
    return [
        Found(Kind.CHAIN, str(number), Facts((number,), 1), store_id=row.store_id)
        for number, row in sorted(rows.items())
        if (earlier := before.get(number - 1)) is not None
        and row.heading is not None
        and not follows(row.heading.previous_hash, earlier.content_hash, refused)
    ]


def cash(
    database: Database, it: Watched, new: Sequence[Z], turns: Sequence[Turn], now: datetime
) -> list[Found]:
    """The alarms about cash that was counted."""
    recent = instant(now - CASH_NEWS)
    counted = {
        count.z_number: (count, row.store_id)
        for row in new
        if row.received_at >= recent and (count := _count(row.heading))
    }
    wrong = [count for count, _store in counted.values() if abs(count.over_short) > it.cash_limit]
    if not wrong and not any(turn.kind is Kind.CASH for turn in turns):
        return []
    newest = max(_newest_count(database, it), max(counted, default=0))
    subjects = [str(count.z_number) for count in wrong]
    alarms = Alarm.select(Alarm.subject).where(
        Alarm.terminal_id == it.terminal.id, Alarm.kind == Kind.CASH, Alarm.subject.in_(subjects)
    )
    known = {row.subject for row in alarms.bind(database)}
    return [
        _in_store(found, counted[int(found.subject)][1] if int(found.subject) in counted else None)
        for found in deciding.cash(wrong, it.cash_limit, newest, turns, known)
    ]


def _count(heading: Heading | None) -> Count | None:
    if heading is None or heading.cash.over_short is None:
        return None
    return Count(heading.z_number or 0, heading.cash.over_short, heading.currency, heading.business_date)


def _newest_count(database: Database, it: Watched) -> int:
    """The last Z of the most recent ones at which the cash was counted; 0 where it was not."""
    query = _with_headings().where(_zs(it.terminal)).order_by(ZReport.z_number.desc())
    for row in _read(database, query.limit(RECENT_CLOSES)):
        if count := _count(row.heading):
            return count.z_number
    return 0


def seconds_ahead(database: Database, it: Watched) -> int | None:
    """How far the clock of a terminal is ahead: as it told last, or by a newer Z that is dated later than it
    arrived. None where nothing is known."""
    state = last_states(database, [it.terminal]).get(it.terminal.id)
    last = ZReport.select(ZReport.days_off, ZReport.received_at).where(_zs(it.terminal))
    newest = last.order_by(ZReport.z_number.desc()).get_or_none(database)
    told = state.told_at if state and state.clock_offset_s is not None else ""
    if newest is not None and newest.received_at > told and (newest.days_off or 0) > 0:
        return (newest.days_off or 0) * 86_400
    if state and state.clock_offset_s is not None:
        return int(state.clock_offset_s)
    return None if newest is None else 0


def heard_at(database: Database, terminal: Terminal) -> str:
    """When a terminal was last heard of: by a report, by what it says of itself, or when it was assigned."""
    state = last_states(database, [terminal]).get(terminal.id)
    return max(terminal.assigned_at, terminal.reported_at or "", state.told_at if state else "")


def patience(database: Database, it: Watched, today: date) -> tuple[Patience, bool]:
    """How long a terminal may be silent, and whether that is proposed by its habit or set by its owner."""
    proposed = proposal(database, it, today)
    period, grace = it.watch.period_hours, it.watch.grace_hours
    usual = proposed or Patience(USUAL_PERIOD, USUAL_GRACE)
    chosen = Patience(usual.period if period is None else period, usual.grace if grace is None else grace)
    return chosen, period is not None or proposed is not None


def proposals(database: Database, its: Sequence[Watched], today: date) -> dict[str, Patience | None]:
    """What the last closes of terminals of one account propose, by their ids."""
    if not its:
        return {}
    known = ZReport.store_id.in_(stores_of(its[0].terminal.account_id))
    query = ZReport.select(ZReport.terminal_id, ZReport.business_date).distinct()
    query = query.where(ZReport.terminal_id.in_([it.terminal.id for it in its]), known)
    first = (today - timedelta(days=HABIT_DAYS)).isoformat()
    days: defaultdict[str, list[date]] = defaultdict(list)
    for row in query.where(ZReport.business_date.between(first, today.isoformat())).bind(database):
        days[row.terminal_id].append(date.fromisoformat(row.business_date))
    return {it.terminal.id: habit(days[it.terminal.id], it.closed_weekdays) for it in its}


def proposal(database: Database, it: Watched, today: date) -> Patience | None:
    """What the last closes of a terminal propose."""
    query = ZReport.select(ZReport.business_date).where(_zs(it.terminal)).order_by(ZReport.z_number.desc())
    days = [date.fromisoformat(row.business_date) for row in query.limit(RECENT_CLOSES).bind(database)]
    return habit([day for day in days if 0 <= (today - day).days <= HABIT_DAYS], it.closed_weekdays)
