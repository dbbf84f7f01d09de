"""A store changes while reports are on their way, or wait."""

import sqlite3
import threading
from collections.abc import Iterator

import httpx
import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, load_assignment, terminal_token
from factorypos_tui.core.account.stores import known_store
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.states import State
from tests.faults.dying import Points, in_child, lay_out
from tests.faults.proxy import Exchange, Proxy
from tests.faults.world import Bar, at_rest, bar_at
from tests.support.waiting import eventually


def stores(bar: Bar) -> list[str]:
    """The names of the stores that the reports here are for, oldest report first."""
    return [known_store(bar.station.database, row.store_id).name for row in bar.queued()]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_day_on_its_way_while_the_store_changes_lies_in_the_store_that_it_was_closed_for(
    bar: Bar, line: Proxy, arrives: bool
) -> None:
    """The terminal is bound to another store while the day is being sent. The receipt comes after that, or
    never."""
    it_is_under_way = threading.Event()

    def hold(exchange: Exchange) -> Iterator[bytes]:
        answer = exchange.send() if arrives else None
        it_is_under_way.set()
        exchange.released.wait()
        if answer:
            yield answer

    def close_a_day_first(exchange: Exchange) -> Iterator[bytes]:
        bar.sell_and_close()
        assert it_is_under_way.wait(60)
        yield exchange.send()

    assigned = load_assignment(bar.station.database)
    assert assigned
    with bar.worker(line.address), Proxy(bar.cloud_url) as way:
        eventually(lambda: bar.delivered() == 3)
        line.misbehave(hold, times=1, where=" /v1/reports/")
        way.misbehave(close_a_day_first, times=1, where="/terminals/")
        second = accounts.create_store(bar.station, assigned.company.id, "Second bar", "Europe/Madrid")
        with bar.through(way.address) as station:
            assign(station, assigned.company.id, second.id, History.ALL, move=False)
        line.behave()
        bar.sell_and_close()
        eventually(lambda: bar.everything_arrived_once(5))
    assert stores(bar) == [*["Bar Maritim"] * 4, "Second bar"]
    assert [held(bar, store) for store in (assigned.store.id, second.id)] == [[1, 2, 3, 4], [5]]
    assert verify(bar.station).holds


def held(bar: Bar, store: str) -> list[int]:
    """The Zs that FactoryCLOUD has in a store."""
    assigned = load_assignment(bar.station.database)
    assert assigned
    headers = {"Authorization": f"Bearer {terminal_token(bar.station, assigned)}", "FactoryPOS-Store": store}
    answer = httpx.get(f"{bar.cloud_url}/v1/reports?kind=Z", headers=headers, trust_env=False)
    return [item["z_number"] for item in answer.json()["items"]]


def move_to_a_second_bar(bar: Bar) -> None:
    assigned = load_assignment(bar.station.database)
    assert assigned
    second = accounts.create_store(bar.station, assigned.company.id, "Second bar", "Europe/Madrid")
    assign(bar.station, assigned.company.id, second.id, History.NONE, move=False)


@pytest.mark.parametrize("aside", [False, True])
def test_21_a_day_that_waits_for_a_store_that_was_left_goes_there_after_the_queue_is_lost(
    bar: Bar, aside: bool
) -> None:
    """Deleted, or damaged so that nothing can be salvaged."""
    assigned = load_assignment(bar.station.database)
    assert assigned
    move_to_a_second_bar(bar)
    bar.sell_and_close()
    file = at_rest(bar)
    if aside:
        file.write_bytes(b"\xff" * file.stat().st_size)
    else:
        file.unlink()
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)
    assert stores(bar) == [*["Bar Maritim"] * 3, "Second bar"]
    assert held(bar, assigned.store.id) == [1, 2, 3]
    assert bar.run("verify").returncode == 0


@pytest.mark.parametrize("lost", [False, True])
def test_a_day_that_was_closed_with_bad_rows_goes_to_its_store_once_they_are_mended(
    bar: Bar, lost: bool
) -> None:
    assert bar.drain() == 0
    bar.sell_and_close()
    write_time_zone(bar, "Mars/Olympus")
    assert bar.drain() == 0
    move_to_a_second_bar(bar)
    bar.sell_and_close()
    if lost:
        at_rest(bar).unlink()
    assert bar.drain() == 0
    write_time_zone(bar, "Europe/Madrid")
    assert bar.drain() == 0
    assert bar.everything_arrived_once(5)
    in_order = sorted(bar.queued(), key=lambda row: row.z_number or 0)
    names = [known_store(bar.station.database, row.store_id).name for row in in_order]
    assert names == [*["Bar Maritim"] * 4, "Second bar"]


def write_time_zone(bar: Bar, zone: str) -> None:
    """In the fourth day, as another program may that knows no trigger."""
    bar.station.till.close()
    with sqlite3.connect(bar.home / "till.db") as database:
        database.execute("DROP TRIGGER IF EXISTS a_closed_period_stays")
        database.execute("UPDATE periods SET timezone = ? WHERE z_number = 4", (zone,))
    database.close()


@pytest.mark.parametrize(("history", "sent"), [(History.ALL, False), (History.NONE, True)])
def test_a_change_of_store_that_is_killed_at_any_point_is_made_good_by_the_next(
    bar: Bar, history: History, sent: bool
) -> None:
    """To and fro between two stores, each time killed one point further on: before and after each commit and
    each request."""
    if sent:
        assert bar.drain() == 0
    assigned = load_assignment(bar.station.database)
    assert assigned
    company = assigned.company.id
    other = accounts.create_store(bar.station, company, "Second bar", "Europe/Madrid")
    ids = (assigned.store.id, other.id)
    bar.close()

    def move(deadly: int) -> None:
        half_way = bar_at(bar.home, bar.cloud_url)
        half_way.sell_and_close()
        points = Points(deadly)
        lay_out(points)
        for name in ("enrol", "stores"):
            setattr(FactoryCloud, name, points.around(getattr(FactoryCloud, name)))
        assign(half_way.station, company, ids[deadly % 2], history, move=False)

    def move_in_peace(deadly: int) -> None:
        again = bar_at(bar.home, bar.cloud_url)
        drain_once(again.station)
        assign(again.station, company, ids[deadly % 2], history, move=False)
        drain_once(again.station)

    deadly = 1
    while in_child(lambda: move(deadly)):  # noqa: B023 - the child is over before it changes
        assert in_child(lambda: move_in_peace(deadly)) == 0  # noqa: B023
        assert bar.everything_arrived_once(3 + deadly), deadly
        bar.close()
        deadly += 1
    assert deadly > 10
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3 + deadly)
    assert bar.run("verify").returncode == 0


@pytest.mark.parametrize("arrives", [True, False])
def test_what_is_on_its_way_while_somebody_disconnects_is_delivered_or_waits_for_its_store(
    bar: Bar, line: Proxy, arrives: bool
) -> None:
    it_is_under_way = threading.Event()

    def hold(exchange: Exchange) -> Iterator[bytes]:
        answer = exchange.send() if arrives else None
        it_is_under_way.set()
        exchange.released.wait()
        yield answer or exchange.send()  # late, it comes with a token that has ended

    assigned = load_assignment(bar.station.database)
    user = bar.station.credentials().get("user")
    assert assigned
    assert user
    line.misbehave(hold, times=1, where=" /v1/reports/")
    with bar.worker(line.address) as service:
        assert it_is_under_way.wait(60)
        bar.station.credentials().delete("user")  # `disconnect` would end it, but `assign` needs it
        disconnect(bar.station)
        line.behave()
        eventually(lambda: State.SENDING not in bar.states())
        assert bar.states() == [State.DELIVERED if arrives else State.PENDING] * 3
        bar.station.credentials().set("user", user)
        bar.sell_and_close()
        assign(bar.station, assigned.company.id, assigned.store.id, History.ALL, move=False)
        eventually(lambda: bar.everything_arrived_once(4))
        assert service.poll() is None
