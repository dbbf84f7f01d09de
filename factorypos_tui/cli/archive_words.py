"""What both commands that export say and ask: `archive export` and `cloud archive export`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from factorypos_tui.archive.export.charts import Chart, ChartFault, ChartRefusedError, chart_in
from factorypos_tui.archive.export.folders import FolderTakenError
from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.archive.export.saft import NoPlaceError
from factorypos_tui.archive.export.writing import Written
from factorypos_tui.cli.output import say
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.system_words import system_words

Command = TypeVar("Command", bound=Callable[..., Any])
_day = click.DateTime(["%Y-%m-%d"])


def export_options(wrapped: Command) -> Command:
    """The options of both commands, but for the store."""
    options = (
        click.option("--from", "first", type=_day, metavar=_("DATE"), help=_("The first business date.")),
        click.option("--to", "last", type=_day, metavar=_("DATE"), help=_("The last business date.")),
        click.option(
            "--format",
            "form",
            type=click.Choice([form.value for form in Format]),
            required=True,
            help=_(
                "Tables for a spreadsheet (csv), the reports as they are, with their proofs (json), rows for "
                "bookkeeping (journal), or the Norwegian format (saft-cash-register)."
            ),
        ),
        click.option(
            "--chart",
            metavar=_("FILE"),
            type=click.Path(path_type=Path),
            help=_("The chart of accounts of a journal; see `archive chart` (default: a neutral one)."),
        ),
        click.option(
            "--out",
            "target",
            metavar=_("DIR"),
            type=click.Path(path_type=Path),
            required=True,
            help=_("A directory that is new or empty."),
        ),
    )
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def days_of(first: datetime | None, last: datetime | None) -> tuple[str | None, str | None]:
    """The first and the last business date; raises `UsageError` where the range ends before it begins."""
    if first and last and first > last:
        raise UsageError(_("--from is later than --to."))
    return _day_of(first), _day_of(last)


def _day_of(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def chart_of(form: Format, file: Path | None) -> Chart | None:
    """The chart that was named; raises `UsageError`."""
    if file is None:
        return None
    if form is not Format.JOURNAL:
        raise UsageError(_("--chart is for --format journal only."))
    try:
        return chart_in(file)
    except OSError as error:
        words = _("{file} cannot be read: {detail}")
        raise UsageError(words.format(file=file, detail=system_words(error.strerror))) from error
    except ChartRefusedError as refused:
        words = _("The chart of accounts {file} cannot be used. {why}")
        raise UsageError(words.format(file=file, why=_why_refused(refused))) from refused


def _why_refused(refused: ChartRefusedError) -> str:
    words = {
        ChartFault.NO_TOML: _("It is no TOML file: {detail}"),
        ChartFault.NO_TEXT: _('{where}: {detail} must be a text between quotation marks, such as "4300".'),
        ChartFault.NO_CHOICE: _("{where} must be one of {detail}."),
        ChartFault.NO_GROUP: _("The account for [{where}] is missing."),
        ChartFault.NO_LIST: _("{where}: write each one under [[{where}]]."),
        ChartFault.TOO_LARGE: _("It is larger than 256 KiB."),
        ChartFault.TWICE: _("{where} is about the same as one before it."),
    }
    return words[refused.fault].format(where=refused.where, detail=refused.detail)


@contextmanager
def export_errors_in_words(target: Path) -> Iterator[None]:
    """Raise what can happen to an export as our errors. Whatever happens, nothing is left half."""
    try:
        yield
    except FolderTakenError as error:
        raise UsageError(
            _("{folder} is there, and not an empty directory. Nothing was changed. Name another one.").format(
                folder=target
            )
        ) from error
    except NoPlaceError as error:
        raise UsageError(
            _(
                "Norwegian SAF-T has no place for amounts in {currency}. Nothing was written. Choose csv or "
                "json, or days without them."
            ).format(currency=error.currency)
        ) from error
    except OSError as error:
        words = _("{folder} cannot be written: {detail}. Nothing is left of it; the reports are safe.")
        raise StorageError(words.format(folder=target, detail=system_words(error.strerror))) from error


def say_written(target: Path, form: Format, written: Written, chart: Chart | None) -> None:
    """What is where now, and what to do next."""
    say(counted("{n} Z report is in {folder}.", "{n} Z reports are in {folder}.", written.zs, folder=target))
    if written.not_here:
        say(
            counted(
                "{n} Z report between them is of another store or day; export.json names it.",
                "{n} Z reports between them are of other stores or days; export.json names them.",
                written.not_here,
            )
        )
    if form is Format.JOURNAL and chart is None:
        hint = command("archive chart list")
        say(
            _("The accounts are those of the neutral chart. To put in your own: {command}").format(
                command=hint
            )
        )
    if "saft-unknown.csv" in written.files:
        say(_("What the format asks for and the reports do not tell is 0; saft-unknown.csv names each."))
