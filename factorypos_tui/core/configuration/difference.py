"""What taking a configuration would change, record by record. Pure.

Changed prices of items that stay are a section of their own, the first, since an operator looks for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from factorypos_tui.core.configuration.configuration import (
    KINDS,
    RECORD_SECTIONS,
    CompanyData,
    Configuration,
    Item,
    Record,
    Section,
    fields_of,
    in_use,
)

Value = str | int | bool | None

POSITION = "position"
"""The field that holds a price level's place among the others."""
_SHOWN_APART = ("code", "prices")


class ChangeKind(StrEnum):
    """What happens to a record. A removed record that sales refer to stays at the till, unused."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. Prices, as `prices.LEVEL`, are minor units, None for no price."""

    field: str
    old: Value
    """None where the record is added."""
    new: Value


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record of one section, and what changes in it; no fields where the record is removed."""

    section: Section
    kind: ChangeKind
    code: str
    name: str
    fields: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, section by section in the order of `Section`, sorted by code in each."""

    changes: Sequence[RecordChange]
    old: Configuration
    new: Configuration

    def whole(self, change: RecordChange) -> Sequence[FieldChange]:
        """All fields of a record that changes, also those that stay as they are; prices last."""
        before, after = (_all_fields(change, side) for side in (self.old, self.new))
        names = list(dict.fromkeys([*before, *after]))
        return [FieldChange(name, before.get(name), after.get(name)) for name in names]

    def sections(self) -> Mapping[Section, Sequence[RecordChange]]:
        """The sections in which something changes."""
        return {section: list(found) for section, found in groupby(self.changes, lambda c: c.section)}

    def counts(self) -> Mapping[Section, Mapping[ChangeKind, int]]:
        """How many records of each section are added, changed and removed, without zeros."""
        return {
            section: {kind: n for kind in ChangeKind if (n := sum(change.kind is kind for change in changes))}
            for section, changes in self.sections().items()
        }


def compare(old: Configuration, new: Configuration) -> Difference:
    """What turns `old` into `new`; only records in use are compared."""
    old, new = in_use(old), in_use(new)
    changes = [*_prices(old.items, new.items)]
    for section in (Section.ITEMS, *(s for s in RECORD_SECTIONS if s is not Section.ITEMS)):
        changes += _records(section, getattr(old, section.value), getattr(new, section.value))
    return Difference([*changes, *_company(old, new)], old, new)


def _prices(old: Sequence[Item], new: Sequence[Item]) -> Iterator[RecordChange]:
    before = {item.code: item for item in old}
    for item in new:
        was = before.get(item.code)
        if was is not None and was.prices != item.prices:
            levels = sorted(was.prices.keys() | item.prices.keys())
            fields = _fields({n: was.prices.get(n) for n in levels}, {n: item.prices.get(n) for n in levels})
            yield RecordChange(Section.PRICES, ChangeKind.CHANGED, item.code, item.name, fields)


def _records(section: Section, old: Sequence[Record], new: Sequence[Record]) -> Iterator[RecordChange]:
    before, after = _places(section, old), _places(section, new)
    for code in sorted(before.keys() | after.keys()):
        if code not in after:
            yield RecordChange(section, ChangeKind.REMOVED, code, before[code][0].name, ())
        elif code not in before:
            record, place = after[code]
            added = [FieldChange(name, None, value) for name, value in _whole(section, record, place)]
            yield RecordChange(section, ChangeKind.ADDED, code, record.name, added)
        elif before[code] != after[code]:
            record, place = after[code]
            changed = _fields(_plain(section, *before[code]), _plain(section, record, place))
            if changed:
                yield RecordChange(section, ChangeKind.CHANGED, code, record.name, changed)


def _places(section: Section, records: Sequence[Record]) -> Mapping[str, tuple[Record, int]]:
    """Records by code, each with its place in a section where the order matters."""
    ordered = section is Section.PRICE_LEVELS
    return {record.code: (record, place if ordered else 0) for place, record in enumerate(records, 1)}


def _company(old: Configuration, new: Configuration) -> Iterator[RecordChange]:
    before, after = _company_fields(old), _company_fields(new)
    if fields := _fields(before, after):
        yield RecordChange(Section.COMPANY, ChangeKind.CHANGED, "", new.company.name or "", fields)


def _company_fields(configuration: Configuration) -> Mapping[str, Value]:
    return {name: getattr(configuration.company, name) for name in fields_of(CompanyData)}


def _all_fields(change: RecordChange, side: Configuration) -> Mapping[str, Value]:
    """A record as one side has it; empty where that side does not have it."""
    if change.section is Section.COMPANY:
        return _company_fields(side)
    section = Section.ITEMS if change.section is Section.PRICES else change.section
    records: Sequence[Record] = getattr(side, section.value)
    found = ((record, place) for place, record in enumerate(records, 1) if record.code == change.code)
    return dict(_whole(section, *record)) if (record := next(found, None)) else {}


def _plain(section: Section, record: Record, place: int) -> Mapping[str, Value]:
    """A record's own fields; of a price level also its place."""
    values: dict[str, Value] = {
        name: getattr(record, name) for name in fields_of(KINDS[section]) if name not in _SHOWN_APART
    }
    return values | {POSITION: place} if section is Section.PRICE_LEVELS else values


def _whole(section: Section, record: Record, place: int) -> Iterator[tuple[str, Value]]:
    """All fields of a record."""
    yield from _plain(section, record, place).items()
    if isinstance(record, Item):
        for level in sorted(record.prices):
            yield f"prices.{level}", record.prices[level]


def _fields(old: Mapping[str, Value], new: Mapping[str, Value]) -> Sequence[FieldChange]:
    return [FieldChange(name, old[name], new[name]) for name in new if old[name] != new[name]]
