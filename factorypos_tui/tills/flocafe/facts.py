"""What FloCafe's settings say of the shop; `config.toml` says it where they do not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.core.language.text import plain
from factorypos_tui.tills.flocafe.flo_database import Snapshot
from factorypos_tui.tills.flocafe.values import text

_SETTINGS = {
    "company": "business_name",
    "country": "country",
    "currency": "currency",
    "timezone": "timezone",
    "day_starts_at": "business_day_start_time",
}
_BEFORE_NOON = re.compile(r"(0[0-9]|1[01]):[0-5][0-9]")
NAME = "FloCafe"


@dataclass(frozen=True, slots=True)
class Facts:
    """The shop."""

    company: str
    country: str
    currency: str
    timezone: str
    """An IANA name; one that nobody knows where neither the file nor `config.toml` has a known one."""
    day_starts_at: time

    @property
    def exponent(self) -> int:
        """Digits after the decimal mark of its currency."""
        return currency_exponent(self.currency)

    def zone(self) -> ZoneInfo:
        """Its time zone; raises `TillError` where that is unknown."""
        if zone := _zone(self.timezone):
            return zone
        raise TillError(
            _(
                "The till has an unknown time zone: {name}. Nothing was changed. Set an IANA name, such as"
                " Europe/Madrid, in the settings of FloCafe, or timezone under [till] in config.toml."
            ).format(name=plain(self.timezone, 60))
        )

    def business_date(self, instant: datetime) -> date:
        """The day that an instant belongs to; raises `TillError`."""
        local = instant.astimezone(self.zone())
        return local.date() - timedelta(days=local.time() < self.day_starts_at)

    def begins(self, day: date) -> datetime:
        """The instant at which a day begins; raises `TillError`."""
        return datetime.combine(day, self.day_starts_at, self.zone()).astimezone(UTC)


def settings_of(snapshot: Snapshot) -> Mapping[str, str]:
    """What its own settings say, by the names of `[till]`; what they leave open is not there."""
    wanted = {key: name for name, key in _SETTINGS.items()}
    rows = snapshot.rows(
        f"SELECT key, value FROM settings WHERE key IN ({', '.join('?' * len(wanted))})", *wanted
    )
    return {wanted[key]: said for key, value in rows if (said := text(value))}


def facts_of(said: Mapping[str, str], configured: Mapping[str, str]) -> Facts:
    """The facts of the file, and those of `config.toml` where the file lacks them."""

    def fact(name: str) -> str:
        return said.get(name) or configured.get(name) or ""

    zones = (said.get("timezone", ""), configured.get("timezone", ""))
    starts = (said.get("day_starts_at", ""), configured.get("day_starts_at", ""))
    return Facts(
        fact("company") or NAME,
        fact("country"),
        fact("currency"),
        next(filter(_zone, zones), fact("timezone")),
        time.fromisoformat(next(filter(_BEFORE_NOON.fullmatch, starts), "00:00")),
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, LookupError, OSError):
        return None
