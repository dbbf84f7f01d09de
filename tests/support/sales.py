"""Generated days: a period and its receipts, as any till might tell them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from factorypos_tui.core.language.money import line_amount, split_tax
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.reports.sales import (
    Cash,
    CloseReason,
    Control,
    Count,
    Line,
    Payment,
    Period,
    Perpetual,
    Receipt,
    ReceiptTax,
)

TERMINAL = Terminal("5b9d7d0c-1f60-4f3e-9a53-7f1f9c8d1a11", "Terminal 01")
OPENED = datetime(2026, 11, 22, 7, 58, tzinfo=UTC)
_TAXES = {"GEN": ("IVA general", "21"), "RED": ("IVA reducido", "10"), "ZERO": ("Exento", "0")}

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
quantities = st.decimals(Decimal("0.001"), Decimal(50), places=3)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """A line: any quantity and price, a discount up to all of it, sold or refunded."""
    quantity = draw(quantities)
    gross = line_amount(quantity, draw(st.integers(0, 20_000)))
    number = draw(st.integers(1, 6))
    comp = draw(st.booleans())
    return Line(
        item_code=f"I{number}",
        item_name=draw(names),
        department_code=f"D{number % 3}",
        department_name=f"Department {number % 3}",
        tax_code=draw(st.sampled_from(sorted(_TAXES))),
        quantity=quantity,
        gross=gross,
        discount=gross if comp else draw(st.integers(0, gross)),
        is_refund=draw(st.booleans()),
        is_comp=comp,
    )


@st.composite
def receipts(draw: st.DrawFn, number: int) -> Receipt:
    """A receipt whose payments and taxes fit its lines."""
    sold = draw(st.lists(lines(), min_size=1, max_size=5))
    net = sum(line.net for line in sold)
    rounding = draw(st.integers(-2, 2))
    in_cash = draw(st.integers(-5_000, 5_000))
    user = draw(st.sampled_from((("1", "Ana"), ("2", "Luis"))))
    return Receipt(
        uid=f"r{number}",
        number=f"T-{number:06d}",
        sold_at=OPENED + timedelta(minutes=draw(st.integers(0, 1_000))),
        user_code=user[0],
        user_name=user[1],
        lines=sold,
        taxes=_taxes_of(sold),
        payments=(
            Payment("CASH", "Efectivo", "cash", in_cash),
            Payment("CARD", "Tarjeta", "card", net + rounding - in_cash, tip=draw(st.integers(0, 500))),
        ),
        rounding=rounding,
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[Period, list[Receipt]]:
    """A closed period, empty or not, with its receipts."""
    sold = [draw(receipts(number)) for number in range(1, draw(st.integers(0, 6)) + 1)]
    return replace(
        period(),
        perpetual_before=Perpetual(draw(st.integers(0, 10**9)), draw(st.integers(0, 10**6))),
        cash=Cash(
            10_000,
            draw(st.integers(0, 5_000)),
            draw(st.integers(0, 5_000)),
            draw(st.none() | st.integers(0, 10**6)),
        ),
        control=Control(Count(1, 250), Count(2, 900), 3, 1, Count(1, 1_200)),
    ), sold


def period(z_number: int = 7) -> Period:
    """A closed period of the terminal; `dataclasses.replace` makes another of it."""
    return Period(
        id=f"00000000-0000-4000-8000-{z_number:012d}",
        terminal=TERMINAL,
        business_date=date(2026, 11, 22),
        timezone="Europe/Madrid",
        currency="EUR",
        software="factorypos-tui test",
        opened_at=OPENED,
        z_number=z_number,
        closed_at=OPENED + timedelta(hours=14),
        close_reason=CloseReason.MANUAL,
    )


def _taxes_of(sold: list[Line]) -> list[ReceiptTax]:
    taxes = []
    for code in sorted({line.tax_code for line in sold}):
        name, rate = _TAXES[code]
        base, tax = split_tax(sum(line.net for line in sold if line.tax_code == code), Decimal(rate))
        taxes.append(ReceiptTax(code, name, rate, base, tax))
    return taxes
