"""Finds the store that an administrator means: by id or by name."""

from typing import Any

from peewee import Database

from factorypos_tui.server.ops.administration import AdministrationError
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.words import told

_MOST_LISTED = 20


def find_store(database: Database, wanted: str) -> str:
    """The id of the one store that fits an id or a name.

    Raises `AdministrationError` with what there is where none or several fit."""
    with database.connection_context():
        query = (
            Store.select(Store.id, Store.name, Company.name.alias("company"))
            .join(Company, on=(Store.company_id == Company.id))
            .order_by(Company.name, Store.name, Store.id)
        )
        there = list(query.objects().bind(database))
    wanted = wanted.strip()
    found = [one for one in there if wanted.casefold() in (one.id, one.name.strip().casefold())]
    if len(found) == 1:
        return str(found[0].id)
    raise AdministrationError(_refusal(wanted, there, found))


def _refusal(wanted: str, there: list[Any], found: list[Any]) -> str:
    if not there:
        return told("There is no store yet. Its owner creates it in the app, or on the pages.")
    if found:
        words = told("More than one store is called {store}. Nothing was changed. Say which by its id:")
    else:
        words = told("There is no store {store}. Nothing was changed. There are:")
    shown = (found or there)[:_MOST_LISTED]
    lines = [f"  {one.id}  {one.name} ({one.company})" for one in shown]
    if left_out := len(found or there) - len(shown):
        lines.append("  " + told("… and {n} more").format(n=left_out))
    return "\n".join([words.format(store=wanted), *lines])
