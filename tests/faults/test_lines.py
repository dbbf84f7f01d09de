"""Faults 4 to 13: what lines, proxies and clouds in trouble do to a delivery."""

import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import History, assigned_store, load_assignment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import Link, LinkState, load_link
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.queue.states import State
from tests.faults.proxy import Proxy, delay
from tests.faults.world import Bar, CloudProcess, new_owner
from tests.support.fakes import FrozenClock
from tests.support.waiting import eventually

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def link(bar: Bar) -> Link:
    return load_link(bar.station.database)


def results(bar: Bar) -> set[str | None]:
    return {row.result for row in bar.queued()}


def test_04_an_answer_that_does_not_come_in_time_is_asked_for_again(bar: Bar, line: Proxy) -> None:
    line.misbehave("hang")
    with bar.through(line.address, deadline_s=1) as station:
        drained = drain_once(station)
    assert (drained.waiting, drained.link.state, drained.link.reason) == (3, LinkState.OFFLINE, "timeout")
    assert len(bar.held()) == 3
    line.behave()
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)
    assert results(bar) == {"unchanged"}


def test_05_a_cloud_that_dies_between_its_commit_and_its_answer_gives_the_first_receipt_later(
    own_cloud: CloudProcess, tmp_path: Path
) -> None:
    bar = new_owner(own_cloud.url).open_bar(tmp_path / "bar", 3)
    with Proxy(own_cloud.url) as line:

        def die(exchange: object) -> tuple[bytes, ...]:
            exchange.send()  # type: ignore[attr-defined]
            own_cloud.kill()
            return ()

        line.misbehave(die, times=1)
        assert bar.drain(line.address) == 4
        own_cloud.start()
        assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)
    assert results(bar) == {"unchanged"}
    bar.close()


def test_06_weeks_of_trouble_in_the_cloud_drop_nothing(bar: Bar, line: Proxy) -> None:
    clock = FrozenClock(NOON)
    line.misbehave("503")
    with bar.through(line.address) as reached:
        station = replace(reached, clock=clock)
        collect(station)
        worker = Worker(station)
        for _hour in range(3 * 7 * 24):
            worker.step()
            clock.advance(3600)
        assert bar.states() == [State.PENDING] * 3
        assert link(bar).failures == 3 * 7 * 24
        line.behave()
        while worker.step():
            pass
    assert bar.everything_arrived_once(3)


@pytest.mark.parametrize("fault", ["reset", "answer_lost", "half", "503"])
def test_08_what_a_line_does_on_a_bad_day_is_tried_again(bar: Bar, line: Proxy, fault: str) -> None:
    line.misbehave(fault, times=1)
    with bar.through(line.address) as station:
        drained = drain_once(station)
        assert (drained.waiting, drained.link.state) == (3, LinkState.OFFLINE)
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


@pytest.mark.parametrize("fault", ["slices", "twice"])
def test_08_what_arrives_in_slices_or_is_replayed_arrives_once(bar: Bar, line: Proxy, fault: str) -> None:
    line.misbehave(fault)
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


def test_08_an_address_that_is_not_found_is_tried_again(bar: Bar) -> None:
    assert bar.drain("https://no-such-cloud.invalid") == 4
    assert bar.states() == [State.PENDING] * 3
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_09_a_connection_that_the_cloud_closed_meanwhile_costs_no_try(bar: Bar, line: Proxy) -> None:
    with bar.through(line.address) as station:
        assert drain_once(station).waiting == 0
        bar.sell_and_close()
        line.misbehave("reset", times=1)
        assert drain_once(station).waiting == 0
    assert bar.everything_arrived_once(4)
    assert bar.queued()[3].attempts == 1


@pytest.mark.parametrize("fault", ["html", "redirect"])
def test_10_a_log_in_page_that_answers_for_the_cloud_delivers_nothing(
    bar: Bar, line: Proxy, fault: str
) -> None:
    line.misbehave(fault)
    clock = FrozenClock(NOON)
    with bar.through(line.address) as reached:
        station = replace(reached, clock=clock)
        drained = drain_once(station)
        assert (drained.link.state, drained.link.reason) == (LinkState.HELD, "not_factorycloud")
        assert bar.states() == [State.PENDING] * 3
        line.behave()
        clock.advance(15 * 60)
        worker = Worker(station)
        while worker.step():
            pass
    assert bar.everything_arrived_once(3)


def test_11_an_answer_that_trickles_ends_at_the_deadline_of_the_whole(bar: Bar, line: Proxy) -> None:
    line.misbehave("trickle")
    begun = time.monotonic()
    with bar.through(line.address, deadline_s=1) as station:
        drained = drain_once(station)
    assert (drained.waiting, drained.link.reason) == (3, "timeout")
    assert time.monotonic() - begun < 30
    line.behave()
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


def test_12_a_token_that_is_not_good_any_more_holds_the_link_until_the_store_is_assigned_again(
    bar: Bar,
) -> None:
    """Ours needs no refresh: a terminal token lasts until it is revoked, here by a second assignment."""
    store = bar.station.credentials().get("terminal")
    assigned = load_assignment(bar.station.database)
    assert store
    assert assigned
    bar.station.credentials().set("terminal", store[:-4] + "AAAA")
    assert bar.drain() == 3
    assert link(bar).state is LinkState.HELD
    assert bar.states() == [State.PENDING] * 3
    assign(bar.station, assigned.company.id, assigned.store.id, History.ALL, move=False)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_13_an_assignment_whose_answer_is_lost_is_made_again(bar: Bar, line: Proxy) -> None:
    assigned = load_assignment(bar.station.database)
    assert assigned
    line.misbehave("answer_lost", times=2, where="/terminals/")
    with bar.through(line.address) as station:
        with pytest.raises(CloudUnreachable):
            assign(station, assigned.company.id, assigned.store.id, History.ALL, move=False)
        assert bar.drain(line.address) == 3  # the cloud has ended the token that is kept here
        assign(station, assigned.company.id, assigned.store.id, History.ALL, move=False)
    assert assigned_store(bar.station.database) == assigned.store
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


def test_24_a_line_that_hangs_does_not_keep_the_service_from_ending(bar: Bar, line: Proxy) -> None:
    line.misbehave("hang", where=" /v1/reports/")  # sending, one or many; the list may be asked for
    with bar.worker(line.address) as service:
        eventually(lambda: any(" /v1/reports/" in request for request in line.seen))
        service.send_signal(signal.SIGTERM)
        assert service.wait(30) == 0
    line.behave()
    assert bar.queued()[0].state is State.SENDING
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


def test_04_a_slow_line_is_only_slow(bar: Bar, line: Proxy) -> None:
    line.misbehave(delay(0.3))
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)
    assert os.path.getsize(bar.home / "logs" / "factorypos.jsonl")  # noqa: PTH202
