"""What the records of a catalogue hold, and what a till takes. Labels are translated where they are told."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from factorypos_tui.server.documents.money import CURRENCIES
from factorypos_tui.server.words import marked, told

PAYMENT_TYPES = (
    *("cash", "check", "card", "debt", "restaurant_ticket", "store_credit", "tip", "mobile"),
    *("free", "bank", "other"),
)
LONGEST_CODE = 40
LARGEST_PRICE = 10**12
_LONGEST_NAME = 100
_LONGEST_LINE = 500
_RATE = re.compile(r"(100|[0-9]{1,2})(\.[0-9]{1,6})?")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MOVING = {"Cc", "Cs", "Zl", "Zp"}

Check = Callable[[object], str | None]
"""What a till has against a value, as a sentence; None where it takes it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of records."""

    name: str
    label: str
    check: Check
    required: bool = True
    refers_to: str | None = None
    """The section that has a record of this code."""
    choices: tuple[str, ...] = ()
    is_flag: bool = False


def code_fault(value: object) -> str | None:
    fault = _text_fault(value, 1, LONGEST_CODE)
    if fault is None and str(value) != str(value).strip():
        return told("It begins or ends with a blank.")
    return fault


def _name_fault(value: object) -> str | None:
    fault = _text_fault(value, 1, _LONGEST_NAME)
    return told("It is blank.") if fault is None and str(value).isspace() else fault


def _line_fault(value: object) -> str | None:
    return _text_fault(value, 0, _LONGEST_LINE)


def _text_fault(value: object, least: int, most: int) -> str | None:
    if not isinstance(value, str) or not least <= len(value) <= most:
        return told("It has to be a text of {least} to {most} characters.").format(least=least, most=most)
    if value.isprintable() or not any(
        letter in _TURNING or unicodedata.category(letter) in _MOVING for letter in value
    ):
        return None
    return told("It holds characters that are not for print.")


def _country_fault(value: object) -> str | None:
    if isinstance(value, str) and re.fullmatch("[A-Z]{2}", value):
        return None
    return told("It has to be two letters of ISO 3166, such as ES.")


def _currency_fault(value: object) -> str | None:
    if isinstance(value, str) and value in CURRENCIES:
        return None
    return told("This is no currency of ISO 4217, such as EUR.")


def _rate_fault(value: object) -> str | None:
    if isinstance(value, str) and _RATE.fullmatch(value) and float(value) <= 100:
        return None
    return told("It has to be a rate in per cent from 0 to 100, such as 21 or 5.5.")


def _type_fault(value: object) -> str | None:
    if value in PAYMENT_TYPES:
        return None
    return told("It has to be one of: {types}.").format(types=", ".join(PAYMENT_TYPES))


def _flag_fault(value: object) -> str | None:
    return None if isinstance(value, bool) else told("It has to be yes or no.")


def price_fault(value: object) -> str | None:
    """The same for one price, in minor units."""
    if type(value) is int and 0 <= value <= LARGEST_PRICE:
        return None
    words = told("A price is a whole number of minor units from 0 to {most}.")
    return words.format(most=LARGEST_PRICE)


_CODE = Field("code", marked("code"), code_fault)
_NAME = Field("name", marked("name"), _name_fault)
SECTIONS: Mapping[str, tuple[Field, ...]] = {
    "items": (
        _CODE,
        _NAME,
        Field("department", marked("department"), code_fault, refers_to="departments"),
        Field("tax", marked("tax"), code_fault, refers_to="taxes"),
        Field("barcode", marked("barcode"), code_fault, required=False),
    ),
    "departments": (_CODE, _NAME),
    "price_levels": (_CODE, _NAME),
    "taxes": (_CODE, _NAME, Field("rate", marked("rate"), _rate_fault)),
    "payment_methods": (_CODE, _NAME, Field("type", marked("type"), _type_fault, choices=PAYMENT_TYPES)),
    "users": (
        _CODE,
        _NAME,
        Field("training", marked("in training"), _flag_fault, required=False, is_flag=True),
    ),
}
"""The sections that are lists, in the order in which people see them. Items also have `prices`."""
COMPANY = (
    Field("name", marked("name"), _name_fault, required=False),
    Field("tax_id", marked("tax number"), _line_fault, required=False),
    Field("address", marked("address"), _line_fault, required=False),
    Field("city", marked("city"), _line_fault, required=False),
    Field("country", marked("country"), _country_fault, required=False),
    Field("currency", marked("currency"), _currency_fault, required=False),
)
NAMES: Mapping[str, str] = {
    "prices": marked("Prices"),
    "items": marked("Items"),
    "departments": marked("Departments"),
    "taxes": marked("Taxes"),
    "price_levels": marked("Price levels"),
    "payment_methods": marked("Payment methods"),
    "users": marked("Users"),
    "company": marked("Company"),
}
TYPE_NAMES: Mapping[str, str] = {
    "cash": marked("cash"),
    "check": marked("check"),
    "card": marked("card"),
    "debt": marked("debt"),
    "restaurant_ticket": marked("restaurant ticket"),
    "store_credit": marked("store credit"),
    "tip": marked("tip"),
    "mobile": marked("mobile"),
    "free": marked("given away"),
    "bank": marked("bank transfer"),
    "other": marked("other"),
}


def label_of(section: str, field: str) -> str:
    """What people call a field; a price is called by its level."""
    if field.startswith("prices."):
        return field.removeprefix("prices.")
    if field == "position":
        return told("place")
    declared = COMPANY if section == "company" else SECTIONS["items" if section == "prices" else section]
    return next((told(known.label) for known in declared if known.name == field), field)
