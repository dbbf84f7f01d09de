"""The queries that looks at terminals run, each for any number of terminals; `ids` are theirs."""

from typing import Any

from peewee import JOIN, fn

from factorypos_tui.server.domain.alarms.turns import Kind
from factorypos_tui.server.domain.settlements import of_held, with_held
from factorypos_tui.server.storage.alarm_tables import Alarm, StoreWatch, TerminalWatch
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.prepared import Prepared, given, given_any_of
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Company, Conflict, Store, Terminal, TerminalState

MOST_NEW = 1_000
"""Zs that one look judges."""
RECENT_CLOSES = 60

_IDS = given_any_of("ids")
OF_TERMINAL: tuple[Any, ...] = (
    Terminal.id,
    Terminal.account_id,
    Terminal.store_id,
    Terminal.name,
    Terminal.assigned_at,
    Terminal.reported_at,
    Terminal.revoked_at,
)
OF_STORE: tuple[Any, ...] = (Store.id, Store.company_id, Store.timezone, Store.closed_weekdays)
OF_WATCH: tuple[Any, ...] = (
    TerminalWatch.looked_at,
    TerminalWatch.period_hours,
    TerminalWatch.grace_hours,
    TerminalWatch.may_skip,
)


def _watched() -> Prepared[Any]:
    told = (TerminalState.terminal_id == Terminal.id) & (TerminalState.told_at >= Terminal.assigned_at)
    state = (
        TerminalState.told_at,
        TerminalState.clock_offset_s,
        TerminalState.findings,
        TerminalState.leaves_out_numbers,
    )
    others = (StoreWatch.cash_limit, Company.currency, *state)
    query = Terminal.select(*OF_TERMINAL, *OF_STORE, *OF_WATCH, *others)
    query = query.join(Store, on=(Store.id == Terminal.store_id))
    query = query.join(Company, on=(Company.id == Store.company_id))
    for table, on in (
        (StoreWatch, StoreWatch.store_id == Store.id),
        (TerminalWatch, TerminalWatch.terminal_id == Terminal.id),
        (TerminalState, told),
    ):
        query = query.join_from(Terminal, table, JOIN.LEFT_OUTER, on=on)
    return Prepared(query.where(Terminal.id.in_(_IDS)))


def _in_own_stores(query: Any, table: Any, store_id: Any) -> Any:
    """Rows about terminals, those in the stores of their accounts."""
    query = query.join_from(table, Terminal, on=(Terminal.id == table.terminal_id))
    query = query.join_from(table, Store, on=(Store.id == store_id))
    is_own = (Company.id == Store.company_id) & (Company.account_id == Terminal.account_id)
    return query.join_from(Store, Company, on=is_own)


def _open() -> Prepared[Any]:
    is_own = fn.COALESCE(Company.account_id == Terminal.account_id, False)
    query = Alarm.select(Alarm.terminal_id, is_own, Alarm.id, Alarm.kind, Alarm.subject, Alarm.facts)
    query = query.join(Terminal, on=(Terminal.id == Alarm.terminal_id))
    query = query.join_from(Alarm, Store, on=(Store.id == Alarm.store_id))
    query = query.join_from(Store, Company, on=(Company.id == Store.company_id))
    query = query.where(Alarm.terminal_id.in_(_IDS), Alarm.ended_at.is_null())
    return Prepared(query.order_by(Alarm.began_at, Alarm.id))


def _new() -> Prepared[Any]:
    columns = (ZReport.terminal_id, ZReport.store_id, ZReport.z_number, ZReport.received_at)
    query = _in_own_stores(zs_with_bodies(*columns), ZReport, ZReport.store_id)
    query = query.join_from(ZReport, TerminalWatch, on=(TerminalWatch.terminal_id == ZReport.terminal_id))
    query = query.where(ZReport.terminal_id.in_(_IDS), ZReport.received_at > TerminalWatch.looked_at)
    return Prepared(query.order_by(ZReport.terminal_id, ZReport.received_at).limit(MOST_NEW + 1))


def _conflicts() -> Prepared[Any]:
    held = (ZReport.z_number, of_held("business_date"), of_held("store_id"))
    place = (Conflict.terminal_id, Conflict.held_id, *held)
    query = with_held(Conflict.select(*place, fn.COUNT(1)))
    query = _in_own_stores(query, Conflict, of_held("store_id"))
    query = query.where(Conflict.terminal_id.in_(_IDS), Conflict.settled_at.is_null())
    return Prepared(query.group_by(*place).order_by(fn.MIN(Conflict.received_at)))


def _newest_counts() -> Prepared[Any]:
    of_terminal = (ZReport.terminal_id == given("terminal_id")) & (ZReport.z_number >= given("first"))
    query = _in_own_stores(zs_with_bodies(), ZReport, ZReport.store_id).where(of_terminal)
    return Prepared(query.order_by(ZReport.z_number.desc()).limit(RECENT_CLOSES))


WATCHED, OPEN, NEW, CONFLICTS = _watched(), _open(), _new(), _conflicts()
NEWEST_COUNTS = _newest_counts()
REFUSED: Prepared[Any] = Prepared(
    Conflict.select(Conflict.terminal_id, Conflict.content_hash).where(Conflict.terminal_id.in_(_IDS))
)
CASH_KNOWN: Prepared[Any] = Prepared(
    Alarm.select(Alarm.subject).where(
        Alarm.terminal_id == given("terminal_id"),
        Alarm.kind == Kind.CASH,
        Alarm.subject.in_(given_any_of("subjects")),
    )
)
