"""`assign`: binds this terminal to a store."""

from collections.abc import Collection
from itertools import count

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import Assignment, History
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.enrolment import assign as assign_store
from factorypos_tui.core.queue.left_out import days_left_out, spans


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
    default=History.MISSING.value,
    show_default=True,
    help=_(
        "The days closed so far: send them all; those that FactoryCLOUD lacks since the first of this "
        "terminal that it has; or none of them, only those from now on. `queue send` sends later what is "
        "left out."
    ),
)
@click.option(
    "--move", is_flag=True, help=_("Move the terminal here from the store it belongs to in FactoryCLOUD.")
)
@json_option
@click.pass_obj
def assign(home: Home, company_id: str, store_id: str, history: str, move: bool, as_json: bool) -> None:
    with open_station(home) as station:
        assignment = assign_store(station, company_id, store_id, History(history), move=move)
        left_out = days_left_out(station.database, assignment.terminal.id)
    if as_json:
        print_json(_document(assignment, left_out))
    else:
        say(
            _("This terminal now sends to {store} ({company}).").format(
                store=assignment.store.name, company=assignment.company.name
            )
        )
        if left_out:
            words = _("Left out: Z {numbers}. To send one after all: {command}")
            send = command(f"queue send Z{min(left_out)}")
            say(words.format(numbers=format_numbers(left_out), command=send))


def _document(assignment: Assignment, left_out: Collection[int]) -> dict[str, object]:
    return {
        "company": {"id": assignment.company.id, "name": assignment.company.name},
        "store": {"id": assignment.store.id, "name": assignment.store.name},
        "terminal": {"id": assignment.terminal.id, "name": assignment.terminal.name},
        "first_z_number": next(number for number in count(1) if number not in left_out),
        "left_out": [{"first": first, "last": last} for first, last in spans(left_out)],
    }
