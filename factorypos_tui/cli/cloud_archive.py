"""`cloud archive`: what FactoryCLOUD keeps of the Z reports, as files for the shop."""

from datetime import datetime
from pathlib import Path

import click

from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.cli.archive_words import (
    chart_of,
    days_of,
    export_errors_in_words,
    export_options,
    say_written,
)
from factorypos_tui.cli.cloud_database import Home, database_option, opened
from factorypos_tui.cli.output import say
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _


@click.group(help=_("Export what FactoryCLOUD keeps of a store or of a company."))
def archive() -> None:
    pass


@archive.command(
    "export",
    help=_(
        "Write the Z reports of a store or of a company to a new directory.\n\n"
        "Without --store and --company it has all stores of the only company. The server may be running.\n\n"
        "A journal without --chart goes by the accounts that the company keeps, where it keeps any."
    ),
)
@export_options
@click.option("--store", metavar=_("ID|NAME"), help=_("Only this store."))
@click.option("--company", metavar=_("ID|NAME"), help=_("All stores of this company."))
@database_option
@click.pass_obj
def export(
    home: Home,
    first: datetime | None,
    last: datetime | None,
    form: str,
    chart: Path | None,
    target: Path,
    store: str | None,
    company: str | None,
    database_url: str | None,
) -> None:
    days_of(first, last)
    accounts, lost = chart_of(Format(form), chart), list[int]()
    with opened(home, database_url, must_exist=True) as database, export_errors_in_words(target):
        from factorypos_tui.server.domain.exported import Choice
        from factorypos_tui.server.ops import archiving

        stores, own = archiving.stores_named(database, company, store), None
        if Format(form) is Format.JOURNAL and accounts is None:
            own = archiving.own_chart(database, stores)
        choice = Choice(Format(form), first.date() if first else None, last.date() if last else None)
        written = archiving.export_archive(database, target, choice, stores, accounts or own, lost.append)
    say_written(target, Format(form), written, accounts or own)
    if own:
        say(_("The accounts are those that the company keeps: {name}.").format(name=own.name))
    if lost:
        numbers = ", ".join(f"Z{number}" for number in lost[:20])
        words = _("{n} Z reports are not in it, since their documents are not here, such as {reports}.")
        raise FactoryPosError(words.format(n=len(lost), reports=numbers))
