"""`queue send`: send days after all that were left out."""

import re

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.operations.sending_left_out import left_out_here, send_left_out
from factorypos_tui.core.operations.wording import queued_words

_Z = re.compile(r"[zZ]?([1-9][0-9]{0,17})", re.ASCII)


@click.command(
    "send",
    help=_(
        "Send closed days that were left out when the store was assigned.\n\n"
        "DAY is the number of its Z report, such as Z15; `status` names the days that were left out. --all "
        "takes every one of them."
    ),
)
@click.argument("days", metavar=_("[DAY]..."), nargs=-1)
@click.option("--all", "everything", is_flag=True, help=_("Every day that was left out."))
@click.pass_obj
def send(home: Home, days: tuple[str, ...], everything: bool) -> None:
    numbers = [_Z.fullmatch(day) for day in days]
    if not all(numbers) or bool(days) == everything:
        raise UsageError(_("Say which day: queue send Z15, or queue send --all."))
    with open_station(home) as station:
        wanted = left_out_here(station) if everything else {int(found[1]) for found in numbers if found}
        if not wanted:
            say(_("No day was left out. Nothing was changed."))
            return
        say(queued_words(send_left_out(station, wanted)))
