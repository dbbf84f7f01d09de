"""The rounding rules of the house."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.language import use_language
from factorypos_tui.core.language.money import format_money, line_amount, share, split_tax


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount"),
    [("1", 150, 150), ("0.5", 101, 51), ("0.335", 1000, 335), ("1.005", 100, 101)],
)
def test_a_line_rounds_half_up(quantity: str, unit_price: int, amount: int) -> None:
    assert line_amount(Decimal(quantity), unit_price) == amount


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [(110, "10", (100, 10)), (121, "21", (100, 21)), (5, "10", (5, 0)), (0, "21", (0, 0))],
)
def test_tax_is_taken_out_of_the_price(amount: int, rate: str, expected: tuple[int, int]) -> None:
    assert split_tax(amount, Decimal(rate)) == expected


@given(st.integers(-(10**9), 10**9), st.sampled_from(("0", "4", "10", "21", "5.2")))
def test_base_and_tax_add_up_and_a_refund_mirrors_its_sale(amount: int, rate: str) -> None:
    base, tax = split_tax(amount, Decimal(rate))
    assert base + tax == amount
    assert split_tax(-amount, Decimal(rate)) == (-base, -tax)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_a_shared_discount_adds_up_and_is_fair_to_a_cent(amount: int, weights: list[int]) -> None:
    shares = share(amount, weights)
    total = sum(weights)
    assert sum(shares) == (amount if total else 0)
    if total:
        assert all(
            abs(part - amount * weight / total) < 1 for part, weight in zip(shares, weights, strict=True)
        )


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", 120450, "EUR", "1,204.50 EUR"),
        ("es", 120450, "EUR", "1.204,50 EUR"),
        ("en", -5, "EUR", "-0.05 EUR"),
        ("es", 1500, "JPY", "1.500 JPY"),
        ("en", 1234567, "TND", "1,234.567 TND"),
    ],
)
def test_money_is_written_as_the_language_does(language: str, amount: int, currency: str, text: str) -> None:
    use_language(language)
    assert format_money(amount, currency) == text
