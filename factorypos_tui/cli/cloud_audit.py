"""`cloud audit`: who did what, and when."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option, say, whole_number
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.text import plain

if TYPE_CHECKING:
    from factorypos_tui.server.ops.auditing import ListedEntry

_day = click.DateTime(["%Y-%m-%d"])


@click.command(
    "audit",
    help=_(
        "List who did what, the newest first.\n\n"
        "Refused log-ins of strangers are noted only up to a limit; the server's log has them all. --prune "
        "deletes what is older than a date at least 90 days ago; younger entries cannot be deleted."
    ),
)
@click.option("--since", type=_day, metavar=_("DATE"), help=_("Only what was done from this day (UTC) on."))
@click.option("--who", metavar=_("WHO"), help=_("Only of this e-mail, id or network."))
@click.option(
    "--company", metavar=_("ID|NAME"), help=_("Only of this company: what its owners read on its page.")
)
@click.option("--action", metavar=_("ACTION"), help=_("Only actions that begin like this, such as log_in."))
@click.option(
    "--limit",
    type=whole_number(1, 100_000),
    metavar="N",
    default=100,
    show_default=True,
    help=_("At most N."),
)
@click.option("--prune", type=_day, metavar=_("DATE"), help=_("Delete what is older than this day (UTC)."))
@json_option
@database_option
@click.pass_obj
def audit(
    home: Home,
    since: datetime | None,
    who: str | None,
    company: str | None,
    action: str | None,
    limit: int,
    prune: datetime | None,
    as_json: bool,
    database_url: str | None,
) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import auditing

        if prune is not None:
            gone = auditing.prune_entries(database, prune.replace(tzinfo=UTC))
            say(counted("{n} entry was deleted.", "{n} entries were deleted.", gone))
            return
        found = auditing.list_entries(
            database, since.replace(tzinfo=UTC) if since else None, who, action, limit, company
        )
    headings = (_("When (UTC)"), _("Who"), _("Action"), _("What"), _("From"), _("Of"))
    print_items(found, as_json, headings, _row, none=_("There is no such entry."))


def _row(entry: "ListedEntry") -> tuple[str, ...]:
    at = f"{instant_of(entry.at):%Y-%m-%d %H:%M}"
    who, of = entry.actor_email or entry.actor, entry.subject_email or entry.subject
    return at, plain(who), plain(entry.action), plain(entry.what), plain(entry.network or ""), plain(of)
