"""The operator's language: texts, dates, numbers and money.

English is the language of the source; every other one is a gettext catalogue in `locale/`. Texts are
looked up when they are shown, so the language can change while the program runs."""

import gettext
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from factorypos_tui.core.language.text import folded

LANGUAGES = {"en": "English", "es": "Español"}
_DOMAIN = "factorypos"
_CATALOGUES = Path(__file__).parents[2] / "locale"
_MOST_RUNS = 6
_HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class _Conventions:
    thousands: str
    decimal: str


_CONVENTIONS = {"en": _Conventions(",", "."), "es": _Conventions(".", ",")}


class _Current:
    """The one language and the one time zone in force in this process, as with gettext itself."""

    zone: tzinfo | None = None
    told_a_time = False
    code = "en"
    texts: gettext.NullTranslations = gettext.NullTranslations()


def use_language(code: str) -> None:
    """Show all texts from now on in `code`; an unknown language falls back to English.

    Texts of libraries that ask Python's gettext, as click does, are in our catalogue too: gettext finds it
    through its domain and the variable LANGUAGE."""
    _Current.code = code if code in LANGUAGES else "en"
    _Current.texts = gettext.translation(
        _DOMAIN, _CATALOGUES, [_Current.code], fallback=_Current.code == "en"
    )
    gettext.bindtextdomain(_DOMAIN, str(_CATALOGUES))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = _Current.code


def current_language() -> str:
    """The language code in force: a key of `LANGUAGES`."""
    return _Current.code


def language_of_environment(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the POSIX locale variables ask for, if we have it; else English."""
    wanted = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return wanted[:2] if wanted[:2] in LANGUAGES else "en"


def _(message: str) -> str:
    return _Current.texts.gettext(message)


def counted(singular: str, plural: str, n: int, **values: object) -> str:
    """The text that fits the number `n`, in the current language, with `{n}` and the other values in it."""
    return _Current.texts.ngettext(singular, plural, n).format(n=format_number(n), **values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a text for the catalogues here; it is looked up where it is shown."""
    return message


def format_number(value: int) -> str:
    """`12345` as `12,345` (English) or `12.345` (Spanish)."""
    return f"{value:,}".replace(",", _CONVENTIONS[_Current.code].thousands)


def format_numbers(numbers: Iterable[int]) -> str:
    """Numbers of reports in order, each run as a range, cut after the first few: `3, 5-9`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:_MOST_RUNS])
    left = sum(map(len, runs[_MOST_RUNS:]))
    return _("{numbers} and {n} more").format(numbers=words, n=format_number(left)) if left else words


def format_date(day: date) -> str:
    """A day in words: `22 Nov 2026`."""
    return f"{day.day} {_month(day.month)} {day.year}"


def format_day(day: date) -> str:
    """A day without its year: `22 Nov`."""
    return f"{day.day} {_month(day.month)}"


def format_weekday(day: date) -> str:
    """The day of the week in short: `Sun`."""
    return _("Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]


def weekday_letter(day: date) -> str:
    """The day of the week in one letter."""
    return _("M T W T F S S").split()[day.weekday()]


def format_days(first: date, last: date) -> str:
    """The days from one to another: `22 Nov 2026`, `23 - 29 Nov 2026`, `28 Nov - 4 Dec 2026`."""
    if first == last:
        return format_date(last)
    if first.year != last.year:
        return f"{format_date(first)} - {format_date(last)}"
    return f"{first.day if first.month == last.month else format_day(first)} - {format_date(last)}"


def use_time_zone(zone: tzinfo | None) -> None:
    """Show all times from now on in `zone`; None: in the machine's own zone."""
    _Current.zone = zone


def on_the_wall(instant: datetime) -> datetime:
    """An instant as the clock on the wall shows it."""
    _Current.told_a_time = True
    return instant.astimezone(_Current.zone)


def zone_to_name(now: datetime) -> str | None:
    """The name of the time zone in use, where it differs from this machine's at any time of the year."""
    moments = (now, now + _HALF_A_YEAR)
    here, there = ([at.astimezone(zone).utcoffset() for at in moments] for zone in (None, _Current.zone))
    return str(_Current.zone) if here != there else None


def has_told_a_time() -> bool:
    """Whether any text since the start depended on the time zone in force."""
    return _Current.told_a_time


def format_time(instant: datetime) -> str:
    """An instant as a clock time: `22:01`."""
    return on_the_wall(instant).strftime("%H:%M")


def format_second(instant: datetime) -> str:
    """An instant as a clock time to the second: `22:01:30`."""
    return on_the_wall(instant).strftime("%H:%M:%S")


def format_decimal(minor_units: int, exponent: int) -> str:
    """`-120450` with exponent 2 as `-1,204.50` (English) or `-1.204,50` (Spanish)."""
    sign = "-" if minor_units < 0 else ""
    whole, fraction = divmod(abs(minor_units), 10**exponent)
    if not exponent:
        return f"{sign}{format_number(whole)}"
    return f"{sign}{format_number(whole)}{_CONVENTIONS[_Current.code].decimal}{fraction:0{exponent}d}"


def decimal_mark() -> str:
    """What is written before the cents."""
    return _CONVENTIONS[_Current.code].decimal


def months_named(word: str) -> list[int]:
    """The months (1 to 12) whose name begins with `word`."""
    months = _("January February March April May June July August September October November December")
    return [number + 1 for number in _places(months, word)]


def weekdays_named(word: str) -> list[int]:
    """The days of the week (0 is Monday) whose name begins with `word`."""
    return _places(_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"), word)


def days_ago_named(word: str) -> list[int]:
    """How many days ago the days are that `word` begins to name: 0 for today, 1 for yesterday."""
    return _places(_("today yesterday"), word)


def _places(names: str, word: str) -> list[int]:
    wanted = folded(word)
    return [place for place, name in enumerate(names.split()) if folded(name).startswith(wanted)]


def format_month(day: date) -> str:
    """The month of a day: `Nov 2026`."""
    return f"{_month(day.month)} {day.year}"


def _month(number: int) -> str:
    months = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
    return months.split()[number - 1]
