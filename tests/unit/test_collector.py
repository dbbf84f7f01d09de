"""From closes to queued reports, and the running day at its intervals."""

import json
from datetime import timedelta

from factorypos_tui.core import shipments
from factorypos_tui.core.assignment import History
from factorypos_tui.core.collector import collect, enqueue_x, next_x_at
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.shipments import State
from tests.stations import MORNING, Shop


def numbers(shop: Shop) -> list[int | None]:
    return [shipment.z_number for shipment in shop.queued()]


def test_nothing_is_collected_before_a_store_is_assigned(shop: Shop) -> None:
    shop.close_day()
    assert collect(shop.station) == 0


def test_every_closed_day_is_queued_once(connected: Shop) -> None:
    assert collect(connected.station) == 3
    assert collect(connected.station) == 0
    assert numbers(connected) == [1, 2, 3]


def test_closes_made_while_nothing_ran_are_found(connected: Shop) -> None:
    collect(connected.station)
    connected.sell()
    connected.close_day()
    connected.close_day()
    assert collect(connected.station) == 2
    assert numbers(connected) == [1, 2, 3, 4, 5]


def test_without_history_only_what_is_closed_from_now_on_is_sent(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.NONE)
    assert collect(shop.station) == 0
    shop.close_day()
    assert collect(shop.station) == 1
    assert numbers(shop) == [2]


def test_each_z_carries_the_hash_of_the_one_before_also_of_one_that_was_not_sent(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.NONE)
    shop.close_day()
    shop.close_day()
    collect(shop.station)
    second, third = shop.queued()
    bodies = [json.loads(shipments.body(shop.station.database, row.id)) for row in (second, third)]
    first_hash = shop.station.database.value("SELECT content_hash FROM z_hash WHERE z_number = 1")
    assert [body["previous_hash"] for body in bodies] == [first_hash, second.content_hash]


def test_assigning_with_all_history_later_queues_what_was_left_out(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.NONE)
    collect(shop.station)
    shop.assign_new_store("Second bar", History.ALL)
    assert collect(shop.station) == 1
    assert numbers(shop) == [1]


def test_a_lost_queue_is_rebuilt_with_the_same_ids_and_bytes(connected: Shop) -> None:
    def bytes_queued() -> list[tuple[str, bytes]]:
        database = connected.station.database
        return [(row.report_id, shipments.body(database, row.id)) for row in connected.queued()]

    collect(connected.station)
    before = bytes_queued()
    for table in ("shipment", "z_hash"):
        connected.station.database.execute(f"DELETE FROM {table}")
    connected.station.database.execute("UPDATE assignment SET collected_z = 0")
    collect(connected.station)
    assert bytes_queued() == before


def test_the_running_day_goes_up_only_if_wanted_and_if_there_is_something_to_tell(connected: Shop) -> None:
    connected.sell()
    assert next_x_at(connected.station) is None
    assert not enqueue_x(connected.station)
    set_setting(connected.station.database, "send_x_report", "on")
    assert next_x_at(connected.station) == MORNING
    assert enqueue_x(connected.station)
    assert [(s.kind, s.state) for s in connected.queued()] == [("X", State.PENDING)]


def test_an_empty_running_day_is_not_sent(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    assert not enqueue_x(connected.station)


def test_the_running_day_goes_up_every_half_hour_with_a_growing_revision(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()
    assert enqueue_x(connected.station)
    connected.clock.advance(29 * 60)
    assert not enqueue_x(connected.station)
    connected.clock.advance(60)
    assert enqueue_x(connected.station)
    first, second = connected.queued()
    assert (first.state, second.state) == (State.SUPERSEDED, State.PENDING)
    assert second.revision > first.revision
    assert next_x_at(connected.station) == connected.clock.now() + timedelta(minutes=30)


def test_a_clock_set_back_a_day_does_not_silence_the_running_day(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()
    enqueue_x(connected.station)
    connected.clock.jump(MORNING - timedelta(days=1))
    assert enqueue_x(connected.station)
