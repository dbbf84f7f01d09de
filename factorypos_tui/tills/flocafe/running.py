"""The running day: what was paid since it began, in no close yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from factorypos_tui.core.models import Terminal
from factorypos_tui.core.reports.sales import Cash, Control, Count, Payment, Period, Perpetual, Receipt
from factorypos_tui.tills.flocafe.closures import DAY, SESSION, period_id
from factorypos_tui.tills.flocafe.facts import NAME, Facts, facts_of, settings_of
from factorypos_tui.tills.flocafe.flo_database import FloDatabase, Row, Snapshot
from factorypos_tui.tills.flocafe.receipts import odd_numbers, receipts_of
from factorypos_tui.tills.flocafe.rows import Fetched, bills_of, fetch
from factorypos_tui.tills.flocafe.values import cents, instant, text


@dataclass(frozen=True, slots=True)
class Running:
    """The day, or the session, that is open."""

    id: str
    business_date: date
    since: str
    until: str
    """As FloCafe writes instants; empty where no end is set."""
    opening_float: object
    """Of a session, minor units; a day has it among the movements."""

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return instant(self.since)


@dataclass(frozen=True, slots=True)
class _Rows:
    """All that was fetched of a running day."""

    facts: Facts
    running: Running | None
    fetched: Fetched
    movements: Sequence[Row]
    cash_back: object
    """Cash that was paid back for bills of other days."""
    held_orders: int


@dataclass(frozen=True, slots=True)
class RunningDay:
    """What is told of the running day."""

    facts: Facts
    running: Running | None
    receipts: Sequence[Receipt]
    odd: Sequence[str]
    """The numbers of receipts that do not add up."""
    cash: Cash
    held_orders: int

    def period(self, terminal: Terminal, before: Perpetual) -> Period | None:
        """Its period; None where none is open."""
        if self.running is None:
            return None
        return Period(
            id=self.running.id,
            terminal=terminal,
            business_date=self.running.business_date,
            timezone=self.facts.timezone,
            currency=self.facts.currency,
            software=NAME,
            opened_at=self.running.opened_at,
            perpetual_before=before,
            cash=self.cash,
            control=Control(open_tickets=Count(self.held_orders)),
        )


def sql_instant(moment: datetime) -> str:
    """An instant as FloCafe writes it."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def find_running(
    snapshot: Snapshot, facts: Facts, scope: str, terminal_id: str, now: datetime
) -> Running | None:
    """What is open at `now`; None where the day was closed before its end, or no session is open. Raises
    `TillError` where the time zone is unknown."""
    if scope == SESSION:
        return _open_session(snapshot, facts, terminal_id)
    day = facts.business_date(now)
    if snapshot.value(
        "SELECT 1 FROM cash_closures WHERE scope = ? AND business_date = ?", DAY, day.isoformat()
    ):
        return None
    begins, ends = facts.begins(day), facts.begins(day + timedelta(days=1))
    since = sql_instant(begins)
    return Running(period_id(terminal_id, DAY, day, since), day, since, sql_instant(ends), None)


def _open_session(snapshot: Snapshot, facts: Facts, terminal_id: str) -> Running | None:
    if not snapshot.has("cash_sessions", "opened_at", "opening_float_cents", "status"):
        return None
    rows = snapshot.rows(
        "SELECT opened_at, opening_float_cents FROM cash_sessions WHERE status = 'open'"
        " ORDER BY opened_at DESC LIMIT 1"
    )
    for opened_at, opening_float in rows:
        since = text(opened_at)
        day = facts.business_date(instant(since))
        return Running(period_id(terminal_id, SESSION, day, since), day, since, "", opening_float)
    return None


def read_running_day(
    file: FloDatabase,
    configured: Mapping[str, str],
    scope: str,
    terminal_id: str,
    now: datetime,
    *,
    with_sales: bool = True,
) -> RunningDay:
    """The running day, or only what it is without its sales. Raises `Unreportable` where an amount is none,
    `TillError` and `StorageError`."""
    rows = file.read(lambda snapshot: _fetch(snapshot, configured, scope, terminal_id, now, with_sales))
    bills = bills_of(rows.fetched)
    exponent = rows.facts.exponent
    receipts = receipts_of(bills, rows.fetched.methods, exponent, terminal_id)
    odd = odd_numbers(bills, receipts, exponent)
    return RunningDay(rows.facts, rows.running, receipts, odd, _drawer(rows), rows.held_orders)


def _fetch(
    snapshot: Snapshot,
    configured: Mapping[str, str],
    scope: str,
    terminal_id: str,
    now: datetime,
    with_sales: bool,
) -> _Rows:
    facts = facts_of(settings_of(snapshot), configured)
    running = find_running(snapshot, facts, scope, terminal_id, now)
    if running is None or not with_sales:
        return _Rows(facts, running, Fetched((), (), (), {}), (), 0, 0)
    span = running.since, running.until
    cash_back = snapshot.value(
        "SELECT SUM(amount_cents) FROM refunds JOIN bills ON bills.id = bill_id WHERE method = 'cash'"
        " AND refunds.created_at >= ?1 AND (?2 = '' OR refunds.created_at < ?2)"
        " AND NOT (paid_at >= ?1 AND (?2 = '' OR paid_at < ?2))",
        *span,
    )
    held = snapshot.value("SELECT COUNT(*) FROM held_orders") if snapshot.has("held_orders") else 0
    return _Rows(facts, running, fetch(snapshot, *span), _movements(snapshot, running), cash_back, held)


def _movements(snapshot: Snapshot, running: Running) -> Sequence[Row]:
    if not snapshot.has("cash_drawer_movements"):
        return ()
    columns = "SELECT movement_type, amount_cents FROM cash_drawer_movements WHERE voided_at IS NULL AND "
    if running.opening_float is None:
        return snapshot.rows(columns + "business_date = ?", running.business_date.isoformat())
    return snapshot.rows(columns + "created_at >= ? AND movement_type <> 'opening_float'", running.since)


def _drawer(rows: _Rows) -> Cash:
    """The drawer so far. What was paid back in cash for bills of other days was paid out."""
    moved: dict[str, int] = {}
    for kind, amount in rows.movements:
        moved[text(kind)] = moved.get(text(kind), 0) + cents(amount, "")
    opening = cents(rows.running.opening_float, "") if rows.running else 0
    paid_out = moved.get("pay_out", 0) + moved.get("safe_drop", 0) + cents(rows.cash_back, "")
    return Cash(opening + moved.get("opening_float", 0), moved.get("pay_in", 0), paid_out)


def payments_of(receipts: Sequence[Receipt]) -> Sequence[tuple[str, int]]:
    """What was taken by each method, the largest first."""
    taken: dict[str, int] = {}
    payments: list[Payment] = [payment for receipt in receipts for payment in receipt.payments]
    for payment in payments:
        taken[payment.name] = taken.get(payment.name, 0) + payment.amount
    return sorted(taken.items(), key=lambda entry: (-entry[1], entry[0]))
