"""How SQLite answers what the worker and the queue ask: by an index, whatever the size of the queue."""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.operations.resending import resend_all, resend_progress, resendable
from factorypos_tui.core.operations.retrying import retry, retry_all, retryable
from factorypos_tui.core.operations.verification import resend_missing, verify
from factorypos_tui.core.queue import counting, shipments
from factorypos_tui.core.queue.comparison import mark_rebuilt
from factorypos_tui.core.queue.hash_chain import breaks_of
from factorypos_tui.core.queue.months import read_headings
from factorypos_tui.core.queue.pages import Order, Query, first_window, last_window, place_of, window_around
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.storage.database import Database, Row
from tests.support.stations import Shop

_BIG = ("shipment", "body", "event")
_READ_WHOLE = re.compile(rf"^SCAN ({'|'.join(_BIG)})\b")


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
    mark_rebuilt(shop.station.database)  # then the next comparison settles what is there already
    shop.clock.advance(timedelta(days=91).total_seconds())
    while worker.step():
        pass
    look_at_the_next(shop.station, 0)
    breaks_of(shop.station.database, shop.till.terminal().id)


def turn_pages(shop: Shop, *orders: Order) -> None:
    middle = shop.queued()[1]
    for order in orders:
        for state in (None, *State):
            for descending in (True, False):
                query = Query(state, "", order, descending)
                for window in (
                    first_window(shop.station, query, 10),
                    last_window(shop.station, query, 10),
                    window_around(shop.station, query, place_of(query, middle), 1),
                ):
                    read_headings(shop.station, query, window)


def page_through_the_queue(shop: Shop) -> None:
    """All that the queue's screen asks in the order that it opens with."""
    turn_pages(shop, Order.QUEUED)


def sort_the_queue(shop: Shop) -> None:
    turn_pages(shop, Order.DATE, Order.AMOUNT, Order.TRIES)


def search_the_queue(shop: Shop) -> None:
    for search in ("22", "2026-11", "12,5", "pending", "network"):
        first_window(shop.station, Query(search=search), 10)


def compare_with_the_cloud(shop: Shop) -> None:
    """`verify`, and the sending of what it misses."""
    shop.cloud.reports.clear()
    resend_missing(shop.station, verify(shop.station))


def ask_what_can_be_resent(shop: Shop) -> None:
    resendable(shop.station)


def answer_what_was_resent(shop: Shop) -> None:
    """A resending while a screen follows it, and a second try of what was refused."""
    resend_all(shop.station)
    shop.cloud.fail_sending_with = CloudRefused("another", 409, "report_conflict")
    while Worker(shop.station).step():
        resend_progress(shop.station.database)
    retryable(shop.station)
    retry(shop.station, shop.queued()[0].id)
    retry_all(shop.station)


def change_the_store(shop: Shop) -> None:
    shop.assign_new_store("Second bar", History.ALL)


def look_at_the_queue(shop: Shop) -> None:
    """All that a screen or `status` reads."""
    take_snapshot(shop.station)
    database = shop.station.database
    for state in State:
        first_window(shop.station, Query(state), 50)
    counting.waiting(database)
    shipments.history(database, 1)
    shipments.body(database, 1)


def read_whole(plans: dict[str, list[str]]) -> set[str]:
    """The statements that read a big table, or an index of it, from end to end: not those that stop at their
    LIMIT since an index has the order they ask for."""
    return {
        sql
        for sql, plan in plans.items()
        if any(_READ_WHOLE.match(step) for step in plan)
        and not (re.search(r"ORDER BY .* LIMIT", sql) and not any("TEMP B-TREE" in step for step in plan))
    }


@pytest.mark.parametrize(
    "life", [work_a_day, look_at_the_queue, page_through_the_queue, change_the_store, answer_what_was_resent]
)
def test_no_statement_reads_a_big_table_from_end_to_end(
    connected: Shop, plans: dict[str, list[str]], life: Callable[[Shop], None]
) -> None:
    life(connected)
    assert len(plans) > 5
    assert read_whole(plans) == set()


@pytest.mark.parametrize(
    "life", [sort_the_queue, search_the_queue, compare_with_the_cloud, ask_what_can_be_resent]
)
def test_what_a_person_asks_of_the_whole_history_reads_it_once(
    connected: Shop, plans: dict[str, list[str]], life: Callable[[Shop], None]
) -> None:
    """A search, an order that no index has, `verify` and the count before a resending read every row, once:
    an index for them would be written at every close."""
    life(connected)
    assert read_whole(plans)
    for sql in read_whole(plans):
        assert sql.startswith("SELECT")
        assert len([step for step in plans[sql] if _READ_WHOLE.match(step)]) == 1


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


def planned_again(path: Path, statements: Iterable[str]) -> list[str]:
    """The statements that SQLite plans again for each value of a question mark. Python's own SQLite plans
    none again; that of cysqlite is built to."""
    cysqlite = pytest.importorskip("cysqlite")
    asked: list[object] = []

    def plan_asks(*about: object) -> int:
        asked.append(about)
        return 0

    def asks_at_second_run(sql: str) -> bool:
        for _run in range(2):
            asked.clear()
            fresh.execute(f"EXPLAIN {sql}", [None] * sql.count("?")).fetchall()
        return bool(asked)

    with closing(cysqlite.connect(str(path))) as fresh:
        fresh.authorizer(plan_asks)
        return list(filter(asks_at_second_run, statements))


def test_what_queues_and_moves_a_report_is_planned_once(connected: Shop, plans: dict[str, list[str]]) -> None:
    """To plan a statement again takes longer than to run it."""
    connected.sell()
    connected.close_day()
    collect(connected.station)
    assert Worker(connected.station).step()
    of_reports = [sql for sql in plans if re.search(r"\b(shipment|body)\b", sql)]
    assert sum("INSERT INTO" in sql for sql in of_reports) == 2
    assert sum("UPDATE shipment" in sql for sql in of_reports) == 2
    assert planned_again(connected.station.database.path, of_reports) == []
