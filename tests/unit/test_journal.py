"""The log of reports, read from its file: one line per transition, and every line is true."""

import json
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from factorypos_tui.cli.logs import write_logs_to
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, StorageError
from factorypos_tui.core.models import Acknowledgement
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.operations.retrying import retry, retry_all
from factorypos_tui.core.operations.verification import resend_missing, verify
from factorypos_tui.core.queue.comparison import mark_rebuilt
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from tests.support.stations import Shop

Line = dict[str, object]
_SAYS = {
    (None, "pending"): {"queued"},
    ("pending", "sending"): {"sending"},
    ("sending", "delivered"): {"delivered"},
    ("sending", "attention"): {"refused", "set aside"},
    ("sending", "pending"): {"put back"},
    ("pending", "attention"): {"set aside"},
    ("pending", "superseded"): {"superseded"},
    ("attention", "superseded"): {"superseded"},
    ("attention", "pending"): {"queued again"},
    ("delivered", "pending"): {"queued again"},
}
_AUDIT = (
    "CREATE TABLE audit (report_id TEXT, before TEXT, after TEXT, attempts INTEGER)",
    "CREATE TRIGGER audit_added AFTER INSERT ON shipment BEGIN"
    " INSERT INTO audit VALUES (new.report_id, NULL, new.state, new.attempts); END",
    "CREATE TRIGGER audit_moved AFTER UPDATE OF state ON shipment WHEN new.state <> old.state BEGIN"
    " INSERT INTO audit VALUES (new.report_id, old.state, new.state, new.attempts); END",
)


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Callable[[], list[Line]]":
    """What the journal has written so far."""
    monkeypatch.setattr(logging.getLogger("factorypos_tui"), "propagate", True)  # put back afterwards

    def read() -> list[Line]:
        text = (tmp_path / "logs" / "factorypos.jsonl").read_text("utf-8") if logs.exists() else ""
        found = [json.loads(line) for line in text.splitlines()]
        return [line for line in found if line["from"] == "factorypos_tui.core.queue.journal"]

    logs = tmp_path / "logs" / "factorypos.jsonl"
    return read


def fail(shop: Shop, error: CloudUnreachable | CloudRefused | None) -> None:
    shop.cloud.fail_sending_with = error
    shop.clock.advance(3600)


def work(shop: Shop) -> None:
    worker = Worker(shop.station)
    while worker.step():
        pass


def begin_to_send(shop: Shop) -> bool:
    """As far as a sender gets that dies over it; False where nothing waits."""
    return bool(Outbox(shop.station.database).claim(shop.queued()[0].store_id, 10, shop.clock.now()))


def live_through_everything(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transition there is, most of them the way they come about."""
    station, database = shop.station, shop.station.database
    database.execute("INSERT OR REPLACE INTO setting VALUES ('send_x_report', 'on')")
    collect(station)
    fail(shop, CloudUnreachable("no line", "connection"))
    work(shop)
    shop.sell()
    enqueue_x(station)
    shop.clock.advance(1800)
    shop.sell()
    enqueue_x(station)  # supersedes the one before
    begin_to_send(shop)
    shop.clock.advance(1)
    shop.close_day()
    collect(station)
    Outbox(database).recover(shop.clock.now(), killed=False)  # its X gives way to the Z
    shop.clock.advance(1800)
    shop.sell()
    enqueue_x(station)
    while begin_to_send(shop):
        Outbox(database).recover(shop.clock.now(), killed=True)
    shop.clock.advance(1800)
    shop.sell()
    enqueue_x(station)  # supersedes one that may have killed its sender
    retry_all(station)
    fail(shop, CloudRefused("no", 422, "invalid"))
    work(shop)  # all are refused: they wait, and the link is held
    fail(shop, None)
    work(shop)
    resend_all(station)
    fail(shop, CloudRefused("another", 409, "report_conflict"))
    work(shop)
    retry(station, shop.queued()[0].id)
    retry_all(station)
    while begin_to_send(shop):
        Outbox(database).recover(shop.clock.now(), killed=True)
    fail(shop, None)
    shop.clock.advance(timedelta(days=2).total_seconds())
    work(shop)  # the comparison gives what killed its sender another chance
    del shop.cloud.reports[shop.queued()[0].report_id]
    resend_missing(station, verify(station))
    work(shop)
    shop.cloud.reports.pop(shop.queued()[1].report_id)
    shop.clock.advance(timedelta(days=2).total_seconds())
    work(shop)  # the daily comparison finds it missing
    shop.assign_new_store("Bar Nou", History.ALL)
    database.execute("DELETE FROM body WHERE shipment_id = 1")
    monkeypatch.setattr(shop.till, "closed_periods", lambda _after, _limit: ())
    work(shop)


def test_every_transition_has_one_line_with_report_attempt_status_and_latency(
    connected: Shop, tmp_path: Path, lines: Callable[[], list[Line]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in _AUDIT:
        connected.station.database.execute(statement)
    with write_logs_to(tmp_path / "logs"):
        live_through_everything(connected, monkeypatch)
    written = lines()
    moves = connected.station.database.rows("SELECT * FROM audit")
    assert {(before, after) for _id, before, after, _n in moves} == set(_SAYS)
    event_of = {event: "|".join(sorted(events)) for events in _SAYS.values() for event in events}
    event_of |= {"set aside": "attention", "refused": "attention"}
    expected = Counter(
        (report_id, event_of[min(_SAYS[before, after])], attempts)
        for report_id, before, after, attempts in moves
    )
    told = Counter((line["report_id"], event_of[str(line["event"])], line["attempt"]) for line in written)
    assert told == expected
    for line in written:
        if line["event"] in ("delivered", "refused"):
            assert isinstance(line["latency_ms"], int)
            assert line["status"] in (200, 201, 409, 422)
    words = {str(line["reason"]) for line in written if line["event"] == "queued again"}
    assert words == {
        "retry",
        "resend",
        "refuses_everything",
        "another_chance",
        "missing_there",
    }


def test_what_a_new_queue_finds_in_the_cloud_is_logged_as_delivered(
    connected: Shop, tmp_path: Path, lines: Callable[[], list[Line]]
) -> None:
    collect(connected.station)
    work(connected)
    connected.lose_the_queue()
    connected.station.database.execute("UPDATE assignment SET collected_z = 0")
    mark_rebuilt(connected.station.database)
    collect(connected.station)
    with write_logs_to(tmp_path / "logs"):
        work(connected)
    assert [(line["event"], line["z_number"], line["reason"]) for line in lines()] == [
        ("delivered", number, "there_already") for number in (1, 2, 3)
    ]


def test_a_created_report_has_the_status_of_one(
    connected: Shop, tmp_path: Path, lines: Callable[[], list[Line]]
) -> None:
    collect(connected.station)
    with write_logs_to(tmp_path / "logs"):
        work(connected)
        resend_all(connected.station)
        work(connected)
    told = [(line["status"], line["result"]) for line in lines() if line["event"] == "delivered"]
    assert told == [(201, "created")] * 3 + [(200, "unchanged")] * 3


def test_what_was_not_committed_is_not_logged(
    connected: Shop, tmp_path: Path, lines: Callable[[], list[Line]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cloud's answer cannot be saved: the log must not say that the reports are delivered."""
    acknowledge = Outbox.acknowledge

    def full_disk(
        self: Outbox, row_id: int, receipt: Acknowledgement, _now: object, **_facts: object
    ) -> None:
        acknowledge(self, row_id, receipt, connected.clock.now())
        if row_id == 3:
            raise StorageError("the disk is full")

    collect(connected.station)
    with write_logs_to(tmp_path / "logs"):
        monkeypatch.setattr(Outbox, "acknowledge", full_disk)
        with pytest.raises(StorageError):
            Worker(connected.station).step()
        assert [line["event"] for line in lines()] == ["sending"] * 3
        monkeypatch.undo()
        work(connected)
    assert {row.state for row in connected.queued()} == {State.DELIVERED}
    assert Counter(str(line["event"]) for line in lines()) == {"sending": 6, "put back": 3, "delivered": 3}


def test_nothing_of_an_inner_transaction_happens_before_the_outer_one_is_committed(connected: Shop) -> None:
    database, done = connected.station.database, list[str]()
    database.after_commit(lambda: done.append("at once"))
    with database.transaction():
        with database.transaction():
            database.after_commit(lambda: done.append("inner"))
        assert done == ["at once"]
    assert done == ["at once", "inner"]
    with suppress(ZeroDivisionError), database.transaction():
        database.after_commit(lambda: done.append("never"))
        raise ZeroDivisionError
    with database.transaction():
        pass
    assert done == ["at once", "inner"]
