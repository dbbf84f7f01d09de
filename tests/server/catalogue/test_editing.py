"""An edit changes what it says and nothing else: the difference afterwards is exactly the edit."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration import difference as at_the_till
from factorypos_tui.core.configuration.document import decode
from factorypos_tui.server.catalogue import editing
from factorypos_tui.server.catalogue.difference import ChangeKind, FieldChange, RecordChange, compare
from factorypos_tui.server.catalogue.fields import SECTIONS
from factorypos_tui.server.catalogue.prices import Repricing, new_price, reprice
from factorypos_tui.server.catalogue.templates import TEMPLATES, from_template
from factorypos_tui.server.catalogue.wording import change_words, counts_words, fault_words
from factorypos_tui.server.words import speak
from tests.server.catalogue.shelves import BAR, catalogues, with_item

NAMES = st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=1, max_size=20)


@given(catalogues(), st.data(), NAMES)
def test_a_change_is_the_whole_difference(document: Any, data: st.DataObject, name: str) -> None:
    section = data.draw(st.sampled_from([section for section in SECTIONS if document[section]]))
    record = data.draw(st.sampled_from(document[section]))
    edited = editing.change_record(document, section, record["code"], {"name": name})
    fields = (FieldChange("name", record["name"], name),)
    wanted = [RecordChange(section, ChangeKind.CHANGED, record["code"], name, fields)]
    assert compare(document, edited) == (wanted if record["name"] != name else [])


@given(catalogues(), st.data(), st.integers(0, 10**9))
def test_a_new_price_is_the_whole_difference(document: Any, data: st.DataObject, price: int) -> None:
    item = data.draw(st.sampled_from(document["items"]))
    level = data.draw(st.sampled_from(document["price_levels"]))["code"]
    edited = editing.change_record(document, "items", item["code"], {"prices": {level: price}})
    before = item["prices"].get(level)
    fields = (FieldChange(f"prices.{level}", before, price),)
    wanted = [RecordChange("prices", ChangeKind.CHANGED, item["code"], item["name"], fields)]
    assert compare(document, edited) == (wanted if before != price else [])


@given(catalogues(), NAMES)
def test_what_is_added_and_removed_again_leaves_no_difference(document: Any, name: str) -> None:
    code = "NEW-CODE"
    values = {
        "items": {"department": document["departments"][0]["code"], "tax": document["taxes"][0]["code"]},
        "taxes": {"rate": "4"},
        "payment_methods": {"type": "cash"},
    }
    for section in SECTIONS:
        added = editing.add_record(document, section, {"code": code, "name": name, **values.get(section, {})})
        (change,) = compare(document, added)
        assert (change.section, change.kind, change.code) == (section, ChangeKind.ADDED, code)
        assert compare(document, editing.remove_record(added, section, code)) == []


@given(catalogues(), catalogues())
def test_the_difference_is_the_one_that_the_till_shows(old: Any, new: Any) -> None:
    tills = at_the_till.compare(*(decode(json.dumps(side).encode()).configuration for side in (old, new)))
    shown = [(c.section.value, c.kind.value, c.code, c.name) for c in tills.changes if c.section != "company"]
    ours = [(c.section, c.kind.value, c.code, c.name) for c in compare(old, new) if c.section != "company"]
    assert sorted(ours) == sorted(shown)


def test_prices_that_a_till_would_refuse_are_refused() -> None:
    dear = with_item(BAR, "BEER", prices={"BAR": 10**12})
    with pytest.raises(editing.Wrong) as refused:
        reprice(dear, Repricing(Decimal(1)))
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [("BEER", "prices.BAR")]


@given(catalogues(10**9), st.decimals(-100, 400, places=2), st.sampled_from([1, 5, 10, 25, 100]))
def test_prices_at_once_change_prices_only(document: Any, percent: Decimal, step: int) -> None:
    edited = reprice(document, Repricing(percent, step))
    assert {change.section for change in compare(document, edited)} <= {"prices"}
    for was, now in zip(document["items"], edited["items"], strict=True):
        for level, price in was["prices"].items():
            exact = price * (100 + percent) / 100
            assert now["prices"][level] % step == 0
            assert abs(now["prices"][level] - exact) * 2 <= step


@pytest.mark.parametrize(
    ("price", "percent", "step", "wanted"),
    [
        (150, "3", 1, 155),  # 154.5 goes away from zero
        (150, "3", 5, 155),
        (150, "-3", 10, 150),  # 145.5
        (145, "0", 10, 150),
        (0, "50", 5, 0),
        (199, "-100", 1, 0),
        (333, "33.33", 1, 444),
    ],
)
def test_prices_are_rounded_half_away_from_zero(price: int, percent: str, step: int, wanted: int) -> None:
    assert new_price(price, Decimal(percent), step) == wanted


def test_only_the_level_and_the_department_that_are_named_change() -> None:
    edited = reprice(BAR, Repricing(Decimal(10), 5, "TERRACE", "D1"))
    assert [change_words(change, "EUR") for change in compare(BAR, edited)] == [
        "BEER Beer: TERRACE 2.40 EUR → 2.65 EUR",
        "WATER Water: TERRACE 1.00 EUR → 1.10 EUR",
    ]
    assert compare(BAR, reprice(BAR, Repricing(Decimal(10), department="D2"))) == []


def test_a_price_level_goes_with_its_prices_and_moves_with_none() -> None:
    without = editing.remove_record(BAR, "price_levels", "TERRACE")
    assert [item["prices"] for item in without["items"]] == [{"BAR": 200}, {"BAR": 150}, {"BAR": 0}]
    moved = editing.move_level_up(BAR, "TERRACE")
    assert [level["code"] for level in moved["price_levels"]] == ["TERRACE", "BAR"]
    assert counts_words(compare(BAR, moved)) == "Price levels: changed: 2."
    assert editing.move_level_up(BAR, "BAR") == BAR


def test_what_others_refer_to_is_not_removed_and_the_field_is_named() -> None:
    with pytest.raises(editing.Wrong) as refused:
        editing.remove_record(BAR, "taxes", "T21")
    assert [fault_words(fault) for fault in refused.value.faults] == ["Items, BEER, tax: There is no T21."]
    with pytest.raises(editing.Wrong):
        editing.remove_record(BAR, "taxes", "T99")


def test_fields_that_this_program_does_not_know_stay_and_are_told() -> None:
    newer = with_item(BAR, "BEER", colour={"red": 1})
    edited = editing.change_record(newer, "items", "BEER", {"name": "Cold beer"})
    assert editing.record_of(edited, "items", "BEER")["colour"] == {"red": 1}  # type: ignore[index]
    assert [change_words(change, "EUR") for change in compare(BAR, edited)] == [
        'BEER Beer: name Beer → Cold beer, colour none → {"red": 1}'.replace("BEER Beer", "BEER Cold beer")
    ]


def test_a_code_stays_the_same_and_a_new_one_is_needed() -> None:
    assert editing.change_record(BAR, "users", "1", {"code": "2"})["users"][0]["code"] == "1"
    for code in ("", "1"):
        with pytest.raises(editing.Wrong) as refused:
            editing.add_record(BAR, "users", {"code": code, "name": "Eva"})
        assert {fault.field for fault in refused.value.faults} == {"code"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("template", [template.name for template in TEMPLATES])
def test_a_till_takes_every_template(template: str, language: str) -> None:
    speak(language)
    document = from_template(template, {"name": "Bar Ana", "country": "ES", "currency": "EUR"})
    speak("en")
    assert decode(json.dumps(document).encode()).configuration.payment_methods
    assert len(document["items"]) == (11 if template == "bar" else 0)
