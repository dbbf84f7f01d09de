"""The terminal moves to another store: each report goes to the store that it was queued for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from factorypos_tui.cli.worker import _once as send_once
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, assigned_store, load_assignment
from factorypos_tui.core.account.stores import known_store, note_open_stores, open_stores
from factorypos_tui.core.answers import Binding
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError, NotConnected
from factorypos_tui.core.models import Store, Terminal
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.operations.resending import resend_all, resendable
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.operations.verification_wording import finding_words
from factorypos_tui.core.operations.wording import passed_over_words
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.waiting import next_store
from factorypos_tui.core.status.judging import Limits, Surroundings, grade_of, judge
from factorypos_tui.core.status.plugin_line import plugin_line
from factorypos_tui.core.status.status import read_status
from tests.support.stations import EMAIL, PASSWORD, Shop

BUSY = CloudUnreachable("busy", "overloaded")


def with_eva(shop: Shop) -> None:
    """Three reports wait for Ana's store; then she gives the till away, and Eva assigns it to her own."""
    collect(shop.station)
    disconnect(shop.station)
    shop.cloud.release(shop.till.terminal().id)
    accounts.register(shop.station, "eva@example.com", PASSWORD, "Eva")
    shop.assign_new_store("Eva's bar", History.NONE)


def lies_in(shop: Shop) -> dict[int | None, str]:
    """The name of the store in which FactoryCLOUD has each Z."""
    of_reports = shop.cloud.stores_of_reports
    return {
        row.z_number: known_store(shop.station.database, of_reports[row.report_id]).name
        for row in shop.queued()
        if row.report_id in shop.cloud.reports
    }


def check_line(shop: Shop) -> str:
    status, around, limits = read_status(shop.station), Surroundings(has_token=True), Limits()
    matters = judge(status, around, limits)
    return plugin_line(grade_of(matters), matters, status, around, limits)


def states(shop: Shop) -> dict[int | None, State]:
    return {row.z_number: row.state for row in shop.queued()}


def test_reports_that_wait_for_a_store_go_there_after_another_was_assigned(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.fail_sending_with = BUSY
    Worker(connected.station).step()
    connected.assign_new_store("Second bar", History.NONE)
    connected.close_day()
    connected.cloud.fail_sending_with = None
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim") | {4: "Second bar"}
    assert set(states(connected).values()) == {State.DELIVERED}
    assert verify(connected.station).holds


def test_they_go_also_where_the_store_was_left_by_disconnecting_and_where_it_was_revoked(
    connected: Shop,
) -> None:
    collect(connected.station)
    connected.cloud.revoke(connected.till.terminal().id)
    disconnect(connected.station)
    assert open_stores(connected.station.database) == frozenset()
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    connected.assign_new_store("Second bar", History.NONE)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim")


def test_a_cloud_that_could_not_be_asked_when_the_store_was_assigned_is_asked_later(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_line(_token: str) -> Binding:
        raise BUSY

    collect(connected.station)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connected.cloud, "binding", no_line)
        connected.assign_new_store("Second bar", History.NONE)
    assert next_store(connected.station.database) is None
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim")


def test_an_older_cloud_gets_reports_for_the_assigned_store_only(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not know the name of a store in a request, and would put them where the terminal is now."""
    binding = connected.cloud.binding
    collect(connected.station)
    first = assigned_store(connected.station.database)

    def older(token: str) -> Binding:
        bound = binding(token)
        return Binding(bound.company, bound.store, bound.terminal)

    monkeypatch.setattr(connected.cloud, "binding", older)
    connected.assign_new_store("Second bar", History.NONE)
    drain_once(connected.station)
    assert connected.cloud.reports == {}
    company = accounts.companies(connected.station)[0].id
    assign(connected.station, company, first.id, History.NONE, move=False)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim")


def test_reports_of_a_store_of_another_account_wait_for_its_log_in_and_hold_up_no_other(
    connected: Shop,
) -> None:
    with_eva(connected)
    connected.close_day()
    for _day in range(3):
        drain_once(connected.station)
        connected.clock.advance(25 * 3600)
    assert states(connected) == dict.fromkeys((1, 2, 3), State.PENDING) | {4: State.DELIVERED}
    assert load_link(connected.station.database).state is LinkState.ONLINE
    words = f"3 reports wait for Bar Maritim: log in as {EMAIL} and assign that store again."
    assert words in check_line(connected)
    assert words in finding_words(verify(connected.station))
    found = resendable(connected.station)
    assert (found.count, passed_over_words(found, ())) == (
        1,
        [f"3 reports of Bar Maritim are not sent: log in as {EMAIL} and assign that store again."],
    )
    assert resend_all(connected.station) == 1
    drain_once(connected.station)
    connected.cloud.release(connected.till.terminal().id)
    disconnect(connected.station)
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    company = accounts.companies(connected.station)[0].id
    store = accounts.stores(connected.station, company)[0].id
    assign(connected.station, company, store, History.NONE, move=False)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim") | {4: "Eva's bar"}
    assert read_status(connected.station).stranded == ()


def test_a_script_that_sends_once_is_told_that_somebody_has_to_log_in(connected: Shop) -> None:
    with_eva(connected)
    with pytest.raises(NotConnected, match=f"3 reports wait for Bar Maritim: log in as {EMAIL}"):
        send_once(connected.station, as_json=False)
    connected.close_day()
    connected.cloud.fail_sending_with = BUSY
    with pytest.raises(CloudUnreachable):
        send_once(connected.station, as_json=False)


@pytest.mark.parametrize("together", [True, False])
def test_what_the_cloud_takes_no_reports_for_after_all_waits_and_is_no_attention(
    connected: Shop, together: bool
) -> None:
    with_eva(connected)
    database = connected.station.database
    theirs = connected.queued()[0].store_id
    note_open_stores(database, [Store(theirs, "Bar Maritim")])
    if not together:
        database.execute("UPDATE link SET batch_limit = 1")
    assert Worker(connected.station).step()
    assert set(states(connected).values()) == {State.PENDING}
    assert {row.last_error for row in connected.queued()} >= {"store_not_assigned"}
    assert theirs not in open_stores(database)
    assert load_link(database).state is LinkState.ONLINE
    connected.close_day()
    drain_once(connected.station)
    assert states(connected)[4] is State.DELIVERED


def put_back(shop: Shop, row_id: int) -> None:
    Outbox(shop.station.database).put_back([row_id], 401, "terminal_revoked", shop.clock.now())


def recover(shop: Shop, _row_id: int) -> None:
    Outbox(shop.station.database).recover(shop.clock.now(), killed=False)


@pytest.mark.parametrize("come_back", [put_back, recover])
def test_what_is_on_its_way_while_the_store_changes_and_comes_back_keeps_its_store(
    connected: Shop, come_back: Callable[[Shop, int], None]
) -> None:
    collect(connected.station)
    old = assigned_store(connected.station.database).id
    assert Outbox(connected.station.database).claim(old, 1, connected.clock.now())
    connected.assign_new_store("Second bar", History.NONE)
    come_back(connected, 1)
    collect(connected.station)
    drain_once(connected.station)
    assert {row.store_id for row in connected.queued()} == {old}
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim")


def test_what_failed_less_often_goes_first_whichever_store_it_is_for(connected: Shop) -> None:
    collect(connected.station)
    first = assigned_store(connected.station.database).id
    connected.assign_new_store("Second bar", History.NONE)
    second = assigned_store(connected.station.database).id
    connected.close_day()
    collect(connected.station)
    assert next_store(connected.station.database) == first
    queue, now = Outbox(connected.station.database), connected.clock.now()
    queue.put_back([row_id for row_id, _report in queue.claim(first, 3, now)], None, "timeout", now)
    assert next_store(connected.station.database) == second


def test_all_is_sent_once_more_each_report_to_its_own_store(connected: Shop) -> None:
    drain_once(connected.station)
    connected.assign_new_store("Second bar", History.NONE)
    connected.close_day()
    drain_once(connected.station)
    connected.cloud.reports.clear()
    assert resend_all(connected.station) == 4
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim") | {4: "Second bar"}


def test_what_a_store_lost_that_was_left_is_found_and_goes_there_again(connected: Shop) -> None:
    drain_once(connected.station)
    connected.assign_new_store("Second bar", History.NONE)
    lost = next(report for report in connected.cloud.reports.values() if report.z_number == 2)
    del connected.cloud.reports[lost.id]
    connected.clock.advance(25 * 3600)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), "Bar Maritim")


def test_the_reports_of_the_till_that_stood_here_before_go_before_another_is_assigned(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the token of the terminal that made them can send them."""
    collect(connected.station)
    before = load_assignment(connected.station.database)
    terminal = Terminal("11111111-1111-4111-8111-111111111111", "Till 2")
    status = connected.till.status

    monkeypatch.setattr(connected.till, "status", lambda: replace(status(), terminal=terminal))
    with pytest.raises(FactoryPosError, match=r"3 reports of the till .*\(Terminal 01\) still wait"):
        connected.assign_new_store("Second bar", History.NONE)
    assert load_assignment(connected.station.database) == before
    while Worker(connected.station).step():
        pass
    connected.assign_new_store("Second bar", History.NONE)
    assert assigned_store(connected.station.database).name == "Second bar"
