"""One look at one terminal: its alarms begin, go on and end in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from peewee import JOIN, Database, fn

from factorypos_tui.server.documents.money import exponent
from factorypos_tui.server.domain.alarms import facts as reading
from factorypos_tui.server.domain.alarms import turns as deciding
from factorypos_tui.server.domain.alarms.facts import Watched
from factorypos_tui.server.domain.alarms.silence import silent_at
from factorypos_tui.server.domain.alarms.turns import CLOCK_OFF, Change, Facts, Found, Kind, Turn
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.ranges import today_in
from factorypos_tui.server.domain.terminals import terminals_in
from factorypos_tui.server.storage.alarm_tables import Alarm, StoreWatch, TerminalWatch
from factorypos_tui.server.storage.tables import Company, Store, Terminal, TerminalState

AT_LATEST = timedelta(hours=1)
"""Each terminal is looked at so often, whatever was heard of it."""
ON_ITS_WAY = timedelta(minutes=1)
"""A report has its time of arrival before it is committed; those of so short a time ago are judged again."""
USUAL_CASH_LIMIT = 10
"""Whole units of the currency."""


def due(database: Database, now: datetime, most: int) -> list[str]:
    """The terminals to look at, those that have waited longest first."""
    open_alarm = Alarm.select(Alarm.id).where(Alarm.terminal_id == Terminal.id, Alarm.ended_at.is_null())
    clock_told = (TerminalState.told_at > TerminalWatch.looked_at) & (
        fn.ABS(TerminalState.clock_offset_s) > CLOCK_OFF
    )
    is_due = (
        TerminalWatch.terminal_id.is_null()
        | (TerminalWatch.due_at <= instant(now))
        | (Terminal.reported_at > TerminalWatch.looked_at)
        | (Terminal.assigned_at > TerminalWatch.looked_at)
        | clock_told
        | fn.EXISTS(open_alarm)
    )
    query = Terminal.select(Terminal.id).join(
        TerminalWatch, JOIN.LEFT_OUTER, on=(TerminalWatch.terminal_id == Terminal.id)
    )
    query = query.join_from(
        Terminal, TerminalState, JOIN.LEFT_OUTER, on=(TerminalState.terminal_id == Terminal.id)
    )
    order = fn.COALESCE(TerminalWatch.due_at, "")
    return [row.id for row in query.where(is_due).order_by(order, Terminal.id).limit(most).bind(database)]


def look(database: Database, terminal_id: str, now: datetime, awake_since: datetime) -> None:
    """Judge one terminal, unless another process does at this moment. `awake_since`: since when somebody was
    here who could have heard of it."""
    with database.atomic():
        if (watched := _taken(database, terminal_id)) is None:
            return
        turns = open_turns(database, watched.terminal)
        looked_at, due_at = instant(now - ON_ITS_WAY), instant(now + AT_LATEST)
        found: list[Found] = []
        unsure: set[Kind] = set()
        late_at: str | None = None
        if watched.terminal.revoked_at is None:
            new, is_cut = reading.new_zs(database, watched)
            if is_cut:
                looked_at, due_at = new[-1].received_at, ""
            missing = reading.missing(database, watched, turns, now)
            if missing.is_settling:
                due_at = ""
            found, unsure = _of_reports(database, watched, new, turns, now)
            found += missing.found
            unsure |= {Kind.MISSING} if missing.is_cut else set()
            is_silent = any(turn.kind is Kind.SILENT for turn in turns)
            silence = _silence(database, watched, now, None if is_silent else awake_since)
            found += silence.found
            due_at, late_at = min(due_at, silence.at), silence.late_at
        _write(database, watched, deciding.change(turns, found, unsure), instant(now))
        looked_at = max(looked_at, watched.watch.looked_at)
        judged = TerminalWatch.update(looked_at=looked_at, due_at=due_at, late_at=late_at)
        judged.where(TerminalWatch.terminal_id == terminal_id).execute(database)
        _end_those_of_others(database, watched.terminal, instant(now))


def _taken(database: Database, terminal_id: str) -> Watched | None:
    """The terminal, held until the transaction ends. None where another process has just looked at it."""
    mine = TerminalWatch.terminal_id == terminal_id
    before = TerminalWatch.select().where(mine).get_or_none(database)
    if before is None:
        TerminalWatch.insert(terminal_id=terminal_id).on_conflict_ignore().execute(database)
        before = TerminalWatch.select().where(mine).get(database)
    same = (TerminalWatch.looked_at == before.looked_at) & (TerminalWatch.due_at == before.due_at)
    if not TerminalWatch.update(due_at=before.due_at).where(mine, same).execute(database):
        return None
    return watched_terminal(database, terminal_id)


def watched_terminal(database: Database, terminal_id: str) -> Watched:
    """A terminal with how it is watched."""
    terminal = Terminal.select().where(Terminal.id == terminal_id).get(database)
    store = Store.select().where(Store.id == terminal.store_id).get(database)
    watch = TerminalWatch.select().where(TerminalWatch.terminal_id == terminal_id).get_or_none(database)
    watch = watch or TerminalWatch(terminal_id=terminal_id)
    return Watched(terminal, store, watch, cash_limit(database, store))


def watched_in(database: Database, store: Store) -> list[Watched]:
    """The terminals of a store by name, with how they are watched."""
    limit = cash_limit(database, store)
    terminals = list(terminals_in(store).order_by(Terminal.name, Terminal.id).bind(database))
    query = TerminalWatch.select().where(TerminalWatch.terminal_id.in_([it.id for it in terminals]))
    watches = {row.terminal_id: row for row in query.bind(database)}
    return [
        Watched(it, store, watches.get(it.id) or TerminalWatch(terminal_id=it.id), limit) for it in terminals
    ]


def cash_limit(database: Database, store: Store) -> int:
    """How much the cash of a store may be over or short, in minor units."""
    row = StoreWatch.select().where(StoreWatch.store_id == store.id).get_or_none(database)
    if row is not None:
        return int(row.cash_limit)
    currency = Company.select(Company.currency).where(Company.id == store.company_id).scalar(database)
    return usual_cash_limit(currency)


def usual_cash_limit(currency: str) -> int:
    return USUAL_CASH_LIMIT * int(10 ** exponent(currency))


def open_turns(database: Database, terminal: Terminal) -> list[Turn]:
    """The open alarms of a terminal in the stores of its account, the oldest first."""
    query = _open_of(terminal).where(Company.account_id == terminal.account_id)
    rows = query.order_by(Alarm.began_at, Alarm.id).bind(database)
    return [Turn(row.id, Kind(row.kind), row.subject, read_facts(row.facts)) for row in rows]


def _open_of(terminal: Terminal) -> Any:
    query = Alarm.select(Alarm).join(Store, on=(Store.id == Alarm.store_id))
    query = query.join(Company, on=(Company.id == Store.company_id))
    return query.where(Alarm.terminal_id == terminal.id, Alarm.ended_at.is_null())


def read_facts(text: str) -> Facts:
    facts: Facts = msgspec.json.decode(text, type=Facts)
    return facts


def _of_reports(
    database: Database, it: Watched, new: list[Any], turns: list[Turn], now: datetime
) -> tuple[list[Found], set[Kind]]:
    """What is wrong with reports and clock, and the kinds of which not all was looked at."""
    conflicts, more_conflicts = reading.conflicts(database, it)
    clock = next((turn for turn in turns if turn.kind is Kind.CLOCK), None)
    found = [
        *conflicts,
        *reading.broken_chain(database, it, new, turns),
        *reading.cash(database, it, new, turns, now),
        *deciding.clock(reading.seconds_ahead(database, it), clock),
    ]
    return found, {Kind.CONFLICT} if more_conflicts else set()


@dataclass(frozen=True, slots=True)
class _Silence:
    found: list[Found]
    at: str
    """When the terminal is silent, unless it is heard of."""
    late_at: str | None
    """When it is late; None where its store never opens."""


def _silence(database: Database, it: Watched, now: datetime, awake_since: datetime | None) -> _Silence:
    """`awake_since` is None where the terminal is silent already: a pause of ours does not end that."""
    heard = reading.heard_at(database, it.terminal)
    patience, _is_known = reading.patience(database, it, today_in(it.store, now))
    since = max(datetime.fromisoformat(heard), awake_since or datetime.min.replace(tzinfo=UTC))
    place = it.store.timezone, it.closed_weekdays
    at = silent_at(since, patience.allowed, *place)
    late = silent_at(since, timedelta(hours=patience.period), *place)
    late_at = None if late is None else instant(late)
    if at is not None and at <= now:
        return _Silence([Found(Kind.SILENT, "", Facts(since=heard))], instant(now + AT_LATEST), late_at)
    return _Silence([], instant(at or now + AT_LATEST), late_at)


def _write(database: Database, it: Watched, change: Change, now: str) -> None:
    for found in change.begin:
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
    for turn, facts in change.go_on:
        text = msgspec.json.encode(facts).decode()
        Alarm.update(facts=text).where(Alarm.id == turn.id).execute(database)
    _end(database, (turn.id for turn in change.end), now)


def _end(database: Database, alarm_ids: Iterable[str], now: str) -> None:
    ended = Alarm.update(ended_at=now).where(Alarm.id.in_(list(alarm_ids)), Alarm.ended_at.is_null())
    ended.execute(database)


def _end_those_of_others(database: Database, terminal: Terminal, now: str) -> None:
    """What is open in the stores of an account that does not have the terminal any more."""
    others = _open_of(terminal).where(Company.account_id != terminal.account_id)
    _end(database, [row.id for row in others.bind(database)], now)
