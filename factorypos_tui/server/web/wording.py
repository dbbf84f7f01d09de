"""Amounts, numbers, days and times as a page shows them, in the language of the call. Pure."""

from datetime import UTC, date, datetime

from factorypos_tui.server.domain.clocks import wall_of
from factorypos_tui.server.domain.phrases import day as day
from factorypos_tui.server.domain.phrases import moment as moment
from factorypos_tui.server.domain.phrases import per_cent as per_cent
from factorypos_tui.server.domain.phrases import period as period
from factorypos_tui.server.domain.takings import Compared, Trend
from factorypos_tui.server.words import spoken, told

NOTHING = "–"
_MARKS = {"en": (",", "."), "es": (".", ",")}
"""What parts thousands, and what decimals."""
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""ISO 4217 currencies whose minor unit is not a hundredth -> digits after the decimal mark."""


def exponent_of(currency: str) -> int:
    """Digits after the decimal mark."""
    return _EXPONENTS.get(currency, 2)


def number(value: int) -> str:
    """`12345` as `12,345`."""
    return f"{value:,}".replace(",", _MARKS[spoken()][0])


def amount(minor: int | None, currency: str) -> str:
    """`120450` euro cents as `1,204.50`; a dash where there is none."""
    if minor is None:
        return NOTHING
    digits = exponent_of(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    decimals = f"{_MARKS[spoken()][1]}{rest:0{digits}}" if digits else ""
    return f"{'-' if minor < 0 else ''}{number(whole)}{decimals}"


def money(minor: int | None, currency: str) -> str:
    """The same with its currency: `1,204.50 EUR`."""
    return NOTHING if minor is None else f"{amount(minor, currency)} {currency}"


def days(first: date, last: date) -> str:
    """`Mon 2 Mar 2026 – Sun 8 Mar 2026`."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def clock(instant: str, timezone: str) -> str:
    """`13:20` on the wall of a place."""
    return f"{wall_of(instant, timezone):%H:%M}"


def time_of(instant: str, timezone: str, of_day: date) -> str:
    """The time on the wall of a place, with its date where that is another one."""
    wall = wall_of(instant, timezone)
    return f"{wall:%H:%M}" if wall.date() == of_day else f"{day(wall.date())} {wall:%H:%M}"


def hour(place: int) -> str:
    """The hour at a place of the axis of a day (`domain.clocks`): `13:00`; after midnight `01:00 +1`."""
    days_later, at = divmod(place, 24)
    return f"{at:02}:00" + (f" {days_later:+}" if days_later else "")


def age(instant: str, now: datetime) -> str:
    """How long ago something was: `12 min`, `3 h`, `2 d`."""
    minutes = int((now - datetime.fromisoformat(instant[:19]).replace(tzinfo=UTC)).total_seconds() // 60)
    if minutes < 60:
        return told("{n} min").format(n=number(max(0, minutes)))
    if minutes < 48 * 60:
        return told("{n} h").format(n=number(minutes // 60))
    return told("{n} d").format(n=number(minutes // (24 * 60)))


def change(compared: Compared) -> str:
    """How an amount has changed: `+12 %`, `same`, `new`, or a dash where there is nothing."""
    match compared.trend:
        case Trend.NOTHING:
            return NOTHING
        case Trend.NEW:
            return told("new")
        case Trend.SAME:
            return told("same")
    return per_cent(compared)
