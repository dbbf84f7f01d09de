"""Faults 14 to 17: what the cloud refuses, for good or for now."""

import json
from dataclasses import replace

import pytest

from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.reports import canonical_json, content_hash
from factorypos_tui.core.storage.lock import DrainLock
from tests.faults.proxy import Proxy
from tests.faults.world import Bar, CloudProcess, conflicts_in
from tests.support.stations import body_of


def spoil(bar: Bar, row_id: int) -> None:
    """A report as a bug of ours would make it: its totals do not add up, its hash fits."""
    database = bar.station.database
    document = json.loads(body_of(database, row_id))
    document["totals"]["net"] += 1
    digest = content_hash(document)
    body = canonical_json(document | {"content_hash": digest})
    database.execute("UPDATE body SET bytes = ? WHERE shipment_id = ?", body, row_id)
    database.execute("UPDATE shipment SET content_hash = ?, net = net + 1 WHERE id = ?", digest, row_id)


def test_14_a_revoked_terminal_holds_the_link_and_goes_on_queueing(bar: Bar) -> None:
    _store, _space, token = (bar.station.credentials().get("terminal") or "").rpartition(" ")
    bar.station.cloud().disconnect(token)  # as its owner does
    assert bar.drain() == 3
    assert (load_link(bar.station.database).state, load_link(bar.station.database).reason) == (
        LinkState.HELD,
        "terminal_revoked",
    )
    assert (
        "at the last try: this terminal was revoked; assign the store again, or use a code"
        in bar.run("status").stdout
    )
    sender = DrainLock(bar.station.worker_lock)
    assert sender.acquire("worker", bar.station.clock.now())
    alarm = bar.run("status").stdout  # while a process sends, as a service does
    sender.release()
    assert "Held" in alarm
    assert "revoked" in alarm
    assert "next try" in alarm
    bar.sell_and_close()
    assert collect(bar.station) == 1
    assert bar.states() == [State.PENDING] * 4
    found = load_assignment(bar.station.database)
    assert found
    assign(bar.station, found.company.id, found.store.id, History.NONE, move=False)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)


def test_15_one_report_that_is_refused_waits_for_a_person_and_the_rest_flows(bar: Bar) -> None:
    collect(bar.station)
    spoil(bar, 2)
    assert bar.drain() == 5
    assert bar.states() == [State.DELIVERED, State.ATTENTION, State.DELIVERED]
    assert (bar.queued()[1].last_status, bar.queued()[1].last_error) == (422, "invalid")
    assert load_link(bar.station.database).state is LinkState.ONLINE


def test_15_what_is_logged_of_a_refused_report_names_no_line_of_a_receipt_and_no_secret(bar: Bar) -> None:
    collect(bar.station)
    sold = {item["name"] for item in json.loads(body_of(bar.station.database, 2))["items"]}
    spoil(bar, 2)
    assert bar.drain() == 5
    log = (bar.home / "logs" / "factorypos.jsonl").read_text("utf-8")
    assert "refused" in log
    secrets = {bar.station.credentials().get(name) or "" for name in ("terminal", "user")}
    assert sold
    assert not [word for word in sold | {secret.split()[-1] for secret in secrets} if word in log]


def test_16_a_cloud_that_refuses_everything_is_wrong_and_the_queue_stays_whole(bar: Bar, line: Proxy) -> None:
    line.misbehave("422")
    assert bar.drain(line.address) == 5
    assert bar.states() == [State.PENDING] * 3
    assert load_link(bar.station.database).reason == "refuses_everything"
    line.behave()
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)


def test_17_another_report_under_the_same_number_is_refused_and_both_are_kept(
    bar: Bar, shared_cloud: CloudProcess
) -> None:
    collect(bar.station)
    before = conflicts_in(shared_cloud)
    first = bar.queued()[1]
    with bar.through(bar.cloud_url) as station:
        drain_once(station)
    database = bar.station.database
    document = json.loads(body_of(database, first.id))
    document["receipts"]["last"] = "other"
    digest = content_hash(document)
    body = canonical_json(document | {"content_hash": digest})
    database.execute("UPDATE body SET bytes = ? WHERE shipment_id = ?", body, first.id)
    database.execute("UPDATE shipment SET content_hash = ?, state = 'pending' WHERE id = ?", digest, first.id)
    assert bar.drain() == 5
    assert bar.states() == [State.DELIVERED, State.ATTENTION, State.DELIVERED]
    assert (bar.queued()[1].last_status, bar.queued()[1].last_error) == (409, "report_conflict")
    assert conflicts_in(shared_cloud) == before + 1
    assert body_of(database, first.id) == body
    (difference,) = verify(bar.station).different
    assert (difference.here.content_hash, difference.there.content_hash) == (digest, first.content_hash)
    assert bar.run("verify").returncode == 1


@pytest.mark.parametrize("code", ["401"])
def test_14_a_refusal_that_ends_by_itself_needs_nobody(bar: Bar, line: Proxy, code: str) -> None:
    line.misbehave(code, times=1)
    with bar.through(line.address) as station:
        assert drain_once(replace(station)).link.state is LinkState.HELD
    assert bar.drain(line.address) == 0
    assert bar.everything_arrived_once(3)
