"""Every declared field of a configuration: a change of it alone is found, named, taken and brought back."""

import dataclasses
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.configuration import fields as check
from factorypos_tui.core.configuration.configuration import (
    KINDS,
    CompanyData,
    Configuration,
    Field,
    Section,
    fields_of,
    in_use,
)
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.configuration.wording import change_words
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.configurations import BAR, with_item
from tests.tills.bar import Bar
from tests.tills.exchange import take

VALUES: dict[Callable[[Any], Any], st.SearchStrategy[Any]] = {
    check.code: st.text("ABC123", min_size=1, max_size=40),
    check.name: st.text("ab ñé", min_size=1, max_size=100).filter(str.strip),
    check.line: st.text("ab ñé", min_size=1, max_size=80),
    check.country: st.sampled_from(("ES", "FR", "JP")),
    check.currency: st.sampled_from(("EUR", "USD", "JPY")),
    check.rate: st.integers(0, 100).map(str),
    check.payment_type: st.sampled_from(check.PAYMENT_TYPES),
    check.flag: st.booleans(),
    check.prices: st.dictionaries(st.sampled_from(("BAR", "TERRACE")), st.integers(0, 1000)),
}
"""What each check lets through; a new check needs its values here."""
WHOLE: dict[Section, type[Any]] = {**KINDS, Section.COMPANY: CompanyData}
CASES = [
    pytest.param(section, field, id=f"{section.value}.{field.name}")
    for section, kind in WHOLE.items()
    for field in fields_of(kind).values()
    if field.name != "code"
]


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.refers_to and field.check is check.code:
        return st.sampled_from([record.code for record in getattr(BAR, field.refers_to.value)])
    return VALUES[field.check]


def with_field(section: Section, field: Field, value: Any) -> Configuration:
    """The bar, with another value in one field of one record."""
    if section is Section.COMPANY:
        return replace(BAR, company=replace(BAR.company, **{field.name: value}))
    first, *others = getattr(BAR, section.value)
    changed: dict[str, Any] = {section.value: (replace(first, **{field.name: value}), *others)}
    return replace(BAR, **changed)


@pytest.mark.parametrize(("section", "kind"), WHOLE.items())
def test_no_field_is_undeclared(section: Section, kind: type[Any]) -> None:
    assert set(fields_of(kind)) == {field.name for field in dataclasses.fields(kind)} - {"active"}


@pytest.mark.parametrize(("section", "field"), CASES)
@given(data=st.data())
@settings(max_examples=4)
def test_a_change_of_it_alone_is_found_named_taken_and_brought_back(
    section: Section, field: Field, data: st.DataObject
) -> None:
    before = BAR.company if section is Section.COMPANY else getattr(BAR, section.value)[0]
    values = values_of(field).filter(lambda value: value != getattr(before, field.name))
    wanted = with_field(section, field, data.draw(values))

    (change,) = compare(BAR, wanted).changes
    prices = field.name == Section.PRICES.value
    assert change.section is (Section.PRICES if prices else section)
    assert prices or [found.field for found in change.fields] == [field.name]
    assert prices or f" {field.label} " in change_words(change, "EUR")
    assert decode(encode(wanted)).configuration == wanted
    assert encode(wanted) != encode(BAR)

    with tempfile.TemporaryDirectory() as folder:
        till = Bar(Path(folder) / "till.db").till
        take(till, BAR)
        assert in_use(till.configuration()) == BAR
        applied = take(till, wanted)
        assert till.configuration() == wanted
        take(till, till.configuration_of_backup(applied.backup_id))
        assert till.configuration() == BAR
        till.close()


def kept(till: BundledTill, content: Any) -> Configuration:
    """What is read of a backup with this content."""
    database = till.database()
    database.execute(
        "INSERT INTO configuration_backups (taken_at, why, content)"
        " VALUES ('2026-06-12T12:00:00.000Z', 'download', ?)",
        json.dumps(content),
    )
    return till.configuration_of_backup(till.configuration_backups()[0].id)


def test_a_backup_from_before_columns_had_names_is_brought_back(bar: Bar) -> None:
    """Written down as 0.2.0 made it."""
    old = {
        "company": ["Bar Ana, S.L.", "B1", "Calle Mayor 1", "Palma", "ES", "EUR"],
        "departments": [["D1", "Drinks", 1], ["D2", "Food", 1]],
        "taxes": [["T10", "IVA 10 %", "10", 1], ["T21", "IVA 21 %", "21", 1]],
        "price_levels": [["TERRACE", "Terrace", 2], ["BAR", "Bar", 1]],
        "payment_methods": [["CARD", "Card", "card", 1], ["CASH", "Cash", "cash", 1]],
        "users": [["1", "Ana", 0, 1], ["9", "Practice", 1, 1]],
        "items": [
            ["BEER", "Beer", "D1", "T21", None, 1],
            ["COFFEE", "Café", "D1", "T10", "8412345678905", 1],
            ["WATER", "Water", "D1", "T10", None, 1],
        ],
        "prices": [
            ["BEER", "BAR", 200],
            ["BEER", "TERRACE", 240],
            ["COFFEE", "BAR", 150],
            ["WATER", "BAR", 0],
            ["WATER", "TERRACE", 100],
        ],
    }
    assert kept(bar.till, old) == BAR


def test_a_backup_brings_back_what_it_knows_of_where_the_till_has_more_columns_or_fewer(bar: Bar) -> None:
    take(bar.till, BAR)
    take(bar.till, with_field(Section.ITEMS, fields_of(KINDS[Section.ITEMS])["name"], "Ale"))
    content = json.loads(bar.database.value("SELECT content FROM configuration_backups ORDER BY id DESC"))
    place = content["columns"]["items"].index("barcode")
    for row in (content["columns"]["items"], *content["items"]):
        del row[place]
    for row in (content["columns"]["users"], *content["users"]):
        row.insert(0, "colour")
    content["columns"]["company"].append("colour")
    content["company"].append("red")
    assert kept(bar.till, content) == with_item(BAR, "COFFEE", barcode=None)
