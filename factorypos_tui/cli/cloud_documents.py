"""`cloud drop-documents`: make room where the documents of old reports are not wanted any more."""

from datetime import datetime
from pathlib import Path

import click

from factorypos_tui.cli.archive_words import export_errors_in_words
from factorypos_tui.cli.cloud_database import Home, database_option, opened
from factorypos_tui.cli.output import agree, progress_line, say
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.hints import command


@click.command(
    "drop-documents",
    help=_(
        "Delete the documents of Z reports from before MONTH.\n\n"
        "MONTH is written as 2020-01. Each report stays known by its number and its hash, counts in the "
        "figures, and is never taken twice. Who asks for such a document is told that it was dropped. Take a "
        "backup first, or let the documents go to files. What stays: the documents of this month and of the "
        "last one, and those that their store keeps for longer, as its owner has set on its page."
    ),
)
@click.argument("month", metavar=_("MONTH"), type=click.DateTime(["%Y-%m"]))
@click.option(
    "--to",
    "target",
    metavar=_("DIR"),
    type=click.Path(path_type=Path),
    help=_(
        "Write them to this new directory first: for each company a directory of each month, which "
        "`archive verify` checks."
    ),
)
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
@database_option
@click.pass_obj
def drop_documents(
    home: Home, month: datetime, target: Path | None, yes: bool, database_url: str | None
) -> None:
    before = month.date().isoformat()[:7]
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import dropping

        age = dropping.age_before(before)
        found = dropping.to_drop(database, age)
        _say_what_stays(found.kept)
        if not found.count:
            say(_("There is no document to delete from before {month}.").format(month=before))
            return
        words = counted("{n} document", "{n} documents", found.count)
        if not yes:
            question = _("{documents} from {first} to {last}: delete for ever?")
            agree(question.format(documents=words, first=found.first, last=found.last))
        with progress_line() as show:
            if target is not None:
                with export_errors_in_words(target):
                    for under_way in dropping.export(database, age, target):
                        show(under_way)
            for under_way in dropping.drop(database, age, found):
                show(under_way)
    if target is not None:
        company, of_month = _("COMPANY"), _("MONTH")
        check = command(f"archive verify {target}/{company}/{of_month}")
        say(_("They are in {folder}. To check a month: {command}").format(folder=target, command=check))
    done = _("Deleted: {documents} from {first} to {last}.")
    say(done.format(documents=words, first=found.first, last=found.last))
    if not database_url:
        _say_how_the_file_gets_smaller()


def _say_what_stays(kept: int) -> None:
    if kept:
        say(
            counted(
                "{n} document stays, since its store keeps it.",
                "{n} documents stay, since their stores keep them.",
                kept,
            )
        )


def _say_how_the_file_gets_smaller() -> None:
    file = _("FILE")
    say(
        _(
            "New reports use the room. To make the file itself smaller, stop the server, then {backup} "
            "and {restore}."
        ).format(backup=command(f"cloud backup {file}"), restore=command(f"cloud restore {file}"))
    )
