"""The configuration as it is sent (interfaces §7): written in one canonical form, checked when it is read.

A document is taken whole or not at all. Unknown fields are ignored: a newer program wrote them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

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
from factorypos_tui.core.configuration.fields import LONGEST_CODE, Fields, FieldWrong
from factorypos_tui.core.configuration.strict_json import NotStrict, read_object
from factorypos_tui.core.errors import ConfigurationInvalid, RecordFault
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain

SCHEMA_VERSION = 1
LARGEST_DOCUMENT = 8 << 20
_MOST_RECORDS = 100_000
_KNOWN = {"schema_version", Section.COMPANY.value, *(section.value for section in RECORD_SECTIONS)}

_Kind = TypeVar("_Kind", Record, CompanyData)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document that was read."""

    configuration: Configuration
    unknown: Sequence[str] = ()
    """The names of fields that this program does not know, such as `items.colour`."""


def encode(configuration: Configuration) -> bytes:
    """What is in use, as canonical JSON: the same configuration gives the same bytes on every till."""
    used = in_use(configuration)
    document: dict[str, object] = {"schema_version": SCHEMA_VERSION, "company": _said(used.company)}
    for section in RECORD_SECTIONS:
        document[section.value] = [_said(record) for record in getattr(used, section.value)]
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _said(record: Record | CompanyData) -> dict[str, object]:
    """The record's fields without those that are None."""
    values = {name: getattr(record, name) for name in fields_of(type(record))}
    return {name: value for name, value in values.items() if value is not None}


def decode(raw: bytes) -> Decoded:
    """The configuration in a document; raises `ConfigurationInvalid` naming records and fields at fault."""
    document, reader = _document(raw), _Reader()
    configuration = Configuration(
        company=reader.company(document),
        **{section.value: reader.section(document, section) for section in RECORD_SECTIONS},
    )
    faults = reader.faults or list(_contradictions(configuration))
    if faults:
        raise _invalid(*faults)
    unknown = reader.unknown | {plain(name, LONGEST_CODE) for name in document.keys() - _KNOWN}
    return Decoded(configuration, sorted(unknown))


def fault_words(faults: Sequence[RecordFault]) -> str:
    """The first fault, and how many more there are."""
    first = faults[0]
    place = f"{first.section} {first.record}".strip()
    words = ", ".join(part for part in (place, first.field) if part)
    words = f"{words}: {first.problem}" if words else first.problem
    if len(faults) > 1:
        words += " " + _("({n} more like this)").format(n=len(faults) - 1)
    return words


def _invalid(*faults: RecordFault) -> ConfigurationInvalid:
    message = _(
        "The configuration in FactoryCLOUD cannot be used: {fault}. Nothing was changed. Correct it there."
    )
    return ConfigurationInvalid(message.format(fault=fault_words(faults)), faults)


def _document(raw: bytes) -> Mapping[str, Any]:
    """The object in `raw`, if its version is known."""
    if len(raw) > LARGEST_DOCUMENT:
        raise _invalid(RecordFault("", "", "", _("it is larger than 8 MiB")))
    try:
        document = read_object(raw)
    except NotStrict as error:
        raise _invalid(RecordFault("", "", error.field, str(error))) from error
    version = document.get("schema_version")
    if type(version) is not int or version < 1:
        raise _invalid(RecordFault("", "", "schema_version", _("this must be a whole number")))
    if version > SCHEMA_VERSION:
        raise ConfigurationInvalid(
            _(
                "The configuration in FactoryCLOUD was written by a newer program (schema_version {version}; "
                "this one knows {known}). Nothing was changed. Install the newer program."
            ).format(version=version, known=SCHEMA_VERSION),
            [RecordFault("", "", "schema_version", str(version))],
        )
    return document


class _Reader:
    """Reads section by section; it keeps the first fault of each wrong record."""

    def __init__(self) -> None:
        self.faults: list[RecordFault] = []
        self.unknown: set[str] = set()

    def company(self, document: Mapping[str, Any]) -> CompanyData:
        return self._record(Section.COMPANY, "", document.get("company"), CompanyData) or CompanyData()

    def section(self, document: Mapping[str, Any], section: Section) -> Sequence[Any]:
        values = document.get(section.value)
        if not isinstance(values, list) or len(values) > _MOST_RECORDS:
            problem = _("this must be a list of at most {n} records").format(n=_MOST_RECORDS)
            self.faults.append(RecordFault(section.value, "", "", problem))
            return ()
        kind = KINDS[section]
        found = (self._record(section, str(place), value, kind) for place, value in enumerate(values, 1))
        records = [record for record in found if record is not None]
        if section is not Section.PRICE_LEVELS:
            records.sort(key=lambda record: record.code)
        return tuple(records)

    def _record(self, section: Section, place: str, value: object, kind: type[_Kind]) -> _Kind | None:
        if not isinstance(value, dict):
            self.faults.append(RecordFault(section.value, place, "", _("this must be a JSON object")))
            return None
        fields = Fields(value)
        try:
            record = _read(kind, fields)
        except FieldWrong as wrong:
            code = value.get("code")
            name = plain(code, LONGEST_CODE) if isinstance(code, str) else ""
            self.faults.append(RecordFault(section.value, name or place, wrong.field, str(wrong)))
            return None
        self.unknown.update(f"{section.value}.{plain(name, LONGEST_CODE)}" for name in fields.unread)
        return record


def _read(kind: type[_Kind], fields: Fields) -> _Kind:
    values = {}
    for name, field in fields_of(kind).items():
        value = (fields.read if field.required else fields.optional)(name, field.check)
        if value is not None:
            values[name] = value
    return kind(**values)


def _contradictions(configuration: Configuration) -> Iterator[RecordFault]:
    """What is wrong between records that are right by themselves."""
    for section in RECORD_SECTIONS:
        records: Sequence[Record] = getattr(configuration, section.value)
        for code in _doubles(record.code for record in records):
            yield _fault(section, code, "code", _("another record has the same code"))
    codes = {s: {record.code for record in getattr(configuration, s.value)} for s in RECORD_SECTIONS}
    barcodes = set(_doubles(item.barcode for item in configuration.items if item.barcode is not None))
    for section, kind in KINDS.items():
        references = [
            (name, codes[field.refers_to]) for name, field in fields_of(kind).items() if field.refers_to
        ]
        for record in getattr(configuration, section.value):
            for name, known in references:
                value = getattr(record, name)
                for code in value if isinstance(value, dict) else [value]:
                    if code not in known and code is not None:
                        path = name if code is value else f"{name}.{plain(code)}"
                        problem = _("there is no {code}").format(code=plain(code))
                        yield _fault(section, record.code, path, problem)
            if isinstance(record, Item) and record.barcode in barcodes:
                yield _fault(section, record.code, "barcode", _("another item has the same barcode"))


def _fault(section: Section, code: str, field: str, problem: str) -> RecordFault:
    return RecordFault(section.value, plain(code), field, problem)


def _doubles(codes: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield code
        seen.add(code)
