"""`archive`: what a shop keeps of its Z reports for years, and what checks it."""

from pathlib import Path

import click

from factorypos_tui.cli.archive_chart import chart
from factorypos_tui.cli.archive_compare import compare
from factorypos_tui.cli.archive_export import export
from factorypos_tui.cli.archive_paper import paper
from factorypos_tui.cli.archive_printing import fault_words, print_verdict, verdict_document
from factorypos_tui.cli.output import json_option, print_json
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _


@click.group(
    help=_(
        "Keep and check the Z reports of years.\n\n"
        "An export is a directory that can be checked without FactoryCLOUD and without this terminal."
    )
)
def archive() -> None:
    pass


@archive.command(
    "verify",
    help=_(
        "Check an export offline, file by file.\n\n"
        "Every hash, chain, sum, closing and signature is checked, with nothing but the directory; nothing "
        "is changed. The exit code is 1 if anything is wrong; the first fault is named."
    ),
)
@click.argument("directory", metavar=_("DIR"), type=click.Path(exists=True, path_type=Path))
@json_option
def verify_export(directory: Path, as_json: bool) -> None:
    from factorypos_tui.archive.verify.checking import verify

    if not directory.is_dir():
        words = _("{path} is no directory. Unpack the zip, and name the directory that is in it.")
        raise UsageError(words.format(path=directory))
    verdict = verify(directory)
    if as_json:
        print_json(verdict_document(verdict))
    elif verdict.announced:
        print_verdict(verdict)
    if verdict.fault:
        raise FactoryPosError(fault_words(verdict.fault))


archive.add_command(export)
archive.add_command(chart)
archive.add_command(paper)
archive.add_command(compare)
