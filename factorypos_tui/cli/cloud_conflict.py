"""`cloud conflict`: pairs of reports with one number, and which of the two counts."""

from datetime import date
from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option, say
from factorypos_tui.core.language import _, format_date
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words

if TYPE_CHECKING:
    from factorypos_tui.server.ops.conflicts import ListedConflict


@click.group(
    help=_(
        "Settle which of two reports counts.\n\n"
        "A till that was set back, or is there twice, sends another report with a number that is taken. Both "
        "are kept, and the one that came first counts until you decide."
    )
)
def conflict() -> None:
    pass


@conflict.command("list", help=_("List the conflicts that are open, the newest first."))
@click.option("--all", "settled_too", is_flag=True, help=_("Also those that were settled."))
@json_option
@database_option
@click.pass_obj
def list_conflicts(home: Home, settled_too: bool, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import conflicts

        found = conflicts.list_conflicts(database, settled_too=settled_too)
    headings = (_("Store"), _("Terminal"), _("Report"), _("Date"), _("Stands"), _("The other"), _("Settled"))
    if print_items(found, as_json, headings, _row, none=_("There is no conflict here.")):
        report, content_hash = _("REPORT_ID"), _("HASH")
        say(
            _("Settle one with: {command}. --json shows ids and hashes whole.").format(
                command=command(f"cloud conflict accept {report} [--hash {content_hash}]")
            )
        )


@conflict.command(
    "accept",
    help=_(
        "Settle a conflict: the report that counts now goes on counting.\n\n"
        "REPORT_ID is that of either report. With --hash the report with that hash counts instead. All are "
        "kept, and --undo takes it back. The till hears of it within a quarter of an hour, of a "
        "change of mind within a day."
    ),
)
@click.argument("report_id", metavar=_("REPORT_ID"), type=click.UUID)
@click.option(
    "--hash",
    "beginning",
    metavar=_("HASH"),
    help=_("Which report counts; the hash as far as it is listed is enough (default: as it is)."),
)
@click.option("--undo", is_flag=True, help=_("Open it again: the report that came first counts."))
@database_option
@click.pass_obj
def accept(
    home: Home, report_id: object, beginning: str | None, undo: bool, database_url: str | None
) -> None:
    if undo and beginning:
        raise click.UsageError(_("Say either --undo or --hash."))
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import conflicts

        if undo:
            conflicts.take_back(database, str(report_id))
            say(_("The conflict is open again. The report that came first counts."))
        else:
            standing = conflicts.accept(database, str(report_id), beginning)
            say(_("Settled. The report {hash} counts; the others are kept.").format(hash=standing))


def _row(listed: "ListedConflict") -> tuple[str, ...]:
    return (
        f"{listed.store['name']} ({listed.store['company']})",
        listed.terminal["name"],
        listed.kind if listed.z_number is None else f"Z{listed.z_number}",
        format_date(date.fromisoformat(listed.business_date)),
        listed.content_hash[:12],
        listed.other_hash[:12],
        moment_words(instant_of(listed.settled_at)) if listed.settled_at else "-",
    )
