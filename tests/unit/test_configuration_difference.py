"""What a download would change, in records, numbers and words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from factorypos_tui.core.configuration.configuration import (
    Configuration,
    Department,
    Item,
    PriceLevel,
    Section,
    Tax,
    User,
)
from factorypos_tui.core.configuration.difference import ChangeKind, FieldChange, RecordChange, compare
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.wording import change_words, counts_words
from factorypos_tui.core.language import use_language
from tests.support.configurations import BAR, configurations, with_item, without_item


def words(old: Configuration, new: Configuration) -> list[str]:
    return [change_words(change, "EUR") for change in compare(old, new).changes]


@given(configurations(), configurations())
@settings(max_examples=40)
def test_there_is_a_difference_exactly_where_the_documents_differ(
    old: Configuration, new: Configuration
) -> None:
    assert not compare(old, old).changes
    assert bool(compare(old, new).changes) == (encode(old) != encode(new))
    kinds = {change.kind for change in compare(Configuration(old.company), old).changes}
    assert kinds == {ChangeKind.ADDED}
    for change in compare(old, new).changes:
        assert change_words(change, "EUR").isprintable() or "\u200d" in change_words(change, "EUR")


def test_price_changes_come_first_old_and_new_by_level() -> None:
    new = with_item(BAR, "COFFEE", name="Espresso", prices={"BAR": 160, "TERRACE": 0})
    new = replace(new, departments=(*BAR.departments, Department("D3", "Shop")))
    assert compare(BAR, new).changes == [
        RecordChange(
            Section.PRICES,
            ChangeKind.CHANGED,
            "COFFEE",
            "Espresso",
            [FieldChange("BAR", 150, 160), FieldChange("TERRACE", None, 0)],
        ),
        RecordChange(
            Section.ITEMS, ChangeKind.CHANGED, "COFFEE", "Espresso", [FieldChange("name", "Café", "Espresso")]
        ),
        RecordChange(
            Section.DEPARTMENTS, ChangeKind.ADDED, "D3", "Shop", [FieldChange("name", None, "Shop")]
        ),
    ]
    assert words(BAR, new) == [
        "COFFEE Espresso: BAR 1.50 EUR → 1.60 EUR, TERRACE none → 0.00 EUR",
        "COFFEE Espresso: name Café → Espresso",
        "D3 Shop: new",
    ]


def test_records_that_come_and_go_say_what_they_are() -> None:
    tea = Item("TEA", "Tea", "D1", "T10", {"BAR": 170}, "84")
    new = replace(without_item(BAR, "WATER"), items=(*without_item(BAR, "WATER").items, tea))
    assert words(BAR, new) == [
        "TEA Tea: new, department D1, tax T10, barcode 84, BAR 1.70 EUR",
        "WATER Water: no longer used",
    ]
    added, gone = compare(BAR, new).changes
    assert FieldChange("prices.BAR", None, 170) in added.fields
    assert not gone.fields


def test_the_order_of_price_levels_is_a_difference_since_the_first_is_the_default() -> None:
    new = replace(BAR, price_levels=BAR.price_levels[::-1])
    assert words(BAR, new) == ["BAR Bar: place 1 → 2", "TERRACE Terrace: place 2 → 1"]


def test_every_other_section_is_compared_field_by_field() -> None:
    new = replace(
        BAR,
        company=replace(BAR.company, name="Bar Anna", city=""),
        taxes=(replace(BAR.taxes[0], rate="10.5"), BAR.taxes[1]),
        price_levels=(*BAR.price_levels, PriceLevel("NIGHT", "Night")),
        payment_methods=(replace(BAR.payment_methods[0], type="mobile"),),
        users=(User("1", "Ana", training=True), BAR.users[1]),
    )
    assert words(BAR, new) == [
        "T10 IVA 10 %: rate 10 → 10.5",
        "NIGHT Night: new, place 3",
        "CARD Card: type card → mobile",
        "CASH Cash: no longer used",
        "1 Ana: in training no → yes",
        "Bar Anna: name Bar Ana, S.L. → Bar Anna, city Palma → none",
    ]


def test_what_is_out_of_use_is_no_difference() -> None:
    old = replace(BAR, taxes=(*BAR.taxes, Tax("T4", "IVA 4 %", "4", active=False)))
    assert compare(old, BAR).changes == compare(BAR, old).changes == []
    used = replace(old, taxes=(*BAR.taxes, Tax("T4", "IVA 4 %", "4")))
    assert words(old, used) == ["T4 IVA 4 %: new, rate 4"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Prices: 1 changed. Items: 1 changed, 2 no longer used. Taxes: 1 new."),
        ("es", "Precios: 1 cambio. Artículos: 1 cambio, 2 bajas. Impuestos: 1 alta."),
    ],
)
def test_how_much_changes_is_counted_by_section(language: str, said: str) -> None:
    new = with_item(BAR, "COFFEE", name="Espresso", prices={})
    new = without_item(without_item(new, "WATER"), "BEER")
    new = replace(new, taxes=(*BAR.taxes, Tax("T4", "IVA 4 %", "4")))
    use_language(language)
    assert counts_words(compare(BAR, new)) == said


def test_no_difference_is_said_in_so_many_words() -> None:
    assert counts_words(compare(BAR, BAR)) == "There is no difference."


def test_a_record_that_changes_is_told_whole_with_what_stays_as_it_is() -> None:
    new = with_item(BAR, "COFFEE", name="Espresso", prices={"BAR": 160, "TERRACE": 0})
    difference = compare(BAR, replace(new, price_levels=BAR.price_levels[::-1]))
    price, name, level, _other = difference.changes
    coffee = [
        FieldChange("name", "Café", "Espresso"),
        FieldChange("department", "D1", "D1"),
        FieldChange("tax", "T10", "T10"),
        FieldChange("barcode", "8412345678905", "8412345678905"),
        FieldChange("prices.BAR", 150, 160),
        FieldChange("prices.TERRACE", None, 0),
    ]
    assert difference.whole(price) == difference.whole(name) == coffee
    assert difference.whole(level) == [FieldChange("name", "Bar", "Bar"), FieldChange("position", 1, 2)]


def test_a_record_that_comes_or_goes_is_told_whole_and_so_is_the_company() -> None:
    new = replace(without_item(BAR, "WATER"), company=replace(BAR.company, city=None))
    gone, company = compare(BAR, new).changes
    assert {(field.field, field.new) for field in compare(BAR, new).whole(gone)} >= {("tax", None)}
    assert FieldChange("name", "Water", None) in compare(BAR, new).whole(gone)
    assert FieldChange("city", "Palma", None) in compare(BAR, new).whole(company)
    come, _company = compare(new, BAR).changes
    assert FieldChange("name", None, "Water") in compare(new, BAR).whole(come)


def test_hostile_names_are_shown_without_what_a_terminal_obeys() -> None:
    new = with_item(BAR, "COFFEE", name="Caf\u202eé\x1b[2J [b]")
    (line,) = words(BAR, new)
    assert line == "COFFEE Café[2J [b]: name Café → Café[2J [b]"
