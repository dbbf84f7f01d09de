"""The document of a configuration: the same bytes everywhere, and no document that could spoil a till."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.configuration.configuration import Section
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.core.errors import ConfigurationInvalid
from tests.support.configurations import BAR, configurations

Json = dict[str, Any]


def document(**changes: Any) -> Json:
    """The small bar's document, with sections of its own."""
    found: Json = json.loads(encode(BAR))
    return found | changes


def refused(raw: bytes) -> ConfigurationInvalid:
    with pytest.raises(ConfigurationInvalid) as invalid:
        decode(raw)
    assert "Nothing was changed" in str(invalid.value)
    assert str(invalid.value).isprintable()
    return invalid.value


@given(configurations())
def test_a_configuration_comes_back_whole_and_in_the_same_bytes(configuration: Any) -> None:
    raw = encode(configuration)
    decoded = decode(raw)
    assert decoded.configuration == configuration
    assert not decoded.unknown
    assert encode(decoded.configuration) == raw


def test_the_order_and_the_blanks_of_a_document_do_not_matter_but_the_order_of_price_levels_does() -> None:
    shuffled = {name: value[::-1] if isinstance(value, list) else value for name, value in document().items()}
    decoded = decode(json.dumps(shuffled, indent=1).encode()).configuration
    assert decoded.items == BAR.items
    assert [level.code for level in decoded.price_levels] == ["TERRACE", "BAR"]


def test_no_password_travels_and_what_is_out_of_use_does_not_either() -> None:
    fields = {name for record in document()["users"] for name in record}
    assert fields == {"code", "name", "training"}


def test_what_may_be_left_out_has_its_plain_meaning() -> None:
    item = {"code": "1", "name": "One", "department": "D1", "tax": "T10"}
    users = [{"code": "1", "name": "Ana"}]
    decoded = decode(json.dumps(document(company={}, items=[item], users=users)).encode()).configuration
    assert (decoded.items[0].prices, decoded.items[0].barcode) == ({}, None)
    assert decoded.company.currency is None
    assert not decoded.users[0].training


def test_fields_of_a_newer_program_are_let_be_and_named() -> None:
    newer = document(colours=[], users=[{"code": "1", "name": "Ana", "pin": "7391"}])
    decoded = decode(json.dumps(newer).encode())
    assert decoded.unknown == ["colours", "users.pin"]
    assert b"7391" not in encode(decoded.configuration)


def item(**changes: Any) -> Json:
    return document(items=[document()["items"][0] | changes])


def two(section: str, first: Json, second: Json) -> Json:
    records = document()[section]
    return document(**{section: [records[0] | first, records[1] | second, *records[2:]]})


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (item(department="NONE"), ("items", "BEER", "department")),
        (item(tax="NONE"), ("items", "BEER", "tax")),
        (item(prices={"NONE": 1}), ("items", "BEER", "prices.NONE")),
        (item(prices={"BAR": -1}), ("items", "BEER", "prices.BAR")),
        (item(prices={"BAR": 10**12 + 1}), ("items", "BEER", "prices.BAR")),
        (item(prices={"BAR": "150"}), ("items", "BEER", "prices.BAR")),
        (item(prices={"BAR": True}), ("items", "BEER", "prices.BAR")),
        (item(prices={"BAR": None}), ("items", "BEER", "prices.BAR")),
        (item(prices=[150]), ("items", "BEER", "prices")),
        (item(name=""), ("items", "BEER", "name")),
        (item(name=" \u00a0"), ("items", "BEER", "name")),
        (item(name="x" * 101), ("items", "BEER", "name")),
        (item(name="Beer\x1b[2J"), ("items", "BEER", "name")),
        (item(name="Beer\u202egnp"), ("items", "BEER", "name")),
        (item(name="Beer\ud800"), ("items", "BEER", "name")),
        (item(name="two\nlines"), ("items", "BEER", "name")),
        (item(name=7), ("items", "BEER", "name")),
        (item(name=None), ("items", "BEER", "name")),
        (item(code=" BEER"), ("items", "BEER", "code")),
        (item(code="x" * 41), ("items", "x" * 39 + "…", "code")),
        (item(code=""), ("items", "1", "code")),
        (item(code=None), ("items", "1", "code")),
        (item(barcode="9" * 41), ("items", "BEER", "barcode")),
        (document(items=[7]), ("items", "1", "")),
        (document(items={}), ("items", "", "")),
        (document(items=None), ("items", "", "")),
        (two("items", {"barcode": "1"}, {"barcode": "1"}), ("items", "BEER", "barcode")),
        (two("items", {"code": "1"}, {"code": "1"}), ("items", "1", "code")),
        (two("taxes", {"code": "1"}, {"code": "1"}), ("taxes", "1", "code")),
        (two("price_levels", {"code": "BAR"}, {"code": "BAR"}), ("price_levels", "BAR", "code")),
        (two("users", {"training": "yes"}, {}), ("users", "1", "training")),
        (two("taxes", {"rate": "101"}, {}), ("taxes", "T10", "rate")),
        (two("taxes", {"rate": "-1"}, {}), ("taxes", "T10", "rate")),
        (two("taxes", {"rate": 10}, {}), ("taxes", "T10", "rate")),
        (two("taxes", {"rate": "5."}, {}), ("taxes", "T10", "rate")),
        (two("payment_methods", {"type": "gold"}, {}), ("payment_methods", "CARD", "type")),
        (document(company={"currency": "EUX"}), ("company", "", "currency")),
        (document(company={"currency": "eur"}), ("company", "", "currency")),
        (document(company={"country": "Spain"}), ("company", "", "country")),
        (document(company=[]), ("company", "", "")),
        (document(schema_version="1"), ("", "", "schema_version")),
        (document(schema_version=True), ("", "", "schema_version")),
        (document(schema_version=0), ("", "", "schema_version")),
    ],
)
def test_a_document_with_a_fault_is_refused_naming_record_and_field(wrong: Json, place: Any) -> None:
    invalid = refused(json.dumps(wrong).encode())
    fault = invalid.faults[0]
    assert (fault.section, fault.record, fault.field) == place
    for word in (name for name in place if name):
        assert word in str(invalid)


def test_a_document_of_a_newer_version_says_so_whatever_else_is_in_it() -> None:
    assert "newer program" in str(refused(b'{"schema_version": 2, "items": 7}'))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"schema_version": 1',
        b'{"schema_version": 1, "schema_version": 1}',
        b'{"schema_version": 1.0}',
        b'{"schema_version": NaN}',
        b'{"schema_version": ' + b"9" * 5000 + b"}",
        b'{"a":' * 100_000,
        "{}".encode("utf-16"),
        json.dumps(document()).encode().replace(b'"BAR": 200', b'"BAR": 200, "BAR": 1'),
        json.dumps(document()).encode().replace(b'"BAR": 200', b'"BAR": 2e2'),
        b" " * (8 << 20) + b"{}",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_bytes_that_two_programs_could_read_differently_are_refused(raw: bytes) -> None:
    refused(raw)


def test_every_record_at_fault_is_named_and_the_message_stays_short() -> None:
    items = [{"code": f"I{n}", "name": "x", "department": "NONE", "tax": "T10"} for n in range(2_000)]
    invalid = refused(json.dumps(document(items=items)).encode())
    assert len(invalid.faults) == 2_000
    assert "1999 more" in str(invalid)
    assert len(str(invalid)) < 300


def test_too_many_records_are_refused_before_they_are_read() -> None:
    raw = json.dumps(document(items=[0] * 100_001)).encode()
    assert [fault.record for fault in refused(raw).faults] == [""]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "name", "prices", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)
_names = st.sampled_from(["schema_version", "company", *(s.value for s in Section)])


@given(st.dictionaries(_names, _json, max_size=4))
def test_whatever_else_arrives_is_refused_or_read_but_never_trips(changes: Json) -> None:
    raw = json.dumps(document(**changes)).encode()
    try:
        decoded = decode(raw)
    except ConfigurationInvalid:
        return
    assert decode(encode(decoded.configuration)).configuration == decoded.configuration
