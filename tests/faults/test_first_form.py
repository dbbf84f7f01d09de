"""A `sync.db` whose tables no migration made: some were edited once files had them, and no step mends it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.storage.damage import newest_set_aside
from tests.faults.world import Bar, at_rest

_FIRST_FORM = Path(__file__).with_name("sync_of_the_first_form.sql").read_text("utf-8")


def take_back_to_the_first_form(bar: Bar) -> None:
    """The same queue as a program of the first days would have it."""
    new = at_rest(bar)
    old = new.with_name("old.db")
    with closing(sqlite3.connect(old)) as database:
        database.executescript(_FIRST_FORM)
        database.execute("ATTACH ? AS new", (str(new),))
        for table in ("assignment", "shipment", "z_hash"):
            columns = [
                name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))
            ]
            body = "(SELECT bytes FROM new.body WHERE shipment_id = shipment.id)"
            values = [body if name == "body" else name for name in columns]
            database.execute(
                f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM new.{table}"
            )
        database.commit()
    old.replace(new)
    for side in ("-wal", "-shm"):
        Path(f"{new}{side}").unlink(missing_ok=True)


def test_a_file_from_before_migration_1_was_edited_is_set_aside_and_its_reports_arrive(bar: Bar) -> None:
    collect(bar.station)
    before = {row.report_id: (row.content_hash, row.queued_at) for row in bar.queued()}
    take_back_to_the_first_form(bar)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)
    assert {row.report_id: (row.content_hash, row.queued_at) for row in bar.queued()} == before
    aside = newest_set_aside(bar.home / "sync.db")
    assert aside is not None
    with closing(sqlite3.connect(aside)) as database:
        assert database.execute("SELECT count(body) FROM shipment").fetchall() == [(3,)]


@pytest.mark.parametrize("version", [1, 4, 8])
def test_a_file_that_no_step_can_upgrade_is_set_aside_and_its_reports_arrive(bar: Bar, version: int) -> None:
    collect(bar.station)
    with closing(sqlite3.connect(at_rest(bar))) as database:
        database.execute(f"PRAGMA user_version = {version}")
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)
    assert newest_set_aside(bar.home / "sync.db") is not None
