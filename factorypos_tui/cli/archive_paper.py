"""`archive paper`: a report as a PDF."""

from datetime import UTC, datetime
from pathlib import Path

import click

from factorypos_tui.archive.export.pdf import Section, Sheet, UnfitFontError, pdf_of
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.installed import how_to_add
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.operations.inspecting import document_of
from factorypos_tui.core.queue.referring import row_meant
from factorypos_tui.core.reports.paper import Paper, paper_of
from factorypos_tui.core.storage.files import new_private_bytes


@click.command(
    "paper",
    help=_(
        "Write a report as a PDF to a new file.\n\n"
        "REF is a report of the queue: Z and a number, a row, or a report's id. Letters beyond those of "
        "western Europe need a font: name a TrueType file with --font."
    ),
)
@click.argument("ref", metavar="REF")
@click.option(
    "--out",
    "target",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    required=True,
    help=_("The new file, such as Z412.pdf."),
)
@click.option("--font", metavar=_("FILE"), type=click.Path(path_type=Path), help=_("A font to embed."))
@click.pass_obj
def paper(home: Home, ref: str, target: Path, font: Path | None) -> None:
    with open_station(home) as station:
        document = document_of(station, row_meant(station.database, ref))
    if document is None:
        raise FactoryPosError(_("The bytes of this report are damaged, and the till cannot make it again."))
    made_at = _instant(document.get("closed_at") or document.get("taken_at"))
    try:
        content = pdf_of(_sheet(paper_of(document), made_at), font)
    except ModuleNotFoundError as error:
        words = _("A PDF needs a library that is not installed: {name}. Run: {command}")
        raise FactoryPosError(words.format(name=error.name, command=how_to_add("archive"))) from error
    except UnfitFontError as error:
        words = _("{file} is no font that can be embedded. Name a TrueType file (.ttf).")
        raise UsageError(words.format(file=font)) from error
    with new_private_bytes(target) as file:
        file.write(content)
    say(_("{file} is there.").format(file=target))


def _sheet(paper: Paper, made_at: datetime) -> Sheet:
    sections = [
        Section(
            section.title,
            [head for head in section.heads if head],
            [(row.label, _values(row.note, row.value, section.heads)) for row in section.rows],
        )
        for section in paper.sections
    ]
    head = (paper.terminal, paper.day, _("Amounts in {currency}").format(currency=paper.currency))
    lacks = _("A ? may stand for a letter that this paper's font lacks; the report has it.")
    return Sheet(paper.title, head, sections, made_at, lacks)


def _values(note: str, value: str, heads: tuple[str, str]) -> list[str]:
    return [note, value] if note or heads[0] else [value]


def _instant(text: object) -> datetime:
    try:
        return instant_of(str(text))
    except ValueError:
        return datetime.now(UTC)
