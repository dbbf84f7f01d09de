"""`assign`: binds this terminal to a store."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.assignment import Assignment, History
from factorypos_tui.core.assignment import assign as assign_store
from factorypos_tui.core.language import _


@click.command()
@click.option("--company", "company_id", required=True, help="Id of the company, from `companies`.")
@click.option("--store", "store_id", required=True, help="Id of the store, from `stores`.")
@click.option(
    "--history",
    type=click.Choice([history.value for history in History]),
    required=True,
    help="Closed days so far: send all of them, or none and only those from now on.",
)
@click.option("--move", is_flag=True, help="Take the terminal away from the store FactoryCLOUD knows it in.")
@json_option
@click.pass_obj
def assign(home: Home, company_id: str, store_id: str, history: str, move: bool, as_json: bool) -> None:
    """Choose the store that this till's X and Z reports go to."""
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
