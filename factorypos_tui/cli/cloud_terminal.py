"""`cloud terminal`: every terminal and its account, and how to end its permission or release it."""

from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option, say
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain

if TYPE_CHECKING:
    from factorypos_tui.server.ops.terminals import ListedTerminal

_id = click.argument("terminal_id", metavar=_("ID"), type=click.UUID)


@click.group(help=_("Look after the terminals of all accounts."))
def terminal() -> None:
    pass


@terminal.command("list", help=_("List every terminal: whose it is, where, and its last Z."))
@json_option
@database_option
@click.pass_obj
def list_terminals(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import terminals as terminal_administration

        found = terminal_administration.list_terminals(database)
    headings = (_("Id"), _("Name"), _("Account"), _("Store"), _("Last Z"), _("State"))
    print_items(found, as_json, headings, _row, none=_("There is no terminal here."))


@terminal.command(
    "revoke",
    help=_(
        "End a terminal's permission to send.\n\n"
        "What it sent stays, and what it has not sent waits at the till. It belongs to its account as "
        "before: only that one can assign it again."
    ),
)
@_id
@database_option
@click.pass_obj
def revoke(home: Home, terminal_id: object, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import terminals as terminal_administration

        terminal_administration.revoke(database, str(terminal_id))
    say(_("The terminal may send no more until its account assigns it again."))


@terminal.command(
    "release",
    help=_(
        "Let another account take over a terminal, as when a till is sold.\n\n"
        "It may send no more until an account assigns it. What it sent so far stays with the account that it "
        "belonged to; the new one does not see it. Ask the owner of that account first."
    ),
)
@_id
@database_option
@click.pass_obj
def release(home: Home, terminal_id: object, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import terminals as terminal_administration

        terminal_administration.release(database, str(terminal_id))
    say(_("Any account can assign the terminal now. What it sent so far stays with the one it belonged to."))


def _row(listed: "ListedTerminal") -> tuple[str, ...]:
    return (
        listed.id,
        plain(listed.name),
        plain(listed.account),
        plain(f"{listed.store} ({listed.company})"),
        str(listed.last_z_number or "-"),
        _state(listed),
    )


def _state(listed: "ListedTerminal") -> str:
    if listed.released_at is not None:
        return _("released")
    return _("assigned") if listed.revoked_at is None else _("revoked")
