"""What a till would refuse of a catalogue, record by record.

A document of schema version 1 that has no fault here is taken by every till of this version."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from factorypos_tui.server.catalogue.fields import COMPANY, SECTIONS, Field, price_fault
from factorypos_tui.server.words import told

Document = Mapping[str, Any]
"""A configuration document, parsed; fields that this program does not know are kept."""
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with one field of one record."""

    section: str
    code: str
    """Of the record; empty for the company."""
    field: str
    """Such as `rate`, or `prices.BAR`; empty where the whole record is wrong."""
    message: str
    """A sentence."""


def faults_of(document: Document) -> list[RecordFault]:
    """The first faults of a document that `check_configuration` takes."""
    return list(islice(_all_faults(document), MOST_FAULTS))


def new_faults(before: Document, after: Document) -> list[RecordFault]:
    """The faults that an edit brings in: those that were there before can be mended one by one."""
    found = list(_all_faults(after))
    known = set(_all_faults(before)) if found else set()
    return [fault for fault in found if fault not in known][:MOST_FAULTS]


def _all_faults(document: Document) -> Iterator[RecordFault]:
    yield from _record_faults("company", document["company"], COMPANY, {})
    codes = {section: {record["code"] for record in document[section]} for section in SECTIONS}
    barcodes = Counter(str(item["barcode"]) for item in document["items"] if item.get("barcode") is not None)
    for section, fields in SECTIONS.items():
        twice = {code for code, n in Counter(r["code"] for r in document[section]).items() if n > 1}
        for record in document[section]:
            yield from _record_faults(section, record, fields, codes)
            if record["code"] in twice:
                words = told("Another record of this section has the same code.")
                yield RecordFault(section, record["code"], "code", words)
            if section == "items":
                yield from _item_faults(record, codes["price_levels"], barcodes)


def _record_faults(
    section: str, record: Document, fields: tuple[Field, ...], codes: Mapping[str, set[str]]
) -> Iterator[RecordFault]:
    for field in fields:
        value, words = record.get(field.name), None
        if value is None:
            words = told("It is needed.") if field.required else None
        else:
            words = field.check(value)
            if words is None and field.refers_to and value not in codes[field.refers_to]:
                words = told("There is no {code}.").format(code=value)
        if words:
            yield RecordFault(section, str(record.get("code", "")), field.name, words)


def _item_faults(item: Document, levels: set[str], barcodes: Mapping[str, int]) -> Iterator[RecordFault]:
    prices = item.get("prices")
    if prices is not None and not isinstance(prices, dict):
        yield RecordFault("items", item["code"], "prices", told("It has to be prices by their levels."))
        return
    for level, price in (prices or {}).items():
        if words := price_fault(price):
            yield RecordFault("items", item["code"], f"prices.{level}", words)
        elif level not in levels:
            words = told("There is no {code}.").format(code=level)
            yield RecordFault("items", item["code"], f"prices.{level}", words)
    if item.get("barcode") is not None and barcodes[str(item["barcode"])] > 1:
        words = told("Another item has the same barcode.")
        yield RecordFault("items", item["code"], "barcode", words)
