"""A catalogue that the server lets through is one that a till takes, and the other way round."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.errors import ConfigurationInvalid
from factorypos_tui.core.language import money as at_the_till
from factorypos_tui.server.catalogue.checking import RecordFault, faults_of, new_faults
from factorypos_tui.server.documents import money
from factorypos_tui.server.documents.configuration import check_configuration
from tests.server.catalogue.shelves import BAR, catalogues, with_item

_ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**13), 10**13),
    st.text(max_size=3),
    st.sampled_from(["x" * 41, "x" * 101, " a", "a ", "\u202eA", "A\nB", "EUR", "XXX", "es", "21", "100.5"]),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(-1, 10**13), max_size=2),
)


def till_takes(document: Any) -> bool:
    try:
        decode(json.dumps(document).encode())
    except ConfigurationInvalid:
        return False
    return True


@given(catalogues(), st.data())
def test_what_a_till_would_refuse_is_refused_and_nothing_else(document: Any, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(sorted(document)))
    if section == "schema_version":
        return
    records = [document["company"]] if section == "company" else document[section]
    if records:
        record = data.draw(st.sampled_from(records))
        fields = ["name", "rate", "type", "training", "department", "tax", "barcode", "prices", "city"]
        fields += ["country", "currency"]
        record[data.draw(st.sampled_from(fields))] = data.draw(_ODD)
    check_configuration(json.dumps(document).encode())
    assert (not faults_of(document)) == till_takes(document)


def test_codes_and_barcodes_that_are_there_twice_are_told_by_their_records() -> None:
    twice = with_item(BAR, "BEER", barcode="8412345678905")
    assert [(fault.code, fault.field) for fault in faults_of(twice)] == [
        ("BEER", "barcode"),
        ("COFFEE", "barcode"),
    ]
    doubled = {**BAR, "taxes": [*BAR["taxes"], BAR["taxes"][0]]}
    assert {(fault.code, fault.field) for fault in faults_of(doubled)} == {("T10", "code")}


def test_only_faults_that_an_edit_brings_in_are_told() -> None:
    before = with_item(BAR, "BEER", tax="T99")
    after = with_item(before, "COFFEE", prices={"BAR": -1})
    assert new_faults(before, before) == []
    assert [(fault.code, fault.field) for fault in new_faults(before, after)] == [("COFFEE", "prices.BAR")]
    assert new_faults(before, BAR) == []
    assert faults_of(before) == [RecordFault("items", "BEER", "tax", "There is no T99.")]


def test_what_a_till_uploads_has_no_fault() -> None:
    assert faults_of(json.loads(encode(decode(json.dumps(BAR).encode()).configuration))) == []


def test_both_sides_know_the_same_currencies() -> None:
    assert money.CURRENCIES == at_the_till.CURRENCIES
    for currency in money.CURRENCIES:
        assert money.exponent(currency) == at_the_till.currency_exponent(currency)
