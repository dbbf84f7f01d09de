"""`till init` and `till zone`: how the bundled till is set up, and how its time zone changes later."""

from pathlib import Path
from shlex import quote

import click

from factorypos_tui.cli.bundled_till import opened, say_or_print
from factorypos_tui.cli.config_keys import Bundled
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option
from factorypos_tui.core.configuration.new_till import TERMINAL_NAME, Catalogue, NewTill
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.setup import read_setup
from factorypos_tui.tills.bundled.zone import change_zone


@click.command(
    help=_(
        "Set up a new till with an empty catalogue.\n\n"
        "Its items, prices, taxes, payment methods and users come from FactoryCLOUD, from a program of yours,"
        " or from --catalogue. A till that is there already is not touched."
    )
)
@click.option(
    "--name",
    "shop",
    metavar=_("NAME"),
    help=_("Name of the shop (default: that of the catalogue, else the terminal's)."),
)
@click.option(
    "--terminal-name",
    metavar=_("NAME"),
    help=_("Name of this till in reports (default: terminal_name in config.toml, else Terminal 01)."),
)
@click.option(
    "--country",
    metavar=_("CODE"),
    help=_("Country, such as ES (default: the catalogue's, else where this machine is, else Spain)."),
)
@click.option(
    "--currency",
    metavar=_("CODE"),
    help=_("Currency, such as EUR (default: the catalogue's, else the country's)."),
)
@click.option(
    "--zone",
    "--timezone",
    "timezone",
    metavar="TZ",
    help=_(
        "Time zone of the shop, as an IANA name: it decides which day a sale belongs to (default: the"
        " machine's, else the country's)."
    ),
)
@click.option(
    "--catalogue",
    metavar=_("empty|demo|FILE"),
    default="empty",
    show_default=True,
    help=_("The demo bar's catalogue, or that of a configuration document (docs/interfaces.md)."),
)
@click.option("--if-missing", is_flag=True, help=_("Change nothing where there is a till already."))
@json_option
@click.pass_obj
def init(
    home: Home,
    /,
    terminal_name: str | None,
    catalogue: str,
    if_missing: bool,
    as_json: bool,
    **said: str | None,
) -> None:
    name = terminal_name if terminal_name is not None else default_name(home)
    known = {choice.value: choice for choice in Catalogue}
    with opened(home) as bundled:
        is_there = if_missing and bundled.is_there()
        if not is_there:
            bundled.make(NewTill(name, known.get(catalogue) or Path(catalogue), **said))
        database = bundled.database()
        setup, has_items = read_setup(database), bool(load_catalogue(database).items)
    facts: dict[str, object] = {"terminal": {"id": setup.id, "name": setup.name}, "currency": setup.currency}
    facts |= {"timezone": setup.timezone, "file": str(database.path), "created": not is_there}
    old = _("{name} is there already ({file}). It was not touched.")
    ready = _("{name} is ready to sell ({file}).")
    bare = _(
        "{name} is there ({file}). Its catalogue is empty: nothing can be sold yet. Once a store is assigned,"
        " {pull} takes one from FactoryCLOUD; in a new folder, --catalogue demo brings one."
    )
    text = old if is_there else ready if has_items else bare
    text = text.format(name=setup.name, file=database.path, pull=command("config pull"))
    say_or_print(text, facts, as_json)


@click.command(
    help=_(
        "Change the till's time zone, right after a close.\n\n"
        "TZ is an IANA name, such as Atlantic/Canary. The days from now on are dated by it; days that are "
        "closed stay as they are, to the byte. While the running day has receipts it is refused: close the "
        "day first."
    )
)
@click.argument("name", metavar="TZ")
@json_option
@click.pass_obj
def zone(home: Home, name: str, as_json: bool) -> None:
    till = home.config().till
    if not isinstance(till, Bundled):
        raise UsageError(
            _(
                "This home reads a till of {kind}. Nothing was changed. Correct its zone with: {command}"
            ).format(kind=till.kind, command=command(f"till connect --zone {quote(name[:40])}"))
        )
    with opened(home) as bundled:
        before, after = change_zone(bundled.database(), name)
    words = (
        _("The till's time zone is {zone} already. Nothing was changed.")
        if before == after
        else _("The till's time zone is now {zone}. Days that are closed keep {before}.")
    )
    facts = {"timezone": after, "before": before}
    say_or_print(words.format(zone=after, before=before), facts, as_json)


def default_name(home: Home) -> str:
    """What a new till of this home is called, unless a person says."""
    return home.config().terminal_name or TERMINAL_NAME
