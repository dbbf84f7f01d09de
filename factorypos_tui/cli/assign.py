"""`assign`: binds this terminal to a store."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.assignment import Assignment, History
from factorypos_tui.core.assignment import assign as assign_store
from factorypos_tui.core.language import _


@click.command(
    help=_(
        "Choose the store that this till's reports go to.\n\n"
        "FactoryCLOUD gives this terminal a token of its own, which can only send reports and synchronize "
        "the configuration of that store."
    )
)
@click.option(
    "--company",
    "company_id",
    metavar=_("ID"),
    required=True,
    help=_("The company; the command `companies` lists the ids."),
)
@click.option(
    "--store",
    "store_id",
    metavar=_("ID"),
    required=True,
    help=_("The store; the command `stores` lists the ids."),
)
@click.option(
    "--history",
    type=click.Choice([history.value for history in History]),
    required=True,
    help=_("The days closed so far: send them all, or none of them and only those from now on."),
)
@click.option(
    "--move", is_flag=True, help=_("Move the terminal here from the store it belongs to in FactoryCLOUD.")
)
@json_option
@click.pass_obj
def assign(home: Home, company_id: str, store_id: str, history: str, move: bool, as_json: bool) -> None:
    with open_station(home) as station:
        assignment = assign_store(station, company_id, store_id, History(history), move=move)
    if as_json:
        print_json(_document(assignment))
    else:
        say(
            _("This terminal now sends to {store} of {company}.").format(
                store=assignment.store.name, company=assignment.company.name
            )
        )


def _document(assignment: Assignment) -> dict[str, object]:
    return {
        "company": {"id": assignment.company.id, "name": assignment.company.name},
        "store": {"id": assignment.store.id, "name": assignment.store.name},
        "terminal": {"id": assignment.terminal.id, "name": assignment.terminal.name},
        "first_z_number": assignment.first_z,
    }
