"""What an operator means by the words of a search: pure decisions, in the current language.

A report must fit every word. A word fits if one of its meanings does. `22` is a Z number, a day of the month
or the whole part of an amount; `nov` a month; `mon` a day of the week; `wait` the start of a state's name;
`network` a word of the reason why a report has not arrived."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from factorypos_tui.core.language import days_ago_named, months_named, on_the_wall, weekdays_named
from factorypos_tui.core.language.money import CURRENCY_EXPONENTS
from factorypos_tui.core.language.text import folded
from factorypos_tui.core.queue.states import SAYS_WHY, State
from factorypos_tui.core.queue.wording import reasons_saying, states_named

_MOST_WORDS = 8
_LONGEST_WORD = 40
_NUMBER = re.compile(r"[0-9]{1,18}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?")
_AMOUNTS = (
    re.compile(r"(-?)([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,3}))?"),
    re.compile(r"(-?)([1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,3}))?"),
)
"""Amounts with a decimal point, and with a decimal comma. Each is known in every language: a person copies an
amount from another program as it stands there."""
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SHORTEST_NAME = 3
_MOST_DIGITS = 15  # of an amount: SQLite's integers hold them in any currency
_SCALE = "CASE currency {} ELSE 100 END".format(
    " ".join(f"WHEN '{code}' THEN {10**exponent}" for code, exponent in CURRENCY_EXPONENTS.items())
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a row of `shipment`: SQL with question marks, and their values."""

    sql: str
    values: tuple[object, ...] = ()


def conditions_of(search: str, now: datetime) -> list[Condition]:
    """One condition a word; none for an empty search. At most 8 words count."""
    return [_any_of(_meanings(word[:_LONGEST_WORD], now)) for word in search.split()[:_MOST_WORDS]]


def condition_of(state: State) -> Condition:
    """That a report is in this state."""
    return Condition("state = ?", (state.value,))


def _any_of(meanings: list[Condition]) -> Condition:
    sql = " OR ".join(meaning.sql for meaning in meanings)
    return Condition(f"({sql})", tuple(value for meaning in meanings for value in meaning.values))


def _meanings(word: str, now: datetime) -> list[Condition]:
    named = _named_days(word, now) if len(word) >= _SHORTEST_NAME else []
    return [*_numbers(word), *_days(word), *named, *_amounts(word), *_names(word), *_reasons(word)]


def _numbers(word: str) -> list[Condition]:
    if word.upper() in ("X", "Z"):
        return [Condition("kind = ?", (word.upper(),))]
    number = word[1:] if word[:1] in "Zz" else word
    return [Condition("z_number = ?", (int(number),))] if _NUMBER.fullmatch(number) else []


def _days(word: str) -> list[Condition]:
    conditions = []
    if _ISO_DAY.fullmatch(word):
        conditions.append(Condition("substr(business_date, 1, ?) = ?", (len(word), word)))
    if typed := _DAY_AND_MONTH.fullmatch(word):
        ending = f"{int(typed[2]):02}-{int(typed[1]):02}"
        day = f"{typed[3]}-{ending}" if typed[3] else ending
        conditions.append(Condition("substr(business_date, ?) = ?", (-len(day), day)))
    if _NUMBER.fullmatch(word) and len(word) <= 2:
        conditions.append(Condition("substr(business_date, 9, 2) = ?", (f"{int(word):02}",)))
    if _NUMBER.fullmatch(word) and len(word) == 4:
        conditions.append(Condition("substr(business_date, 1, 4) = ?", (word,)))
    return conditions


def _named_days(word: str, now: datetime) -> list[Condition]:
    return [
        *(Condition("substr(business_date, 6, 2) = ?", (f"{month:02}",)) for month in months_named(word)),
        *(
            Condition("(strftime('%w', business_date) + 6) % 7 = ?", (weekday,))
            for weekday in weekdays_named(word)
        ),
        *(
            Condition("business_date = ?", ((on_the_wall(now).date() - timedelta(days=days)).isoformat(),))
            for days in days_ago_named(word)
        ),
    ]


def _amounts(word: str) -> list[Condition]:
    """Amounts that begin with what was typed: `12` is 12.00 to 12.99, `12.5` is 12.50 to 12.59. `1.204` can
    be read in two ways, and is both."""
    forms = [typed.groups("") for form in _AMOUNTS if (typed := form.fullmatch(word))]
    readings = dict.fromkeys((sign, re.sub("[.,]", "", whole), fraction) for sign, whole, fraction in forms)
    return [_amount(*reading) for reading in readings if len("".join(reading)) <= _MOST_DIGITS]


def _amount(sign: str, whole: str, fraction: str) -> Condition:
    least, one = int(whole + fraction), 10 ** len(fraction)
    amount = f"{sign}net * {one}"
    return Condition(f"({amount} >= ? * {_SCALE} AND {amount} < ? * {_SCALE})", (least, least + 1))


def _names(word: str) -> list[Condition]:
    conditions: list[Condition] = []
    if len(word) >= _SHORTEST_NAME:
        conditions += map(condition_of, states_named(word))
    if _CURRENCY.fullmatch(word):
        conditions.append(Condition("currency = ?", (word.upper(),)))
    return conditions


def _reasons(word: str) -> list[Condition]:
    """Reasons as they are shown, and machine words that have no text."""
    reasons = reasons_saying(word)
    marks = ", ".join("?" * len(reasons))
    return [
        Condition(
            f"({SAYS_WHY} AND (last_error IN ({marks}) OR instr(lower(last_error), ?) > 0))",
            (*reasons, folded(word)),
        )
    ]
