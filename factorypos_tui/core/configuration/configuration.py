"""The configuration of a till: what it sells and at which prices, its taxes, payment methods and users.

Prices are in minor units of the company's currency and include tax; rates are decimal strings, per cent.
Every section is sorted by code, but price levels keep their own order: the first is the default.
What is not `active` is no longer used, and stays for the sales that refer to it; it never travels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_args, get_origin

from factorypos_tui.core.configuration import fields as check
from factorypos_tui.core.language import N_


class Section(StrEnum):
    """The parts of a configuration, as its document names them; prices are part of the items there."""

    PRICES = "prices"
    ITEMS = "items"
    DEPARTMENTS = "departments"
    TAXES = "taxes"
    PRICE_LEVELS = "price_levels"
    PAYMENT_METHODS = "payment_methods"
    USERS = "users"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Field:
    """All that there is to know of one field of a record. The code that reads, writes, compares, keeps and
    words configurations uses it. Its name is its key in the document and its column at the bundled till.

    A field that a later version adds must default to None, so that older configurations keep their bytes."""

    label: str
    """What people call it; translated when it is shown."""
    check: Callable[[Any], Any]
    """Returns the value if it may be in a document, else raises."""
    refers_to: Section | None = None
    """The section that has a record of this code, or of each where it is a mapping."""
    name: str = ""
    """Taken from the record, as are the fields below."""
    required: bool = True
    """Whether a document must have it."""
    is_flag: bool = False
    """Whether it is yes or no."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the records of all sections have."""

    code: Annotated[str, Field(N_("code"), check.code)]
    """Unique in its section."""
    name: Annotated[str, Field(N_("name"), check.name)]
    active: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class Department(Record):
    """A group of items that the reports add up."""


@dataclass(frozen=True, slots=True)
class Tax(Record):
    """A tax rate; prices include it."""

    rate: Annotated[str, Field(N_("rate"), check.rate)]


@dataclass(frozen=True, slots=True)
class PriceLevel(Record):
    """A price list, such as the bar's or the terrace's."""


@dataclass(frozen=True, slots=True)
class PaymentMethod(Record):
    """A way to pay."""

    type: Annotated[str, Field(N_("type"), check.payment_type)]
    """One of `PAYMENT_TYPES`."""


@dataclass(frozen=True, slots=True)
class User(Record):
    """A person at the till; what a trainee sells is kept apart and appears in no report."""

    training: Annotated[bool, Field(N_("in training"), check.flag)] = False


@dataclass(frozen=True, slots=True)
class Item(Record):
    """Something for sale."""

    department: Annotated[str, Field(N_("department"), check.code, Section.DEPARTMENTS)]
    """A code, as is `tax`."""
    tax: Annotated[str, Field(N_("tax"), check.code, Section.TAXES)]
    prices: Annotated[Mapping[str, int], Field(N_("prices"), check.prices, Section.PRICE_LEVELS)] = field(
        default_factory=dict
    )
    """Price level code -> minor units."""
    barcode: Annotated[str | None, Field(N_("barcode"), check.code)] = None


@dataclass(frozen=True, slots=True)
class CompanyData:
    """Who sells, as the receipts' header says it; None where a document does not change it."""

    name: Annotated[str | None, Field(N_("name"), check.name)] = None
    tax_id: Annotated[str | None, Field(N_("tax number"), check.line)] = None
    address: Annotated[str | None, Field(N_("address"), check.line)] = None
    city: Annotated[str | None, Field(N_("city"), check.line)] = None
    country: Annotated[str | None, Field(N_("country"), check.country)] = None
    currency: Annotated[str | None, Field(N_("currency"), check.currency)] = None


KINDS: Mapping[Section, type[Record]] = {
    Section.DEPARTMENTS: Department,
    Section.TAXES: Tax,
    Section.PRICE_LEVELS: PriceLevel,
    Section.PAYMENT_METHODS: PaymentMethod,
    Section.USERS: User,
    Section.ITEMS: Item,
}
"""The sections that are lists, with the kind of their records; each after the sections that it refers to."""
RECORD_SECTIONS = tuple(KINDS)


def fields_of(kind: type[Any]) -> Mapping[str, Field]:
    """The declared fields of a kind of records, or of the company, in order, by name. `active` is not among
    them, since it is never sent."""
    return _FIELDS[kind]


def _declared(kind: type[Any]) -> Mapping[str, Field]:
    declared = {}
    for found in fields(kind):
        if get_origin(found.type) is Annotated:
            value, field_ = get_args(found.type)
            required = found.default is found.default_factory is MISSING
            declared[found.name] = replace(field_, name=found.name, required=required, is_flag=value is bool)
    return declared


_FIELDS = {kind: _declared(kind) for kind in (*KINDS.values(), CompanyData)}


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole configuration."""

    company: CompanyData = CompanyData()
    departments: Sequence[Department] = ()
    taxes: Sequence[Tax] = ()
    price_levels: Sequence[PriceLevel] = ()
    payment_methods: Sequence[PaymentMethod] = ()
    users: Sequence[User] = ()
    items: Sequence[Item] = ()


AnyRecord = TypeVar("AnyRecord", bound=Record)


def in_use(configuration: Configuration) -> Configuration:
    """What is sent and compared: the active records."""
    active: dict[str, Any] = {
        section.value: tuple(record for record in getattr(configuration, section.value) if record.active)
        for section in RECORD_SECTIONS
    }
    return replace(configuration, **active)


def with_company_of(configuration: Configuration, here: Configuration) -> Configuration:
    """`configuration`, where the fields of the company that it leaves out are those of `here`."""
    said = {name: getattr(configuration.company, name) for name in fields_of(CompanyData)}
    known = {name: value for name, value in said.items() if value is not None}
    return replace(configuration, company=replace(here.company, **known))


def first_empty(configuration: Configuration) -> Section | None:
    """The first of departments, items and prices that is empty: such a configuration sells nothing."""
    if not configuration.departments:
        return Section.DEPARTMENTS
    if not configuration.items:
        return Section.ITEMS
    return None if any(item.prices for item in configuration.items) else Section.PRICES
