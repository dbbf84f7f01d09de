"""What the administrator said of this till in `config.toml`: its database tells none of it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import NO_INSTANT
from factorypos_tui.core.language.money import CURRENCIES, currency_exponent
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Terminal


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one till, as texts; `check` says whether they are whole."""

    host: str
    """The name of its machine in `closedcash`."""
    company: str
    country: str
    currency: str
    timezone: str
    day_starts_at: str
    """HH:MM on the till's clock; empty: midnight."""
    terminal_id: str

    def check(self) -> None:
        """Raise `TillAbsent` while the till is not connected, `TillError` for a fact that cannot be: reports
        would be frozen with it."""
        if not (self.host and self.currency and self.timezone and self.terminal_id):
            words = _("This till is not connected yet: {command} does that.")
            raise TillAbsent(words.format(command=command("till connect")))
        if self.currency not in CURRENCIES:
            raise self._wrong("currency", self.currency)
        try:
            uuid.UUID(self.terminal_id)
        except ValueError:
            raise self._wrong("terminal_id", self.terminal_id) from None
        _zone, _start = self.zone, self.day_start  # each raises where it is none

    @property
    def terminal(self) -> Terminal:
        """The till as FactoryCLOUD knows it."""
        return Terminal(str(uuid.UUID(self.terminal_id)), plain(self.host, 100))

    @property
    def digits(self) -> int:
        """The digits of its currency after the decimal mark."""
        return currency_exponent(self.currency)

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone; raises `TillError` where there is none of that name."""
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, LookupError, OSError) as error:
            raise self._wrong("timezone", self.timezone) from error

    @property
    def day_start(self) -> timedelta:
        """When a business day begins, from midnight; raises `TillError` where that is no time of a day."""
        try:
            at = datetime.strptime(self.day_starts_at or "00:00", "%H:%M")  # noqa: DTZ007 - a wall clock
        except ValueError as error:
            raise self._wrong("day_starts_at", self.day_starts_at) from error
        return timedelta(hours=at.hour, minutes=at.minute)

    def period_id(self, money: str) -> str:
        """The id of a period: its own where that is a UUID, else one that follows from it."""
        try:
            return str(uuid.UUID(money))
        except ValueError:
            return str(uuid.uuid5(uuid.UUID(self.terminal_id), money))

    def instant(self, wall: datetime) -> datetime:
        """The instant at which the till's clock showed a time; the first of two."""
        try:
            return wall.replace(tzinfo=self.zone).astimezone(UTC)
        except OverflowError:
            return NO_INSTANT

    def day_of(self, wall: datetime) -> date:
        """The business day of a time on the till's clock."""
        try:
            return (wall - self.day_start).date()
        except OverflowError:
            return date.min

    def _wrong(self, key: str, value: str) -> TillError:
        words = _(
            "{key} under [till] in config.toml cannot be {value}. Nothing was changed. {command} sets it."
        )
        return TillError(
            words.format(key=key, value=plain(value, 40) or "-", command=command("till connect"))
        )
