"""`factorypos-tui till close`: asks where a close is likely a mistake, and tells what should be in the
drawer."""

import sys
from datetime import date

import click

from factorypos_tui.cli.bundled_till import opened, say_or_print
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import agreed, json_option, whole_number
from factorypos_tui.cli.till_documents import closing_document
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import (
    _,
    use_time_zone,
)
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.language.money import MOST_COUNTED
from factorypos_tui.core.reports.closing import (
    Closing,
    closed_words,
    drawer_of,
    drawer_words,
)
from factorypos_tui.core.reports.doubts import CloseDoubts, Doubt, doubt_words
from factorypos_tui.core.reports.findings import finding_document, finding_words, in_order
from factorypos_tui.tills.bundled.dating import business_day
from factorypos_tui.tills.bundled.doubts import look_at_the_close
from factorypos_tui.tills.bundled.findings import find_in_close
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.till import SOFTWARE, BundledTill


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
    type=whole_number(0, MOST_COUNTED),
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
        (period,) = bundled.closed_periods(closing.z_number - 1, 1)
        drawer = drawer_of(period, bundled.receipts(period.id))
        findings = in_order(find_in_close(bundled.database(), closing.z_number))
    sentences = filter(None, [closed_words(closing), drawer_words(drawer), *map(finding_words, findings)])
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
    why = " ".join(doubt_words(doubt, found, day) for doubt in found.doubts)
    if not (sys.stdin and sys.stdin.isatty()):
        refusal = _("Nothing was closed: the day is still open. If it is right so, run it again with --yes.")
        raise UsageError(f"{why} {refusal}")
    question = _("Close the day all the same?")
    if not agreed(f"{why} {question}"):
        raise FactoryPosError(_("Nothing was closed: the day is still open."))


def _date(text: str) -> date:
    try:
        return business_day(text)
    except ValueError as error:
        raise UsageError(
            _("{text} is not a date. Write it like 2026-11-28. Nothing was closed.").format(text=text[:40])
        ) from error
