"""The configuration of a till: what it sells and at which prices, its taxes, payment methods and users.

Prices are in minor units of the company's currency and include tax; rates are decimal strings, per cent.
Every section is in the order of its codes, but price levels stand in their own: the first is the default.
What is not `active` is no longer used, and stays for the sales that refer to it; it never travels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar


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


RECORD_SECTIONS = (
    Section.DEPARTMENTS,
    Section.TAXES,
    Section.PRICE_LEVELS,
    Section.PAYMENT_METHODS,
    Section.USERS,
    Section.ITEMS,
)
"""The sections that are lists of records, each after those that it refers to."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the records of all sections have; `code` is unique in its section."""

    code: str
    name: str
    active: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class Department(Record):
    """A group of items that the reports add up."""


@dataclass(frozen=True, slots=True)
class Tax(Record):
    """A tax rate; prices include it."""

    rate: str


@dataclass(frozen=True, slots=True)
class PriceLevel(Record):
    """A price list, such as the bar's or the terrace's."""


@dataclass(frozen=True, slots=True)
class PaymentMethod(Record):
    """A way to pay; `type` is one of `PAYMENT_TYPES`."""

    type: str


@dataclass(frozen=True, slots=True)
class User(Record):
    """A person at the till; what a trainee sells is kept apart and appears in no report."""

    training: bool = False


@dataclass(frozen=True, slots=True)
class Item(Record):
    """Something for sale; `department` and `tax` are codes, `prices`: price level code -> minor units."""

    department: str
    tax: str
    prices: Mapping[str, int]
    barcode: str | None = None


PAYMENT_TYPES = ("cash", "check", "card", "debt", "restaurant_ticket", "store_credit", "tip", "mobile")


@dataclass(frozen=True, slots=True)
class CompanyData:
    """Who sells, as the receipts' header says it; None where a document leaves it as it is."""

    name: str | None = None
    tax_id: str | None = None
    address: str | None = None
    city: str | None = None
    country: str | None = None
    currency: str | None = None


COMPANY_FIELDS = ("name", "tax_id", "address", "city", "country", "currency")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole of it."""

    company: CompanyData = CompanyData()
    departments: Sequence[Department] = ()
    taxes: Sequence[Tax] = ()
    price_levels: Sequence[PriceLevel] = ()
    payment_methods: Sequence[PaymentMethod] = ()
    users: Sequence[User] = ()
    items: Sequence[Item] = ()


AnyRecord = TypeVar("AnyRecord", bound=Record)


def in_use(configuration: Configuration) -> Configuration:
    """What travels and is compared: the active records."""
    return Configuration(
        configuration.company,
        _active(configuration.departments),
        _active(configuration.taxes),
        _active(configuration.price_levels),
        _active(configuration.payment_methods),
        _active(configuration.users),
        _active(configuration.items),
    )


def with_company_of(configuration: Configuration, here: Configuration) -> Configuration:
    """`configuration`, with what it does not say of the company as it is here."""
    said = {name: getattr(configuration.company, name) for name in COMPANY_FIELDS}
    known = {name: value for name, value in said.items() if value is not None}
    return replace(configuration, company=replace(here.company, **known))


def first_empty(configuration: Configuration) -> Section | None:
    """Of departments, items and prices, the first that has nothing: such a configuration sells nothing."""
    if not configuration.departments:
        return Section.DEPARTMENTS
    if not configuration.items:
        return Section.ITEMS
    return None if any(item.prices for item in configuration.items) else Section.PRICES


def _active(records: Sequence[AnyRecord]) -> tuple[AnyRecord, ...]:
    return tuple(record for record in records if record.active)
