"""Alarms as people and programs read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, Database, ModelSelect, fn

from factorypos_tui.server import errors
from factorypos_tui.server.domain.alarms.reading import read_facts
from factorypos_tui.server.domain.alarms.turns import Facts, Kind
from factorypos_tui.server.domain.alarms.wording import ADVICE, TITLES, lasted, sentence, wall
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.members import Role, store_for, stores_for
from factorypos_tui.server.storage.alarm_tables import Alarm, TerminalWatch
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal, TerminalState
from factorypos_tui.server.words import told

PAST = timedelta(days=30)
MOST_OPEN, MOST_PAST = 200, 500
"""On one page."""
COLUMNS = (
    "id",
    "kind",
    "store_id",
    "terminal_id",
    "terminal_name",
    "began_at",
    "ended_at",
    "accepted_at",
    "z_numbers",
    "count",
    "amount",
    "currency",
    "clock_ahead_s",
    "last_heard_at",
    "report_id",
    "business_date",
    "text",
)
"""Of a row: what `StoreAlarm` of the API has."""
_URGENT_FIRST = list(Kind)


@dataclass(frozen=True, slots=True)
class Shown:
    """One alarm with the names of where it is."""

    alarm: Alarm
    terminal: str
    store: str
    company: str
    timezone: str
    company_id: str

    @property
    def kind(self) -> Kind:
        return Kind(self.alarm.kind)

    @property
    def urgency(self) -> int:
        """The place of its kind among all, the most urgent first."""
        return _URGENT_FIRST.index(self.kind)

    @property
    def facts(self) -> Facts:
        return read_facts(self.alarm.facts)

    @property
    def title(self) -> str:
        return told(TITLES[self.kind])

    @property
    def words(self) -> str:
        return f"{sentence(self.kind, self.facts, self.timezone)}."

    @property
    def advice(self) -> str:
        return told(ADVICE[self.kind])

    @property
    def since(self) -> str:
        """When it began, on the wall of its store."""
        return wall(self.alarm.began_at, self.timezone)

    def lasted(self, now: str) -> str:
        """How long it was wrong, or is so far."""
        return lasted(self.facts.since or self.alarm.began_at, self.alarm.ended_at or now)

    def row(self) -> dict[str, Any]:
        """As the API and tables have it."""
        facts = self.facts
        return {
            "id": self.alarm.id,
            "kind": self.alarm.kind,
            "store_id": self.alarm.store_id,
            "terminal_id": self.alarm.terminal_id,
            "terminal_name": self.terminal,
            "began_at": self.alarm.began_at,
            "ended_at": self.alarm.ended_at,
            "accepted_at": self.alarm.accepted_at,
            "z_numbers": list(facts.numbers),
            "count": facts.count,
            "amount": facts.amount,
            "currency": facts.currency,
            "clock_ahead_s": facts.seconds,
            "last_heard_at": facts.since,
            "report_id": facts.report_id,
            "business_date": facts.business_date,
            "text": self.words,
        }


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table in CSV."""
    return {**row, "z_numbers": " ".join(map(str, row["z_numbers"]))}


def alarms_of_store(store: Store, *, only_open: bool) -> "ModelSelect[Alarm]":
    query = Alarm.select().where(Alarm.store_id == store.id)
    return query.where(Alarm.ended_at.is_null()) if only_open else query


def named(database: Database, alarms: list[Alarm]) -> list[Shown]:
    """The same alarms with their names."""
    terminals = _names(database, Terminal, {it.terminal_id for it in alarms})
    stores = {
        row.id: row
        for row in Store.select().where(Store.id.in_({it.store_id for it in alarms})).bind(database)
    }
    companies = _names(database, Company, {it.company_id for it in stores.values()})
    return [
        Shown(
            it,
            terminals[it.terminal_id],
            (store := stores[it.store_id]).name,
            companies[store.company_id],
            store.timezone,
            store.company_id,
        )
        for it in alarms
    ]


def _names(database: Database, table: Any, ids: set[str]) -> dict[str, str]:
    return {
        row.id: row.name for row in table.select(table.id, table.name).where(table.id.in_(ids)).bind(database)
    }


def open_alarms(database: Database, account: Account) -> list[Shown]:
    """What is open in the stores that an account sees, the most urgent first."""
    query = _hers(account).where(Alarm.ended_at.is_null(), Alarm.accepted_at.is_null())
    found = named(database, list(query.order_by(Alarm.began_at.desc()).limit(MOST_OPEN).bind(database)))
    return sorted(found, key=lambda it: it.urgency)


@dataclass(frozen=True, slots=True)
class Late:
    """A terminal that should have been heard of by now, and is no alarm yet."""

    terminal: str
    store: str
    since: str
    """When it became late, on the wall of its store."""


def late_terminals(database: Database, account: Account, now: datetime) -> list[Late]:
    """The terminals that an account sees and that are late, those of longest first. Those that are silent are
    alarms."""
    is_silent = Alarm.select(Alarm.id).where(
        Alarm.terminal_id == Terminal.id, Alarm.kind == Kind.SILENT, Alarm.ended_at.is_null()
    )
    # since it was looked at, so that it is not known whether it is late
    heard = fn.COALESCE(TerminalState.told_at, "") > TerminalWatch.looked_at
    heard |= fn.COALESCE(Terminal.reported_at, "") > TerminalWatch.looked_at
    query = Terminal.select(Terminal.name, Store.name, Store.timezone, TerminalWatch.late_at)
    query = query.join(Store, on=(Store.id == Terminal.store_id))
    query = query.join_from(Terminal, TerminalWatch, on=(TerminalWatch.terminal_id == Terminal.id))
    of_state = TerminalState.terminal_id == Terminal.id
    query = query.join_from(Terminal, TerminalState, JOIN.LEFT_OUTER, on=of_state)
    query = query.where(
        Terminal.store_id.in_(stores_for(account.id, Role.VIEWER)), Terminal.revoked_at.is_null()
    )
    query = query.where(TerminalWatch.late_at <= instant(now), ~heard, ~fn.EXISTS(is_silent))
    rows = query.order_by(TerminalWatch.late_at).limit(MOST_OPEN).tuples().execute(database)
    return [Late(terminal, store, wall(late_at, zone)) for terminal, store, zone, late_at in rows]


def past_alarms(database: Database, account: Account, now: datetime) -> list[Shown]:
    """What ended in the last 30 days, or was accepted and goes on, the newest first."""
    is_past = (Alarm.ended_at >= instant(now - PAST)) | (
        Alarm.ended_at.is_null() & Alarm.accepted_at.is_null(False)
    )
    query = _hers(account).where(is_past).order_by(Alarm.began_at.desc(), Alarm.id)
    return named(database, list(query.limit(MOST_PAST).bind(database)))


def count_open(database: Database, account: Account) -> int:
    """How many alarms wait for somebody."""
    query = _hers(account).where(Alarm.ended_at.is_null(), Alarm.accepted_at.is_null())
    return int(query.count(database))


def alarm_for(database: Database, account: Account, alarm_id: str, least: Role) -> Alarm:
    """The alarm, if the account has this role at its store. Raises `NotYours` or `RoleTooLow`."""
    alarm = _hers(account).where(Alarm.id == alarm_id).get_or_none(database)
    if alarm is None:
        raise errors.NotYours(told("There is no such alarm in your account."))
    store_for(database, account, alarm.store_id, least)
    found: Alarm = alarm
    return found


def _hers(account: Account) -> Any:
    return Alarm.select().where(Alarm.store_id.in_(stores_for(account.id, Role.VIEWER)))
