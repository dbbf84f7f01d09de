"""Edits of a catalogue: each takes a document and gives a new one, or raises `Wrong` and says where.

A code never changes, since sales are counted under it: another code is another record."""

from collections.abc import Mapping, Sequence
from typing import Any

from factorypos_tui.server.catalogue.checking import Document, RecordFault, new_faults
from factorypos_tui.server.catalogue.fields import COMPANY
from factorypos_tui.server.documents.configuration import MOST_RECORDS
from factorypos_tui.server.words import told

Values = Mapping[str, Any]
"""The fields of a record to set; None takes one away. `prices` maps levels to minor units, or to None."""


class Wrong(ValueError):
    """What a till would refuse, or what cannot be done."""

    def __init__(self, *faults: RecordFault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


def add_record(document: Document, section: str, values: Values) -> Document:
    """A record more; a price level comes last. Raises `Wrong`."""
    code = str(values.get("code") or "")
    if len(document[section]) >= MOST_RECORDS:
        words = told("It may have at most {max_length} entries.").format(max_length=MOST_RECORDS)
        raise Wrong(RecordFault(section, code, "", words))
    if not code:
        raise Wrong(RecordFault(section, "", "code", told("It is needed.")))
    return checked(document, {**document, section: _sorted(section, [*document[section], _set({}, values)])})


def change_record(document: Document, section: str, code: str, values: Values) -> Document:
    """The record with these fields set, and all others as they are. Raises `Wrong`."""
    _require(document, section, code)
    records = [
        _set(record, {**values, "code": code}) if record["code"] == code else record
        for record in document[section]
    ]
    return checked(document, {**document, section: records})


def remove_record(document: Document, section: str, code: str) -> Document:
    """Without the record; the prices of a price level go with it. Raises `Wrong` where others refer to it."""
    _require(document, section, code)
    edited = {**document, section: [record for record in document[section] if record["code"] != code]}
    if section == "price_levels":
        edited["items"] = [_without_level(item, code) for item in edited["items"]]
    return checked(document, edited)


def move_level_up(document: Document, code: str) -> Document:
    """A price level one place up; the first is the one that tills begin with. Raises `Wrong`."""
    _require(document, "price_levels", code)
    levels = list(document["price_levels"])
    place = next(place for place, level in enumerate(levels) if level["code"] == code)
    levels.insert(max(0, place - 1), levels.pop(place))
    return {**document, "price_levels": levels}


def change_company(document: Document, values: Values) -> Document:
    """The company with these fields set. Raises `Wrong`."""
    known = {field.name for field in COMPANY}
    company = _set(document["company"], {name: value for name, value in values.items() if name in known})
    return checked(document, {**document, "company": company})


def record_of(document: Document, section: str, code: str) -> Document | None:
    """The record with this code."""
    return next((record for record in document[section] if record["code"] == code), None)


def merged(document: Document, section: str, records: Sequence[Values], *, whole: bool) -> Document:
    """The section with each record added or changed by its code; `whole`: without those that are not among
    them. Raises `Wrong`."""
    given = {str(values["code"]): values for values in records}
    kept = [
        _set(record, given.pop(record["code"], {}))
        for record in document[section]
        if not whole or record["code"] in given
    ]
    found = [*kept, *(_set({}, values) for values in given.values())]
    if len(found) > MOST_RECORDS:
        words = told("It may have at most {max_length} entries.").format(max_length=MOST_RECORDS)
        raise Wrong(RecordFault(section, "", "", words))
    return checked(document, {**document, section: _sorted(section, found)})


def checked(before: Document, after: Document) -> Document:
    """`after`, unless an edit brings in what a till would refuse; raises `Wrong`."""
    if faults := new_faults(before, after):
        raise Wrong(*faults)
    return after


def _require(document: Document, section: str, code: str) -> None:
    if record_of(document, section, code) is None:
        raise Wrong(RecordFault(section, code, "", told("There is no such record any more.")))


def _set(record: Document, values: Values) -> Document:
    """The record with these fields; unknown ones stay, since a newer program may know them."""
    if "prices" in values:
        prices = {**(record.get("prices") or {}), **values["prices"]}
        values = {**values, "prices": {level: price for level, price in prices.items() if price is not None}}
    fields = {**record, **values}
    return {name: value for name, value in fields.items() if value is not None}


def _without_level(item: Document, level: str) -> Document:
    prices = item.get("prices") or {}
    if level not in prices:
        return item
    return {**item, "prices": {code: price for code, price in prices.items() if code != level}}


def _sorted(section: str, records: list[Document]) -> list[Document]:
    """As tills sort them."""
    return records if section == "price_levels" else sorted(records, key=lambda record: str(record["code"]))
