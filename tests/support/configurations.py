"""Configurations for tests: a small bar's, and catalogues as wild as shops make them."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from factorypos_tui.core.configuration.configuration import (
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Tax,
    User,
)
from factorypos_tui.core.configuration.fields import PAYMENT_TYPES

BAR = Configuration(
    company=CompanyData("Bar Ana, S.L.", "B1", "Calle Mayor 1", "Palma", "ES", "EUR"),
    departments=(Department("D1", "Drinks"), Department("D2", "Food")),
    taxes=(Tax("T10", "IVA 10 %", "10"), Tax("T21", "IVA 21 %", "21")),
    price_levels=(PriceLevel("BAR", "Bar"), PriceLevel("TERRACE", "Terrace")),
    payment_methods=(PaymentMethod("CARD", "Card", "card"), PaymentMethod("CASH", "Cash", "cash")),
    users=(User("1", "Ana"), User("9", "Practice", training=True)),
    items=(
        Item("BEER", "Beer", "D1", "T21", {"BAR": 200, "TERRACE": 240}),
        Item("COFFEE", "Café", "D1", "T10", {"BAR": 150}, "8412345678905"),
        Item("WATER", "Water", "D1", "T10", {"BAR": 0, "TERRACE": 100}),
    ),
)


def with_item(configuration: Configuration, code: str, **changes: Any) -> Configuration:
    """The same, one item changed."""
    items = [replace(item, **changes) if item.code == code else item for item in configuration.items]
    return replace(configuration, items=tuple(items))


def without_item(configuration: Configuration, code: str) -> Configuration:
    """The same, one item left out."""
    return replace(configuration, items=tuple(item for item in configuration.items if item.code != code))


_letters = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf"), include_characters="\u200d\u200f"
)
_codes = st.text(_letters, min_size=1, max_size=40).filter(lambda code: code == code.strip())
_names = st.text(_letters, min_size=1, max_size=100).filter(lambda name: not name.isspace())
_lines = st.text(_letters, max_size=80)
_rates = st.one_of(
    st.integers(0, 100).map(str), st.decimals(0, 99, places=2, allow_nan=False).map(lambda rate: f"{rate:f}")
)
_prices = st.one_of(st.just(0), st.integers(0, 100_000), st.integers(0, 10**12))


def _sorted(records: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(records, key=lambda record: record.code))


def _lists(record: "st.SearchStrategy[Any]", least: int = 0) -> "st.SearchStrategy[list[Any]]":
    return st.lists(record, min_size=least, max_size=5, unique_by=lambda record: record.code)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    """A configuration that can be downloaded: it has at least one item with a price."""
    departments = draw(_lists(st.builds(Department, _codes, _names), least=1))
    taxes = draw(_lists(st.builds(Tax, _codes, _names, _rates), least=1))
    levels = draw(_lists(st.builds(PriceLevel, _codes, _names), least=1))
    items = draw(
        _lists(
            st.builds(
                Item,
                _codes,
                _names,
                st.sampled_from([department.code for department in departments]),
                st.sampled_from([tax.code for tax in taxes]),
                st.dictionaries(st.sampled_from([level.code for level in levels]), _prices),
                st.none() | _codes,
            ),
            least=1,
        )
    )
    items[0] = replace(items[0], prices={levels[0].code: draw(_prices), **items[0].prices})
    barcodes: set[str | None] = set()
    for place, item in enumerate(items):
        items[place] = replace(item, barcode=None) if item.barcode in barcodes else item
        barcodes.add(item.barcode)
    return Configuration(
        company=draw(
            st.builds(
                CompanyData,
                _names,
                _lines,
                _lines,
                _lines,
                st.sampled_from(("ES", "FR", "JP")),
                st.sampled_from(("EUR", "JPY", "TND")),
            )
        ),
        departments=_sorted(departments),
        taxes=_sorted(taxes),
        price_levels=tuple(levels),
        payment_methods=_sorted(
            draw(_lists(st.builds(PaymentMethod, _codes, _names, st.sampled_from(PAYMENT_TYPES))))
        ),
        users=_sorted(draw(_lists(st.builds(User, _codes, _names, st.booleans())))),
        items=_sorted(items),
    )
