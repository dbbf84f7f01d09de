"""Exports as an administrator makes them: of a store or of a company, to a directory."""

from collections.abc import Callable, Sequence
from pathlib import Path

from peewee import Database

from factorypos_tui.archive.export.charts import Chart
from factorypos_tui.archive.export.writing import Written, write_export
from factorypos_tui.server.domain.charts import accounts_in, chart_of
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.companies import stores_in
from factorypos_tui.server.domain.exported import (
    Choice,
    asked_of,
    exported_closings,
    exported_reports,
    keys_file,
    wanted_of,
    zs_not_asked_for,
)
from factorypos_tui.server.ops.administration import AdministrationError
from factorypos_tui.server.ops.stores import find_store
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.words import told

_MOST_LISTED = 20


def export_archive(
    database: Database,
    target: Path,
    choice: Choice,
    stores: Sequence[Store],
    chart: Chart | None,
    lost: Callable[[int], None],
) -> Written:
    """Write the reports of some stores to a directory that is new or empty. `lost` is told the number of each
    Z whose document is not here. Raises what `write_export` raises."""
    wanted = wanted_of(choice, stores)
    with database.connection_context():
        reports = exported_reports(database, wanted, lambda _store, _day, number: lost(number))
        asked = asked_of(choice, instant(utc_now()), keys_file(database))
        closings, others = exported_closings(database, wanted), zs_not_asked_for(database, wanted)
        return write_export(target, asked, reports, chart, closings, others)


def stores_named(database: Database, company: str | None, store: str | None) -> list[Store]:
    """The store, or those of the company, by id or name; without either all of the only company. Raises
    `AdministrationError`."""
    if store is not None:
        store_id = find_store(database, store)
        with database.connection_context():
            return list(Store.select().where(Store.id == store_id).bind(database))
    with database.connection_context():
        there = list(Company.select().order_by(Company.name, Company.id).bind(database))
        found = [it for it in there if company is None or company.strip().casefold() in _names(it)]
        if len(found) == 1:
            return list(stores_in(found[0]).order_by(Store.name, Store.id).bind(database))
    lines = [f"  {it.id}  {it.name}" for it in there[:_MOST_LISTED]]
    raise AdministrationError(
        "\n".join([told("Say which company by its id, or which store. There are:"), *lines])
    )


def own_chart(database: Database, stores: Sequence[Store]) -> Chart | None:
    """The chart that the company of these stores keeps."""
    with database.connection_context():
        kept = chart_of(database, stores[0].company_id) if stores else None
    return accounts_in(kept) if kept else None


def _names(company: Company) -> tuple[str, str]:
    return company.id, company.name.strip().casefold()
