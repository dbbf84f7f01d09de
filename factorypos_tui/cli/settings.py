"""`settings`: what an operator can set."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, say, tell
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.language import _
from factorypos_tui.core.settings import SETTINGS, get_setting, set_setting


@click.group(
    invoke_without_command=True,
    help=_(
        "Show or change the settings of this terminal.\n\n"
        "Without a command all settings are shown, each with its value, its choices and what it does."
    ),
)
@json_option
@click.pass_context
def settings(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand:
        return
    with open_station(ctx.obj) as station:
        values = {name: get_setting(station.database, name) for name in SETTINGS}
        if as_json:
            print_json(values)
        else:
            rows = [
                (name, values[name], ", ".join(setting.choices), _(setting.purpose))
                for name, setting in SETTINGS.items()
            ]
            print_table((_("Setting"), _("Value"), _("Choices"), _("What it does")), rows)


@settings.command("get", help=_("Print the value of the setting NAME."))
@click.argument("name", metavar=_("NAME"))
@click.pass_obj
def get(home: Home, name: str) -> None:
    with open_station(home) as station:
        tell(get_setting(station.database, name))


@settings.command("set", help=_("Change the setting NAME to VALUE.\n\n`settings` lists the choices."))
@click.argument("name", metavar=_("NAME"))
@click.argument("value", metavar=_("VALUE"))
@click.pass_obj
def set_(home: Home, name: str, value: str) -> None:
    with open_station(home) as station:
        set_setting(station.database, name, value)
        say(_("{name} is now {value}.").format(name=name, value=value))
