"""Catalogues that a new store can begin with. Their names are in the caller's language; their tax rates are
those of Spain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.words import marked, told

_DEPARTMENTS = (
    ("CAFES", marked("Coffee and tea")),
    ("DRINKS", marked("Soft drinks")),
    ("BEER", marked("Beer and wine")),
    ("FOOD", marked("Sandwiches and dishes")),
)
# code, name, department, price in minor units
_ITEMS = (
    ("BEER", marked("Beer"), "BEER", 250),
    ("BREAD", marked("Toast with tomato"), "FOOD", 250),
    ("COFFEE", marked("Coffee"), "CAFES", 150),
    ("COLA", marked("Cola"), "DRINKS", 250),
    ("JUICE", marked("Orange juice"), "DRINKS", 300),
    ("LUNCH", marked("Lunch of the day"), "FOOD", 1400),
    ("MILKCOFFEE", marked("Coffee with milk"), "CAFES", 170),
    ("SANDWICH", marked("Sandwich"), "FOOD", 480),
    ("TEA", marked("Tea"), "CAFES", 170),
    ("WATER", marked("Water"), "DRINKS", 160),
    ("WINE", marked("Glass of wine"), "BEER", 280),
)


@dataclass(frozen=True, slots=True)
class Template:
    """What a person sees of a template before they take it."""

    name: str
    title: str
    purpose: str


TEMPLATES = (
    Template(
        "basics",
        marked("The basics"),
        marked("A department, a price level, two taxes, cash and card, and one user. You add the items."),
    ),
    Template(
        "bar",
        marked("A small bar"),
        marked("The basics with four departments and a few drinks and dishes, to change as you like."),
    ),
)


def from_template(name: str, company: Mapping[str, Any]) -> Document:
    """The catalogue of a template. `company`: the fields of the configuration's `company`. Raises
    `KeyError`."""
    is_bar = {"basics": False, "bar": True}[name]
    return {
        "schema_version": 1,
        "company": dict(company),
        "departments": [
            {"code": code, "name": told(words)}
            for code, words in sorted(_DEPARTMENTS if is_bar else (("GENERAL", marked("General")),))
        ],
        "taxes": [
            {"code": "IVA10", "name": "IVA 10 %", "rate": "10"},
            {"code": "IVA21", "name": "IVA 21 %", "rate": "21"},
        ],
        "price_levels": [{"code": "NORMAL", "name": told(marked("Normal"))}],
        "payment_methods": [
            {"code": "CARD", "name": told(marked("Card")), "type": "card"},
            {"code": "CASH", "name": told(marked("Cash")), "type": "cash"},
        ],
        "users": [{"code": "1", "name": told(marked("User 1"))}],
        "items": [
            {
                "code": code,
                "name": told(words),
                "department": department,
                "tax": "IVA10",
                "prices": {"NORMAL": price},
            }
            for code, words, department, price in (_ITEMS if is_bar else ())
        ],
    }
