"""Which closed days FactoryCLOUD has, in words, and what a person can choose. Pure."""

from collections.abc import Iterator, Mapping

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.language import (
    _,
    counted,
    format_day,
    format_decimal,
    format_numbers,
)
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.core.operations.outlook import Day, Outlook, There


def there_words(outlook: Outlook) -> str:
    """Which closed days FactoryCLOUD has, and which are missing."""
    if outlook.closed is None:
        return ""
    if outlook.there is None:
        if outlook.lacking == outlook.closed.count:
            return ""
        return _("FactoryCLOUD cannot say now which of them it has. What it has is never doubled.")
    return " ".join(_sentences(outlook.there))


def _sentences(cloud: There) -> Iterator[str]:
    if cloud.missing and cloud.there:
        yield counted(
            "{n} is there already; missing: {missing}.",
            "{n} are there already; missing: {missing}.",
            cloud.there,
            missing=_missing(cloud),
        )
    elif cloud.missing:
        yield _("FactoryCLOUD has none of them yet.")
    elif cloud.there:
        yield (
            _("FactoryCLOUD has them all.")
            if not cloud.left_out
            else counted("{n} is there already.", "{n} are there already.", cloud.there)
        )
    if cloud.left_out:
        yield _("Left out until now: Z {numbers}.").format(numbers=format_numbers(cloud.left_out))


def _missing(found: There) -> str:
    if found.named:
        return ", ".join(map(_day, found.named))
    return _("Z {numbers}").format(numbers=format_numbers(found.missing))


def _day(day: Day) -> str:
    amount = format_decimal(day.net, currency_exponent(day.currency))
    return _("Z {number} ({day}, {amount})").format(
        number=day.z_number, day=format_day(day.business_date), amount=amount
    )


def choices(outlook: Outlook) -> Mapping[History, str]:
    """What can be chosen, in words; the first is the proposal."""
    if outlook.closed is None:
        return {History.MISSING: _("Send every day from the first close on")}
    total, lacking = outlook.closed.count, outlook.lacking
    once_more = counted(
        "Send it again, and every day from now on",
        "Send all {n} again, and every day from now on",
        total,
    )
    if not lacking:
        return {History.MISSING: _("Send every day from now on"), History.ALL: once_more}
    if lacking < total:
        return {
            History.MISSING: counted(
                "Send the missing day, and every day from now on",
                "Send the {n} missing days, and every day from now on",
                lacking,
            ),
            History.ALL: once_more,
            History.NONE: counted(
                "Leave it out: send only what is closed from now on",
                "Leave them out: send only what is closed from now on",
                lacking,
            ),
        }
    return {
        History.MISSING: counted(
            "Send it, and every day from now on", "Send all {n} of them, and every day from now on", total
        ),
        History.NONE: _("Send only what is closed from now on"),
    }
