"""One step of delivery where the cloud refuses a report, or answers for another one."""

from dataclasses import replace

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import retry, retry_all
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.rebuilding import restore_bodies
from factorypos_tui.core.reports.reports import build_z
from tests.support.sales import period
from tests.support.stations import Shop
from tests.unit.stepping import link, states

INVALID = CloudRefused("invalid", 422, "invalid")


def refuse(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    *numbers: int,
    error: CloudRefused | CloudUnreachable = INVALID,
) -> None:
    """Let the cloud answer these Z reports with an error."""
    keep = shop.cloud._keep

    def picky(report: Report) -> str:
        if report.z_number in numbers:
            raise error
        return keep(report)

    monkeypatch.setattr(shop.cloud, "_keep", picky)


def test_one_refused_report_waits_for_a_person_and_holds_up_no_other(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(connected, monkeypatch, 2)
    worker.step()
    assert states(connected) == [State.DELIVERED, State.ATTENTION, State.DELIVERED]
    assert link(connected).state is LinkState.ONLINE


def test_a_cloud_that_refuses_everything_is_wrong_not_the_reports(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(connected, monkeypatch, 1, 2, 3)
    worker.step()
    assert states(connected) == [State.PENDING] * 3
    assert (link(connected).state, link(connected).reason) == (LinkState.HELD, "refuses_everything")
    assert not worker.step()


def test_refusals_one_by_one_hold_the_link_too(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(connected, monkeypatch, 1, 2, 3)
    connected.station.database.execute(
        "INSERT OR REPLACE INTO link (only_row, state, failures, batch_limit)"
        " VALUES (1, 'online', 0, 1)"  # one report a request
    )
    worker.step()
    assert states(connected) == [State.ATTENTION, State.PENDING, State.PENDING]
    while worker.step():
        pass
    assert states(connected) == [State.PENDING] * 3
    assert link(connected).state is LinkState.HELD


def test_what_was_set_aside_here_is_no_refusal_of_the_cloud(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, store, now = (
        Outbox(connected.station.database),
        connected.queued()[0].store_id,
        connected.clock.now(),
    )
    while queue.claim(store, 3, now):
        queue.recover(now, killed=True)
    retry(connected.station.database, 2, now)
    queue.claim(store, 1, now)
    queue.put_back([2], 503, "server", now)
    queue.claim(store, 1, now)
    queue.put_back([2], 503, "server", now)
    connected.station.database.execute("DELETE FROM body WHERE shipment_id = 2")
    monkeypatch.setattr(connected.till, "closed_periods", lambda _after, _limit: ())
    restore_bodies(connected.station, connected.till.terminal().id)
    retry(connected.station.database, 3, now)
    refuse(connected, monkeypatch, 3)
    worker.step()
    assert [(row.state, row.last_error) for row in connected.queued()] == [
        (State.ATTENTION, "crashes"),
        (State.ATTENTION, "not_rebuilt"),
        (State.ATTENTION, "invalid"),
    ]
    assert link(connected).state is LinkState.ONLINE


def test_conflicts_need_a_person_and_do_not_hold_the_link(worker: Worker, connected: Shop) -> None:
    for number in (1, 2, 3):
        other = replace(build_z(period(number), [], None), terminal_id=connected.till.terminal().id)
        connected.cloud.reports[other.id] = other
    worker.step()
    assert states(connected) == [State.ATTENTION] * 3
    assert {shipment.last_error for shipment in connected.queued()} == {"report_conflict"}
    assert link(connected).state is LinkState.ONLINE


def test_a_report_that_breaks_the_request_ends_up_alone_and_the_others_arrive(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(connected, monkeypatch, 2, error=CloudUnreachable("500", "server_error"))
    for _ in range(8):
        worker.step()
        connected.clock.advance(15 * 60)
    assert states(connected) == [State.DELIVERED, State.PENDING, State.DELIVERED]


def test_a_problem_inside_a_batch_that_is_not_the_reports_fault_lets_it_wait(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = connected.cloud.send

    def forbid(token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        if report.z_number == 3:
            raise CloudRefused("internal", 500, "internal")
        return send(token, report, store_id)

    monkeypatch.setattr(connected.cloud, "send", forbid)
    worker.step()
    assert states(connected) == [State.DELIVERED, State.DELIVERED, State.PENDING]
    assert not worker.step()


def test_a_receipt_for_something_else_delivers_nothing(worker: Worker, connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("not our receipt", "wrong_receipt")
    while worker.step():
        pass
    assert states(connected) == [State.PENDING] * 3
    assert link(connected).state is LinkState.HELD


def test_one_report_whose_receipt_never_fits_holds_up_no_other(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(connected, monkeypatch, 1, error=CloudUnreachable("not our receipt", "wrong_receipt"))
    for _ in range(6):
        while worker.step():
            pass
        connected.clock.advance(15 * 60)
    assert states(connected) == [State.PENDING, State.DELIVERED, State.DELIVERED]


def test_the_same_bad_report_retried_by_hand_does_not_hold_the_link(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.step()
    refuse(connected, monkeypatch, 4)
    connected.close_day()
    collect(connected.station)
    for _ in range(4):
        worker.step()
        retry_all(connected.station.database, connected.clock.now())
    assert link(connected).state is LinkState.ONLINE
