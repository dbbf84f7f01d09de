"""The drawer before and after the close, and amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.language import LANGUAGES, format_decimal, use_language
from factorypos_tui.core.language.money import (
    CURRENCIES,
    MOST_COUNTED,
    currency_exponent,
    format_money,
    read_money,
)
from factorypos_tui.core.reports.closing import Drawer, drawer_words
from tests.support.foreign import drop_the_guards
from tests.support.stations import Shop

AMOUNTS = st.integers(0, MOST_COUNTED)
LANGUAGE = st.sampled_from(sorted(LANGUAGES))
CURRENCY = st.sampled_from(sorted(CURRENCIES))


@given(AMOUNTS, CURRENCY, LANGUAGE)
def test_an_amount_is_read_as_it_is_written(amount: int, currency: str, language: str) -> None:
    use_language(language)
    assert read_money(format_money(amount, currency), currency) == amount
    assert read_money(format_decimal(amount, currency_exponent(currency)), currency) == amount


@given(st.integers(-MOST_COUNTED, MOST_COUNTED), AMOUNTS, CURRENCY, LANGUAGE)
def test_over_and_short_are_what_the_drawer_differs_by(
    expected: int, counted: int, currency: str, language: str
) -> None:
    use_language(language)
    drawer = Drawer(expected, counted, currency)
    words, difference = drawer_words(drawer), counted - expected
    assert drawer.over_short == difference
    assert (format_money(abs(difference), currency) in words) or not difference
    assert format_money(expected, currency) in words
    short, over = {"en": ("is short by", "is over by"), "es": ("faltan", "sobran")}[language]
    assert (short in words, over in words) == (difference < 0, difference > 0)


@given(st.text(max_size=24), CURRENCY)
def test_any_text_is_an_amount_or_none(text: str, currency: str) -> None:
    amount = read_money(text, currency)
    assert amount is None or 0 <= amount <= MOST_COUNTED


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("120.5", "EUR", 12050),
        ("120,50", "EUR", 12050),
        ("1,204", "EUR", 120400),
        ("1.204", "EUR", 120400),
        ("1.204,5 eur", "EUR", 120450),
        (" 1 204.50 EUR ", "EUR", 120450),
        ("0", "EUR", 0),
        ("1.500", "JPY", 1500),
        ("1.500", "TND", 1500),
        ("1,500", "TND", 1500000),
        ("1.5", "JPY", None),
        ("1.204.50", "EUR", None),
        ("1,20,4", "EUR", None),
        ("12.345.6", "EUR", None),
        ("-1", "EUR", None),
        ("1e3", "EUR", None),
        ("\u0661", "EUR", None),
        (".5", "EUR", None),
        ("", "EUR", None),
        ("12 USD", "EUR", None),
    ],
)
def test_point_and_comma_both_part_decimals(typed: str, currency: str, amount: int | None) -> None:
    use_language("en")
    assert read_money(typed, currency) == amount


def test_an_uncounted_drawer_is_neither_over_nor_short() -> None:
    assert (Drawer(100, None, "EUR").over_short, drawer_words(Drawer(100, None, "EUR"))) == (None, "")
    assert drawer_words(None) == ""


def test_a_day_that_has_no_report_can_be_closed_and_its_drawer_is_not_guessed(shop: Shop) -> None:
    shop.sell("CAFE")
    drop_the_guards(shop.till.database().path)
    shop.till.database().execute("UPDATE receipts SET sold_at = '0000-01-01T00:00:00.000Z'")
    seen = shop.till.day_to_close()
    assert (seen.receipts, seen.drawer, seen.payments) == (1, None, ())
    assert shop.till.close_day(seen).z_number == 1
