"""Values of an unchecked document, one at a time, ready to be shown.

A value that does not fit is shown as `?`, text is made harmless, lists are cut. So what comes from a damaged
disk or from the cloud can neither break a screen nor look like a true figure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from factorypos_tui.core.language import decimal_mark, format_date, format_decimal, format_number
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.core.language.text import plain

Document = Mapping[str, object]
UNREADABLE = "?"
MOST_ROWS = 300
_NOTHING = "-"
_LONGEST = 80
_LARGEST = 2**63
_QUANTITY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Unchecked:
    """An object of an unchecked document; a missing value is shown as `-`."""

    values: Document = field(default_factory=dict)
    exponent: int = 2

    def in_its_currency(self) -> "Unchecked":
        """The same, with amounts read in the currency that it names."""
        return Unchecked(self.values, currency_exponent(self.text("currency")))

    def text(self, key: str) -> str:
        """A text of at most 80 characters."""
        value = self.values.get(key)
        if value is None:
            return _NOTHING
        return plain(value, _LONGEST) or _NOTHING if isinstance(value, str) else UNREADABLE

    def number(self, key: str) -> int | None:
        """A whole number that a database could hold, else None."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return value if abs(value) < _LARGEST else None

    def count(self, key: str) -> str:
        """A whole number."""
        return self._shown(key, format_number)

    def money(self, key: str) -> str:
        """An amount, without its currency."""
        return self._shown(key, lambda amount: format_decimal(amount, self.exponent))

    def quantity(self, key: str) -> str:
        """A decimal text."""
        value = self.text(key)
        return value.replace(".", decimal_mark()) if _QUANTITY.fullmatch(value) else UNREADABLE

    def day(self, key: str) -> str:
        """A date."""
        try:
            return format_date(date.fromisoformat(self.text(key)))
        except ValueError:
            return UNREADABLE

    def moment(self, key: str, zone: tzinfo | None) -> str:
        """An instant, as date and time in `zone`."""
        try:
            local = instant_of(self.text(key)).astimezone(zone)
        except (ValueError, OverflowError):
            return UNREADABLE
        return f"{format_date(local.date())} {local:%H:%M}"

    def zone(self) -> tzinfo | None:
        """Its time zone; None, which means this machine's, where it names none."""
        try:
            return ZoneInfo(self.text("timezone"))
        except (ValueError, OSError, LookupError):
            return None

    def group(self, key: str) -> "Unchecked":
        """An object in it."""
        value = self.values.get(key)
        return Unchecked(value if isinstance(value, dict) else {}, self.exponent)

    def groups(self, key: str) -> "Sequence[Unchecked]":
        """The objects of a list, up to one more than `MOST_ROWS`."""
        value = self.values.get(key)
        entries = value[: MOST_ROWS + 1] if isinstance(value, list) else []
        return [Unchecked(entry, self.exponent) for entry in entries if isinstance(entry, dict)]

    def _shown(self, key: str, show: Callable[[int], str]) -> str:
        if self.values.get(key) is None:
            return _NOTHING
        number = self.number(key)
        return UNREADABLE if number is None else show(number)
