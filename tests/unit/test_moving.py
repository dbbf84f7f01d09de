"""The terminal moves to another store: what goes along, what stays the old one's."""

from collections.abc import Callable

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import (
    History,
    assigned_store,
    known_store,
    load_assignment,
    terminal_token,
)
from factorypos_tui.core.answers import Enrolment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.queue.queue import Queue
from factorypos_tui.core.queue.requeueing import resend_all
from factorypos_tui.core.queue.shipments import State
from factorypos_tui.core.recovery.rebuilding import take_body_away
from tests.support.stations import EMAIL, PASSWORD, Shop


def test_reports_that_wait_for_a_store_go_there_before_another_is_assigned(connected: Shop) -> None:
    connected.assign_new_store("Second bar", History.NONE)
    assert {
        (s.state, known_store(connected.station.database, s.store_id).name) for s in connected.queued()
    } == {(State.DELIVERED, "Bar Maritim")}
    assignment = load_assignment(connected.station.database)
    assert assignment
    assert assignment.store.name == "Second bar"
    assert terminal_token(connected.station, assignment)


def test_reports_that_cannot_leave_now_keep_the_store_they_were_made_for(connected: Shop) -> None:
    collect(connected.station)
    company = accounts.companies(connected.station)[0]
    second = accounts.create_store(connected.station, company.id, "Second bar", "Europe/Madrid")
    connected.cloud.fail_sending_with = CloudUnreachable("busy", "overloaded")
    with pytest.raises(FactoryPosError, match=r"3 reports still wait for Bar Maritim .*FactoryCLOUD is busy"):
        assign(connected.station, company.id, second.id, History.NONE, move=False)
    assignment = load_assignment(connected.station.database)
    assert assignment
    assert assignment.store.name == "Bar Maritim"
    assert {s.state for s in connected.queued()} == {State.PENDING}


def test_a_revoked_terminal_still_delivers_to_the_old_store_before_it_goes_to_the_new(
    connected: Shop,
) -> None:
    collect(connected.station)
    connected.cloud.revoke(connected.till.terminal().id)
    connected.assign_new_store("Second bar", History.NONE)
    assert {s.state for s in connected.queued()} == {State.DELIVERED}


def test_reports_of_a_store_of_another_account_wait_for_it(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.fail_sending_with = CloudUnreachable("busy", "overloaded")
    Worker(connected.station).step()
    disconnect(connected.station)
    connected.cloud.fail_sending_with = None
    accounts.register(connected.station, "eva@example.com", PASSWORD, "Eva")
    connected.assign_new_store("Eva's bar", History.NONE)
    while Worker(connected.station).step():
        pass
    waiting = {
        (known_store(connected.station.database, s.store_id).name, s.state) for s in connected.queued()
    }
    assert waiting == {("Bar Maritim", State.PENDING)}


def put_back(shop: Shop, row_id: int) -> None:
    Queue(shop.station.database).put_back([row_id], 401, "terminal_revoked", shop.clock.now())


def take_damaged_bytes_away(shop: Shop, row_id: int) -> None:
    take_body_away(shop.station, row_id)


def recover(shop: Shop, _row_id: int) -> None:
    Queue(shop.station.database).recover(shop.clock.now(), killed=False)


@pytest.mark.parametrize("come_back", [put_back, recover, take_damaged_bytes_away])
def test_what_is_on_its_way_while_the_store_changes_and_comes_back_goes_to_the_new_one(
    connected: Shop, monkeypatch: pytest.MonkeyPatch, come_back: Callable[[Shop, int], None]
) -> None:
    """A day is closed while FactoryCLOUD binds the terminal anew, and whoever drains begins to send it with
    the token that ends at that moment."""
    enrol, station = connected.cloud.enrol, connected.station
    old = assigned_store(station.database).id

    def drain_meanwhile(
        token: str, store: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        connected.close_day()
        collect(station)
        assert Queue(station.database).claim(old, 1, connected.clock.now())
        return enrol(token, store, terminal, software, move=move)

    monkeypatch.setattr(connected.cloud, "enrol", drain_meanwhile)
    connected.assign_new_store("Second bar", History.NONE)
    come_back(connected, 4)
    collect(station)
    while Worker(station).step():
        pass
    assert [
        (known_store(station.database, s.store_id).name, s.z_number, s.state) for s in connected.queued()
    ] == [
        *[("Bar Maritim", number, State.DELIVERED) for number in (1, 2, 3)],
        ("Second bar", 4, State.DELIVERED),
    ]
    assert [report.z_number for report in connected.cloud.reports.values()] == [1, 2, 3, 4]


@pytest.mark.parametrize("come_back", [put_back, recover, take_damaged_bytes_away])
def test_what_is_on_its_way_once_more_while_the_store_changes_is_offered_to_the_new_one(
    connected: Shop, monkeypatch: pytest.MonkeyPatch, come_back: Callable[[Shop, int], None]
) -> None:
    """All is sent again while FactoryCLOUD binds the terminal anew, and that try fails."""
    enrol, station = connected.cloud.enrol, connected.station
    old = assigned_store(station.database).id
    collect(station)
    while Worker(station).step():
        pass

    def drain_meanwhile(
        token: str, store: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        assert resend_all(station.database, old, connected.clock.now()) == 3
        assert len(Queue(station.database).claim(old, 3, connected.clock.now())) == 3
        return enrol(token, store, terminal, software, move=move)

    monkeypatch.setattr(connected.cloud, "enrol", drain_meanwhile)
    connected.assign_new_store("Second bar", History.ALL)
    for row_id in (1, 2, 3):
        come_back(connected, row_id)
    collect(station)
    while Worker(station).step():
        pass
    assert [(known_store(station.database, s.store_id).name, s.state) for s in connected.queued()] == [
        ("Second bar", State.DELIVERED)
    ] * 3


@pytest.mark.parametrize("come_back", [None, put_back, recover, take_damaged_bytes_away])
def test_what_is_sent_once_more_while_a_store_is_left_for_good_does_not_wait_for_it(
    connected: Shop, monkeypatch: pytest.MonkeyPatch, come_back: Callable[[Shop, int], None] | None
) -> None:
    """It has them, and nobody sends there any more; what it lost is found when it is assigned again."""
    enrol, station = connected.cloud.enrol, connected.station
    left = assigned_store(station.database)
    collect(station)
    while Worker(station).step():
        pass

    def resend_meanwhile(
        token: str, store: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        assert resend_all(station.database, left.id, connected.clock.now()) == 3
        if come_back:
            assert len(Queue(station.database).claim(left.id, 3, connected.clock.now())) == 3
        return enrol(token, store, terminal, software, move=move)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connected.cloud, "enrol", resend_meanwhile)
        connected.assign_new_store("Second bar", History.NONE)
    for row_id in (1, 2, 3):
        if come_back:
            come_back(connected, row_id)
    assert {(s.store_id, s.state) for s in connected.queued()} == {(left.id, State.DELIVERED)}
    lost = next(report for report in connected.cloud.reports.values() if report.z_number == 2)
    del connected.cloud.reports[lost.id]
    company = accounts.companies(station)[0]
    assign(station, company.id, left.id, History.NONE, move=False)
    while Worker(station).step():
        pass
    assert connected.cloud.reports[lost.id].body == lost.body


def test_what_was_on_its_way_to_its_own_store_before_the_change_comes_back_to_it(connected: Shop) -> None:
    collect(connected.station)
    (old,) = {s.store_id for s in connected.queued()}
    connected.cloud.fail_sending_with = CloudUnreachable("busy", "overloaded")
    disconnect(connected.station)
    Queue(connected.station.database).claim(old, 1, connected.clock.now())
    accounts.register(connected.station, "eva@example.com", PASSWORD, "Eva")
    connected.assign_new_store("Eva's bar", History.NONE)
    recover(connected, 1)
    assert {(s.store_id, s.state) for s in connected.queued()} == {(old, State.PENDING)}


def test_what_waited_while_disconnected_goes_to_its_own_store_when_another_is_assigned(
    connected: Shop,
) -> None:
    disconnect(connected.station)
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    connected.assign_new_store("Second bar", History.NONE)
    assert {
        (s.state, known_store(connected.station.database, s.store_id).name) for s in connected.queued()
    } == {(State.DELIVERED, "Bar Maritim")}


def test_what_a_store_refused_stays_that_stores(connected: Shop) -> None:
    collect(connected.station)
    while Worker(connected.station).step():
        pass
    connected.station.database.execute(
        "UPDATE shipment SET state = 'attention', last_error = 'invalid' WHERE z_number = 1"
    )
    connected.assign_new_store("Second bar", History.ALL)
    (first, *others) = connected.queued()
    assert known_store(connected.station.database, first.store_id).name == "Bar Maritim"
    assert first.state is State.ATTENTION
    assert {known_store(connected.station.database, s.store_id).name for s in others} == {"Second bar"}
