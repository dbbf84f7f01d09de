"""The taxes of what was sold. An item can have several at once (CGST and SGST): they are one here, since
their base is one and the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from factorypos_tui.tills.flocafe.rows import Item
from factorypos_tui.tills.flocafe.values import loaded, objects, text

_LONGEST_CODE = 40
_MOST_PARTS = 20
_MOST_REMEMBERED = 1 << 10


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """What is taxed alike."""

    code: str
    name: str
    rate: str
    """Per cent, as decimal text."""


NO_TAX = TaxGroup("0", "0 %", "0")


@dataclass(frozen=True, slots=True)
class ItemTax:
    """The tax of an item, and how much it is, in major units."""

    group: TaxGroup
    amount: Decimal


def tax_of(item: Item) -> ItemTax:
    """The tax of an item as it was sold."""
    sizes = (len(column) for column in item.tax_parts if isinstance(column, str | bytes))
    of = _remembered if sum(sizes) <= _MOST_REMEMBERED else _item_tax
    return of(bool(item.tax), item.tax_parts)


def _item_tax(is_taxed: bool, columns: tuple[object, ...]) -> ItemTax:
    parts = _parts(columns)
    return ItemTax(_group(is_taxed, parts), sum((decimal_of(it.get("amount")) for it in parts), Decimal(0)))


_remembered = lru_cache(1 << 12)(_item_tax)
"""Each sale of an item has the same taxes."""


def group_in(tax: object, parts: Sequence[object]) -> TaxGroup:
    """The tax that an item's columns name: how much it is, and its parts."""
    return _group(tax, _parts(parts))


def _group(tax: object, parts: Sequence[Mapping[str, Any]]) -> TaxGroup:
    if named := tuple((_title(part), decimal_of(part.get("rate"))) for part in parts):
        return group_of(named)
    return group_of((("Tax", Decimal(0)),)) if tax else NO_TAX


def _parts(columns: Sequence[object]) -> Sequence[Mapping[str, Any]]:
    snapshot, breakdown = map(loaded, columns)
    lines = [line for found in objects(snapshot) for line in objects(found.get("lines"))]
    parts = [part for line in lines for part in objects(line.get("components"))]
    return (parts or objects(breakdown))[:_MOST_PARTS]


@lru_cache(1 << 8)
def group_of(parts: tuple[tuple[str, Decimal], ...]) -> TaxGroup:
    """The one tax that taxes on one base are."""
    rates: dict[str, Decimal] = {}
    for title, rate in parts:
        rates.setdefault(title, rate)
    whole = sum(rates.values(), Decimal(0))
    per_cent = f"{whole:.6f}".rstrip("0").rstrip(".") if 0 <= whole <= 100 else "0"
    name = " + ".join(rates)
    return TaxGroup(f"{name[: _LONGEST_CODE - len(per_cent) - 1]} {per_cent}", name[:100], per_cent)


def _title(part: Mapping[str, Any]) -> str:
    names = (text(part.get(key)) for key in ("label", "title", "name"))
    return next(filter(None, names), "Tax")


def decimal_of(value: object) -> Decimal:
    """A number of JSON, which may be a text there; 0 where it is none."""
    try:
        found = Decimal(str(value)) if isinstance(value, int | float | str) else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < 10**15 else Decimal(0)
