"""`factorypos-tui till close`: asks where a close is likely a mistake, and tells what should be in the
drawer."""

import sys
from dataclasses import dataclass
from datetime import date, datetime

import click

from factorypos_tui.cli.bundled_till import opened, say_or_print
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agreed, json_option, whole_number
from factorypos_tui.cli.till_documents import closing_document
from factorypos_tui.core.errors import FactoryPosError, Unreportable, UsageError
from factorypos_tui.core.language import (
    _,
    counted,
    format_date,
    format_time,
    on_the_wall,
    use_time_zone,
)
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.reports.adding_up import add_up
from factorypos_tui.core.reports.figures import figures_of
from factorypos_tui.core.reports.findings import finding_document, finding_words, in_order
from factorypos_tui.core.reports.sales import CloseReason
from factorypos_tui.tills.bundled.dating import business_day
from factorypos_tui.tills.bundled.doubts import CloseDoubts, Doubt, look_at_the_close
from factorypos_tui.tills.bundled.findings import find_in_close
from factorypos_tui.tills.bundled.periods import Closing, close_period
from factorypos_tui.tills.bundled.till import SOFTWARE, BundledTill


@dataclass(frozen=True, slots=True)
class Drawer:
    """The cash of a closed day, minor units."""

    expected: int
    over_short: int | None
    """None where the cash was not counted."""


@click.command(
    help=_(
        "Close the day: make its Z report and open the next day.\n\n"
        "The report is queued for FactoryCLOUD as soon as the app or the worker runs. It asks first where the"
        " clock looks wrong, where the last receipt is more than 36 hours old, and where nothing was sold"
        " since a close a moment ago; without a terminal nothing is closed then, unless --yes says so."
    )
)
@click.option(
    "--counted",
    type=whole_number(0, 10**12),
    metavar=_("CENTS"),
    help=_("Cash counted in the drawer, in minor units: 12050 is 120.50 EUR (default: not counted)."),
)
@click.option(
    "--business-date",
    metavar=_("DATE"),
    help=_("The day that it counts for, such as 2026-11-28 (default: that of its first receipt)."),
)
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@json_option
@click.pass_obj
def close(home: Home, counted: int | None, business_date: str | None, yes: bool, as_json: bool) -> None:
    day = _date(business_date) if business_date is not None else None
    with opened(home) as bundled:
        use_time_zone(bundled.time_zone())
        closing = _close(bundled, counted, day, ask=not yes)
        drawer = _drawer_of(bundled, closing)
        findings = in_order(find_in_close(bundled.database(), closing.z_number))
    sentences = [_closed_words(closing), *_drawer_words(closing, drawer), *map(finding_words, findings)]
    facts = closing_document(closing) | {
        "expected": drawer and drawer.expected,
        "over_short": drawer and drawer.over_short,
        "findings": list(map(finding_document, findings)),
    }
    say_or_print(" ".join(sentences), facts, as_json)


def _close(bundled: BundledTill, counted: int | None, day: date | None, *, ask: bool) -> Closing:
    """Close the day. The reasons against it are read in the same transaction: of several closes at once, all
    but the first then see the close before."""
    database, answered = bundled.database(), set[Doubt]()
    while True:
        with database.transaction():
            found = look_at_the_close(database, utc_now(), day)
            if not ask or answered.issuperset(found.doubts):
                return close_period(database, now=found.now, software=SOFTWARE, counted=counted, day=day)
        _ask(found, day)
        answered.update(found.doubts)


def _ask(found: CloseDoubts, day: date | None) -> None:
    why = " ".join(_doubt_words(doubt, found, day) for doubt in found.doubts)
    if not (sys.stdin and sys.stdin.isatty()):
        refusal = _("Nothing was closed: the day is still open. If it is right so, run it again with --yes.")
        raise UsageError(f"{why} {refusal}")
    question = _("Close the day all the same?")
    if not agreed(f"{why} {question}"):
        raise FactoryPosError(_("Nothing was closed: the day is still open."))


def _doubt_words(doubt: Doubt, found: CloseDoubts, day: date | None) -> str:
    sentences = {
        Doubt.EMPTY_AGAIN: _("Z {z} was closed less than a minute ago, and nothing was sold since."),
        Doubt.CLOCK_BEHIND: _(
            "This machine's clock shows {now}. Z {z} was closed at {closed}, which is later: the clock is"
            " wrong now, or it was wrong then."
        ),
        Doubt.FORGOTTEN: _(
            "The last receipt of this day was sold at {sold}, more than 36 hours ago: this machine's clock"
            " shows {now}."
        ),
        Doubt.FUTURE_DATE: _("{day} is still to come: this machine's clock shows {now}."),
    }
    told = sentences[doubt].format(
        z=found.last_z, now="{now}", closed="{closed}", sold="{sold}", day=day and format_date(day)
    )
    moments = {"now": found.now, "closed": found.closed_at, "sold": found.sold_at}
    return told.format(**{name: _when(at) for name, at in moments.items() if f"{{{name}}}" in told})


def _when(instant: datetime | None) -> str:
    return f"{format_date(on_the_wall(instant).date())} {format_time(instant)}" if instant else "-"


def _date(text: str) -> date:
    try:
        return business_day(text)
    except ValueError as error:
        raise UsageError(
            _("{text} is not a date. Write it like 2026-11-28. Nothing was closed.").format(text=text[:40])
        ) from error


def _drawer_of(bundled: BundledTill, closing: Closing) -> Drawer | None:
    """The drawer as the report tells it; None where the day has no report."""
    (period,) = bundled.closed_periods(closing.z_number - 1, 1)
    try:
        cash = figures_of(period, add_up(period, bundled.receipts(period.id)))["cash"]
    except Unreportable:
        return None
    return Drawer(cash["expected"], cash["over_short"])


def _closed_words(closing: Closing) -> str:
    text = counted(
        "Z {number} of {day}: {n} receipt, {net}.",
        "Z {number} of {day}: {n} receipts, {net}.",
        closing.receipts,
        number=closing.z_number,
        day=format_date(closing.business_date),
        net=format_money(closing.net, closing.currency),
    )
    if not closing.receipts:
        text += " " + _("Nothing was sold in it.")
    if closing.close_reason is CloseReason.LATE:
        text += " " + _("It was closed late, on another day.")
    return text


def _drawer_words(closing: Closing, drawer: Drawer | None) -> list[str]:
    if drawer is None or drawer.over_short is None:
        return []
    if drawer.over_short < 0:
        sentence = _("The drawer is short by {difference}: {expected} expected, {counted} counted.")
    elif drawer.over_short > 0:
        sentence = _("The drawer is over by {difference}: {expected} expected, {counted} counted.")
    else:
        sentence = _("The drawer holds what it should: {expected}.")
    money = {
        "difference": abs(drawer.over_short),
        "expected": drawer.expected,
        "counted": closing.counted or 0,
    }
    return [
        sentence.format(**{name: format_money(amount, closing.currency) for name, amount in money.items()})
    ]
