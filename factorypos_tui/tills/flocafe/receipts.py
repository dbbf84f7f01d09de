"""A bill and its refunds become receipts. Pure.

What a line costs FloCafe keeps in major units, and rounds when it shows it. Here each amount is rounded once,
and the bill wins: its lines share what their own rounding leaves. What is more than that stands as a line of
the department `unexplained`, and is told as a finding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from factorypos_tui.core.language.money import share
from factorypos_tui.core.reports.figures import UNEXPLAINED
from factorypos_tui.core.reports.findings import Code, unreportable
from factorypos_tui.core.reports.sales import Line, Payment, Receipt, ReceiptTax
from factorypos_tui.tills.flocafe.payments import method_type, paid
from factorypos_tui.tills.flocafe.rows import Bill, Item, Refund
from factorypos_tui.tills.flocafe.taxes import NO_TAX, TaxGroup, tax_of
from factorypos_tui.tills.flocafe.values import cents, major, to_minor

_CHARGES = {
    "delivery_charge": ("delivery", "Delivery"),
    "packaging_charge": ("packaging", "Packaging"),
    "service_charge": ("service", "Service charge"),
}
_OF_CHARGES = "charges", "Charges"
_REFUND = "refund", "Refund"


@dataclass(frozen=True, slots=True)
class Taxed:
    """A line, its tax in major units, and the item of the order that it is."""

    line: Line
    group: TaxGroup
    tax: Decimal = Decimal(0)
    item_id: int | None = None


def unexplained(amount: int) -> Line:
    """The line of what no item explains."""
    gross, discount = (amount, 0) if amount > 0 else (0, -amount)
    names = UNEXPLAINED, UNEXPLAINED, UNEXPLAINED, UNEXPLAINED
    return Line(*names, NO_TAX.code, Decimal(0), gross, discount)


def paid_amount(bill: Bill, exponent: int) -> int:
    """What a bill was paid with, in minor units; raises `Unreportable`."""
    return to_minor(major(bill.amounts["paid_amount"], bill.number), exponent)


def odd_numbers(bills: Iterable[Bill], receipts: Iterable[Receipt], exponent: int) -> Sequence[str]:
    """The numbers of receipts with something unexplained, or with other payments than what was paid."""
    paid = {bill.number: paid_amount(bill, exponent) for bill in bills}
    return [
        receipt.number
        for receipt in receipts
        if any(line.department_code == UNEXPLAINED for line in receipt.lines)
        or _paid(receipt) != paid.get(receipt.number, _paid(receipt))
    ]


def _paid(receipt: Receipt) -> int:
    return sum(payment.amount for payment in receipt.payments)


def receipts_of(
    bills: Iterable[Bill], methods: Mapping[object, str], exponent: int, terminal_id: str
) -> Sequence[Receipt]:
    """The receipts of bills and of what was paid back for them, in the order of their instants.

    Raises `Unreportable` where an amount is none."""
    receipts: list[Receipt] = []
    namespace = UUID(terminal_id)
    for bill in bills:
        maker = _Maker(bill, methods, exponent, namespace)
        receipts += maker.receipts()
    return sorted(receipts, key=lambda receipt: receipt.sold_at)


class _Maker:
    """Makes the receipts of one bill."""

    def __init__(self, bill: Bill, methods: Mapping[object, str], exponent: int, namespace: UUID) -> None:
        self._bill, self._methods, self._exponent, self._namespace = bill, methods, exponent, namespace

    def receipts(self) -> Iterable[Receipt]:
        """The sale and its refunds."""
        bill, lines = self._bill, self._lines()
        payments = paid(bill, self._methods, self._exponent)
        net = sum(taxed.line.net for taxed in lines)
        taxes = _taxes(lines, self._minor(bill.amounts["tax_amount"]))
        sale = Receipt(
            str(uuid5(self._namespace, f"bill:{bill.id}")),
            bill.number,
            bill.paid_at,
            bill.user_code,
            bill.user_name,
            [taxed.line for taxed in lines],
            taxes,
            payments,
            sum(payment.amount for payment in payments) - net,
        )
        return [sale, *(self._refund(refund, sale, lines) for refund in bill.refunds)]

    def _minor(self, value: Any) -> int:
        if value is None or value == 0:  # as most amounts of a bill are
            return 0
        return to_minor(major(value, self._bill.number), self._exponent)

    def _lines(self) -> list[Taxed]:
        """What was sold; together as much as was paid, without what was rounded off."""
        amounts = self._bill.amounts
        found = [self._line(item) for item in self._bill.items]
        found += [
            Taxed(Line(*names, *_OF_CHARGES, NO_TAX.code, Decimal(1), self._minor(amounts[column])), NO_TAX)
            for column, names in _CHARGES.items()
            if self._minor(amounts[column]) > 0
        ]
        target = paid_amount(self._bill, self._exponent) - self._minor(amounts["round_off"])
        too_much = sum(taxed.line.net for taxed in found) - target
        reduced = self._reduction()
        rounding = too_much - reduced
        if abs(rounding) <= len(found) + 1:
            found, left = _reduce(found, too_much)
        else:
            found, left = _reduce(found, reduced)
            left -= rounding
        return found if left == 0 else [*found, Taxed(unexplained(left), NO_TAX)]

    def _line(self, item: Item) -> Taxed:
        number = self._bill.number
        whole = major(item.quantity, number)
        quantity = whole if item.on_the_bill is None else major(item.on_the_bill, number)
        part = quantity / whole if whole and item.on_the_bill is not None else Decimal(1)
        tax, subtotal = major(item.tax, number), major(item.subtotal, number)
        added = Decimal(0) if item.tax_type == "inclusive" else tax
        discount = major(item.discount, number)
        gross = to_minor((subtotal + added + discount) * part, self._exponent)
        taxed = tax_of(item)
        line = Line(
            item.code,
            item.name,
            item.category_code,
            item.category_name,
            taxed.group.code,
            abs(quantity),
            max(gross, 0),
            max(to_minor(discount * part, self._exponent), 0) + max(-gross, 0),
        )
        return Taxed(line, taxed.group, (taxed.amount or tax) * part, item.id)

    def _reduction(self) -> int:
        """By how much the discount of the bill lowers its lines: the tax that is added on top falls, too."""
        number, discount = self._bill.number, major(self._bill.amounts["discount_amount"], self._bill.number)
        if not discount:
            return 0
        subtotal = added = Decimal(0)
        for item in self._bill.items:
            whole = major(item.quantity, number)
            part = major(item.on_the_bill, number) / whole if item.on_the_bill is not None and whole else 1
            subtotal += major(item.subtotal, number) * part
            added += 0 if item.tax_type == "inclusive" else major(item.tax, number) * part
        if not subtotal:
            return to_minor(discount, self._exponent)
        return to_minor(discount + added * discount / subtotal, self._exponent)

    def _refund(self, refund: Refund, sale: Receipt, lines: Sequence[Taxed]) -> Receipt:
        amount = cents(refund.amount, refund.bill_number)
        if amount < 0:
            raise unreportable(Code.OUT_OF_RANGE, (refund.bill_number,))
        back = _lines_back(amount, refund, lines)
        kind = method_type(refund.method)
        return Receipt(
            str(uuid5(self._namespace, f"refund:{refund.id}")),
            f"{sale.number}-R{refund.id}",
            refund.created_at,
            refund.user_code or sale.user_code,
            refund.user_name or sale.user_name,
            [taxed.line for taxed in back],
            _taxes_back(back, sale.taxes),
            [Payment(refund.method, refund.method, kind, -amount)],
        )


def _reduce(lines: Sequence[Taxed], amount: int) -> tuple[list[Taxed], int]:
    """Lines whose net is lower by `amount`, shared by what they cost; a negative one raises them. And what
    could not be shared, since nothing costs anything."""
    if not amount:
        return list(lines), 0
    weights = [max(taxed.line.net, 0) for taxed in lines]
    sign = 1 if amount >= 0 else -1
    shares = [sign * part for part in share(abs(amount), weights)]
    changed = [
        replace(
            taxed,
            line=replace(
                taxed.line, gross=taxed.line.gross - min(part, 0), discount=taxed.line.discount + max(part, 0)
            ),
        )
        for taxed, part in zip(lines, shares, strict=True)
    ]
    return changed, sum(shares) - amount


def _taxes(lines: Iterable[Taxed], bill_tax: int) -> list[ReceiptTax]:
    """The taxes of a sale. The tax of the bill wins, and its groups share it by what their items had."""
    nets: defaultdict[TaxGroup, int] = defaultdict(int)
    taxes: defaultdict[TaxGroup, Decimal] = defaultdict(Decimal)
    for taxed in lines:
        nets[taxed.group] += taxed.line.net
        taxes[taxed.group] += taxed.tax
    groups = list(nets)
    if len(groups) == 1 and taxes[groups[0]] > 0:
        (group,) = groups
        tax = max(bill_tax, 0)
        return [ReceiptTax(group.code, group.name, group.rate, nets[group] - tax, tax)]
    weights = [int(max(taxes[group], Decimal(0)) * 10**6) for group in groups]
    shares = share(max(bill_tax, 0), weights)
    return [
        ReceiptTax(group.code, group.name, group.rate, nets[group] - tax, tax)
        for group, tax in zip(groups, shares, strict=True)
    ]


def _lines_back(amount: int, refund: Refund, lines: Sequence[Taxed]) -> list[Taxed]:
    """The lines of a refund: its item, or its share of each department where it was an amount only."""
    for taxed in lines:
        if refund.item_id is not None and taxed.item_id == refund.item_id:
            return [replace(taxed, line=replace(taxed.line, gross=amount, discount=0, is_refund=True))]
    nets: defaultdict[tuple[str, str, TaxGroup], int] = defaultdict(int)
    for taxed in lines:
        nets[taxed.line.department_code, taxed.line.department_name, taxed.group] += max(taxed.line.net, 0)
    shares = share(amount, list(nets.values()))
    parts = [
        Taxed(_line_back(department, name, group, part), group)
        for (department, name, group), part in zip(nets, shares, strict=True)
        if part
    ]
    left = amount - sum(shares)
    return parts + ([Taxed(_line_back("none", "none", NO_TAX, left), NO_TAX)] if left else [])


def _line_back(department: str, name: str, group: TaxGroup, amount: int) -> Line:
    return Line(*_REFUND, department, name, group.code, Decimal(0), amount, is_refund=True)


def _taxes_back(back: Iterable[Taxed], sold: Iterable[ReceiptTax]) -> list[ReceiptTax]:
    """The taxes that are given back: as large a part of each amount as when it was sold."""
    known = {tax.code: tax for tax in sold}
    taxes: list[ReceiptTax] = []
    for group, amount in _by_group(back).items():
        tax = known.get(group.code)
        whole = tax.base + tax.tax if tax else 0
        part = to_minor(Decimal(-amount) * tax.tax / whole, 0) if tax and whole else 0
        taxes.append(ReceiptTax(group.code, group.name, group.rate, amount + part, -part))
    return taxes


def _by_group(lines: Iterable[Taxed]) -> Mapping[TaxGroup, int]:
    nets: defaultdict[TaxGroup, int] = defaultdict(int)
    for taxed in lines:
        nets[taxed.group] += taxed.line.net
    return nets
