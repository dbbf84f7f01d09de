"""`figures`: what the store took, by day, week or month; or else this till alone."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, say, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _, format_days, format_number, on_the_wall
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import to_the_right, width
from factorypos_tui.core.operations.figures_wording import source_words, warnings
from factorypos_tui.core.operations.store_figures import StoreFigures, read_figures
from factorypos_tui.core.reports.takings import AMOUNTS, COUNTS, By, Takings, added_up, usual_first

_COLUMNS = ("from", "to", "currency", "so_far", *COUNTS, *AMOUNTS)


@click.command(
    help=_(
        "Show what the store took, by day, week or month.\n\n"
        "While a person is logged in, the figures are those of the store, from FactoryCLOUD. Otherwise they "
        "are those of this till alone, from its own reports. It says which of the two they are. In JSON and "
        "CSV money is in minor units (cents)."
    )
)
@click.option("--from", "first", metavar=_("DATE"), help=_("The first day, such as 2026-11-01."))
@click.option("--to", "last", metavar=_("DATE"), help=_("The last day (default: today)."))
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    default=By.DAY.value,
    help=_(
        "What makes a row: a day, if you do not say. Weeks begin on Monday. Without --from the last 14 "
        "days, 12 weeks or 12 months are shown."
    ),
)
@click.option("--csv", "as_csv", is_flag=True, help=_("Print CSV, for spreadsheets."))
@json_option
@click.pass_obj
def figures(home: Home, first: str | None, last: str | None, by: str, as_csv: bool, as_json: bool) -> None:
    if as_csv and as_json:
        raise UsageError(_("Say --json or --csv, not both."))
    with open_station(home) as station:
        until = _date(last) if last else on_the_wall(station.clock.now()).date()
        since = _date(first) if first else usual_first(until, By(by))
        if since > until:
            raise UsageError(_("--from is later than --to."))
        found = read_figures(station, since, until)
    rows = added_up(found.days, By(by), since, until)
    if as_json:
        print_json(figures_document(found, rows, By(by), since, until))
    elif as_csv:
        _print_csv(rows)
    else:
        _print_table(rows)
    say("\n".join([source_words(found), *warnings(found)]))


def figures_document(
    found: StoreFigures, rows: Sequence[Takings], by: By, first: date, last: date
) -> dict[str, Any]:
    """Figures as JSON."""
    store = found.store
    return {
        "source": found.source.value,
        "store": {"id": store.id, "name": store.name} if store else None,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "by": by.value,
        "missing": found.missing,
        "running_day_known": not found.why_no_running_day,
        "items": [dict(zip(_COLUMNS, _values(row), strict=True)) for row in rows],
    }


def _values(row: Takings) -> list[object]:
    numbers = asdict(row)
    until = [row.first.isoformat(), row.last.isoformat(), row.currency, row.is_running]
    return [*until, *(numbers[name] for name in (*COUNTS, *AMOUNTS))]


def _print_csv(rows: Sequence[Takings]) -> None:
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows(
        [str(value).lower() if isinstance(value, bool) else value for value in _values(row)] for row in rows
    )
    tell(lines.getvalue().rstrip("\n"))


def _print_table(rows: Sequence[Takings]) -> None:
    headings = (_("Days"), "Z", _("Receipts"), _("Net"), _("Tax"), "")
    cells = [
        (
            format_days(row.first, row.last),
            format_number(row.z_reports),
            format_number(row.receipts),
            format_money(row.net, row.currency),
            format_money(row.tax, row.currency),
            _("so far") if row.is_running else "",
        )
        for row in rows
    ]
    widest = [max(width(line[n]) for line in (headings, *cells)) for n in range(len(headings))]
    print_table(headings, [[line[0], *map(to_the_right, line[1:5], widest[1:5]), line[5]] for line in cells])


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            _("{text} is not a date. Write it like 2026-11-28.").format(text=text[:40])
        ) from error
