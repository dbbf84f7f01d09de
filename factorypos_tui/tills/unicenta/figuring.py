"""The rows of a period become core's receipts, so that a report's sums are those of the program's own paper.

Pure. What a person should know of the rows is told as findings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import TypeVar
from zoneinfo import ZoneInfo

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import MOST_RECEIPTS, Code, unreportable
from factorypos_tui.core.reports.sales import Cash, Control, Count, Line, Payment, Receipt, ReceiptTax
from factorypos_tui.tills.unicenta.attributes import code_of, name_of
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.remainders import EXACT, Remainders, is_sound, spread
from factorypos_tui.tills.unicenta.rows import LineRow, PaymentRow, PeriodRows, TaxRow, TicketRow
from factorypos_tui.tills.unicenta.selling import NONE, Seller, unexplained
from factorypos_tui.tills.unicenta.taxing import Rates, TaxGroup, group_by_tax

_MOVEMENT, _OTHER, _FREE, _VOUCHER = "movement", "other", "free", "store_credit"
_NOTICED = 50
"""Payments may differ from lines by so many minor units unnoticed: a till that sells fractions books tenders
that are a little less or more."""
_OfTicket = TypeVar("_OfTicket", LineRow, TaxRow, PaymentRow)


@dataclass(frozen=True, slots=True)
class Figured:
    """What the rows of a period come to."""

    receipts: Sequence[Receipt]
    cash: Cash
    control: Control
    findings: Sequence[TillFinding]


def figure(
    rows: PeriodRows, codes: Codes, exponent: int, zone: ZoneInfo, z_number: int | None = None
) -> Figured:
    """The figures of a period in the currency's minor units. `exponent`: its digits after the decimal mark;
    `zone`: that of the till's wall clock; `z_number`: None while the period is open.

    Raises `Unreportable`, with the numbers of the receipts, where a time or an amount is none."""
    with localcontext(EXACT):
        _refuse_unreadable(rows, codes)
        return _Figuring(rows, codes, exponent, zone).figured(z_number)


def business_date(rows: PeriodRows, day_starts_at: timedelta, now: datetime) -> date:
    """The date of the first receipt that is not late, on the till's clock; what is sold before
    `day_starts_at` is of the day before. A period without receipts has the date of its close, or of `now`."""
    sold = [ticket for ticket in rows.tickets if ticket.kind is not None and _is_a_time(ticket.at)]
    first = next((ticket for ticket in sold if ticket.at >= rows.cash.opened), None) or next(iter(sold), None)
    at = first.at if first else rows.cash.closed or now
    return (at - day_starts_at).date() if _is_a_time(at) else now.date()


class _Figuring:
    """One period while it is being figured; its receipts are taken in their order."""

    def __init__(self, rows: PeriodRows, codes: Codes, exponent: int, zone: ZoneInfo) -> None:
        self._rows, self._codes, self._zone = rows, codes, zone
        self._rates = Rates(rows.rates)
        self._money = Remainders(exponent)
        self._flags: defaultdict[Code, dict[str, None]] = defaultdict(dict)
        self._in = self._out = Decimal(0)

    def figured(self, z_number: int | None) -> Figured:
        receipts = list(self._receipts())
        self._flag_twins(receipts)
        cash = Cash(paid_in=self._money.minor(self._in), paid_out=self._money.minor(self._out))
        findings = [
            TillFinding(code, z_number, tuple(numbers)[:MOST_RECEIPTS])
            for code, numbers in self._flags.items()
        ]
        return Figured(receipts, cash, self._control(is_open=z_number is None), findings)

    def _receipts(self) -> Iterator[Receipt]:
        lines, taxes = _by_ticket(self._rows.lines), _by_ticket(self._rows.taxes)
        payments = _by_ticket(self._rows.payments)
        for ticket in self._rows.tickets:
            sold, taxed, paid = lines[ticket.id], taxes[ticket.id], payments[ticket.id]
            if ticket.kind is None and not (sold or taxed):
                self._move(ticket, paid)
            elif sold or taxed or paid:
                yield self._receipt(ticket, sold, taxed, paid)

    def _receipt(
        self, ticket: TicketRow, sold: Sequence[LineRow], taxed: Sequence[TaxRow], paid: Sequence[PaymentRow]
    ) -> Receipt:
        number = number_of(ticket, self._codes)
        payments = [row for row in paid if self._type(row) != _MOVEMENT]
        self._move(ticket, [row for row in paid if self._type(row) == _MOVEMENT])
        groups = group_by_tax(sold, taxed, self._rates, self._money.unit / 2)
        seller = Seller(
            self._rows.categories,
            is_refund=ticket.kind in self._codes.refund_kinds,
            is_comp=bool(payments) and all(self._type(row) == _FREE for row in payments),
        )
        lines, taxes = self._share(groups, seller)
        told = [self._payment(row) for row in payments]
        self._flag(number, ticket, groups, payments, seller)
        return Receipt(
            uid=ticket.id,
            number=number,
            sold_at=ticket.at.replace(tzinfo=self._zone).astimezone(UTC),
            user_code=code_of(ticket.person, NONE),
            user_name=name_of(ticket.person_name, ticket.person, NONE),
            lines=lines,
            taxes=taxes,
            payments=told,
            rounding=sum(payment.amount for payment in told) - sum(line.net for line in lines),
        )

    def _share(self, groups: Sequence[TaxGroup], seller: Seller) -> tuple[list[Line], list[ReceiptTax]]:
        """The lines share what their tax rows come to."""
        worth: list[tuple[LineRow, str, int]] = []
        homeless: list[Line] = []
        taxes: list[ReceiptTax] = []
        for group in groups:
            code = code_of(group.tax, NONE)
            gross = self._money.take(("gross", code, group.rate), group.base + group.amount)
            tax = self._money.take(("tax", code, group.rate), group.amount)
            name = name_of(self._rates.name(group.tax), code)
            taxes.append(ReceiptTax(code, name, group.rate, gross - tax, tax))
            exact = [(net * group.growth).scaleb(self._money.exponent) for _row, net in group.lines]
            shares = spread(exact, gross)
            worth += [(row, code, share) for (row, _net), share in zip(group.lines, shares, strict=True)]
            if gross and not group.lines:
                homeless.append(unexplained(code, gross))
        worth.sort(key=lambda one: one[0].line)
        return [seller.line(*one) for one in worth] + homeless, taxes

    def _payment(self, row: PaymentRow) -> Payment:
        code = code_of(row.name, _OTHER)
        amount = self._money.take(("paid", code), row.total)
        return Payment(code, name_of(row.name, _OTHER), self._type(row), amount)

    def _type(self, row: PaymentRow) -> str:
        return self._codes.payment_types.get(row.name.lower(), _OTHER)

    def _move(self, ticket: TicketRow, rows: Sequence[PaymentRow]) -> None:
        """Money into and out of the drawer without a sale."""
        for row in rows:
            if row.total >= 0:
                self._in += row.total
            else:
                self._out -= row.total
            if self._type(row) != _MOVEMENT:
                self._flags[Code.UNKNOWN_MOVEMENT][number_of(ticket, self._codes)] = None

    def _control(self, *, is_open: bool) -> Control:
        """Open tickets and drawers opened are known of the present only; a close keeps the latter."""
        return Control(
            voided_lines=Count(self._rows.voided_lines),
            no_sale_opens=self._rows.no_sale_opens if is_open else self._rows.cash.no_sales,
            open_tickets=Count(self._rows.open_tickets) if is_open else Count(),
        )

    def _flag(
        self,
        number: str,
        ticket: TicketRow,
        groups: Sequence[TaxGroup],
        payments: Sequence[PaymentRow],
        seller: Seller,
    ) -> None:
        cash = self._rows.cash
        shown = {
            Code.LATE_SALE: ticket.at < cash.opened,
            Code.SOLD_AFTER_CLOSE: cash.closed is not None and ticket.at > cash.closed,
            Code.ODD_TAXES: not all(group.agrees for group in groups),
            Code.BAD_TEXT: not seller.reads_all,
        }
        for code, is_shown in shown.items():
            if is_shown:
                self._flags[code][number] = None
        sold = sum((group.base + group.amount for group in groups), Decimal(0))
        left = sum((row.total for row in payments), Decimal(0)) - sold
        if abs(left) > _NOTICED * self._money.unit:
            vouchers = sum((row.total for row in payments if self._type(row) == _VOUCHER), Decimal(0))
            code = Code.VOUCHER_EXCESS if 0 < left <= vouchers else Code.ODD_PAYMENTS
            self._flags[code][number] = None

    def _flag_twins(self, receipts: Iterable[Receipt]) -> None:
        seen: set[str] = set()
        for receipt in receipts:
            if receipt.number in seen:
                self._flags[Code.NUMBER_TWICE][receipt.number] = None
            seen.add(receipt.number)


def number_of(ticket: TicketRow, codes: Codes) -> str:
    """What a person finds the receipt by. Refunds and settlements are numbered for themselves: R and P keep
    the series apart. What has no number has its id."""
    if ticket.kind is None:
        return code_of(ticket.id, NONE)
    series = (
        "R" if ticket.kind in codes.refund_kinds else "P" if ticket.kind in codes.settlement_kinds else ""
    )
    return f"{series}{ticket.number}"


def _by_ticket(rows: Iterable[_OfTicket]) -> Mapping[str, list[_OfTicket]]:
    found: defaultdict[str, list[_OfTicket]] = defaultdict(list)
    for row in rows:
        found[row.ticket].append(row)
    return found


def _is_a_time(at: datetime) -> bool:
    return 1 < at.year < 9999


def _refuse_unreadable(rows: PeriodRows, codes: Codes) -> None:
    bad = {ticket.id for ticket in rows.tickets if not _is_a_time(ticket.at)}
    bad.update(
        line.ticket
        for line in rows.lines
        if not (is_sound(line.units) and is_sound(line.price) and is_sound(line.units * line.price))
    )
    bad.update(tax.ticket for tax in rows.taxes if not (is_sound(tax.base) and is_sound(tax.amount)))
    bad.update(payment.ticket for payment in rows.payments if not is_sound(payment.total))
    if bad:
        numbers = [number_of(ticket, codes) for ticket in rows.tickets if ticket.id in bad]
        raise unreportable(Code.OUT_OF_RANGE, tuple(numbers[:MOST_RECEIPTS]))
