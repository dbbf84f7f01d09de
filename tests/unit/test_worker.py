"""One step of delivery after the other, with a cloud that obeys."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from factorypos_tui.core.answers import Binding
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FactoryPosError, TokenRefused
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.requeueing import resend_all
from factorypos_tui.core.queue.states import State
from tests.support.stations import Shop
from tests.unit.stepping import link, states


def test_a_step_delivers_what_waits_and_the_next_has_nothing_to_do(worker: Worker, connected: Shop) -> None:
    assert worker.step()
    assert not worker.step()
    assert states(connected) == [State.DELIVERED] * 3
    assert [report.z_number for report in connected.cloud.reports.values()] == [1, 2, 3]
    assert {shipment.result for shipment in connected.queued()} == {"created"}


def test_resent_reports_are_unchanged_in_the_cloud(worker: Worker, connected: Shop) -> None:
    worker.step()
    resend_all(connected.station.database, connected.clock.now())
    worker.step()
    assert states(connected) == [State.DELIVERED] * 3
    assert {shipment.result for shipment in connected.queued()} == {"unchanged"}
    assert len(connected.cloud.reports) == 3


def test_an_outage_leaves_everything_waiting_and_the_link_offline(worker: Worker, connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    assert worker.step()
    assert states(connected) == [State.PENDING] * 3
    assert (link(connected).state, link(connected).reason) == (LinkState.OFFLINE, "connection")
    assert not worker.step()
    connected.cloud.fail_with = None
    connected.clock.advance(60)
    while worker.step():
        pass
    assert states(connected) == [State.DELIVERED] * 3
    assert link(connected).state is LinkState.ONLINE


def test_weeks_of_outage_drop_nothing(worker: Worker, connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("trouble", "server_error")
    for _ in range(3 * 7 * 24):
        connected.clock.advance(60 * 60)
        worker.step()
    connected.cloud.fail_with = None
    connected.clock.advance(15 * 60)
    while worker.step():
        pass
    assert states(connected) == [State.DELIVERED] * 3


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TokenRefused("revoked", 401, "terminal_revoked"), "terminal_revoked"),
        (CloudRefused("forbidden", 403, "forbidden"), "forbidden"),
        (CloudUnreachable("a log-in page", "not_factorycloud"), "not_factorycloud"),
    ],
)
def test_a_held_link_says_why_keeps_everything_and_probes_by_itself(
    worker: Worker, connected: Shop, error: CloudRefused | CloudUnreachable, reason: str
) -> None:
    connected.cloud.fail_with = error
    while worker.step():
        pass
    assert (link(connected).state, link(connected).reason) == (LinkState.HELD, reason)
    assert states(connected) == [State.PENDING] * 3
    connected.cloud.fail_with = None
    connected.clock.advance(15 * 60)
    while worker.step():
        pass
    assert states(connected) == [State.DELIVERED] * 3


def test_a_missing_token_holds_the_link_and_loses_nothing(worker: Worker, connected: Shop) -> None:
    connected.credentials.delete("terminal")
    worker.step()
    assert (link(connected).state, link(connected).reason) == (LinkState.HELD, "no_token")
    assert states(connected) == [State.PENDING] * 3


def test_a_token_of_another_store_is_never_used(worker: Worker, connected: Shop) -> None:
    _store, _space, token = (connected.credentials.get("terminal") or "").partition(" ")
    connected.credentials.set("terminal", f"another-store {token}")
    worker.step()
    assert connected.cloud.reports == {}
    assert states(connected) == [State.PENDING] * 3


def test_a_wish_to_try_now_is_not_lost_while_a_try_hangs(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def hang(
        _token: str, reports: Sequence[Report], _store_id: str | None = None
    ) -> Sequence[Acknowledgement]:
        tries.append(len(reports))
        if len(tries) == 1:
            connected.clock.advance(20)
            sync_now(connected.station)  # F2
        raise CloudUnreachable("no answer", "timeout")

    monkeypatch.setattr(connected.cloud, "send_batch", hang)
    monkeypatch.setattr(connected.cloud, "send", lambda token, report, _store=None: hang(token, [report])[0])
    for _step in range(5):
        worker.step()
    assert len(tries) == 2
    assert link(connected).state is LinkState.OFFLINE


def test_what_an_earlier_drainer_left_half_sent_is_sent(worker: Worker, connected: Shop) -> None:
    store = connected.queued()[0].store_id
    Outbox(connected.station.database).claim(store, 2, connected.clock.now())
    while worker.step():
        pass
    assert states(connected) == [State.DELIVERED] * 3


def test_a_cloud_without_batches_gets_reports_one_by_one(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(token: str, reports: object, store_id: str | None = None) -> list[Acknowledgement]:
        raise CloudRefused("no such call", 404, "not_found")

    monkeypatch.setattr(connected.cloud, "send_batch", unknown)
    while worker.step():
        pass
    assert states(connected) == [State.DELIVERED] * 3


def test_a_bug_while_sending_neither_spins_nor_loses(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(token: str, reports: object, store_id: str | None = None) -> list[Acknowledgement]:
        raise ZeroDivisionError

    monkeypatch.setattr(connected.cloud, "send_batch", crash)
    assert worker.step()
    assert not worker.step()
    assert states(connected) == [State.PENDING] * 3
    assert link(connected).reason == "unexpected"


def test_a_clock_that_is_set_back_makes_no_rest_longer(connected: Shop) -> None:
    worker = Worker(connected.station, chance=lambda: 0.0)
    collect(connected.station)
    connected.cloud.fail_sending_with = CloudUnreachable("x", "overloaded", retry_after_s=600)
    worker.step()
    assert worker.pause() == 600
    connected.clock.jump(connected.clock.now() - timedelta(minutes=40))
    assert worker.pause() == 600
    connected.clock.advance(599)
    assert not worker.step()
    connected.clock.advance(1)
    connected.cloud.fail_sending_with = None
    assert worker.step()
    assert worker.pause() == 0


@pytest.mark.parametrize("error", [FactoryPosError("no address"), CloudUnreachable("x", "timeout")])
def test_retry_after_and_back_off_are_kept_across_a_restart(
    worker: Worker, connected: Shop, error: FactoryPosError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(token: str, reports: object, store_id: str | None = None) -> list[Acknowledgement]:
        raise error

    monkeypatch.setattr(connected.cloud, "send_batch", fail)
    worker.step()
    assert not Worker(connected.station).step()
    next_try = link(connected).next_try_at
    assert next_try is not None
    assert next_try - connected.clock.now() <= timedelta(minutes=15)


def all_delivered(worker: Worker) -> None:
    while worker.step():
        pass


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TokenRefused("unknown", 401, "unauthorized"), LinkState.HELD),
        (CloudUnreachable("no network", "connection"), LinkState.OFFLINE),
    ],
)
def test_what_is_wrong_with_the_link_is_known_though_nothing_waits_and_so_is_that_it_is_over(
    worker: Worker, connected: Shop, error: CloudRefused | CloudUnreachable, state: LinkState
) -> None:
    all_delivered(worker)
    connected.cloud.fail_with = error
    connected.clock.advance(4 * 60)
    all_delivered(worker)
    assert link(connected).state is LinkState.ONLINE  # asked a moment ago
    connected.clock.advance(2 * 60)
    all_delivered(worker)
    assert link(connected).state is state
    connected.clock.advance(16 * 60)
    all_delivered(worker)
    assert link(connected).state is state
    connected.cloud.fail_with = None
    connected.clock.advance(16 * 60)
    all_delivered(worker)
    assert (link(connected).state, link(connected).reason) == (LinkState.ONLINE, None)


def test_a_question_that_fails_makes_the_next_batch_no_smaller(worker: Worker, connected: Shop) -> None:
    all_delivered(worker)
    before = link(connected).batch_limit
    connected.cloud.fail_with = CloudUnreachable("trouble", "server_error")
    connected.clock.advance(6 * 60)
    all_delivered(worker)
    assert (link(connected).state, link(connected).batch_limit) == (LinkState.OFFLINE, before)


def test_a_cloud_that_cannot_answer_the_question_is_online(
    worker: Worker, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def know_nothing(_token: str) -> Binding:
        raise CloudRefused("What?", 400, "bad_request")

    all_delivered(worker)
    monkeypatch.setattr(connected.cloud, "binding", know_nothing)
    connected.clock.advance(6 * 60)
    all_delivered(worker)
    assert link(connected).state is LinkState.ONLINE
