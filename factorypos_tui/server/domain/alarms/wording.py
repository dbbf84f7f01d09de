"""Alarms in words, in the language of this call."""

from datetime import date, datetime

from factorypos_tui.server.documents.money import decimal_text
from factorypos_tui.server.domain.alarms.turns import Facts, Kind
from factorypos_tui.server.domain.phrases import day, moment
from factorypos_tui.server.words import marked, told

TITLES = {
    Kind.CONFLICT: marked("Two reports for one close"),
    Kind.MISSING: marked("Z reports are missing"),
    Kind.CHAIN: marked("Broken chain"),
    Kind.RECORDS: marked("Records of the till"),
    Kind.CASH: marked("Cash over or short"),
    Kind.SILENT: marked("Silent terminal"),
    Kind.CLOCK: marked("Clock is wrong"),
}
ADVICE = {
    Kind.CONFLICT: marked(
        "Compare both with the till, and choose the one that counts. Both are kept, and you can take the "
        "choice back. It happens when a till was restored from a copy or its disk was cloned."
    ),
    Kind.MISSING: marked(
        "The till sends them by itself when it is next connected. If it is connected, open its queue: a "
        "report may need attention there. If days were left out there by choice, or the till is lost, accept "
        "the alarm."
    ),
    Kind.CHAIN: marked(
        "Somebody may have closed the day before it late, changed the till's data, or restored it from a "
        "copy. At the till the command verify compares all closed days with FactoryCLOUD. Once you know why, "
        "accept the alarm."
    ),
    Kind.RECORDS: marked(
        "The report of that day stays as it was. Look these receipts up at the till, and book what is in no "
        "Z by hand. The alarm ends once the till does not say so any more. Once you know why, accept it."
    ),
    Kind.CASH: marked(
        "Compare the count with the receipts of that day. The alarm ends with the next count of this till."
    ),
    Kind.SILENT: marked(
        "See whether the till is on and connected to the internet. It keeps its reports and sends them once "
        "it is. The alarm ends by itself then."
    ),
    Kind.CLOCK: marked(
        "Set the clock of the till right, or let the system set it from the internet. Closed days stay as "
        "they are."
    ),
}

_RECORDS = {
    "in_no_z": marked("Money is in no Z: it was sold into the day of Z {number} after its report was made"),
    "left_open": marked("Money is in no Z: the day of Z {number} was left open and sold into"),
    "changed_since": marked("Records of Z {number} were changed or deleted after its report was made"),
}


def sentence(kind: Kind, facts: Facts, timezone: str) -> str:
    """What is wrong, without a full stop. Times are those of the store's zone."""
    numbers = ", ".join(map(str, facts.numbers))
    if kind is Kind.MISSING:
        words = told("Z {numbers} have not arrived")
        if facts.count == 1:
            words = told("Z {numbers} has not arrived")
        if facts.count > len(facts.numbers):
            words = told("Z {numbers} have not arrived ({count} in all)")
        return words.format(numbers=numbers, count=facts.count)
    if kind is Kind.CONFLICT:
        words = told("{count} reports for Z {numbers} of {day}") if numbers else told("{count} X of {day}")
        return words.format(count=facts.count, numbers=numbers, day=_day(facts))
    if kind is Kind.CHAIN:
        return told("Z {numbers} was made after another Z than the one before it here").format(
            numbers=numbers
        )
    if kind is Kind.RECORDS:
        return _in_records(facts, numbers)
    if kind is Kind.CASH:
        amount = facts.amount or 0
        words = (
            told("{amount} short in Z {numbers} of {day}")
            if amount < 0
            else told("{amount} over in Z {numbers} of {day}")
        )
        money = f"{decimal_text(abs(amount), facts.currency or '')} {facts.currency}"
        return words.format(amount=money, numbers=numbers, day=_day(facts))
    if kind is Kind.SILENT:
        return told("Not heard of since {time}").format(time=wall(facts.since, timezone))
    seconds = facts.seconds or 0
    words = told("Its clock is {duration} ahead") if seconds > 0 else told("Its clock is {duration} behind")
    return words.format(duration=duration(abs(seconds)))


def _in_records(facts: Facts, number: str) -> str:
    wording = _RECORDS.get(str(facts.code), _RECORDS["in_no_z"])
    words = told(wording).format(number=number)
    if not facts.receipts:
        return words
    return told("{what}: receipts {numbers}").format(what=words, numbers=", ".join(facts.receipts))


def _day(facts: Facts) -> str:
    return day(date.fromisoformat(facts.business_date)) if facts.business_date else "–"


def wall(instant: str | None, timezone: str) -> str:
    """An instant on the wall of a store; a dash where there is none."""
    return moment(instant, timezone) if instant else "–"


def lasted(began: str, ended: str) -> str:
    """How long something was wrong."""
    passed = datetime.fromisoformat(ended[:19]) - datetime.fromisoformat(began[:19])
    return duration(int(passed.total_seconds()))


def duration(seconds: int) -> str:
    """In the two largest units, which are written alike in all our languages: `2 h 5 min`."""
    parts, left = [], max(seconds, 0)
    for name, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, length)
        parts.append((amount, name))
    first = next((index for index, (amount, _name) in enumerate(parts) if amount), len(parts) - 1)
    shown = [f"{amount} {name}" for amount, name in parts[first : first + 2] if amount]
    return " ".join(shown) or "0 s"
