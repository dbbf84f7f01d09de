"""What `status --json` says is true: for every sender, every state of the till, with a store and without."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, has_token
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.contact import note_contact
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.status.status import read_status, status_document
from factorypos_tui.core.storage.lock import DrainLock
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.stations import EMAIL, MORNING, PASSWORD, Shop


def document(shop: Shop) -> Any:
    """What `status --json` prints."""
    found = status_document(read_status(shop.station), connected=has_token(shop.station))
    return json.loads(json.dumps(found))


def somebody_sends(shop: Shop) -> DrainLock:
    lock = DrainLock(shop.station.worker_lock)
    assert lock.acquire("worker", shop.clock.now())
    return lock


def not_queued(shop: Shop) -> tuple[int, int]:
    queue = document(shop)["queue"]
    return queue["uncollected"], queue["unassigned"]


PROMISED = {
    "connected", "account", "assigned_by", "company", "store", "terminal", "cloud_url", "send_x_report",
    "next_x_at", "last_x_at", "last_z", "queue", "link", "worker", "till", "clock", "credentials", "version",
}  # fmt: skip


def test_the_status_of_a_new_terminal_promises_every_field(shop: Shop) -> None:
    status = document(shop)
    assert set(status) == PROMISED
    assert (status["connected"], status["account"], status["store"], status["last_z"]) == (
        False, None, None, None,
    )  # fmt: skip
    assert status["link"] == {
        "state": "unknown", "reason": "not_assigned", "cause": None, "next_try_at": None,
        "last_contact_at": None,
    }  # fmt: skip
    assert status["worker"] == {"running": False, "pid": None, "kind": None}
    assert status["clock"] == {"offset_s": None}


def test_a_clock_that_was_set_back_makes_no_wait_negative(connected: Shop) -> None:
    collect(connected.station)
    connected.clock.jump(MORNING - timedelta(hours=1))
    assert document(connected)["queue"]["oldest_pending_s"] == 0


def test_the_status_of_a_working_terminal_is_what_was_promised(connected: Shop) -> None:
    collect(connected.station)
    connected.clock.advance(240)
    status = document(connected)
    assert set(status) == PROMISED
    assert status["queue"] == {
        "pending": 3, "sending": 0, "attention": 0, "delivered": 0, "oldest_pending_s": 240,
        "uncollected": 0, "unassigned": 0, "left_out": [],
    }  # fmt: skip
    assert status["last_z"] == {
        "number": 3, "business_date": "2026-11-22",
        "closed_at": status["last_z"]["closed_at"], "delivered_at": None,
    }  # fmt: skip
    assert (status["connected"], status["account"], status["assigned_by"]) == (True, EMAIL, EMAIL)
    assert (status["till"]["state"], status["till"]["reason"], status["till"]["last_z_number"]) == (
        "ok",
        None,
        3,
    )
    assert status["credentials"] == {"backend": "memory", "encrypted": True}
    Worker(connected.station).step()
    lock = somebody_sends(connected)
    status = document(connected)
    lock.release()
    assert (status["queue"]["delivered"], status["queue"]["oldest_pending_s"]) == (3, None)
    assert status["link"] == {
        "state": "online", "reason": None, "cause": None, "next_try_at": None,
        "last_contact_at": "2026-11-23T09:04:00.000Z",
    }  # fmt: skip


def test_nobody_knows_how_the_link_is_where_nobody_sends(connected: Shop) -> None:
    collect(connected.station)
    Worker(connected.station).step()
    found = document(connected)
    assert (found["link"]["state"], found["queue"]["delivered"]) == ("unknown", 3)


def test_an_old_answer_is_no_sign_of_a_link(connected: Shop) -> None:
    collect(connected.station)
    Worker(connected.station).step()
    lock = somebody_sends(connected)
    connected.clock.advance(3600)
    assert document(connected)["link"]["state"] == "unknown"
    connected.clock.advance(-7200)  # nor is one that a clock noted which was set back since
    assert document(connected)["link"]["state"] == "unknown"
    lock.release()


def test_a_day_that_was_closed_while_nobody_ran_is_counted(connected: Shop) -> None:
    collect(connected.station)
    assert not_queued(connected) == (0, 0)
    connected.close_day()
    connected.close_day()
    assert not_queued(connected) == (2, 0)
    collect(connected.station)
    assert not_queued(connected) == (0, 0)


def test_history_that_is_not_to_be_sent_is_not_waited_for(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.NONE)
    assert not_queued(shop) == (0, 0)
    shop.close_day()
    assert not_queued(shop) == (1, 0)


def test_days_closed_without_a_store_are_counted_until_one_is_assigned(connected: Shop) -> None:
    collect(connected.station)
    store = document(connected)["store"]
    disconnect(connected.station)
    assert not_queued(connected) == (0, 0)
    connected.close_day()
    assert not_queued(connected) == (0, 1)
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    company = accounts.companies(connected.station)[0]
    assign(connected.station, company.id, store["id"], History.ALL, move=False)
    assert not_queued(connected) == (1, 0)


def test_a_till_that_was_set_back_closes_days_that_are_not_queued(connected: Shop, tmp_path: Path) -> None:
    path = connected.till.database().path
    connected.till.close()
    copy = shutil.copy(path, tmp_path / "copy.db")
    connected.close_day()
    connected.close_day()
    collect(connected.station)
    connected.till.close()
    shutil.move(copy, path)
    connected.clock.advance(60)
    connected.close_day()
    assert not_queued(connected) == (1, 0)
    collect(connected.station)
    assert not_queued(connected) == (0, 0)


def test_days_of_another_till_have_no_store(connected: Shop) -> None:
    collect(connected.station)
    connected.till.database().execute("UPDATE terminal SET id = ?", "0" * 8 + "-0000-4000-8000-" + "0" * 12)
    assert not_queued(connected) == (0, 3)


def test_a_till_that_is_not_there_is_absent(connected: Shop, tmp_path: Path) -> None:
    (tmp_path / "shop" / "till.db").rename(tmp_path / "elsewhere.db")
    found = document(connected)["till"]
    assert found["state"] == "absent"
    assert str(tmp_path / "shop" / "till.db") in found["reason"]
    assert (found["receipts"], found["last_z_number"], found["findings"]) == (None, None, [])


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"no till at all " * 500, "damaged"), (b"", "absent")],
)
def test_what_is_no_till_is_told_apart(shop: Shop, tmp_path: Path, content: bytes, state: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "till.db").write_bytes(content)
    station = replace(shop.station, till=BundledTill(tmp_path / "other" / "till.db"))
    assert document(replace(shop, station=station))["till"]["state"] == state


def test_a_till_that_nobody_lets_us_read_is_unreadable(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read what it likes, so the system's answer is played."""
    path = Path(shop.till.database().path)
    stat = Path.stat

    def refuse(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return stat(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse)
    found = document(shop)["till"]
    assert found["state"] == "unreadable"
    assert str(path) in found["reason"]


def test_a_store_without_its_token_is_not_connected(connected: Shop) -> None:
    connected.credentials.delete("terminal")
    found = document(connected)
    assert (found["connected"], found["store"]["name"]) == (False, "Bar Maritim")


def test_another_programs_database_is_no_till_and_is_not_touched(shop: Shop, tmp_path: Path) -> None:
    for file in (shop.station.database.path, tmp_path / "books.db"):
        with closing(sqlite3.connect(file)) as books:
            books.execute("CREATE TABLE IF NOT EXISTS books (name)")
            schema = books.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
            station = replace(shop.station, till=BundledTill(file))
            found = document(replace(shop, station=station))["till"]
            assert (found["state"], "no till" in found["reason"]) == ("unreadable", True)
            assert books.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall() == schema


def test_the_offset_of_a_clock_that_was_set_back_since_is_not_known(shop: Shop) -> None:
    before = shop.clock.now()
    shop.clock.advance(7200)
    note_contact(shop.station.database, shop.clock.now(), before)
    shop.clock.advance(-7200)
    assert document(shop)["clock"]["offset_s"] is None


def test_the_offset_of_the_clock_is_told(shop: Shop) -> None:
    note_contact(shop.station.database, shop.clock.now(), None)
    assert document(shop)["clock"]["offset_s"] is None
    before = shop.clock.now()
    shop.clock.advance(400)
    note_contact(shop.station.database, shop.clock.now(), before)
    assert document(shop)["clock"]["offset_s"] == 400
