"""`companies` and `stores`: what the app lets an operator pick, for scripts."""

import shlex

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account import accounts
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.choosing import find_company, named_already

_if_missing = click.option(
    "--if-missing", is_flag=True, help=_("Change nothing where one with this name is there already.")
)


@click.group(
    invoke_without_command=True,
    help=_("List the companies of your account, or create one.\n\nWithout a command they are listed."),
)
@json_option
@click.pass_context
def companies(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand:
        return
    with open_station(ctx.obj) as station:
        found = [(company.id, company.name) for company in accounts.companies(station)]
    none_yet, name = _("This account has no company yet. Create one: {command}"), _("NAME")
    _show(found, as_json, none_yet.format(command=command(f"companies create --name {name}")))


@companies.command("create", help=_("Create a company in your account."))
@click.option("--name", metavar=_("NAME"), required=True, help=_("Name of the company."))
@click.option(
    "--country", metavar="CC", default="ES", show_default=True, help=_("Country: two letters, ISO 3166.")
)
@click.option(
    "--currency",
    metavar="CCC",
    default="EUR",
    show_default=True,
    help=_("Currency: three letters, ISO 4217."),
)
@click.option("--tax-id", metavar=_("TEXT"), help=_("Tax number of the company (default: none)."))
@_if_missing
@json_option
@click.pass_obj
def create_company(
    home: Home,
    name: str,
    country: str,
    currency: str,
    tax_id: str | None,
    if_missing: bool,
    as_json: bool,
) -> None:
    with open_station(home) as station:
        there = named_already(accounts.companies(station), name) if if_missing else None
        company = there or accounts.create_company(station, name, country, currency, tax_id)
        _told(company.id, company.name, as_json, is_new=there is None)


@click.group(
    invoke_without_command=True,
    help=_(
        "List the stores of a company, or create one.\n\n"
        "Without a command the stores of the company that --company names are listed."
    ),
)
@click.option("--company", metavar=_("ID|NAME"), help=_("The company; the command `companies` lists them."))
@json_option
@click.pass_context
def stores(ctx: click.Context, company: str | None, as_json: bool) -> None:
    if ctx.invoked_subcommand:
        return
    if company is None:
        raise UsageError(_("Say which company: stores --company ID. `companies` lists them."))
    with open_station(ctx.obj) as station:
        company_id = find_company(station, company)
        found = [(store.id, store.name) for store in accounts.stores(station, company_id)]
    none_yet, name = _("This company has no store yet. Create one: {command}"), _("NAME")
    create = command(f"stores create --company {shlex.quote(company_id)} --name {name}")
    _show(found, as_json, none_yet.format(command=create))


@stores.command("create", help=_("Create a store in a company."))
@click.option(
    "--company",
    metavar=_("ID|NAME"),
    required=True,
    help=_("The company; the command `companies` lists them."),
)
@click.option("--name", metavar=_("NAME"), required=True, help=_("Name of the store."))
@click.option(
    "--timezone",
    metavar="TZ",
    default="Europe/Madrid",
    show_default=True,
    help=_("Its time zone, as an IANA name."),
)
@click.option("--address", metavar=_("TEXT"), help=_("Street address of the store (default: none)."))
@_if_missing
@json_option
@click.pass_obj
def create_store(
    home: Home,
    company: str,
    name: str,
    timezone: str,
    address: str | None,
    if_missing: bool,
    as_json: bool,
) -> None:
    with open_station(home) as station:
        company_id = find_company(station, company)
        there = named_already(accounts.stores(station, company_id), name) if if_missing else None
        store = there or accounts.create_store(station, company_id, name, timezone, address)
        _told(store.id, store.name, as_json, is_new=there is None)


def _show(items: list[tuple[str, str]], as_json: bool, none_yet: str) -> None:
    if as_json:
        print_json({"items": [{"id": item_id, "name": name} for item_id, name in items]})
    elif items:
        print_table((_("Id"), _("Name")), items)
    else:
        say(none_yet)


def _told(item_id: str, name: str, as_json: bool, *, is_new: bool) -> None:
    words = (
        _("{name} was created. Its id is {id}.")
        if is_new
        else _("{name} is there already. Its id is {id}. Nothing was changed.")
    )
    if as_json:
        print_json({"id": item_id, "name": name, "created": is_new})
    else:
        say(words.format(name=name, id=item_id))
