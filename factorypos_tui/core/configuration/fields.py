"""What one field of a configuration's document may hold: bounded, of its type, and harmless."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from factorypos_tui.core.language import _
from factorypos_tui.core.language.money import CURRENCIES
from factorypos_tui.core.language.text import is_harmless, plain

PAYMENT_TYPES = (
    *("cash", "check", "card", "debt", "restaurant_ticket", "store_credit", "tip", "mobile"),
    *("free", "bank", "other"),
)
LONGEST_CODE = 40
LONGEST_NAME = 100
_LONGEST_LINE = 500
_LARGEST_PRICE = 10**12
_RATE = re.compile(r"(100|[0-9]{1,2})(\.[0-9]{1,6})?")
_COUNTRY = re.compile(r"[A-Z]{2}")

_Read = TypeVar("_Read")


class FieldWrong(ValueError):
    """A wrong field; the message says what is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        """`field`: its path in the record, such as `prices.BAR`; empty where the whole record is wrong."""
        super().__init__(problem)
        self.field = field


class Fields:
    """The fields of one record. Fields that were not read stay in `unread`."""

    __slots__ = ("_values", "unread")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.unread = set(values)

    def read(self, name: str, check: Callable[[Any], _Read]) -> _Read:
        """A field that must be there; raises `FieldWrong`."""
        value = self.optional(name, check)
        if value is None:
            raise FieldWrong(name, _("this is missing"))
        return value

    def optional(self, name: str, check: Callable[[Any], _Read]) -> _Read | None:
        """A field that may be missing, or null; raises `FieldWrong`."""
        self.unread.discard(name)
        value = self._values.get(name)
        try:
            return None if value is None else check(value)
        except _Wrong as wrong:
            raise FieldWrong(name, str(wrong)) from None


class _Wrong(ValueError):
    """A wrong value; the message says what it must be."""


def code(value: object) -> str:
    """The code of a record. Blanks around it would make two codes that look alike."""
    found = _text(value, 1, LONGEST_CODE)
    if found != found.strip():
        raise _Wrong(_("it begins or ends with a blank"))
    return found


def name(value: object) -> str:
    """The name of a record, for people."""
    found = _text(value, 1, LONGEST_NAME)
    if found.isspace():
        raise _Wrong(_("it is blank"))
    return found


def line(value: object) -> str:
    """A line of the company's header, possibly empty."""
    return _text(value, 0, _LONGEST_LINE)


def country(value: object) -> str:
    """Two capital letters."""
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise _Wrong(_("this must be two letters of ISO 3166, such as ES"))
    return value


def currency(value: object) -> str:
    """A currency that people pay with (ISO 4217)."""
    if not isinstance(value, str) or value not in CURRENCIES:
        raise _Wrong(_("this is no currency of ISO 4217, such as EUR"))
    return value


def rate(value: object) -> str:
    """A tax rate in per cent, as decimal text."""
    if not isinstance(value, str) or not _RATE.fullmatch(value) or float(value) > 100:
        raise _Wrong(_("this must be a rate in per cent, as text, from 0 to 100, such as 21 or 5.5"))
    return value


def payment_type(value: object) -> str:
    """One of the ways to pay that reports know."""
    if not isinstance(value, str) or value not in PAYMENT_TYPES:
        raise _Wrong(_("this must be one of: {types}").format(types=", ".join(PAYMENT_TYPES)))
    return value


def flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise _Wrong(_("this must be true or false"))
    return value


def prices(value: object) -> dict[str, int]:
    """Price level code -> minor units."""
    if not isinstance(value, dict):
        raise _Wrong(_("this must be a JSON object"))
    for level, price in value.items():
        if type(price) is not int or not 0 <= price <= _LARGEST_PRICE:
            raise FieldWrong(
                f"prices.{plain(level, LONGEST_CODE)}",
                _("a price is a whole number of minor units from 0 to {most}").format(most=_LARGEST_PRICE),
            )
    return value


def _text(value: object, least: int, most: int) -> str:
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise _Wrong(_("this must be a text of {least} to {most} characters").format(least=least, most=most))
    if not is_harmless(value):
        raise _Wrong(_("it holds characters that are not for print"))
    return value
