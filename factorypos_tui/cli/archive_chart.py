"""`archive chart`: charts of accounts to begin with, for the bookkeeping journal."""

from pathlib import Path

import click

from factorypos_tui.archive.export.charts import PACKAGED, packaged, read_chart
from factorypos_tui.cli.output import print_table, say
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.storage.files import new_private_bytes


@click.group(
    help=_(
        "Get a chart of accounts to edit.\n\n"
        "It says which account a payment, a tax or a tip is booked on, and what your bookkeeping program "
        "reads. Those that come with the program are examples: ask your adviser."
    )
)
def chart() -> None:
    pass


@chart.command("list", help=_("List the charts that come with the program."))
def list_charts() -> None:
    print_table((_("Name"), _("Chart")), [(name, read_chart(packaged(name)).name) for name in PACKAGED])


@chart.command(
    "write",
    help=_("Write a chart to a new FILE, to put your accounts in.\n\nNAME is one of `archive chart list`."),
)
@click.argument("name", metavar=_("NAME"), type=click.Choice(PACKAGED))
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
def write_chart(name: str, file: Path) -> None:
    with new_private_bytes(file) as writing:
        writing.write(packaged(name))
    hint = command(f"archive export --format journal --chart {file} --out …")
    say(_("{file} is there. Put your accounts in, then: {command}").format(file=file, command=hint))
