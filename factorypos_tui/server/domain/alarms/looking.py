"""Looks at terminals: their alarms begin, go on and end in one transaction.

A terminal is *at rest* until it is *due*: something was heard of it since the last look, somebody decided
something about it, or a moment has come at which time alone changes something. It is *held* while one process
looks at it, and then at rest, or due again where not all could be judged."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from peewee import JOIN, Database, fn

from factorypos_tui.server.domain.alarms import facts, reading
from factorypos_tui.server.domain.alarms import turns as deciding
from factorypos_tui.server.domain.alarms.facts import MOST_CONFLICTS, Known, Watched
from factorypos_tui.server.domain.alarms.turns import CLOCK_OFF, Change, Found, Kind, Turn
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.dating import zone_of
from factorypos_tui.server.domain.ranges import days_after, today_in
from factorypos_tui.server.storage import watches
from factorypos_tui.server.storage.alarm_tables import Alarm, TerminalWatch
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Terminal, TerminalState

ON_ITS_WAY = timedelta(minutes=1)
"""A report has its time of arrival before it is committed; those of so short a time ago are judged again."""


def _due() -> Prepared[Any]:
    told_since = TerminalState.told_at > TerminalWatch.looked_at
    by_words = Alarm.select(Alarm.id).where(
        Alarm.terminal_id == Terminal.id,
        Alarm.kind.in_((Kind.SILENT, Kind.CLOCK, Kind.RECORDS)),
        Alarm.ended_at.is_null(),
    )
    is_due = (
        TerminalWatch.terminal_id.is_null()
        | (TerminalWatch.due_at <= given("now"))
        | (Terminal.reported_at > TerminalWatch.looked_at)
        | (Terminal.assigned_at > TerminalWatch.looked_at)
        | (told_since & (fn.ABS(TerminalState.clock_offset_s) > CLOCK_OFF))
        | (told_since & TerminalState.findings.is_null(False))
        | (told_since & TerminalState.leaves_out_numbers)
        | (told_since & fn.EXISTS(by_words))
    )
    looked_at = fn.COALESCE(TerminalWatch.looked_at, "")
    query = Terminal.select(Terminal.id, looked_at)
    for table in (TerminalWatch, TerminalState):
        query = query.join_from(Terminal, table, JOIN.LEFT_OUTER, on=(table.terminal_id == Terminal.id))
    return Prepared(query.where(is_due).order_by(looked_at, Terminal.id).limit(given("most")).tuples())


_DUE = _due()


Due = tuple[str, str]
"""A terminal, and when it was looked at last; empty where it never was."""


def due(database: Database, now: datetime, most: int) -> list[Due]:
    """The terminals to look at, those that have waited longest first."""
    found: list[Due] = _DUE.bare_rows(database, now=instant(now), most=most)
    return found


def look_again(database: Database, terminal_id: str, now: datetime) -> None:
    """Judge one terminal at once, so that who changed something sees what comes of it."""
    before = TerminalWatch.select().where(TerminalWatch.terminal_id == terminal_id).get_or_none(database)
    look(database, {terminal_id: before.looked_at if before else ""}, now, now)


def look(database: Database, seen: Mapping[str, str], now: datetime, awake_since: datetime) -> set[str]:
    """Judge terminals; returns those that are left out because too much has arrived for one look.

    `seen`: when each was looked at last; those at which another process looks, or has looked since, are not
    judged here. `awake_since`: since when somebody was here who could have heard of them."""
    with database.atomic():
        its = reading.watched(database, watches.hold(database, seen))
        opened = reading.open_alarms(database, list(its))
        at_work = {it: of for it, of in its.items() if of.terminal.revoked_at is None}
        judged = [_judge(one, now, awake_since) for one in reading.read(database, at_work, opened, now)]
        judged += [_gone(its[it], opened[it].own, now) for it in its if it not in at_work]
        others = [alarm_id for one in judged for alarm_id in opened[one.it.terminal.id].of_others]
        _write(database, judged, others, instant(now))
    return set(its) - {one.it.terminal.id for one in judged}


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a look decides about a terminal."""

    it: Watched
    change: Change
    looked_at: str
    """What arrived until then is judged."""
    due_at: str
    late_at: str | None


def _judge(known: Known, now: datetime, awake_since: datetime) -> _Judged:
    clock = next(iter(known.open_of(Kind.CLOCK)), None)
    missing, silence = facts.missing(known, now), facts.silence(known, now, awake_since)
    found: list[Found] = [
        *missing.found,
        *known.conflicts,
        *facts.broken_chain(known),
        *facts.records(known),
        *facts.cash(known, now),
        *deciding.clock(facts.seconds_ahead(known), clock),
        *silence.found,
    ]
    unsure = {Kind.MISSING} if missing.is_cut else set[Kind]()
    if len(known.conflicts) == MOST_CONFLICTS:
        unsure.add(Kind.CONFLICT)
    looked_at, moments = instant(now - ON_ITS_WAY), [_next_day(known.it, now), silence.at, missing.settles_at]
    if known.is_cut:
        looked_at, moments = known.new[-1].received_at, [""]
    return _Judged(
        known.it,
        deciding.change(known.turns, found, unsure),
        max(looked_at, known.it.watch.looked_at),
        min(it for it in moments if it is not None),
        silence.late_at,
    )


def _gone(it: Watched, turns: Sequence[Turn], now: datetime) -> _Judged:
    """Nothing is wrong with a terminal that is revoked."""
    looked_at = max(instant(now - ON_ITS_WAY), it.watch.looked_at)
    return _Judged(it, deciding.change(turns, []), looked_at, _next_day(it, now), None)


def _next_day(it: Watched, now: datetime) -> str:
    """When the store's next day begins: what the days of a terminal propose may be another thing then."""
    tomorrow = days_after(today_in(it.store, now), 1)
    return instant(datetime.combine(tomorrow, time(), zone_of(it.store.timezone)))


def _write(database: Database, judged: Sequence[_Judged], ended: Sequence[str], now: str) -> None:
    for one in judged:
        for found in one.change.begin:
            _begin(database, one.it, found, now)
        for turn, said in one.change.go_on:
            text = msgspec.json.encode(said).decode()
            Alarm.update(facts=text).where(Alarm.id == turn.id).execute(database)
    if ended := [*ended, *(turn.id for one in judged for turn in one.change.end)]:
        is_open = Alarm.id.in_(ended) & Alarm.ended_at.is_null()
        Alarm.update(ended_at=now).where(is_open).execute(database)
    looks = [(one.it.terminal.id, one.looked_at, one.due_at, one.late_at) for one in judged]
    watches.note(database, looks)


def _begin(database: Database, it: Watched, found: Found, now: str) -> None:
    Alarm.insert(
        id=str(uuid.uuid4()),
        store_id=found.store_id or it.store.id,
        terminal_id=it.terminal.id,
        kind=found.kind,
        subject=found.subject,
        began_at=now,
        ended_at=now if found.is_over else None,
        facts=msgspec.json.encode(found.facts).decode(),
    ).on_conflict_ignore().execute(database)
