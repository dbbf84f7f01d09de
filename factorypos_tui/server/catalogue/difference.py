"""What turns one version of a catalogue into another, record by record.

Changed prices of items that stay are a section of their own, the first, since people look for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.catalogue.fields import COMPANY, SECTIONS

EMPTY: Document = {"schema_version": 1, "company": {}, **{section: [] for section in SECTIONS}}
"""The catalogue of a store that has none."""


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. Prices, as `prices.LEVEL`, are minor units, None for no price."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record and what changes in it; no fields where it is removed."""

    section: str
    """Of the document, or `prices`."""
    kind: ChangeKind
    code: str
    name: str
    fields: tuple[FieldChange, ...] = ()


def compare(old: Document, new: Document) -> list[RecordChange]:
    """All changes, section by section, sorted by code in each. Both documents are sound."""
    changes = [*_price_changes(old["items"], new["items"])]
    for section in SECTIONS:
        changes += _record_changes(section, _flat(section, old[section]), _flat(section, new[section]))
    company = _fields(old["company"], new["company"], [field.name for field in COMPANY])
    if company:
        name = str(new["company"].get("name") or "")
        changes.append(RecordChange("company", ChangeKind.CHANGED, "", name, company))
    return changes


def counts(changes: list[RecordChange]) -> Mapping[str, Mapping[ChangeKind, int]]:
    """How many records of each section are added, changed and removed, without zeros."""
    sections = {section: list(found) for section, found in groupby(changes, lambda change: change.section)}
    return {
        section: {kind: n for kind in ChangeKind if (n := sum(change.kind is kind for change in found))}
        for section, found in sections.items()
    }


def _price_changes(old: list[Document], new: list[Document]) -> Iterator[RecordChange]:
    before = {item["code"]: item for item in old}
    for item in sorted(new, key=lambda item: item["code"]):
        was = before.get(item["code"])
        if was is None or was.get("prices") == item.get("prices"):
            continue
        then, now = _prices(was), _prices(item)
        if fields := _fields(then, now, sorted({*then, *now})):
            yield RecordChange("prices", ChangeKind.CHANGED, item["code"], _name(item), fields)


def _record_changes(
    section: str, before: Mapping[str, Document], after: Mapping[str, Document]
) -> Iterator[RecordChange]:
    declared = [field.name for field in SECTIONS[section] if field.name != "code"]
    for code in sorted({*before, *after}):
        if code not in after:
            yield RecordChange(section, ChangeKind.REMOVED, code, _name(before[code]))
        elif code not in before:
            record = {**after[code], **_prices(after[code])}
            yield RecordChange(
                section, ChangeKind.ADDED, code, _name(record), _fields({}, record, declared + sorted(record))
            )
        elif before[code] != after[code] and (fields := _fields(before[code], after[code], declared)):
            yield RecordChange(section, ChangeKind.CHANGED, code, _name(after[code]), fields)


def _flat(section: str, records: list[Document]) -> Mapping[str, Document]:
    """Records by code; those of a section whose order matters know their place."""
    if section != "price_levels":
        return {record["code"]: record for record in records}
    return {record["code"]: {**record, "position": place} for place, record in enumerate(records, 1)}


def _fields(old: Document, new: Document, first: list[str]) -> tuple[FieldChange, ...]:
    """The fields that differ, those of `first` before those that this program does not know."""
    names = dict.fromkeys([*first, *sorted({*old, *new})])
    values = [
        FieldChange(name, _value(old.get(name)), _value(new.get(name)))
        for name in names
        if name not in ("code", "prices")
    ]
    return tuple(value for value in values if value.old != value.new)


def _value(value: Any) -> Any:
    """A text that is empty says as little as one that is missing, and so does a flag that is not set."""
    return None if value == "" or value is False else value


def _prices(item: Document) -> Document:
    prices = item.get("prices")
    return {f"prices.{level}": price for level, price in prices.items()} if isinstance(prices, dict) else {}


def _name(record: Document) -> str:
    name = record.get("name")
    return name if isinstance(name, str) else ""
