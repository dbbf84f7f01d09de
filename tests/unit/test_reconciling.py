"""What the cloud lacks is queued again by itself, and never in a circle."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.reconciling import requeue_missing
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.comparison import comparison_is_due, put_comparison_off
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.reports import build_z
from tests.support.sales import period
from tests.support.stations import Shop

DAY_S = timedelta(days=1).total_seconds()


@pytest.fixture
def delivered(connected: Shop) -> Shop:
    drain_once(connected.station)
    return connected


def forget(shop: Shop, *numbers: int) -> None:
    """The cloud is restored from a backup that lacks these."""
    for report in list(shop.cloud.reports.values()):
        if report.z_number in numbers:
            del shop.cloud.reports[report.id]


def held(shop: Shop) -> list[int]:
    return sorted(report.z_number or 0 for report in shop.cloud.reports.values())


def test_gaps_that_a_receipt_names_are_filled_unasked(delivered: Shop) -> None:
    forget(delivered, 2)
    delivered.close_day()
    drain_once(delivered.station)
    assert held(delivered) == [1, 2, 3, 4]


def test_what_no_receipt_can_name_is_found_within_a_day(delivered: Shop) -> None:
    forget(delivered, 2, 3)
    drain_once(delivered.station)
    assert held(delivered) == [1]
    delivered.clock.advance(DAY_S)
    drain_once(delivered.station)
    assert held(delivered) == [1, 2, 3]


@pytest.mark.parametrize(("last_error", "rest"), [(None, 60), ("report_conflict", 15)])
def test_a_comparison_that_failed_rests_and_is_tried_again(
    delivered: Shop, last_error: str | None, rest: int
) -> None:
    database, now = delivered.station.database, delivered.clock.now()
    if last_error:
        database.execute(
            "UPDATE shipment SET state = 'attention', last_error = ? WHERE z_number = 2", last_error
        )
    put_comparison_off(database, now)
    for minutes in (0, rest - 1):
        assert not comparison_is_due(database, now + timedelta(minutes=minutes))
    assert comparison_is_due(database, now + timedelta(minutes=rest))


def test_a_cloud_that_lies_about_gaps_gets_each_report_once_a_day(
    delivered: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int | None] = []
    send = delivered.cloud.send

    def lie(token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        sent.append(report.z_number)
        return replace(send(token, report, store_id), missing_z_numbers=tuple(range(1, 5000)))

    monkeypatch.setattr(delivered.cloud, "send", lie)
    delivered.close_day()
    drain_once(delivered.station)
    assert sorted(number or 0 for number in sent) == [1, 2, 3, 4, 4]
    delivered.clock.advance(DAY_S + 1)
    drain_once(delivered.station)
    delivered.close_day()
    drain_once(delivered.station)
    assert len(sent) == 5 + 6


def test_however_many_the_cloud_lost_all_are_queued_at_once(delivered: Shop) -> None:
    assignment, database = load_assignment(delivered.station.database), delivered.station.database
    assert assignment
    queue, now = Outbox(database), delivered.clock.now()
    many = [build_z(replace(period(n), terminal=assignment.terminal), [], None) for n in range(4, 1300)]
    for report in many:
        queue.enqueue(report, assignment.store.id, now, now)
    database.execute("UPDATE shipment SET state = 'delivered'")
    assert requeue_missing(database, assignment, range(1, 5000), now) == 1299


def test_what_the_cloud_lost_goes_again_in_the_same_run_where_only_the_till_has_its_bytes(
    delivered: Shop,
) -> None:
    database = delivered.station.database
    database.execute("DELETE FROM body WHERE shipment_id = (SELECT id FROM shipment WHERE z_number = 2)")
    forget(delivered, 2)
    delivered.clock.advance(DAY_S)
    assert drain_once(delivered.station).waiting == 0
    assert held(delivered) == [1, 2, 3]


def test_gaps_that_the_same_batch_fills_are_not_filled_again(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cloud that takes a batch report by report names, with each, what the next ones bring."""
    batches: list[list[int | None]] = []
    send = connected.cloud.send_batch

    def name_gaps(
        token: str, reports: Sequence[Report], store_id: str | None = None
    ) -> Sequence[Acknowledgement | CloudRefused]:
        batches.append([report.z_number for report in reports])
        numbers = [report.z_number or 0 for report in reports]
        return [
            replace(answer, missing_z_numbers=tuple(numbers[place + 1 :]))
            for place, answer in enumerate(send(token, reports, store_id))
            if isinstance(answer, Acknowledgement)
        ]

    monkeypatch.setattr(connected.cloud, "send_batch", name_gaps)
    drain_once(connected.station)
    assert batches == [[1, 2, 3]]


def test_a_list_that_cannot_be_had_neither_holds_the_link_nor_is_asked_for_again_at_once(
    delivered: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fail(*_args: object) -> list[object]:
        asked.append(1)
        raise CloudRefused("no such call", 404, "not_found")

    monkeypatch.setattr(delivered.cloud, "held_zs", fail)
    delivered.clock.advance(DAY_S)
    worker = Worker(delivered.station)
    for _ in range(5):
        assert not worker.step()
    delivered.close_day()
    drain_once(delivered.station)
    assert held(delivered) == [1, 2, 3, 4]
    assert len(asked) == 1


def test_nothing_is_compared_while_the_link_rests(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    worker = Worker(connected.station, chance=lambda: 0.5)
    assert worker.step()
    assert not worker.step()


def test_a_report_whose_sender_is_killed_three_times_waits_for_a_person_and_gets_a_chance_a_day(
    connected: Shop,
) -> None:
    collect(connected.station)
    now, store = connected.clock.now(), connected.queued()[0].store_id
    queue = Outbox(connected.station.database)
    assert len(queue.claim(store, 200, now)) == 3
    queue.recover(now, killed=True)
    while claimed := queue.claim(store, 200, now):
        ((row_id, report),) = claimed
        if report.z_number == 1:
            queue.recover(now, killed=True)
        else:
            queue.acknowledge(row_id, Acknowledgement(report.id, report.content_hash, "created", now), now)
    assert [row.state for row in connected.queued()] == [State.ATTENTION, State.DELIVERED, State.DELIVERED]
    assert (connected.queued()[0].last_error, connected.queued()[0].attempts) == ("crashes", 3)
    drain_once(connected.station)
    assert 1 not in held(connected)
    connected.clock.advance(DAY_S)
    drain_once(connected.station)
    drain_once(connected.station)
    assert 1 in held(connected)


def test_power_cuts_are_no_reports_fault(connected: Shop) -> None:
    collect(connected.station)
    now, store = connected.clock.now(), connected.queued()[0].store_id
    queue = Outbox(connected.station.database)
    for _ in range(9):
        assert len(queue.claim(store, 200, now)) == 3
        queue.recover(now, killed=False)
    drain_once(connected.station)
    assert held(connected) == [1, 2, 3]
