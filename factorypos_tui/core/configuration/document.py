"""The configuration as it travels (interfaces §7): one canonical form out, everything checked on the way in.

A document is taken whole or not at all. Fields that we do not know are let be: a newer program wrote them.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from factorypos_tui.core.configuration import fields as check
from factorypos_tui.core.configuration.configuration import (
    RECORD_SECTIONS,
    AnyRecord,
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Record,
    Section,
    Tax,
    User,
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

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document that was read; `unknown`: its fields that we do not know, such as `items.colour`."""

    configuration: Configuration
    unknown: Sequence[str] = ()


def encode(configuration: Configuration) -> bytes:
    """What is in use, as canonical JSON: the same configuration gives the same bytes on every till."""
    used = in_use(configuration)
    document = {
        "schema_version": SCHEMA_VERSION,
        "company": {name: value for name, value in asdict(used.company).items() if value is not None},
        "departments": [{"code": d.code, "name": d.name} for d in used.departments],
        "taxes": [{"code": t.code, "name": t.name, "rate": t.rate} for t in used.taxes],
        "price_levels": [{"code": level.code, "name": level.name} for level in used.price_levels],
        "payment_methods": [{"code": p.code, "name": p.name, "type": p.type} for p in used.payment_methods],
        "users": [{"code": u.code, "name": u.name, "training": u.training} for u in used.users],
        "items": [_item_document(item) for item in used.items],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _item_document(item: Item) -> dict[str, object]:
    document: dict[str, object] = {
        "code": item.code,
        "name": item.name,
        "department": item.department,
        "tax": item.tax,
        "prices": item.prices,
    }
    return document if item.barcode is None else document | {"barcode": item.barcode}


def decode(raw: bytes) -> Decoded:
    """The configuration in a document; raises `ConfigurationInvalid` naming records and fields at fault."""
    document, reader = _document(raw), _Reader()
    configuration = Configuration(
        company=reader.company(document),
        departments=reader.section(document, Section.DEPARTMENTS, _department),
        taxes=reader.section(document, Section.TAXES, _tax),
        price_levels=reader.section(document, Section.PRICE_LEVELS, _price_level),
        payment_methods=reader.section(document, Section.PAYMENT_METHODS, _payment_method),
        users=reader.section(document, Section.USERS, _user),
        items=reader.section(document, Section.ITEMS, _item),
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
    """The object in `raw`, of a version that we know."""
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
    """Reads section by section; of each record that is wrong it keeps the first fault."""

    def __init__(self) -> None:
        self.faults: list[RecordFault] = []
        self.unknown: set[str] = set()

    def company(self, document: Mapping[str, Any]) -> CompanyData:
        return self._record(Section.COMPANY, "", document.get("company"), _company) or CompanyData()

    def section(
        self, document: Mapping[str, Any], section: Section, read: Callable[[Fields], AnyRecord]
    ) -> Sequence[AnyRecord]:
        values = document.get(section.value)
        if not isinstance(values, list) or len(values) > _MOST_RECORDS:
            problem = _("this must be a list of at most {n} records").format(n=_MOST_RECORDS)
            self.faults.append(RecordFault(section.value, "", "", problem))
            return ()
        found = (self._record(section, str(place), value, read) for place, value in enumerate(values, 1))
        records = [record for record in found if record is not None]
        if section is not Section.PRICE_LEVELS:
            records.sort(key=lambda record: record.code)
        return tuple(records)

    def _record(
        self, section: Section, place: str, value: object, read: Callable[[Fields], _Read]
    ) -> _Read | None:
        if not isinstance(value, dict):
            self.faults.append(RecordFault(section.value, place, "", _("this must be a JSON object")))
            return None
        fields = Fields(value)
        try:
            record = read(fields)
        except FieldWrong as wrong:
            code = value.get("code")
            name = plain(code, LONGEST_CODE) if isinstance(code, str) else ""
            self.faults.append(RecordFault(section.value, name or place, wrong.field, str(wrong)))
            return None
        self.unknown.update(f"{section.value}.{plain(name, LONGEST_CODE)}" for name in fields.unread)
        return record


def _company(fields: Fields) -> CompanyData:
    return CompanyData(
        name=fields.optional("name", check.name),
        tax_id=fields.optional("tax_id", check.line),
        address=fields.optional("address", check.line),
        city=fields.optional("city", check.line),
        country=fields.optional("country", check.country),
        currency=fields.optional("currency", check.currency),
    )


def _department(fields: Fields) -> Department:
    return Department(fields.read("code", check.code), fields.read("name", check.name))


def _tax(fields: Fields) -> Tax:
    return Tax(
        fields.read("code", check.code), fields.read("name", check.name), fields.read("rate", check.rate)
    )


def _price_level(fields: Fields) -> PriceLevel:
    return PriceLevel(fields.read("code", check.code), fields.read("name", check.name))


def _payment_method(fields: Fields) -> PaymentMethod:
    return PaymentMethod(
        fields.read("code", check.code),
        fields.read("name", check.name),
        fields.read("type", check.payment_type),
    )


def _user(fields: Fields) -> User:
    return User(
        fields.read("code", check.code),
        fields.read("name", check.name),
        fields.optional("training", check.flag) or False,
    )


def _item(fields: Fields) -> Item:
    return Item(
        fields.read("code", check.code),
        fields.read("name", check.name),
        fields.read("department", check.code),
        fields.read("tax", check.code),
        fields.optional("prices", check.prices) or {},
        fields.optional("barcode", check.code),
    )


def _contradictions(configuration: Configuration) -> Iterator[RecordFault]:
    """What is wrong between records that are fine by themselves."""
    for section in RECORD_SECTIONS:
        records: Sequence[Record] = getattr(configuration, section.value)
        for code in _doubles(record.code for record in records):
            yield _fault(section, code, "code", _("another record has the same code"))
    departments = {department.code for department in configuration.departments}
    taxes = {tax.code for tax in configuration.taxes}
    levels = {level.code for level in configuration.price_levels}
    barcodes = set(_doubles(item.barcode for item in configuration.items if item.barcode is not None))
    for item in configuration.items:
        references = [("department", item.department, departments), ("tax", item.tax, taxes)]
        references += [(f"prices.{plain(level)}", level, levels) for level in item.prices.keys() - levels]
        for field, code, known in references:
            if code not in known:
                yield _fault(
                    Section.ITEMS, item.code, field, _("there is no {code}").format(code=plain(code))
                )
        if item.barcode in barcodes:
            yield _fault(Section.ITEMS, item.code, "barcode", _("another item has the same barcode"))


def _fault(section: Section, code: str, field: str, problem: str) -> RecordFault:
    return RecordFault(section.value, plain(code), field, problem)


def _doubles(codes: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield code
        seen.add(code)
