"""Days that were closed before a store is assigned: what goes up, what is left out, and how it is told."""

from typing import Any

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import (
    TERMINAL,
    History,
    assigned_store,
    kept_of,
)
from factorypos_tui.core.answers import Enrolment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError, NotConnected
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.operations import sending_left_out
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.operations.outlook import look_ahead
from factorypos_tui.core.operations.outlook_wording import choices, there_words
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.operations.sending_left_out import left_out_here, send_left_out
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.operations.verification_wording import finding_words, verdict_words
from factorypos_tui.core.queue.left_out import left_out_by, spans
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.status import read_status, status_document
from tests.support.stations import EMAIL, PASSWORD, Shop


@pytest.fixture
def skipped(connected: Shop) -> str:
    """Z 1 to 3 were delivered, then it was disconnected; Z 4 was closed before anybody logged in again. Its
    store."""
    drain_once(connected.station)
    store = assigned_store(connected.station.database)
    disconnect(connected.station)
    connected.sell("CAFE")
    assert connected.close_day() == 4
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    return store.id


def assign_again(shop: Shop, store_id: str, history: History) -> None:
    company = accounts.companies(shop.station)[0]
    assign(shop.station, company.id, store_id, history, move=False)


def in_the_cloud(shop: Shop) -> list[int]:
    return sorted(report.z_number or 0 for report in shop.cloud.reports.values())


def in_status(shop: Shop) -> object:
    return status_document(read_status(shop.station), connected=True)["queue"]["left_out"]


def test_what_the_cloud_lacks_since_the_disconnection_goes_up(connected: Shop, skipped: str) -> None:
    assign_again(connected, skipped, History.MISSING)
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 4]
    assert in_status(connected) == []
    assert verify(connected.station).holds


def test_what_is_left_out_by_choice_is_named_for_ever_and_can_be_sent(connected: Shop, skipped: str) -> None:
    station = connected.station
    assign_again(connected, skipped, History.NONE)
    connected.close_day()
    drain_once(station)
    assert resend_all(station) == 4
    drain_once(station)
    assert in_the_cloud(connected) == [1, 2, 3, 5]
    for _day in range(3):
        connected.clock.advance(25 * 3600)
        drain_once(station)
        assert in_status(connected) == [{"first": 4, "last": 4}]
        found = verify(station)
        assert ([z.z_number for z in found.left_out], found.holds, found.repairable) == ([4], False, ())
        assert verdict_words(found) == "4 of 5 Z reports are in FactoryCLOUD, identical."
        assert finding_words(found)[0].startswith("Left out by choice when the store was assigned: Z 4.")
    assert send_left_out(station, [4]) == 1
    assert (in_status(connected), left_out_here(station)) == ([], frozenset())
    drain_once(station)
    assert in_the_cloud(connected) == [1, 2, 3, 4, 5]
    assert verify(station).holds


def test_a_day_that_the_engine_collects_first_is_counted(
    connected: Shop, skipped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assign_again(connected, skipped, History.NONE)
    forget = sending_left_out._forget

    def forget_while_the_engine_looks(station: Station, *about: Any) -> None:
        forget(station, *about)
        assert collect(station) == 1

    monkeypatch.setattr(sending_left_out, "_forget", forget_while_the_engine_looks)
    assert send_left_out(connected.station, [4]) == 1


def test_only_a_closed_day_that_is_in_no_queue_is_sent_so(connected: Shop, skipped: str) -> None:
    with pytest.raises(NotConnected):
        send_left_out(connected.station, [4])
    assign_again(connected, skipped, History.NONE)
    with pytest.raises(FactoryPosError, match="Z 3 was not left out"):
        send_left_out(connected.station, [3, 4])
    with pytest.raises(FactoryPosError, match="has closed no Z 9"):
        send_left_out(connected.station, [4, 9])
    assert in_status(connected) == [{"first": 4, "last": 4}]


def test_a_till_that_cannot_be_asked_leaves_the_choice_as_it_was(connected: Shop, skipped: str) -> None:
    assign_again(connected, skipped, History.NONE)
    connected.till._path.rename(connected.till._path.with_name("away.db"))
    with pytest.raises(FactoryPosError):
        send_left_out(connected.station, [4])
    connected.till._path.with_name("away.db").rename(connected.till._path)
    assert in_status(connected) == [{"first": 4, "last": 4}]


def test_the_choice_survives_the_loss_of_the_queue(connected: Shop, skipped: str) -> None:
    database = connected.station.database
    assign_again(connected, skipped, History.NONE)
    drain_once(connected.station)
    connected.lose_the_queue()
    for table in ("assignment", "left_out"):
        database.execute(f"DELETE FROM {table}")
    assert recall_assignment(connected.station)
    connected.clock.advance(60)
    connected.close_day()
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 5]
    assert in_status(connected) == [{"first": 4, "last": 4}]
    send_left_out(connected.station, [4])
    kept = kept_of(connected.credentials.get(TERMINAL))
    assert kept
    assert kept.left_out == ()


def test_choosing_what_is_missing_later_takes_up_what_was_left_out(connected: Shop, skipped: str) -> None:
    assign_again(connected, skipped, History.NONE)
    assign_again(connected, skipped, History.MISSING)
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 4]
    assert in_status(connected) == []


def test_what_was_closed_for_the_store_in_force_is_never_left_out(connected: Shop) -> None:
    """Assigned again while the app was closed: the day was made for this store."""
    drain_once(connected.station)
    connected.close_day()
    store = assigned_store(connected.station.database)
    assign_again(connected, store.id, History.NONE)
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 4]


def test_a_day_closed_while_the_store_is_assigned_is_not_left_out(
    connected: Shop, skipped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol = connected.cloud.enrol

    def close_meanwhile(
        token: str, store: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        connected.close_day()
        return enrol(token, store, terminal, software, move=move)

    monkeypatch.setattr(connected.cloud, "enrol", close_meanwhile)
    assign_again(connected, skipped, History.NONE)
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 5]
    assert in_status(connected) == [{"first": 4, "last": 4}]


def test_days_before_the_first_that_the_cloud_has_stay_left_out(shop: Shop) -> None:
    for _day in range(2):
        shop.close_day()
    shop.connect(History.NONE)
    shop.close_day()
    drain_once(shop.station)
    store = assigned_store(shop.station.database)
    disconnect(shop.station)
    shop.close_day()
    accounts.log_in(shop.station, EMAIL, PASSWORD)
    assign_again(shop, store.id, History.MISSING)
    drain_once(shop.station)
    assert in_the_cloud(shop) == [3, 4]
    assert in_status(shop) == [{"first": 1, "last": 2}]


def test_where_the_cloud_has_none_all_go_up(shop: Shop) -> None:
    for _day in range(2):
        shop.close_day()
    shop.connect(History.MISSING)
    drain_once(shop.station)
    assert in_the_cloud(shop) == [1, 2]


def test_where_the_cloud_cannot_say_what_is_not_known_as_delivered_goes_up(
    connected: Shop, skipped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_list(*_arguments: object) -> None:
        raise CloudUnreachable("no network", "connection")

    monkeypatch.setattr(connected.cloud, "held_zs", no_list)
    assign_again(connected, skipped, History.MISSING)
    drain_once(connected.station)
    assert in_the_cloud(connected) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("history", "held", "queued", "left_out"),
    [
        (History.ALL, {1, 2}, {1}, frozenset()),
        (History.MISSING, set(), set(), frozenset()),
        (History.MISSING, {3, 5}, {3}, frozenset({1, 2})),
        (History.MISSING, {3, 5}, {1, 3}, frozenset({2})),
        (History.MISSING, None, {3}, frozenset()),
        (History.NONE, {1, 2, 3}, {5}, frozenset({4, 6})),
        (History.NONE, None, {5}, frozenset({1, 2, 3, 4, 6})),
    ],
)
def test_what_a_history_comes_to(
    history: History, held: set[int] | None, queued: set[int], left_out: frozenset[int]
) -> None:
    assert left_out_by(history, {1, 2, 3, 4, 5, 6}, held, queued) == left_out


def test_runs_of_numbers_have_a_first_and_a_last() -> None:
    assert spans([7, 1, 2, 4, 3]) == ((1, 4), (7, 7))
    assert spans([]) == ()


def test_the_outlook_says_what_is_there_and_what_is_missing(connected: Shop, skipped: str) -> None:
    outlook = look_ahead(connected.station, skipped)
    assert there_words(outlook) == "3 are there already; missing: Z 4 (23 Nov, 1.40)."
    assert list(choices(outlook).items()) == [
        ("missing", "Send the missing day, and every day from now on"),
        ("all", "Send all 4 again, and every day from now on"),
        ("none", "Leave it out: send only what is closed from now on"),
    ]
    assign_again(connected, skipped, History.NONE)
    outlook = look_ahead(connected.station, skipped)
    assert there_words(outlook) == "3 are there already; missing: Z 4 (23 Nov, 1.40)."
    send_left_out(connected.station, [4])
    drain_once(connected.station)
    outlook = look_ahead(connected.station, skipped)
    assert there_words(outlook) == "FactoryCLOUD has them all."
    assert list(choices(outlook)) == ["missing", "all"]


def test_the_outlook_names_many_days_by_their_numbers_and_what_was_left_out(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.NONE)
    shop.close_day()
    drain_once(shop.station)
    store = assigned_store(shop.station.database)
    disconnect(shop.station)
    for _day in range(4):
        shop.close_day()
    accounts.log_in(shop.station, EMAIL, PASSWORD)
    words = there_words(look_ahead(shop.station, store.id))
    assert words == "1 is there already; missing: Z 3-6. Left out until now: Z 1."


@pytest.mark.parametrize(
    "error", [CloudRefused("", 405, "method_not_allowed"), CloudUnreachable("no network", "connection")]
)
def test_a_cloud_that_cannot_say_is_offered_what_is_not_known_as_delivered(
    connected: Shop, skipped: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def cannot_say(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(connected.cloud, "known_terminal", cannot_say)
    found = look_ahead(connected.station, skipped)
    assert (found.there, found.lacking) == (None, 1)
    assert "cannot say" in there_words(found)
    assert choices(found)[History.MISSING] == "Send the missing day, and every day from now on"


def test_a_day_with_a_number_that_was_left_out_is_sent_where_the_till_was_set_back(
    connected: Shop, skipped: str
) -> None:
    assign_again(connected, skipped, History.NONE)
    connected.station.database.execute(
        "UPDATE assignment SET assigned_at = '2020-01-01T00:00:00.000Z', collected_z = 0"
    )
    collect(connected.station)
    assert in_status(connected) == []
