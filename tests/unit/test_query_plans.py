"""How SQLite answers what the worker and the queue ask: by an index, whatever the size of the queue."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from factorypos_tui.core import shipments
from factorypos_tui.core.chain import breaks_of
from factorypos_tui.core.collector import collect, enqueue_x
from factorypos_tui.core.database import Database, Row
from factorypos_tui.core.drain import drain_once
from factorypos_tui.core.engine import take_snapshot
from factorypos_tui.core.rebuilding import look_at_the_next
from factorypos_tui.core.resending import resend_all
from factorypos_tui.core.shipments import State
from factorypos_tui.core.worker import Worker
from tests.stations import Shop

_BIG = ("shipment", "body", "event")
_READ_WHOLE = re.compile(rf"^SCAN ({'|'.join(_BIG)})\b(?!.* USING (COVERING )?INDEX)")


@pytest.fixture
def plans(connected: Shop, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The plan of every statement from now on, by its text."""
    database = connected.station.database
    drain_once(connected.station)
    seen: dict[str, list[str]] = {}
    rows, execute = Database.rows, Database.execute

    def explain(sql: str, parameters: tuple[object, ...]) -> None:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b", sql):
            seen[sql] = [row[3] for row in rows(database, f"EXPLAIN QUERY PLAN {sql}", *parameters)]

    def explained_rows(self: Database, sql: str, *parameters: object) -> list[Row]:
        if self is database:
            explain(sql, parameters)
        return rows(self, sql, *parameters)

    def explained_execute(self: Database, sql: str, *parameters: object) -> int:
        if self is database:
            explain(sql, parameters)
        return execute(self, sql, *parameters)

    monkeypatch.setattr(Database, "rows", explained_rows)
    monkeypatch.setattr(Database, "execute", explained_execute)
    return seen


def work_a_day(shop: Shop) -> None:
    """All that the worker does in a day."""
    shop.station.database.execute("INSERT OR REPLACE INTO setting VALUES ('send_x_report', 'on')")
    worker = Worker(shop.station)
    for _hour in range(3):
        shop.sell()
        enqueue_x(shop.station)
        worker.step()
        shop.clock.advance(3600)
    shop.close_day()
    collect(shop.station)
    resend_all(shop.station)
    shop.clock.advance(timedelta(days=91).total_seconds())
    while worker.step():
        pass
    look_at_the_next(shop.station, 0)
    breaks_of(shop.station.database, shop.till.terminal().id)


def look_at_the_queue(shop: Shop) -> None:
    """All that a screen or `status` reads."""
    take_snapshot(shop.station)
    database = shop.station.database
    for state in State:
        shipments.newest(database, 50, state)
    shipments.waiting(database)
    shipments.history(database, 1)
    shipments.body(database, 1)


@pytest.mark.parametrize("life", [work_a_day, look_at_the_queue])
def test_no_statement_reads_a_big_table_from_end_to_end(
    connected: Shop, plans: dict[str, list[str]], life: Callable[[Shop], None]
) -> None:
    life(connected)
    assert len(plans) > 5
    slow = {
        sql: plan
        for sql, plan in plans.items()
        if any(_READ_WHOLE.match(step) and "ORDER BY id DESC LIMIT" not in sql for step in plan)
    }
    assert slow == {}


@pytest.mark.parametrize("life", [work_a_day, look_at_the_queue])
def test_no_statement_of_the_worker_sorts(
    connected: Shop, plans: dict[str, list[str]], life: Callable[[Shop], None]
) -> None:
    life(connected)
    sorting = {
        sql
        for sql, plan in plans.items()
        if "z_hash" not in sql and any("TEMP B-TREE FOR ORDER BY" in step for step in plan)
    }
    assert sorting == set()


def test_the_next_item_and_the_oldest_age_are_read_off_an_index(
    connected: Shop, plans: dict[str, list[str]]
) -> None:
    Worker(connected.station).step()
    take_snapshot(connected.station)
    claim = next(plan for sql, plan in plans.items() if "ORDER BY crashes" in sql)
    assert any("shipment_to_send" in step for step in claim)
    oldest = next(plan for sql, plan in plans.items() if "ORDER BY queued_at" in sql)
    assert any("shipment_waiting" in step for step in oldest)
