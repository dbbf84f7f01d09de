"""`cloud company`: the companies of all accounts."""

from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.cloud_database import Home, database_option, opened, print_items
from factorypos_tui.cli.output import json_option
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words
from factorypos_tui.core.language.text import plain

if TYPE_CHECKING:
    from factorypos_tui.server.ops.companies import ListedCompany


@click.group(help=_("Look at the companies of all accounts."))
def company() -> None:
    pass


@company.command(
    "list",
    help=_(
        "List every company: whose it is, and how many terminals send.\n\n"
        "The first owner is the one who answers for it. A closed company is deleted at the time that stands "
        "there, unless an owner opens it again."
    ),
)
@json_option
@database_option
@click.pass_obj
def list_companies(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import companies

        found = companies.list_companies(database)
    headings = (_("Id"), _("Name"), _("Owners"), _("Members"), _("Stores"), _("Terminals"), _("State"))
    print_items(found, as_json, headings, _row, none=_("There is no company here."))


def _row(listed: "ListedCompany") -> tuple[str, ...]:
    owners = [listed.account, *(it for it in listed.owners if it != listed.account)]
    return (
        listed.id,
        plain(listed.name),
        plain(", ".join(owners)),
        str(listed.members),
        str(listed.stores),
        str(listed.terminals),
        _state(listed),
    )


def _state(listed: "ListedCompany") -> str:
    if listed.deleted_from is None:
        return _("open")
    when = moment_words(instant_of(listed.deleted_from))
    return _("closed; deleted from {instant} on").format(instant=when)
