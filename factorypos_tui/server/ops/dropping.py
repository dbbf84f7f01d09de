"""What an administrator does with documents that are so old that nobody asks for them any more."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from peewee import Database

from factorypos_tui.archive.export.folders import refuse_taken
from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.archive.export.writing import write_export
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.exported import (
    Choice,
    asked_of,
    exported_reports,
    keys_file,
    wanted_of,
    zs_not_asked_for,
)
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage import bodies
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.bodies import Age, Bodies
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.words import told


def age_before(month: str) -> Age:
    """What is of months before one, `2024-01`, and has arrived by now. Raises `AdministrationError` where the
    last month is among them, or this one."""
    newest = _last_month()
    if month > newest:
        raise AdministrationError(
            told(
                "The documents of this month and of the last one stay. The latest month that can be given is "
                "{month}. Nothing was deleted."
            ).format(month=newest)
        )
    return Age(month, instant(utc_now()))


def to_drop(database: Database, age: Age) -> Bodies:
    """The documents of Zs of that age, which their stores need no longer keep. Raises `AdministrationError`
    where a contradiction about a report may need one of them."""
    with database.connection_context():
        if bodies.has_contradicted(database, age):
            raise AdministrationError(
                told(
                    "Reports of those months contradict others, and nobody has decided. Nothing was deleted. "
                    "Run: cloud conflict list"
                )
            )
        return bodies.bodies_of_age(database, age)


def export(database: Database, age: Age, target: Path) -> Iterator[str]:
    """Write them to a directory that is new or empty, as an export of its own for each company and month:
    `COMPANY_ID/2020-01`. Yields each month under way. Raises `FolderTakenError` and `OSError`; what was
    written by then stays there."""
    refuse_taken(target)
    with database.connection_context():
        for company_id, month, stores in _by_company_and_month(database, age):
            first = date.fromisoformat(f"{month}-01")
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            choice = Choice(Format.JSON, first, last)
            wanted = wanted_of(choice, stores)
            reports = exported_reports(database, wanted, _is_gone_already)
            others = zs_not_asked_for(database, wanted)
            asked = asked_of(choice, age.asked_at, keys_file(database))
            write_export(target / company_id / month, asked, reports, not_asked_for=others)
            yield month


def _by_company_and_month(database: Database, age: Age) -> Iterator[tuple[str, str, list[Store]]]:
    of_age = bodies.stores_of_age(database, age)
    ids = {store_id for store_id, _month in of_age}
    stores = {it.id: it for it in Store.select().where(Store.id.in_(ids)).bind(database)}
    by_place: defaultdict[tuple[str, str], list[Store]] = defaultdict(list)
    for store_id, month in of_age:
        by_place[stores[store_id].company_id, month].append(stores[store_id])
    for (company_id, month), its in sorted(by_place.items(), key=lambda entry: entry[0]):
        yield company_id, month, its


def _is_gone_already(_store: str, _day: str, _number: int) -> None:
    """A document that is not here was dropped before, or is missed: `cloud check` tells which."""


def drop(database: Database, age: Age, found: Bodies) -> Iterator[str]:
    """Delete them, month by month; yields each month under way. What is left after an interruption, the same
    call deletes."""
    now = instant(utc_now())
    with database.connection_context():
        with database.atomic():
            bodies.note_drop(database, now, age, found.count)
            audit(database, now, ACTOR, "documents.dropped", f"{found.count} before {age.month}")
        yield from bodies.drop_bodies(database, age)


def _last_month() -> str:
    this = utc_now().date().replace(day=1)
    year, month = (this.year, this.month - 1) if this.month > 1 else (this.year - 1, 12)
    return this.replace(year=year, month=month).isoformat()[:7]
