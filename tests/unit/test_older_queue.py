"""A queue from before each report kept its store."""

from dataclasses import replace
from pathlib import Path

from factorypos_tui.core.account.assignment import History, assigned_store
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact
from factorypos_tui.core.storage.stores_schema import STORES
from factorypos_tui.core.storage.sync_db import MIGRATIONS, open_sync_db
from tests.support.stations import Shop
from tests.unit.test_moving import lies_in, states


def test_a_queue_of_a_version_that_let_reports_follow_the_terminal_is_delivered_once(
    connected: Shop, tmp_path: Path
) -> None:
    """Two reports wait for the store that was left, one for the store that is assigned, and one was offered
    to that one though the store before has it; the note of that move means nothing any more."""
    drain_once(connected.station)
    first = assigned_store(connected.station.database).id
    connected.assign_new_store("Second bar", History.NONE)
    for _day in range(3):
        connected.close_day()
    collect(connected.station)
    connected.station.database.execute(
        "UPDATE shipment SET state = 'pending', store_id = ? WHERE z_number IN (4, 5)", first
    )
    connected.station.database.execute(
        "UPDATE shipment SET state = 'pending',"
        " store_id = (SELECT store_id FROM assignment) WHERE z_number = 3"
    )
    old = as_before_the_stores(connected, tmp_path / "old.db")
    with (station := replace(connected.station, database=old)).connections():
        assert fact(old, "moved_to") is None
        upgraded = replace(connected, station=station)
        drain_once(station)
        assert set(states(upgraded).values()) == {State.DELIVERED}
        assert len(upgraded.cloud.reports) == 6
        assert lies_in(upgraded) == dict.fromkeys(range(1, 6), "Bar Maritim") | {6: "Second bar"}
        assert verify(station).holds


def as_before_the_stores(shop: Shop, path: Path) -> Database:
    """The queue of a shop as the version before had it, opened by this one."""
    before = MIGRATIONS.index(STORES)
    old, now = Database(path, MIGRATIONS[:before]), shop.station.database
    for table in ("setting", "assignment", "shipment", "body", "left_out", "z_hash"):
        columns = [row[1] for row in now.rows(f"PRAGMA table_info({table})")]
        marks = ", ".join("?" * len(columns))
        for row in now.rows(f"SELECT {', '.join(columns)} FROM {table}"):
            old.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *row)
    old.execute("UPDATE assignment SET offered_z = 1")
    for store_id, name in now.rows("SELECT id, name FROM store"):
        old.execute("INSERT INTO store VALUES (?, ?, 'c', 'Maritim SL')", store_id, name)
    keep_fact(old, "moved_to", '["terminal", "store", 3]')
    keep_fact(old, "compared_at", rfc3339(shop.clock.now()))
    old.close()
    return open_sync_db(path)
