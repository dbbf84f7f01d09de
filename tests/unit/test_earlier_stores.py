"""A day keeps its store, also if it is queued late: its rows were mended after the store had changed, or the
queue was lost."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import (
    EARLIER_STORES,
    History,
    Kept,
    assigned_store,
    kept_of,
)
from factorypos_tui.core.account.earlier_stores import EarlierStores, earlier_stores_of, settled
from factorypos_tui.core.answers import Binding
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.models import Close
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.operations.sending_left_out import send_left_out
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.waiting import waiting_but_for
from factorypos_tui.core.recovery.recovery import mend as set_aside_and_rebuild
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.status.status import read_status
from factorypos_tui.core.storage.facts import fact, keep_fact
from tests.support.stations import EMAIL, PASSWORD, Shop
from tests.unit.damaging import lose_the_queue
from tests.unit.test_any_rows import mend
from tests.unit.test_collector import backup_of, restore_till

FIRST, SECOND, EVAS = "Bar Maritim", "Second bar", "Eva's bar"
DAY, LATER = "2026-11-23T20:00:00.000Z", "2026-11-24T20:00:00.000Z"
A_TIME_ZONE = "UPDATE periods SET timezone = '{}' WHERE z_number = {}"


def stores(shop: Shop) -> dict[int | None, str]:
    """The name of the store that each Z here is for."""
    names = {
        store.id: store.name
        for account in shop.cloud._accounts.values()
        for found in account.stores.values()
        for store in found.values()
    }
    return {row.z_number: names[row.store_id] for row in shop.queued() if row.z_number}


def lies_in(shop: Shop) -> dict[int | None, str]:
    """The same for what has arrived."""
    arrived = {row.z_number for row in shop.queued() if row.report_id in shop.cloud.reports}
    assert all(
        shop.cloud.stores_of_reports[row.report_id] == row.store_id
        for row in shop.queued()
        if row.z_number in arrived and row.result != "elsewhere"
    )
    return {number: store for number, store in stores(shop).items() if number in arrived}


def close_a_day(shop: Shop) -> int:
    shop.clock.advance(3600)
    shop.sell()
    return shop.close_day()


def close_a_bad_day(shop: Shop) -> int:
    number = close_a_day(shop)
    mend(shop, A_TIME_ZONE.format("Mars/Olympus", number))
    return number


def mend_day(shop: Shop, number: int) -> None:
    mend(shop, A_TIME_ZONE.format("Europe/Madrid", number))


def give_to_eva(shop: Shop, history: History = History.NONE) -> None:
    shop.cloud.release(shop.till.terminal().id)
    disconnect(shop.station)
    accounts.register(shop.station, "eva@example.com", PASSWORD, "Eva")
    shop.assign_new_store(EVAS, history)


def lose_and_recall(shop: Shop) -> None:
    lose_the_queue(shop)
    assert recall_assignment(shop.station)


def test_days_that_waited_for_a_store_that_was_left_go_there_after_the_queue_is_lost(connected: Shop) -> None:
    collect(connected.station)
    connected.assign_new_store(SECOND, History.NONE)
    close_a_day(connected)
    lose_and_recall(connected)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), FIRST) | {4: SECOND}
    connected.cloud.reports.clear()
    assert resend_all(connected.station) == 4
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), FIRST) | {4: SECOND}


def test_so_they_do_where_the_store_is_assigned_again_before_it_is_recalled(connected: Shop) -> None:
    collect(connected.station)
    connected.assign_new_store(SECOND, History.NONE)
    close_a_day(connected)
    lose_the_queue(connected)
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    connected.assign_new_store("Third bar", History.NONE)
    close_a_day(connected)
    lose_and_recall(connected)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3), FIRST) | {4: SECOND, 5: "Third bar"}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("by_disconnecting", [False, True])
def test_a_day_that_is_mended_after_the_store_has_changed_goes_to_the_store_it_was_closed_under(
    connected: Shop, by_disconnecting: bool, lost: bool
) -> None:
    drain_once(connected.station)
    bad = close_a_bad_day(connected)
    if by_disconnecting:
        disconnect(connected.station)
        accounts.log_in(connected.station, EMAIL, PASSWORD)
    connected.assign_new_store(SECOND, History.NONE)
    close_a_day(connected)
    drain_once(connected.station)
    if lost:
        lose_and_recall(connected)
    mend_day(connected, bad)
    drain_once(connected.station)
    assert lies_in(connected) == dict.fromkeys((1, 2, 3, bad), FIRST) | {5: SECOND}


def test_a_day_that_was_left_out_goes_to_the_store_for_which_it_is_sent_after_all(shop: Shop) -> None:
    for _day in range(3):
        close_a_day(shop)
    shop.connect(History.NONE)
    close_a_day(shop)
    collect(shop.station)
    shop.assign_new_store(SECOND, History.NONE)
    assert send_left_out(shop.station, [2]) == 1
    close_a_day(shop)
    shop.cloud.reports.clear()
    lose_and_recall(shop)
    drain_once(shop.station)
    assert lies_in(shop) == {2: SECOND, 4: FIRST, 5: SECOND}
    assert days_left_out(shop.station.database, shop.till.terminal().id) == {1, 3}
    shop.cloud.reports.clear()
    accounts.log_in(shop.station, EMAIL, PASSWORD)
    shop.assign_new_store("Third bar", History.ALL)
    drain_once(shop.station)
    assert lies_in(shop) == {1: "Third bar", 2: SECOND, 3: "Third bar", 4: FIRST, 5: SECOND}


@pytest.mark.parametrize("lost", [False, True])
def test_a_till_that_was_restored_closes_a_number_again_for_the_store_in_force(
    connected: Shop, lost: bool
) -> None:
    backup = backup_of(connected)
    close_a_day(connected)
    collect(connected.station)
    connected.clock.advance(60)
    connected.assign_new_store(SECOND, History.NONE)
    connected.cloud.assigned_at = connected.clock.now()
    restore_till(connected, backup)
    connected.clock.advance(60)
    assert close_a_day(connected) == 4
    if lost:
        lose_and_recall(connected)
    collect(connected.station)
    assert [row.store_id for row in connected.queued() if row.z_number == 4][-1] == assigned_store(
        connected.station.database
    ).id


def test_after_a_loss_days_of_another_account_wait_for_it_unless_it_had_got_them(connected: Shop) -> None:
    drain_once(connected.station)
    close_a_day(connected)
    give_to_eva(connected)
    close_a_day(connected)
    lose_and_recall(connected)
    drain_once(connected.station)
    elsewhere = [row.z_number for row in connected.queued() if row.result == "elsewhere"]
    assert elsewhere == [1, 2, 3]
    (waiting,) = read_status(connected.station).stranded
    assert (waiting.reports, stores(connected)[4]) == (1, FIRST)
    assert lies_in(connected) == {1: EVAS, 2: EVAS, 3: EVAS, 5: EVAS}


def test_a_cloud_that_takes_reports_for_one_store_only_still_says_what_it_has(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    binding = connected.cloud.binding

    def older(token: str) -> Binding:
        bound = binding(token)
        return Binding(bound.company, bound.store, bound.terminal, bound.since)

    drain_once(connected.station)
    monkeypatch.setattr(connected.cloud, "binding", older)
    connected.assign_new_store(SECOND, History.NONE)
    lose_and_recall(connected)
    drain_once(connected.station)
    assert stores(connected) == dict.fromkeys((1, 2, 3), FIRST)
    assert waiting_but_for(connected.station.database, ()) == ()


def nonsense(shop: Shop) -> None:
    keep_fact(shop.station.database, EARLIER_STORES, "1-3:somebody")


def leave_it(_shop: Shop) -> None:
    pass


@pytest.mark.parametrize("spoil", [nonsense, leave_it])
def test_what_is_remembered_of_earlier_stores_survives_the_damage_of_the_queue(
    connected: Shop, spoil: Callable[[Shop], None]
) -> None:
    collect(connected.station)
    connected.assign_new_store(SECOND, History.NONE)
    database = connected.station.database
    remembered = fact(database, EARLIER_STORES)
    spoil(connected)
    database.execute("UPDATE body SET bytes = x'00'")
    close_a_day(connected)
    set_aside_and_rebuild(connected.station, database.damaged())
    collect(connected.station)
    assert stores(connected) == dict.fromkeys((1, 2, 3), FIRST) | {4: SECOND}
    assert fact(database, EARLIER_STORES) == remembered


def test_nonsense_is_damage(connected: Shop) -> None:
    nonsense(connected)
    with pytest.raises(DamagedError):
        collect(connected.station)


names = st.text("abz-_09", min_size=1, max_size=36)
runs = st.tuples(st.integers(0, 10**18 - 1), st.integers(0, 10**18 - 1), names)
said = st.builds(EarlierStores, names, st.just(DAY), st.lists(runs, min_size=1, max_size=100).map(tuple))


@given(said, st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), max_size=3).map(tuple))
def test_it_is_read_as_it_was_written(earlier: EarlierStores, left_out: tuple[tuple[int, int], ...]) -> None:
    assert earlier_stores_of(earlier.text()) == earlier
    kept = Kept("token", "store", 1, left_out, earlier)
    assert kept_of(kept.text()) == kept


@pytest.mark.parametrize(
    "text",
    [
        "till",
        f"till,{DAY}",
        f"till,{DAY},1-2",
        f"till,{DAY},1-2:a b",
        f"till,{DAY},1-{'9' * 19}:store",
        f"till,{DAY},{','.join(['1-2:store'] * 101)}",
        "till,2026,1-2:store",
        "till,2026-99-23T20:00:00.000Z,1-2:store",
        f"till,{DAY},1-2:{'s' * 65}",
        f"till,{DAY},١-٢:store",
    ],
)
def test_any_other_text_says_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        earlier_stores_of(text)
    assert kept_of(f"store 1 {text} token") is None
    assert kept_of(f"store {'9' * 5000} token") is None


def test_the_latest_hundred_runs_are_remembered() -> None:
    closes = [Close(number, str(number), DAY) for number in range(1, 301)]
    queued_for: dict[str, str | None] = {str(number): f"store-{number % 2}" for number in range(1, 301)}
    found = settled(EarlierStores(), "till", closes, queued_for, None, set())
    assert (len(found.runs), found.store_of(200, DAY), found.store_of(201, DAY)) == (100, None, "store-1")
    assert earlier_stores_of(found.text()) == found


def test_whose_a_day_is() -> None:
    closes = [Close(number, str(number), DAY) for number in range(1, 7)]
    before = EarlierStores("till", DAY, ((1, 2, "first"),))
    found = settled(before, "till", closes, {"4": "other", "5": None}, "left", {3})
    assert found == EarlierStores("till", DAY, ((1, 2, "first"), (4, 4, "other"), (6, 6, "left")))
    assert [found.store_of(number, DAY) for number in (2, 3, 7)] == ["first", None, None]
    assert found.store_of(2, LATER) is None
    assert settled(before, "till", (), {}, "left", set()) == EarlierStores()
