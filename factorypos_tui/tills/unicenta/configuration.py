"""The configuration of a till of the family, as far as its tables have it. It is read for an upload only.

Prices of the list are net; what a customer pays is worked out with the tax of an article's tax category."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeVar

from factorypos_tui.core.configuration.configuration import (
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Record,
    Tax,
    User,
)
from factorypos_tui.core.configuration.fields import LONGEST_CODE
from factorypos_tui.core.language.text import plain
from factorypos_tui.tills.unicenta import values
from factorypos_tui.tills.unicenta.attributes import code_of, name_of
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.reading import RATES
from factorypos_tui.tills.unicenta.remainders import NOISE, is_sound
from factorypos_tui.tills.unicenta.selling import NONE
from factorypos_tui.tills.unicenta.tables import Row, Tables
from factorypos_tui.tills.unicenta.taxing import Rates, percent

_LIST = PriceLevel("list", "List")
_MOVEMENT = "movement"
_LARGEST_PRICE = 10**12
_TAXES = (
    "SELECT {taxes[id]}, {taxes[name]}, {taxes[parentid]}, {taxes[category]}, {taxes[custcategory]}"
    " FROM {taxes}"
)
_CATEGORIES = "SELECT {categories[id]}, {categories[name]} FROM {categories}"
_PEOPLE = "SELECT {people[id]}, {people[name]}, {people[visible]} FROM {people}"
_PRODUCTS = (
    "SELECT {products[id]}, {products[reference]}, {products[code]}, {products[name]}, {products[category]},"
    " {products[taxcat]}, {products[pricesell]}, {products[isvprice]}, {products[iscatalog]} FROM {products}"
)
_ON_SALE = "SELECT {products_cat[product]} FROM {products_cat}"
AnyRecord = TypeVar("AnyRecord", bound=Record)


def read_configuration(tables: Tables, codes: Codes, facts: Facts) -> Configuration:
    """The whole configuration, also what is no longer in use. Raises `TillError`."""
    departments = _by_code(_departments(tables))
    taxes, of_category = _taxes(tables)
    items = (_item(row, departments, taxes, of_category, facts.digits) for row in tables.rows(_PRODUCTS))
    on_sale = _on_sale(tables)
    return Configuration(
        company=CompanyData(facts.company, "", "", "", facts.country, facts.currency),
        departments=_sorted(departments),
        taxes=_sorted(taxes),
        price_levels=(_LIST,),
        payment_methods=_sorted(_by_code(_payment_methods(codes))),
        users=_sorted(_by_code(_users(tables))),
        items=_sorted(_by_code(it if on_sale(id_) else replace(it, active=False) for id_, it in items)),
    )


def _departments(tables: Tables) -> Iterator[Department]:
    for id_, name in tables.rows(_CATEGORIES):
        yield Department(code_of(values.text(id_), NONE), name_of(values.text(name)))


def _taxes(tables: Tables) -> tuple[Mapping[str, Tax], Mapping[str, str]]:
    """The taxes that articles have, and which one those of a tax category have. Parts of a compound tax, and
    what only some customers pay, do not travel."""
    rows = tables.rows(_TAXES)
    rates = Rates(map(values.rate, tables.rows(RATES)))
    taxes: dict[str, Tax] = {}
    of_category: dict[str, str] = {}
    for id_, name, parent, category, customers in sorted(rows, key=lambda row: str(row[0])):
        if parent is None and customers is None:
            code, rate = code_of(str(id_), NONE), rates.now(str(id_))
            taxes[code] = Tax(code, name_of(values.text(name)), percent(rate), active=0 <= rate <= 1)
            of_category.setdefault(values.text(category), code)
    return taxes, of_category


def _payment_methods(codes: Codes) -> Iterator[PaymentMethod]:
    for code, type_ in codes.payment_types.items():
        if type_ != _MOVEMENT:
            yield PaymentMethod(code, code, type_)


def _users(tables: Tables) -> Iterator[User]:
    tells_visible = tables.has("people", "visible")
    for id_, name, visible in tables.rows(_PEOPLE):
        active = values.flag(visible) or not tells_visible
        yield User(code_of(values.text(id_), NONE), name_of(values.text(name)), active=active)


def _on_sale(tables: Tables) -> Callable[[str], bool]:
    """Whether an article can be sold: it is in the catalogue that the till shows."""
    if not tables.has("products_cat", "product"):
        return lambda _id: True
    listed = {str(id_) for (id_,) in tables.rows(_ON_SALE)}
    return lambda id_: id_ in listed


def _item(
    row: Row,
    departments: Mapping[str, Department],
    taxes: Mapping[str, Tax],
    of_category: Mapping[str, str],
    digits: int,
) -> tuple[str, Item]:
    """An article, by its id. One without a department, a tax or a price is not in use: it cannot be sold."""
    id_, reference, barcode, name, category, tax_category, net, is_asked, is_listed = row
    department = code_of(values.text(category), NONE)
    tax = of_category.get(values.text(tax_category), NONE)
    price = (
        0
        if values.flag(is_asked)
        else _price(values.number(net), taxes[tax].rate if tax in taxes else "0", digits)
    )
    is_whole = department in departments and tax in taxes and taxes[tax].active and price is not None
    return str(id_), Item(
        code_of(values.text(reference), code_of(str(id_), NONE)),
        name_of(values.text(name)),
        department,
        tax,
        {} if price is None else {_LIST.code: price},
        _barcode(values.text(barcode)),
        active=is_whole and (is_listed is None or values.flag(is_listed)),
    )


def _price(net: Decimal, rate: str, digits: int) -> int | None:
    """What a customer pays, in minor units; None where that is no price."""
    if not is_sound(net):
        return None
    gross = (net * (1 + Decimal(rate) / 100)).quantize(NOISE, ROUND_HALF_EVEN).scaleb(digits)
    price = int(gross.quantize(Decimal(1), ROUND_HALF_EVEN))
    return price if 0 <= price <= _LARGEST_PRICE else None


def _barcode(text: str) -> str | None:
    code = plain(text, LONGEST_CODE)
    return code if code and code == text else None


def _by_code(records: Iterable[AnyRecord]) -> Mapping[str, AnyRecord]:
    """The records by their codes; of two with one code the first."""
    found: dict[str, AnyRecord] = {}
    for record in records:
        found.setdefault(record.code, record)
    return found


def _sorted(records: Mapping[str, AnyRecord]) -> tuple[AnyRecord, ...]:
    return tuple(records[code] for code in sorted(records))
