"""A receipt adds up, or it is not made."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration.configuration import Department, PaymentMethod, PriceLevel, Tax, User
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.tills.bundled.catalogue import Catalogue, Item
from factorypos_tui.tills.bundled.selling import (
    Sale,
    SaleLine,
    Tender,
    Unsellable,
    make_receipt,
    parse_quantity,
)

_FOOD = Department("FOOD", "Food")
_RATES = [
    Tax("R10", "10 %", "10"),
    Tax("R21", "21 %", "21"),
    Tax("R4", "4.5 %", "4.5"),
    Tax("R0", "None", "0"),
]
_ITEMS = [
    Item("CAFE", "Café", _FOOD, _RATES[0], {"BARRA": 140, "TERRAZA": 170}),
    Item("CANA", "Caña", _FOOD, _RATES[1], {"BARRA": 190}),
    Item("PAN", "Pan", _FOOD, _RATES[2], {"BARRA": 95}),
    Item("BOLSA", "Bolsa", _FOOD, _RATES[3], {"BARRA": 5}),
    Item("OLD", "Old", _FOOD, _RATES[0], {"BARRA": 100}, active=False),
]
CATALOGUE = Catalogue(
    items={item.code: item for item in _ITEMS},
    price_levels={"BARRA": PriceLevel("BARRA", "Bar"), "TERRAZA": PriceLevel("TERRAZA", "Terrace")},
    payment_methods={
        "CASH": PaymentMethod("CASH", "Cash", "cash"),
        "CARD": PaymentMethod("CARD", "Card", "card"),
    },
    users={"0": User("0", "Practice", training=True), "1": User("1", "Ana"), "2": User("2", "Jordi")},
)


def sell(*lines: SaleLine, **more: object) -> Receipt:
    tenders = more.pop("tenders", [Tender("CASH")])
    sale = Sale(str(uuid.UUID(int=1)), datetime(2026, 6, 12, tzinfo=UTC), lines, tenders, **more)  # type: ignore[arg-type]  # the tests' own keywords
    return make_receipt(CATALOGUE, sale)


lines = st.builds(
    SaleLine,
    item=st.sampled_from(("CAFE", "CANA", "PAN", "BOLSA")),
    quantity=st.decimals(min_value="0.001", max_value=99_999, places=3),
    unit_price=st.none() | st.integers(0, 10**6),
    is_refund=st.booleans(),
    is_comp=st.booleans(),
)


@given(st.lists(lines, min_size=1, max_size=12), st.integers(-4, 4), st.data())
def test_taxes_and_payments_agree_with_the_lines(
    sold: list[SaleLine], rounding: int, data: st.DataObject
) -> None:
    full = sell(*sold)
    to_discount = sum(line.net for line in full.lines if not line.is_refund)
    discount = data.draw(st.integers(0, to_discount))
    by_card = data.draw(st.integers(-(10**6), 10**6))
    receipt = sell(
        *sold, discount=discount, rounding=rounding, tenders=[Tender("CARD", by_card, tip=7), Tender("CASH")]
    )

    net = sum(line.net for line in receipt.lines)
    assert net == sum(line.net for line in full.lines) - discount
    assert sum(tax.base + tax.tax for tax in receipt.taxes) == net
    assert sum(payment.amount for payment in receipt.payments) == net + rounding
    assert len({tax.code for tax in receipt.taxes}) == len(receipt.taxes)
    for line in receipt.lines:
        assert 0 <= line.discount <= line.gross
        assert not line.is_comp or line.net == 0


def test_a_receipt_holds_names_prices_and_taxes_as_they_are_now() -> None:
    receipt = sell(SaleLine("CAFE", Decimal(2)), SaleLine("CANA"))
    assert [(line.item_name, line.department_name, line.gross) for line in receipt.lines] == [
        ("Café", "Food", 280),
        ("Caña", "Food", 190),
    ]
    assert [(tax.rate, tax.base, tax.tax) for tax in receipt.taxes] == [("10", 255, 25), ("21", 157, 33)]
    assert (receipt.user_name, receipt.payments[0].name, receipt.payments[0].amount) == ("Ana", "Cash", 470)


def test_the_terrace_has_its_own_prices() -> None:
    assert sell(SaleLine("CAFE"), level="TERRAZA").lines[0].gross == 170


def test_a_refund_pays_back_what_was_paid_with_its_tax() -> None:
    receipt = sell(SaleLine("CAFE", is_refund=True))
    assert (receipt.payments[0].amount, receipt.taxes[0].base, receipt.taxes[0].tax) == (-140, -127, -13)


@pytest.mark.parametrize(
    ("line", "more", "field", "message"),
    [
        (SaleLine("CAFFE"), {}, "lines[0].item", "no item CAFFE. The nearest: CAFE"),
        (SaleLine("cafe"), {}, "lines[0].item", "The nearest: CAFE"),
        (SaleLine("OLD"), {}, "lines[0].item", "not for sale any more"),
        (SaleLine("CANA"), {"level": "TERRAZA"}, "lines[0].unit_price", "CANA has no price at level TERRAZA"),
        (SaleLine("CAFE"), {"level": "TERAZA"}, "level", "The nearest: TERRAZA"),
        (SaleLine("CAFE"), {"user": "7"}, "user", "no user 7"),
        (SaleLine("CAFE"), {"tenders": [Tender("CRAD")]}, "payments[0].code", "The nearest: CARD"),
        (SaleLine("CAFE", discount=141), {}, "lines[0].discount", "larger than the amount"),
        (SaleLine("CAFE"), {"discount": 141}, "discount", "larger than the receipt"),
        (SaleLine("CAFE", is_refund=True), {"discount": 1}, "discount", "here all is taken back"),
        (
            SaleLine("CAFE"),
            {"tenders": [Tender("CASH", 139)]},
            "payments",
            "add up to 139, the receipt to 140",
        ),
        (SaleLine("CAFE"), {"tenders": []}, "payments", "add up to 0, the receipt to 140"),
        (SaleLine("CAFE", Decimal(99_999), unit_price=10**12), {}, "lines[0].quantity", "too large"),
    ],
)
def test_what_cannot_be_sold_is_refused_in_clear_words(
    line: SaleLine, more: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(Unsellable) as refused:
        sell(line, **more)
    assert refused.value.field == field
    assert message in str(refused.value)


def test_a_receipt_without_lines_is_none() -> None:
    with pytest.raises(Unsellable, match="at least one line"):
        sell()


@pytest.mark.parametrize("text", ["1", "0.250", "99999", "0.001", "007"])
def test_quantities_as_people_write_them(text: str) -> None:
    assert parse_quantity(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    ["0", "0.000", "-1", "", " 1", "1,5", "1.", ".5", "1e3", "NaN", "Infinity", "1.0001", "99999.001",
     "9" * 5000, "0" * 39 + "1x", "0x10", "²", "٣", "1\n"],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_quantity(text)
