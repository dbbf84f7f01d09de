"""What a till sells, at which prices, for which payments and by whom."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from factorypos_tui.core.configuration.configuration import (
    AnyRecord,
    Department,
    PaymentMethod,
    PriceLevel,
    Tax,
    User,
    in_use,
)
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.configuration import read_configuration

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Item:
    """Something for sale."""

    code: str
    name: str
    department: Department
    tax: Tax
    prices: Mapping[str, int]
    """Price level code -> minor units; an item needs no price at some levels."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue, each part by code. The look-ups raise `TillError`, which names the nearest
    codes."""

    items: Mapping[str, Item]
    price_levels: Mapping[str, PriceLevel]
    payment_methods: Mapping[str, PaymentMethod]
    users: Mapping[str, User]

    def item(self, code: str) -> Item:
        """The item of this code."""
        return _find(self.items, code, _("There is no item {code}."))

    def price_level(self, code: str | None) -> PriceLevel:
        """The price level of this code; for None the till's first one."""
        wanted = code if code is not None else next(iter(self.price_levels), "")
        return _find(self.price_levels, wanted, _("There is no price level {code}."))

    def payment_method(self, code: str) -> PaymentMethod:
        """The payment method of this code."""
        return _find(self.payment_methods, code, _("There is no payment method {code}."))

    def user(self, code: str | None) -> User:
        """The user of this code; for None the till's first user who is not in training."""
        first = (user.code for user in self.users.values() if not user.training)
        if not self.users:
            words = _(
                "This till has no users yet: nothing can be sold. To take them from FactoryCLOUD: {pull}"
            )
            raise TillError(words.format(pull=command("config pull")))
        return _find(self.users, code if code is not None else next(first, ""), _("There is no user {code}."))


def load_catalogue(database: Database) -> Catalogue:
    """The catalogue as it is now. Levels keep their own order; the rest is sorted by code. Users and payment
    methods that are no longer used are left out."""
    configuration = read_configuration(database)
    used, departments, taxes = (
        in_use(configuration),
        _by_code(configuration.departments),
        _by_code(configuration.taxes),
    )
    return Catalogue(
        items={
            code: Item(
                code, item.name, departments[item.department], taxes[item.tax], item.prices, item.active
            )
            for code, item in _by_code(configuration.items).items()
        },
        price_levels=_by_code(configuration.price_levels),
        payment_methods=_by_code(used.payment_methods),
        users=_by_code(used.users),
    )


def _by_code(records: Sequence[AnyRecord]) -> dict[str, AnyRecord]:
    return {record.code: record for record in records}


def _find(entries: Mapping[str, _Entry], code: str, missing: str) -> _Entry:
    if code in entries:
        return entries[code]
    message = missing.format(code=code[:40])
    nearest = difflib.get_close_matches(code[:40].upper(), entries, n=3, cutoff=0.3)
    if nearest:
        message = _("{problem} The nearest: {codes}.").format(problem=message, codes=", ".join(nearest))
    raise TillError(message)
