"""`status`: the state of this terminal at a glance."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import has_token
from factorypos_tui.core.language import _
from factorypos_tui.core.status.status import read_status, status_document


@click.command(
    help=_(
        "Show account, store, queue, link and till at a glance.\n\n"
        "With --json, money is in minor units (cents) and times are in UTC."
    )
)
@json_option
@click.pass_obj
def status(home: Home, as_json: bool) -> None:
    with open_station(home) as station:
        current = read_status(station)
        if as_json:
            print_json(status_document(current, connected=has_token(station)))
        else:
            from factorypos_tui.cli.status_printing import show  # a script needs none of its words

            show(current, station)
