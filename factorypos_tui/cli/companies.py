"""`companies` and `stores`: the pickers, for scripts."""

import click

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import json_option, print_json, print_table, say
from factorypos_tui.cli.station import open_station
from factorypos_tui.core import accounts
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def companies(ctx: click.Context, as_json: bool) -> None:
    """List the companies of the account, or create one."""
    if ctx.invoked_subcommand:
        return
    with open_station(ctx.obj) as station:
        _show([(company.id, company.name) for company in accounts.companies(station)], as_json)


@companies.command("create")
@click.option("--name", required=True, help="Name of the company.")
@click.option("--country", default="ES", show_default=True, help="Two letters, ISO 3166.")
@click.option("--currency", default="EUR", show_default=True, help="Three letters, ISO 4217.")
@click.option("--tax-id", help="Tax number of the company.")
@json_option
@click.pass_obj
def create_company(
    home: Home, name: str, country: str, currency: str, tax_id: str | None, as_json: bool
) -> None:
    """Create a company."""
    with open_station(home) as station:
        company = accounts.create_company(station, name, country, currency, tax_id)
        _created(company.id, company.name, as_json)


@click.group(invoke_without_command=True)
@click.option("--company", "company_id", help="Id of the company, from `companies`.")
@json_option
@click.pass_context
def stores(ctx: click.Context, company_id: str | None, as_json: bool) -> None:
    """List the stores of a company, or create one."""
    if ctx.invoked_subcommand:
        return
    if company_id is None:
        raise UsageError(_("Say which company: stores --company ID. `companies` lists them."))
    with open_station(ctx.obj) as station:
        _show([(store.id, store.name) for store in accounts.stores(station, company_id)], as_json)


@stores.command("create")
@click.option("--company", "company_id", required=True, help="Id of the company, from `companies`.")
@click.option("--name", required=True, help="Name of the store.")
@click.option("--timezone", default="Europe/Madrid", show_default=True, help="IANA name of its time zone.")
@click.option("--address", help="Where it is.")
@json_option
@click.pass_obj
def create_store(
    home: Home, company_id: str, name: str, timezone: str, address: str | None, as_json: bool
) -> None:
    """Create a store."""
    with open_station(home) as station:
        store = accounts.create_store(station, company_id, name, timezone, address)
        _created(store.id, store.name, as_json)


def _show(items: list[tuple[str, str]], as_json: bool) -> None:
    if as_json:
        print_json({"items": [{"id": item_id, "name": name} for item_id, name in items]})
    elif items:
        print_table((_("Id"), _("Name")), items)
    else:
        say(_("There are none yet."))


def _created(item_id: str, name: str, as_json: bool) -> None:
    if as_json:
        print_json({"id": item_id, "name": name})
    else:
        say(_("{name} was created. Its id is {id}.").format(name=name, id=item_id))
