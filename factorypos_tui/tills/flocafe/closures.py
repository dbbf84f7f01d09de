"""FloCafe's closed days: the rows of `cash_closures` of one scope.

A row holds what was closed, and nothing changes it afterwards. So totals, payments and the drawer are those
of the row; what it lacks (departments, items, hours, taxes, users) comes from the bills of its span."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from factorypos_tui.core.language.instants import NO_INSTANT, rfc3339
from factorypos_tui.core.models import Close, Terminal
from factorypos_tui.core.reports.figures import UNEXPLAINED
from factorypos_tui.core.reports.findings import Code, unreportable
from factorypos_tui.core.reports.sales import (
    Cash,
    CloseReason,
    Line,
    Payment,
    Period,
    Perpetual,
    Receipt,
    ReceiptTax,
)
from factorypos_tui.tills.flocafe.facts import NAME, Facts
from factorypos_tui.tills.flocafe.flo_database import Row, Snapshot
from factorypos_tui.tills.flocafe.payments import method_type
from factorypos_tui.tills.flocafe.receipts import paid_amount, unexplained
from factorypos_tui.tills.flocafe.rows import Bill
from factorypos_tui.tills.flocafe.taxes import NO_TAX
from factorypos_tui.tills.flocafe.values import cents, day, instant, loaded, objects, text

DAY, SESSION = "day", "session"
_MONEY = (
    *("opening_float_cents", "expected_cash_cents", "counted_cash_cents", "gross_collected_cents"),
    *("refunded_cents", "net_collected_cents", "bill_count", "refund_count"),
    *("pay_in_cents", "pay_out_cents", "safe_drop_cents"),
)


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed day, as its row has it."""

    z_number: int
    scope: str
    business_date: date
    since: str
    until: str
    """FloCafe's own texts, by which it found the bills."""
    closed_at: datetime
    money: Mapping[str, Any]
    """Minor units and counts, by the name of their column."""
    payment_methods: Any
    tax_components: Any

    def amount(self, name: str) -> int:
        """A number of the row; raises `Unreportable`."""
        return cents(self.money[name], f"Z{self.z_number}")

    @property
    def ends_at(self) -> datetime:
        """The end of the day that was closed; it can be closed before."""
        return instant(self.until)

    def id(self, terminal_id: str) -> str:
        """The id of its period, which is the same while that is open."""
        return period_id(terminal_id, self.scope, self.business_date, self.since)

    def close(self, terminal_id: str) -> Close:
        """The close in short."""
        return Close(self.z_number, self.id(terminal_id), rfc3339(self.closed_at))


def period_id(terminal_id: str, scope: str, business_date: date, since: str) -> str:
    """The id of a period: a day is known by its date, a session by its beginning."""
    name = business_date.isoformat() if scope == DAY else since
    return str(uuid5(UUID(terminal_id), f"{scope}:{name}"))


def fetch_closures(snapshot: Snapshot, scope: str, after: int, most: int = -1) -> Sequence[Row]:
    """At most `most` closes of a scope with a Z number above `after`, ascending."""
    columns = ", ".join(snapshot.column("cash_closures", name) for name in _MONEY)
    return snapshot.rows(
        "SELECT z_number, scope, business_date, period_start, period_end, created_at, payment_methods_json,"
        f" tax_components_json, {columns} FROM cash_closures WHERE scope = ?"
        " AND typeof(z_number) = 'integer' AND z_number > ? ORDER BY z_number LIMIT ?",
        scope,
        after,
        most,
    )


def closure_of(row: Row) -> Closure:
    """A row as a fact. Pure."""
    z_number, scope, business_date, since, until, closed_at, methods, taxes, *money = row
    texts = text(since), text(until)
    named = dict(zip(_MONEY, money, strict=True))
    return Closure(
        z_number, scope, day(business_date), *texts, instant(closed_at), named, loaded(methods), loaded(taxes)
    )


def in_the_close(closure: Closure, bills: Iterable[Bill]) -> Sequence[Bill]:
    """The bills and refunds of its span that were there when it was closed. What came in the very second of
    the close is in it as far as the close counted it."""
    bills = [bill for bill in bills if bill.paid_at <= closure.closed_at][: closure.amount("bill_count")]
    refunds = sorted(
        (refund for bill in bills for refund in bill.refunds if refund.created_at <= closure.closed_at),
        key=lambda refund: (refund.created_at, refund.id),
    )
    counted = {refund.id for refund in refunds[: closure.amount("refund_count")]}
    return [
        replace(bill, refunds=[refund for refund in bill.refunds if refund.id in counted]) for bill in bills
    ]


def not_in_the_bills(
    closure: Closure, bills: Iterable[Bill], receipts: Sequence[Receipt], facts: Facts, terminal_id: str
) -> Receipt | None:
    """A receipt of what the row has beyond its bills; None where they agree."""
    refunded = sum(-line.net for receipt in receipts for line in receipt.lines if line.is_refund)
    lacking = closure.amount("refunded_cents") - refunded
    more_sold = closure.amount("gross_collected_cents") - min(lacking, 0)
    more_sold -= sum(paid_amount(bill, facts.exponent) for bill in bills)
    found = [unexplained(more_sold)] if more_sold else []
    if lacking > 0:
        found.append(_unexplained_refund(lacking))
    payments = _payments_beyond(closure, receipts)
    if not (found or payments):
        return None
    change = sum(line.net for line in found)
    return Receipt(
        str(uuid5(UUID(terminal_id), f"difference:{closure.z_number}")),
        f"Z{closure.z_number}",
        receipts[-1].sold_at if receipts else closure.closed_at,
        UNEXPLAINED,
        UNEXPLAINED,
        found,
        [ReceiptTax(NO_TAX.code, NO_TAX.name, NO_TAX.rate, change, 0)] if change else [],
        payments,
        sum(payment.amount for payment in payments) - change,
    )


def _unexplained_refund(amount: int) -> Line:
    names = UNEXPLAINED, UNEXPLAINED, UNEXPLAINED, UNEXPLAINED
    return Line(*names, NO_TAX.code, Decimal(0), amount, is_refund=True)


def _payments_beyond(closure: Closure, receipts: Iterable[Receipt]) -> Sequence[Payment]:
    """By each method, what the row has beyond the bills. The row has refunds already taken off."""
    rows = objects(closure.payment_methods)
    if closure.payment_methods is None:
        return []
    beyond: defaultdict[str, int] = defaultdict(int)
    types: dict[str, str] = {}
    for row in rows:
        name = text(row.get("method"), "unknown")
        beyond[name] += cents(row.get("total_cents"), f"Z{closure.z_number}")
        types.setdefault(name, method_type(name))
    for receipt in receipts:
        for payment in receipt.payments:
            beyond[payment.code] -= payment.amount
            types[payment.code] = payment.type
    return [Payment(name, name, types[name], amount) for name, amount in beyond.items() if amount]


def period_of(closure: Closure, facts: Facts, terminal: Terminal, before: Perpetual, cash: Cash) -> Period:
    """The period of a close."""
    return Period(
        id=closure.id(terminal.id),
        terminal=terminal,
        business_date=closure.business_date,
        timezone=facts.timezone,
        currency=facts.currency,
        software=NAME,
        opened_at=instant(closure.since),
        perpetual_before=before,
        cash=cash,
        z_number=closure.z_number,
        closed_at=closure.closed_at,
        close_reason=CloseReason.LATE if closure.closed_at >= closure.ends_at else CloseReason.MANUAL,
    )


def drawer_of(closure: Closure, receipts: Iterable[Receipt]) -> Cash:
    """The drawer as the row has it. What was paid back in cash for bills of other days is in no payment of
    this day; it was paid out. Raises `Unreportable` where the row holds numbers that are none."""
    taken = sum(
        payment.amount for receipt in receipts for payment in receipt.payments if payment.type == "cash"
    )
    opening, counted = closure.amount("opening_float_cents"), closure.amount("counted_cash_cents")
    paid_in = closure.amount("pay_in_cents")
    paid_out = closure.amount("pay_out_cents") + closure.amount("safe_drop_cents")
    beyond = closure.amount("expected_cash_cents") - (opening + taken + paid_in - paid_out)
    return Cash(opening, paid_in + max(beyond, 0), paid_out + max(-beyond, 0), counted)


def refuse_if_out_of_time(closure: Closure) -> None:
    """Raise `Unreportable` where the row has no instants."""
    if NO_INSTANT in (instant(closure.since), closure.ends_at, closure.closed_at):
        raise unreportable(Code.OUT_OF_RANGE)
