"""`archive export`: this till's Zs as files that a shop keeps."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from factorypos_tui.archive.export.inputs import Asked, Company, ExportedReport, Format, Store, canonical
from factorypos_tui.archive.export.writing import write_export
from factorypos_tui.cli.archive_words import (
    chart_of,
    days_of,
    export_errors_in_words,
    export_options,
    say_written,
)
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import say
from factorypos_tui.cli.station import SOFTWARE, open_station
from factorypos_tui.core.delivery.closes import closes_not_queued
from factorypos_tui.core.delivery.keys import fetch_missing_keys
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import rfc3339, utc_now
from factorypos_tui.core.operations.archiving import Wanted, company_data, kept_reports, zs_not_asked_for
from factorypos_tui.core.queue.acknowledgements import known_keys
from factorypos_tui.core.station import Station


@click.command(
    "export",
    help=_(
        "Write the Z reports of this till to a new directory.\n\n"
        "It is for the shop, its adviser or an inspector, and has every Z that this terminal has frozen, "
        "whichever store it was for, unless you say which. It is written whole or not at all, and for you "
        "only."
    ),
)
@export_options
@click.option("--store", metavar=_("ID|NAME"), help=_("Only what was made for this store."))
@click.pass_obj
def export(
    home: Home,
    first: datetime | None,
    last: datetime | None,
    form: str,
    chart: Path | None,
    target: Path,
    store: str | None,
) -> None:
    days, lost = days_of(first, last), list[int]()
    accounts = chart_of(Format(form), chart)
    with open_station(home) as station, export_errors_in_words(target):
        has_keys, keys = fetch_missing_keys(station), known_keys(station.database)
        asked = Asked(
            Format(form), rfc3339(utc_now()), SOFTWARE, *days, canonical({"items": keys}) if keys else None
        )
        wanted = Wanted(asked.first, asked.last, store, with_xs=asked.form is Format.SAFT_CASH_REGISTER)
        reports = _exported(station, wanted, lost)
        written = write_export(
            target, asked, reports, accounts, not_asked_for=zs_not_asked_for(station, wanted)
        )
        missing = len(closes_not_queued(station))
    say_written(target, asked.form, written, accounts)
    if not has_keys and asked.form is Format.JSON:
        say(
            _(
                "FactoryCLOUD cannot be asked for the key that signed. Without it `archive verify` finds "
                "fault with this export. Make another one once the line is back."
            )
        )
    _say_what_is_not_in_it(missing, lost)


def _say_what_is_not_in_it(missing: int, lost: Sequence[int]) -> None:
    if missing:
        say(
            counted(
                "{n} closed day of the till is not in it: no report was made of it yet, see `status`.",
                "{n} closed days of the till are not in it: no reports were made of them yet, see `status`.",
                missing,
            )
        )
    if lost:
        numbers = ", ".join(f"Z{number}" for number in lost)
        words = _("{reports} are not in it: their bytes are damaged. Run: {command}")
        raise FactoryPosError(words.format(reports=numbers, command=command("verify")))


def _exported(station: Station, wanted: Wanted, lost: list[int]) -> Iterator[ExportedReport]:
    till, zone = company_data(station), station.till.time_zone().key
    for kept in kept_reports(station, wanted, lost.append):
        whose, facts = kept.company, (till.tax_id, till.country, till.currency)
        company = Company(whose.id, whose.name, *facts) if whose else None
        where = Store(kept.store.id, kept.store.name, zone, company)
        yield ExportedReport(kept.body, kept.signed.document if kept.signed else None, where)
