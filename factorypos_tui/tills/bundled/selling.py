"""Makes a receipt that adds up from a sale. Pure: nothing is read, kept or numbered here.

In every receipt made here the taxes' base + tax equal the lines' net, and the payments equal the lines' net
plus `rounding`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from factorypos_tui.core.configuration.configuration import PriceLevel, Tax
from factorypos_tui.core.errors import TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.money import line_amount, share, split_tax
from factorypos_tui.core.reports.sales import Line, Payment, Receipt, ReceiptTax
from factorypos_tui.tills.bundled.catalogue import Catalogue, Item

_Code = TypeVar("_Code")
_Found = TypeVar("_Found")

MAX_AMOUNT = 10**12
MAX_QUANTITY = 99_999


class Unsellable(TillError):
    """The till cannot sell this; `field` is the place in the request, such as `lines[0].item`."""

    def __init__(self, message: str, field: str) -> None:
        """`message` for the person, `field` as an importer names it."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One item of a sale; amounts in minor units."""

    item: str
    quantity: Decimal = Decimal(1)
    unit_price: int | None = None
    """None: the price of the catalogue."""
    total: int | None = None
    """What the line comes to before discounts, where the till that sold it rounds in another way."""
    tax: int | None = None
    """The tax in the line, where that till works it out line by line."""
    discount: int = 0
    is_refund: bool = False
    is_comp: bool = False
    """Whether the whole line is given away."""


@dataclass(frozen=True, slots=True)
class Tender:
    """A part of the payment, without the change."""

    code: str
    amount: int | None = None
    """None: all that the other tenders leave."""
    tip: int = 0


@dataclass(frozen=True, slots=True)
class GivenTax:
    """The tax of one code on a receipt, as the till that sold it worked it out; negative on a refund."""

    code: str
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale that is to become a receipt."""

    uid: str
    sold_at: datetime
    lines: Sequence[SaleLine]
    tenders: Sequence[Tender]
    user: str | None = None
    """None: the till's first."""
    level: str | None = None
    """None: the till's first."""
    discount: int = 0
    """Shared over the lines that are sold."""
    rounding: int = 0
    number: str = ""
    """Empty: the till's next."""
    taxes: Sequence[GivenTax] = ()
    """Taxes that another till has worked out already."""


def parse_quantity(text: str) -> Decimal:
    """A quantity as people write it, `2` or `0.250`; raises `UsageError` where it is none."""
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?", text):
        raise UsageError(_("{text} is not a quantity. Write it like 2 or 0.250.").format(text=text[:40]))
    quantity = Decimal(text)
    if len(text.partition(".")[2]) > 3:
        raise UsageError(_("{text}: a quantity has at most three decimals.").format(text=text))
    if not 0 < quantity <= MAX_QUANTITY:
        raise UsageError(
            _("{text}: a quantity is more than 0 and at most {most}.").format(text=text, most=MAX_QUANTITY)
        )
    return quantity


def make_receipt(catalogue: Catalogue, sale: Sale) -> Receipt:
    """The receipt of `sale`, with names and prices as they are now.

    Raises `Unsellable` for an unknown or inactive item, a missing price, a discount above its amount, and for
    payments that do not add up."""
    user = _named("user", catalogue.user, sale.user)
    level = _named("level", catalogue.price_level, sale.level)
    if not sale.lines:
        raise Unsellable(_("A receipt needs at least one line."), "lines")
    items = [_named(f"lines[{n}].item", catalogue.item, line.item) for n, line in enumerate(sale.lines)]
    priced = [
        _price(item, line, level, f"lines[{n}]")
        for n, (item, line) in enumerate(zip(items, sale.lines, strict=True))
    ]
    lines = _discounted(priced, sale.discount)
    return Receipt(
        uid=sale.uid,
        number=sale.number,
        sold_at=sale.sold_at,
        user_code=user.code,
        user_name=user.name,
        lines=lines,
        taxes=_taxes({item.tax.code: item.tax for item in items}, sale, lines),
        payments=_payments(catalogue, sale.tenders, sum(line.net for line in lines) + sale.rounding),
        rounding=sale.rounding,
    )


def _named(field: str, look_up: Callable[[_Code], _Found], code: _Code) -> _Found:
    try:
        return look_up(code)
    except TillError as error:
        raise Unsellable(str(error), field) from error


def _price(item: Item, line: SaleLine, level: PriceLevel, field: str) -> Line:
    if not item.active:
        raise Unsellable(_("{item} is not for sale any more.").format(item=item.code), f"{field}.item")
    unit_price = item.prices.get(level.code) if line.unit_price is None else line.unit_price
    if unit_price is None and line.total is None:
        raise Unsellable(
            _("{item} has no price at level {level}. Give it one first.").format(
                item=item.code, level=level.code
            ),
            f"{field}.unit_price",
        )
    gross = line_amount(line.quantity, unit_price or 0) if line.total is None else line.total
    if gross > MAX_AMOUNT:
        raise Unsellable(_("{item}: the amount is too large.").format(item=item.code), f"{field}.quantity")
    if line.discount > gross:
        raise Unsellable(
            _("{item}: the discount is larger than the amount.").format(item=item.code), f"{field}.discount"
        )
    return Line(
        item_code=item.code,
        item_name=item.name,
        department_code=item.department.code,
        department_name=item.department.name,
        tax_code=item.tax.code,
        quantity=line.quantity,
        gross=gross,
        discount=gross if line.is_comp else line.discount,
        is_refund=line.is_refund,
        is_comp=line.is_comp,
    )


def _discounted(lines: Sequence[Line], discount: int) -> list[Line]:
    sold = [0 if line.is_refund else line.net for line in lines]
    if discount and all(line.is_refund for line in lines):
        raise Unsellable(
            _(
                "A discount on the whole receipt is shared over what is sold, and here all is taken back."
                " Give each line its own discount."
            ),
            "discount",
        )
    if discount > sum(sold):
        raise Unsellable(_("The discount is larger than the receipt."), "discount")
    return [
        replace(line, discount=line.discount + part) if part else line
        for line, part in zip(lines, share(discount, sold), strict=True)
    ]


def _taxes(taxes: Mapping[str, Tax], sale: Sale, lines: Sequence[Line]) -> list[ReceiptTax]:
    given = _given_taxes(taxes, sale, lines)
    result = []
    for code, tax in taxes.items():
        amount = sum(line.net for line in lines if line.tax_code == code)
        base, part = given.get(code) or split_tax(amount, Decimal(tax.rate))
        result.append(ReceiptTax(code, tax.name, tax.rate, base, part))
    return result


def _given_taxes(taxes: Mapping[str, Tax], sale: Sale, lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """Code -> base and tax, as the till that sold the receipt worked them out: for each line, or for the
    receipt."""
    amounts = {code: sum(line.net for line in lines if line.tax_code == code) for code in taxes}
    given = {code: (amounts[code] - tax, tax) for code, tax in _taxes_of_lines(sale, lines).items()}
    for n, told in enumerate(sale.taxes):
        if told.code not in taxes:
            raise Unsellable(_("No line has this tax."), f"taxes[{n}].code")
        if told.code in given:
            raise Unsellable(_("This tax is given twice."), f"taxes[{n}].code")
        if told.base + told.tax != amounts[told.code]:
            raise Unsellable(
                _("Base and tax add up to {told}, the lines of this tax to {due} (minor units).").format(
                    told=told.base + told.tax, due=amounts[told.code]
                ),
                f"taxes[{n}]",
            )
        given[told.code] = told.base, told.tax
    return given


def _taxes_of_lines(sale: Sale, lines: Sequence[Line]) -> dict[str, int]:
    told = {line.tax_code for asked, line in zip(sale.lines, lines, strict=True) if asked.tax is not None}
    taxes = dict.fromkeys(told, 0)
    for n, (asked, line) in enumerate(zip(sale.lines, lines, strict=True)):
        if line.tax_code not in told:
            continue
        if asked.tax is None:
            raise Unsellable(_("Other lines of this tax give it; so must this one."), f"lines[{n}].tax")
        if asked.tax > abs(line.net):
            raise Unsellable(_("The tax is larger than the line."), f"lines[{n}].tax")
        taxes[line.tax_code] += -asked.tax if line.is_refund else asked.tax
    return taxes


def _payments(catalogue: Catalogue, tenders: Sequence[Tender], due: int) -> list[Payment]:
    given = sum(tender.amount or 0 for tender in tenders)
    payments = []
    for n, tender in enumerate(tenders):
        method = _named(f"payments[{n}].code", catalogue.payment_method, tender.code)
        amount = due - given if tender.amount is None else tender.amount
        payments.append(Payment(method.code, method.name, method.type, amount, tender.tip))
    paid = sum(payment.amount for payment in payments)
    if paid != due:
        raise Unsellable(
            _("The payments add up to {paid}, the receipt to {due} (minor units).").format(
                paid=paid, due=due
            ),
            "payments",
        )
    return payments
