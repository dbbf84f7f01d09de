"""Values of FloCafe's file, one at a time. Bills are in major units as floating-point numbers; refunds,
closes and the drawer in minor units as integers; instants are UTC without saying so. SQLite checks none."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from factorypos_tui.core.language.instants import NO_INSTANT
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.reports.findings import Code, unreportable

_LARGEST = 10**15
_LONGEST_TEXT = 200
_LONGEST_JSON, _MOST_REMEMBERED = 1 << 20, 1 << 10
BAD_TEXT = "\ufffd"
_JSON = json.JSONDecoder(parse_constant=lambda _name: None)


def major(value: object, number: str) -> Decimal:
    """A number as its shortest text has it, so that 2.4 is 2.4. Nothing counts as 0, as FloCafe has it.

    Raises `Unreportable`, with the number of the bill, for what is no amount."""
    if value is None:
        return Decimal(0)
    if isinstance(value, int | float) and abs(value) < _LARGEST:  # which a NaN is not
        return _shortest(value)
    raise unreportable(Code.OUT_OF_RANGE, (number,))


@lru_cache(1 << 12)
def _shortest(value: float) -> Decimal:
    """Most amounts come again and again."""
    return Decimal(repr(value))


def to_minor(amount: Decimal, exponent: int) -> int:
    """An amount in minor units, half up as JavaScript rounds: -2.5 is -2."""
    scaled = amount.scaleb(exponent)
    if scaled == (whole := int(scaled)):
        return whole
    rounded = int(scaled.copy_abs().quantize(Decimal(1), ROUND_HALF_UP))
    if scaled >= 0:
        return rounded
    return -rounded + int(rounded - abs(scaled) == Decimal("0.5"))


def cents(value: object, number: str) -> int:
    """An amount that is in minor units already; nothing counts as 0. Raises `Unreportable`."""
    if value is None:
        return 0
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    raise unreportable(Code.OUT_OF_RANGE, (number,))


def text(value: object, instead: str = "") -> str:
    """A text on one line, harmless and not too long; `instead` where there is none."""
    return _one_line("" if value is None else str(value)[: 2 * _LONGEST_TEXT]) or instead


@lru_cache(1 << 12)
def _one_line(found: str) -> str:
    """Most texts come again and again."""
    found = found.strip()
    if len(found) > _LONGEST_TEXT or not found.isprintable():
        found = plain(found, _LONGEST_TEXT)
    return found


def instant(value: object) -> datetime:
    """An instant, which is UTC where it names no zone; `NO_INSTANT` where it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else NO_INSTANT
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return NO_INSTANT


def day(value: object) -> date:
    """A date; `date.min` where it is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else date.min
    except ValueError:
        return date.min


def loaded(value: object) -> Any:
    """What a text of JSON says; None where it says nothing that can be read."""
    if not isinstance(value, str) or len(value) > _LONGEST_JSON:
        return None
    return _remembered(value) if len(value) <= _MOST_REMEMBERED else _decoded(value)


def _decoded(text: str) -> Any:
    try:
        return _JSON.decode(text)
    except (ValueError, RecursionError):
        return None


_remembered = lru_cache(1 << 12)(_decoded)
"""The taxes of an item, and what it was paid by, come again and again; nobody changes what was read."""


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list of JSON, or in the lists in it; a single object is a list of one."""
    entries = value if isinstance(value, list) else [value]
    nested = [entry if isinstance(entry, list) else [entry] for entry in entries]
    return [found for entry in nested for found in entry if isinstance(found, dict)]
