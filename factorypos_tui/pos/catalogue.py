"""What a till sells, to which prices, against which payments and by whom."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Department:
    """A group of items that the reports add up."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax rate; `rate` is a decimal string, per cent. Prices include it."""

    code: str
    name: str
    rate: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something for sale; `prices`: price level code -> minor units, not every level needs one."""

    code: str
    name: str
    department: Department
    tax: Tax
    prices: Mapping[str, int]
    active: bool = True


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """A price list, such as the bar's or the terrace's."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay; `type` is one of the words in `schema.sql`."""

    code: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class User:
    """A person at the till; what a trainee sells is kept apart and appears in no report."""

    code: str
    name: str
    training: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole of it, each part by code. The look-ups raise `TillError`, naming the nearest codes."""

    items: Mapping[str, Item]
    price_levels: Mapping[str, PriceLevel]
    payment_methods: Mapping[str, PaymentMethod]
    users: Mapping[str, User]

    def item(self, code: str) -> Item:
        """The item of this code."""
        return _find(self.items, code, _("There is no item {code}."))

    def price_level(self, code: str | None) -> PriceLevel:
        """The price level of this code; without one, the till's first."""
        wanted = code if code is not None else next(iter(self.price_levels), "")
        return _find(self.price_levels, wanted, _("There is no price level {code}."))

    def payment_method(self, code: str) -> PaymentMethod:
        """The payment method of this code."""
        return _find(self.payment_methods, code, _("There is no payment method {code}."))

    def user(self, code: str | None) -> User:
        """The user of this code; without one, the till's first who is not in training."""
        first = (user.code for user in self.users.values() if not user.training)
        return _find(self.users, code if code is not None else next(first, ""), _("There is no user {code}."))


def load_catalogue(database: Database) -> Catalogue:
    """The catalogue as it is now; levels in their own order, the rest ordered by code."""
    departments = {code: Department(code, name) for code, name in _all(database, "departments")}
    taxes = {code: Tax(code, name, rate) for code, name, rate in _all(database, "taxes")}
    prices: dict[str, dict[str, int]] = {}
    for item, level, amount in database.rows("SELECT item, price_level, amount FROM prices"):
        prices.setdefault(item, {})[level] = amount
    items = database.rows("SELECT code, name, department, tax, active FROM items ORDER BY code")
    levels = database.rows("SELECT code, name FROM price_levels ORDER BY position")
    return Catalogue(
        items={
            code: Item(code, name, departments[department], taxes[tax], prices.get(code, {}), bool(active))
            for code, name, department, tax, active in items
        },
        price_levels={code: PriceLevel(code, name) for code, name in levels},
        payment_methods={row[0]: PaymentMethod(*row) for row in _all(database, "payment_methods")},
        users={code: User(code, name, bool(training)) for code, name, training in _all(database, "users")},
    )


def _all(database: Database, table: str) -> list[tuple[str, ...]]:
    return database.rows(f"SELECT * FROM {table} ORDER BY code")


def _find(entries: Mapping[str, _Entry], code: str, missing: str) -> _Entry:
    if code in entries:
        return entries[code]
    message = missing.format(code=code[:40])
    nearest = difflib.get_close_matches(code[:40].upper(), entries, n=3, cutoff=0.3)
    if nearest:
        message = _("{problem} The nearest: {codes}.").format(problem=message, codes=", ".join(nearest))
    raise TillError(message)
