"""From closes to queued reports, and the running day at its intervals."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.account.stores import known_store
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.next_x import next_x_at
from factorypos_tui.core.delivery.phases import next_moment
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import FactoryPosError, TillError, TokenRefused
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.core.settings import set_setting
from tests.support.stations import MORNING, Shop, body_of, open_shop


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
    bodies = [json.loads(body_of(shop.station.database, row.id)) for row in (second, third)]
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
        return [(row.report_id, body_of(database, row.id)) for row in connected.queued()]

    collect(connected.station)
    before = bytes_queued()
    connected.lose_the_queue()
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
    due = next_x_at(connected.station)
    assert due
    assert due == next_moment(connected.till.terminal().id, timedelta(minutes=30), MORNING)
    connected.clock.advance((due - MORNING).total_seconds() - 1)
    assert not enqueue_x(connected.station)
    connected.clock.advance(1)
    assert enqueue_x(connected.station)
    first, second = connected.queued()
    assert (first.state, second.state) == (State.SUPERSEDED, State.PENDING)
    assert second.revision > first.revision
    assert next_x_at(connected.station) == due + timedelta(minutes=30)


def test_an_x_that_came_late_moves_no_later_one(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()
    assert enqueue_x(connected.station)
    due = next_x_at(connected.station)
    assert due
    connected.clock.advance((due - MORNING).total_seconds() + 100)
    assert enqueue_x(connected.station)
    assert next_x_at(connected.station) == due + timedelta(minutes=30)


def test_a_clock_set_back_a_day_does_not_silence_the_running_day(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()
    enqueue_x(connected.station)
    connected.clock.jump(MORNING - timedelta(days=1))
    assert enqueue_x(connected.station)


def restore_till(shop: Shop, backup: bytes) -> None:
    """Put an earlier copy of the till's file back, as a technician does."""
    shop.till.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{shop.till._path}{suffix}").unlink(missing_ok=True)
    shop.till._path.write_bytes(backup)
    shop.till._database = None


def backup_of(shop: Shop) -> bytes:
    shop.till.database().rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return shop.till._path.read_bytes()


def test_numbers_that_a_restored_till_closes_again_are_queued_for_the_cloud_to_judge(connected: Shop) -> None:
    collect(connected.station)
    backup = backup_of(connected)
    connected.close_day()
    connected.close_day()
    collect(connected.station)
    restore_till(connected, backup)
    for _ in range(3):
        connected.clock.advance(60)
        connected.sell()
        connected.close_day()
        collect(connected.station)
    assert numbers(connected) == [1, 2, 3, 4, 5, 4, 5, 6]
    bodies = [json.loads(body_of(connected.station.database, row.id)) for row in connected.queued()]
    assert [body["previous_hash"] for body in bodies[5:]] == [
        bodies[2]["content_hash"],
        bodies[5]["content_hash"],
        bodies[6]["content_hash"],
    ]


def test_another_till_in_the_place_of_the_assigned_one_waits_for_a_person(
    connected: Shop, tmp_path: Path
) -> None:
    collect(connected.station)
    with open_shop(tmp_path / "other", days=2) as other:
        replaced = replace(connected.station, till=other.till)
        with pytest.raises(TillError, match="another till"):
            collect(replaced)
        with pytest.raises(FactoryPosError, match=r"3 reports .* still wait"):
            replace(connected, station=replaced, till=other.till).assign_new_store("Second bar")
        while Worker(replaced).step():
            pass
        assign_again = replace(connected, station=replaced, till=other.till)
        assign_again.assign_new_store("Second bar")
        assert collect(replaced) == 2


def test_a_close_that_was_not_collected_yet_goes_to_the_store_that_is_left(connected: Shop) -> None:
    collect(connected.station)
    Worker(connected.station).step()
    connected.close_day()
    connected.assign_new_store("Second bar", History.NONE)
    connected.close_day()
    drain_once(connected.station)
    assert [stores_of(connected)[number] for number in range(1, 6)] == ["Bar Maritim"] * 4 + ["Second bar"]
    assert {s.state for s in connected.queued()} == {State.DELIVERED}


def stores_of(shop: Shop) -> dict[int | None, str]:
    """Where FactoryCLOUD has each Z."""
    lies_in = shop.cloud.stores_of_reports
    return {
        row.z_number: known_store(shop.station.database, lies_in[row.report_id]).name for row in shop.queued()
    }


def test_assigning_the_same_store_again_leaves_nothing_out(connected: Shop) -> None:
    assignment = load_assignment(connected.station.database)
    assert assignment
    company, store = assignment.company.id, assignment.store.id
    assign(connected.station, company, store, History.NONE, move=False)
    collect(connected.station)
    assert numbers(connected) == [1, 2, 3]


def test_all_the_history_goes_up_once_more_to_the_store_that_it_was_made_for(connected: Shop) -> None:
    drain_once(connected.station)
    connected.assign_new_store("Second bar", History.ALL)
    assert {s.state for s in connected.queued()} == {State.PENDING}
    drain_once(connected.station)
    assert {s.result for s in connected.queued()} == {"unchanged"}
    assert set(stores_of(connected).values()) == {"Bar Maritim"}


def test_a_collector_that_started_before_a_new_assignment_stops(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = connected.till.receipts

    def assign_meanwhile(period_id: str) -> Iterator[Receipt]:
        connected.clock.advance(1)
        connected.station.database.execute(
            "UPDATE assignment SET store_id = 'b', assigned_at = ?", rfc3339(connected.clock.now())
        )
        return receipts(period_id)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connected.till, "receipts", assign_meanwhile)
        assert collect(connected.station) == 0
    assert collect(connected.station) == 3
    assert {shipment.store_id for shipment in connected.queued()} == {"b"}


def test_a_new_assignment_forgets_what_held_the_link(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.fail_with = TokenRefused("revoked", 401, "terminal_revoked")
    Worker(connected.station).step()
    connected.cloud.fail_with = None
    assignment = load_assignment(connected.station.database)
    assert assignment
    assign(connected.station, assignment.company.id, assignment.store.id, History.ALL, move=False)
    Worker(connected.station).step()
    assert {s.state for s in connected.queued()} == {State.DELIVERED}


def test_revisions_grow_also_where_the_queue_was_lost(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()
    enqueue_x(connected.station)
    (first,) = connected.queued()
    connected.lose_the_queue()
    connected.clock.advance(30 * 60)
    enqueue_x(connected.station)
    (second,) = connected.queued()
    assert second.revision > first.revision


def test_a_till_set_back_behind_a_refused_history_still_sends_its_new_days(connected: Shop) -> None:
    backup = backup_of(connected)
    connected.close_day()
    assignment = load_assignment(connected.station.database)
    assert assignment
    connected.station.database.execute("UPDATE assignment SET first_z = 5")
    collect(connected.station)
    restore_till(connected, backup)
    connected.clock.advance(60)
    connected.sell()
    connected.close_day()
    collect(connected.station)
    assert numbers(connected) == [4]
