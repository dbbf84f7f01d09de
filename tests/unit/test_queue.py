"""The queue's transitions, on a real file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factorypos_tui.core.account.stores import note_open_stores
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.models import Acknowledgement, Kind, Report, Store
from factorypos_tui.core.queue import counting, shipments
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import resend_all, retry
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.reports import build_x, build_z
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.queued import every
from tests.support.sales import period

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)
STORE = "store-1"
CONFLICT = CloudRefused("another report has this number", 409, "report_conflict")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_sync_db(tmp_path / "sync.db")
    note_open_stores(database, [Store(STORE, "Bar")])
    yield database
    database.close()


@pytest.fixture
def queue(database: Database) -> Outbox:
    return Outbox(database)


def z(number: int) -> Report:
    return build_z(period(number), [], None)


def x(number: int, revision: int) -> Report:
    return build_x(period(number), [], revision, NOW)


def receipt(report: Report) -> Acknowledgement:
    return Acknowledgement(report.id, report.content_hash, "created", NOW)


def states(database: Database) -> list[State]:
    return [shipment.state for shipment in every(database)]


def test_a_report_is_queued_once_however_often_it_is_found(queue: Outbox, database: Database) -> None:
    assert queue.enqueue(z(1), STORE, NOW, NOW)
    assert not queue.enqueue(z(1), STORE, NOW, NOW)
    assert states(database) == [State.PENDING]


def test_many_are_queued_at_once_each_with_its_bytes(queue: Outbox, database: Database) -> None:
    """More than one statement holds, one of them known, one twice, and a Z that replaces the X of its day."""
    queue.enqueue(z(7), STORE, NOW, NOW)
    reports = [x(3, 1), x(3, 2), *(z(number) for number in range(1, 251)), z(250)]
    added = queue.enqueue_all([(report, NOW) for report in reports], STORE, NOW)
    assert {report.id for report in added} == {report.id for report in reports} - {z(7).id}
    assert len(added) == 251
    stored = {row.report_id: shipments.body(database, row.id) for row in every(database)}
    assert all(stored[report.id] == report.body for report in reports if report.kind is Kind.Z)
    assert states(database).count(State.SUPERSEDED) == 2


def test_an_x_that_comes_back_gives_way_to_the_z_that_came_meanwhile(
    queue: Outbox, database: Database
) -> None:
    queue.enqueue(x(1, 1), STORE, NOW, NOW)
    queue.claim(STORE, 1, NOW)
    queue.enqueue(z(1), STORE, NOW, NOW)
    queue.put_back([1], None, "timeout", NOW)
    assert states(database) == [State.SUPERSEDED, State.PENDING]


def test_the_claimed_bytes_are_those_that_were_queued(queue: Outbox) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    ((_row, claimed),) = queue.claim(STORE, 10, NOW)
    assert claimed == z(1)


def test_a_claimed_report_is_claimed_by_nobody_else(queue: Outbox) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    assert len(queue.claim(STORE, 10, NOW)) == 1
    assert queue.claim(STORE, 10, NOW) == ()


def test_only_reports_made_for_the_store_are_claimed(queue: Outbox) -> None:
    queue.enqueue(z(1), "another store", NOW, NOW)
    assert queue.claim(STORE, 10, NOW) == ()


def test_reports_leave_in_their_order(queue: Outbox) -> None:
    for number in (3, 1, 2):
        queue.enqueue(z(number), STORE, NOW, NOW)
    assert [report.z_number for _row, report in queue.claim(STORE, 10, NOW)] == [3, 1, 2]


def test_a_report_that_failed_stands_behind_those_that_did_not(queue: Outbox) -> None:
    for number in (1, 2):
        queue.enqueue(z(number), STORE, NOW, NOW)
    ((row, first),) = queue.claim(STORE, 1, NOW)
    queue.put_back([row], None, "server_error", NOW)
    assert first.z_number == 1
    assert [report.z_number for _row, report in queue.claim(STORE, 10, NOW)] == [2, 1]


def test_a_request_stays_within_its_size_but_always_carries_one(
    queue: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        queue.enqueue(z(number), STORE, NOW, NOW)
    monkeypatch.setattr("factorypos_tui.core.queue.outbox.MAX_BATCH_BYTES", len(z(1).body) + 10)
    assert [len(queue.claim(STORE, 10, NOW)) for _ in range(3)] == [1, 1, 1]


def test_a_newer_x_and_the_z_supersede_what_has_not_left(queue: Outbox, database: Database) -> None:
    queue.enqueue(x(1, revision=1), STORE, NOW, NOW)
    queue.enqueue(x(1, revision=2), STORE, NOW, NOW)
    assert states(database) == [State.SUPERSEDED, State.PENDING]
    queue.enqueue(z(1), STORE, NOW, NOW)
    assert states(database) == [State.SUPERSEDED, State.SUPERSEDED, State.PENDING]


def test_an_x_under_way_is_not_superseded_until_it_comes_back(queue: Outbox, database: Database) -> None:
    queue.enqueue(x(1, revision=1), STORE, NOW, NOW)
    ((row, _report),) = queue.claim(STORE, 1, NOW)
    queue.enqueue(x(1, revision=2), STORE, NOW, NOW)
    assert states(database) == [State.SENDING, State.PENDING]
    queue.put_back([row], None, "timeout", NOW)
    assert states(database) == [State.SUPERSEDED, State.PENDING]


def test_an_x_that_needed_a_person_gives_way_to_the_z(queue: Outbox, database: Database) -> None:
    queue.enqueue(x(1, revision=1), STORE, NOW, NOW)
    ((row, _report),) = queue.claim(STORE, 1, NOW)
    queue.set_aside(row, CONFLICT, NOW)
    assert states(database) == [State.ATTENTION]
    queue.enqueue(z(1), STORE, NOW, NOW)
    assert states(database) == [State.SUPERSEDED, State.PENDING]


def test_an_x_that_is_refused_when_its_z_is_queued_already_needs_no_person(
    queue: Outbox, database: Database
) -> None:
    queue.enqueue(x(1, revision=1), STORE, NOW, NOW)
    ((row, _report),) = queue.claim(STORE, 1, NOW)
    queue.enqueue(z(1), STORE, NOW, NOW)
    queue.set_aside(row, CONFLICT, NOW)
    assert states(database) == [State.SUPERSEDED, State.PENDING]
    assert [event.kind for event in shipments.history(database, row)] == ["refused", "superseded"]


def test_the_x_of_another_day_stays(queue: Outbox, database: Database) -> None:
    queue.enqueue(x(1, revision=1), STORE, NOW, NOW)
    queue.enqueue(z(2), STORE, NOW, NOW)
    assert states(database) == [State.PENDING, State.PENDING]


def test_what_a_dead_sender_left_goes_back(queue: Outbox, database: Database) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    queue.claim(STORE, 1, NOW)
    assert queue.recover(NOW, killed=False) == 1
    assert states(database) == [State.PENDING]
    assert queue.recover(NOW, killed=False) == 0


def test_what_a_dead_sender_left_goes_last_and_alone(queue: Outbox) -> None:
    for number in (1, 2, 3):
        queue.enqueue(z(number), STORE, NOW, NOW)
    queue.claim(STORE, 1, NOW)
    queue.recover(NOW, killed=True)
    for _failure in range(2):
        queue.put_back([row for row, _report in queue.claim(STORE, 2, NOW)], None, "timeout", NOW)
    assert [[report.z_number for _row, report in queue.claim(STORE, 10, NOW)] for _ in range(2)] == [
        [2, 3],
        [1],
    ]


def test_a_receipt_for_other_bytes_delivers_nothing(queue: Outbox, database: Database) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    ((row, report),) = queue.claim(STORE, 1, NOW)
    queue.acknowledge(row, replace(receipt(report), content_hash="0" * 64), NOW)
    assert states(database) == [State.SENDING]
    queue.acknowledge(row, receipt(report), NOW)
    assert states(database) == [State.DELIVERED]


def test_a_late_answer_does_not_move_a_row_that_went_back(queue: Outbox, database: Database) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    ((row, report),) = queue.claim(STORE, 1, NOW)
    queue.recover(NOW, killed=False)
    queue.acknowledge(row, receipt(report), NOW)
    queue.set_aside(row, CONFLICT, NOW)
    assert states(database) == [State.PENDING]


def test_a_refused_report_waits_for_a_person(queue: Outbox, database: Database) -> None:
    queue.enqueue(z(1), STORE, NOW, NOW)
    ((row, _report),) = queue.claim(STORE, 1, NOW)
    queue.set_aside(row, CONFLICT, NOW)
    assert queue.claim(STORE, 1, NOW) == ()
    (shipment,) = every(database)
    assert (shipment.state, shipment.last_status, shipment.last_error) == (
        State.ATTENTION,
        409,
        "report_conflict",
    )
    assert retry(database, row, NOW)
    assert not retry(database, row, NOW)
    assert len(queue.claim(STORE, 1, NOW)) == 1


def test_resend_takes_every_z_of_open_stores_and_nothing_else(queue: Outbox, database: Database) -> None:
    for number in range(1, 1200):
        queue.enqueue(z(number), STORE if number > 1 else "another store", NOW, NOW)
    queue.enqueue(x(2000, 1), STORE, NOW, NOW)
    database.execute("UPDATE shipment SET state = 'delivered'")
    before = [(s.report_id, s.content_hash) for s in every(database)]
    later = NOW + timedelta(days=1)
    assert resend_all(database, later) == 1198
    assert counting.waiting(database) == 1198
    assert counting.oldest_waiting_since(database) == later
    assert [(s.report_id, s.content_hash) for s in every(database)] == before
    assert resend_all(database, later) == 0
