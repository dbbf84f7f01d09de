"""A damaged, lost or exchanged `sync.db` is set aside and built again, with the same reports to the byte."""

import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import DamagedError, StorageError
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue import counting
from factorypos_tui.core.queue.left_out import days_left_out, leave_out
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.opening import open_or_mend
from factorypos_tui.core.recovery.recovery import (
    recall_assignment,
    standing_trouble,
    take_over,
)
from factorypos_tui.core.recovery.salvage import salvage
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.settings import get_setting, set_setting
from factorypos_tui.core.storage.damage import alone_in
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.lock import DrainLock, holder_of
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.queued import every
from tests.support.sales import OPENED, period
from tests.support.stations import Shop
from tests.unit.damaging import (
    bodies,
    flip_the_state_of_one,
    lose_the_queue,
    mend_if_damaged,
    no_header,
    path,
    reopen,
    truncated,
    zeroed_pages,
)

_TABLE_LEAF, _INDEX_LEAF = b"\x0d", b"\x0a"
"""The first byte of a page of SQLite's, but of the file's first page."""


@pytest.mark.parametrize("damage", [no_header, zeroed_pages, truncated])
def test_a_damaged_file_is_set_aside_and_the_same_reports_are_there_again(
    half_sent: Shop, damage: Callable[[Path], None]
) -> None:
    before = bodies(half_sent)
    half_sent.station.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    half_sent.station.database.close()
    damage(path(half_sent))
    whole = path(half_sent).read_bytes()
    reopen(half_sent)
    (aside,) = (f for f in path(half_sent).parent.glob("sync.db.damaged-*") if f.suffix.count("-") == 1)
    assert len(aside.read_bytes()) == len(whole)
    if load_assignment(half_sent.station.database) is None:
        assert recall_assignment(half_sent.station)
    drain_once(half_sent.station)
    assert bodies(half_sent) == before
    assert {row.state for row in half_sent.queued()} == {State.DELIVERED}
    assert len(half_sent.cloud.reports) == 4
    assert aside.name in (standing_trouble(half_sent.station) or "")
    assert verify(half_sent.station).holds
    assert standing_trouble(half_sent.station) is None
    reopen(half_sent)
    assert standing_trouble(half_sent.station) is None


def test_what_can_be_read_of_a_damaged_file_is_taken_over(half_sent: Shop) -> None:
    database = half_sent.station.database
    database.execute("UPDATE body SET bytes = x'00' WHERE shipment_id = 2")
    with database.transaction():
        leave_out(database, "another terminal", (7, 8))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_shipment'")
    size = database.value("PRAGMA page_size")
    database.close()
    with path(half_sent).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(DamagedError):
        database.check()
    mend_if_damaged(half_sent)
    assert get_setting(database, "theme") == "contrast"
    assert load_assignment(database) is not None
    assert days_left_out(database, "another terminal") == {7, 8}
    assert [(row.z_number, row.state) for row in half_sent.queued()] == [
        (1, State.DELIVERED),
        (3, State.DELIVERED),
        (4, State.PENDING),
    ]
    assert "Z 2" in (standing_trouble(half_sent.station) or "")
    drain_once(half_sent.station)
    assert len(half_sent.queued()) == 4
    assert "Z 2" not in (standing_trouble(half_sent.station) or "")


def test_what_lies_on_either_side_of_a_page_that_cannot_be_read_is_taken_over(tmp_path: Path) -> None:
    old, new = (open_sync_db(tmp_path / name) for name in ("damaged.db", "sync.db"))
    reports = [build_z(period(number), [], None) for number in range(1, 61)]
    Outbox(old).enqueue_all([(report, OPENED) for report in reports], "store", OPENED)
    old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = old.value("PRAGMA page_size")
    old.close()
    content = old.path.read_bytes()
    pages = [content[at : at + size] for at in range(0, len(content), size)]
    row = reports[29].id.encode()
    spoilt = [page[:1] == _INDEX_LEAF or (page[:1] == _TABLE_LEAF and row in page) for page in pages]
    old.path.write_bytes(
        b"".join(b"\xff" * size if spoil else page for page, spoil in zip(pages, spoilt, strict=True))
    )
    with new.transaction():
        salvage(old.path, new)
    taken = {row.z_number for row in every(new)}
    new.close()
    assert {1, 60} <= taken
    assert 30 not in taken


@pytest.mark.parametrize("column", ["store_id", "terminal_id"])
def test_an_assignment_that_the_reports_contradict_is_not_taken_over(
    half_sent: Shop, tmp_path: Path, column: str
) -> None:
    old, new = half_sent.station.database, open_sync_db(tmp_path / "new.db")
    old.execute(f"UPDATE assignment SET {column} = 'another'")
    with new.transaction():
        salvage(old.path, new)
    assert load_assignment(new) is None
    assert len(list(every(new))) == len(half_sent.queued())
    new.close()


def test_a_salvage_that_is_interrupted_is_done_again(half_sent: Shop) -> None:
    half_sent.station.database.close()
    path(half_sent).rename(f"{path(half_sent)}.damaged-20261123T090000000000")
    reopen(half_sent)
    assert [row.z_number for row in half_sent.queued()] == [1, 2, 3, 4]


def test_a_file_that_was_set_aside_stays_as_it_was_with_its_log(half_sent: Shop) -> None:
    """As after a power cut: the last transactions are in the log only."""
    home = path(half_sent).parent
    aside = home / "sync.db.damaged-20261123T090000000000"
    for side in ("", "-wal"):
        shutil.copyfile(f"{path(half_sent)}{side}", f"{aside}{side}")
    before = {file.name: file.read_bytes() for file in home.glob("*damaged*")}
    assert len(before[f"{aside.name}-wal"]) > 0
    lose_the_queue(half_sent)
    reopen(half_sent)
    assert {file.name: file.read_bytes() for file in home.glob("*damaged*")} == before
    assert [row.z_number for row in half_sent.queued()] == [1, 2, 3, 4]
    assert not list(home.glob(".reading-*"))


def test_side_files_without_their_database_are_no_part_of_a_new_one(half_sent: Shop) -> None:
    half_sent.station.database.close()
    path(half_sent).unlink()
    Path(f"{path(half_sent)}-journal").write_bytes(b"left behind")
    assert half_sent.queued() == []
    assert [f.read_bytes() for f in path(half_sent).parent.glob("*damaged*-journal")] == [b"left behind"]


def test_a_salvage_without_room_is_done_again(half_sent: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_source: str, _target: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    half_sent.station.database.close()
    path(half_sent).rename(f"{path(half_sent)}.damaged-20261123T090000000000")
    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", no_room)
        with pytest.raises(StorageError, match="disk is full"):
            reopen(half_sent)
    half_sent.station.database.close()
    reopen(half_sent)
    assert [row.z_number for row in half_sent.queued()] == [1, 2, 3, 4]


def test_what_only_fails_in_use_is_mended_by_the_process_that_meets_it(half_sent: Shop) -> None:
    """An index that names another instant than its row: reading the row by it fails, or finds nothing."""
    database = half_sent.station.database
    root = database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'shipment_to_send'")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.value("PRAGMA page_size")
    database.close()
    with path(half_sent).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    drain_once(half_sent.station)
    assert sorted(report.z_number or 0 for report in half_sent.cloud.reports.values()) == [1, 2, 3, 4]
    assert {row.state for row in half_sent.queued()} == {State.DELIVERED}


def test_nobody_opens_the_queue_between_two_renames(half_sent: Shop) -> None:
    half_sent.station.database.close()
    path(half_sent).write_bytes(b"no database at all")
    with alone_in(path(half_sent).parent):
        mending = threading.Thread(target=reopen, args=(half_sent,))
        mending.start()
        mending.join(0.3)
        assert mending.is_alive()
        assert path(half_sent).read_bytes() == b"no database at all"
    mending.join(30)
    assert not mending.is_alive()
    assert half_sent.queued() == []


def test_the_file_is_checked_after_an_end_without_a_word(
    half_sent: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    monkeypatch.setattr(Database, "check", lambda _self: checked.append(1))
    lock = DrainLock(half_sent.station.worker_lock)
    assert lock.acquire("worker", half_sent.clock.now())
    take_over(half_sent.station, lock)
    assert checked == []
    lock.release()
    half_sent.station.worker_lock.write_text('{"pid": 1, "since": "", "kind": "worker", "boot": "another"}')
    assert lock.acquire("worker", half_sent.clock.now())
    take_over(half_sent.station, lock)
    assert (checked, lock.killed) == ([1], False)
    lock.release()


def test_a_disk_that_damages_again_and_again_is_not_filled_with_files(half_sent: Shop) -> None:
    for number in range(80):
        Path(f"{path(half_sent)}.damaged-{number:03}").touch()
    half_sent.station.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    half_sent.station.database.close()
    no_header(path(half_sent))
    with pytest.raises(StorageError, match="again and again"):
        open_or_mend(path(half_sent), half_sent.station.worker_lock, half_sent.clock.now())
    assert path(half_sent).exists()


def test_another_process_that_drains_is_left_to_mend(half_sent: Shop) -> None:
    half_sent.station.database.close()
    no_header(path(half_sent))
    lock = DrainLock(half_sent.station.worker_lock)
    assert lock.acquire("worker", half_sent.clock.now())
    with pytest.raises(DamagedError):
        open_or_mend(path(half_sent), half_sent.station.worker_lock, half_sent.clock.now())
    lock.release()


def test_a_file_that_takes_the_place_of_an_open_one_is_used_from_then_on(
    half_sent: Shop, tmp_path: Path
) -> None:
    database = half_sent.station.database
    with sqlite3.connect(tmp_path / "copy.db") as copy, sqlite3.connect(path(half_sent)) as original:
        original.backup(copy)
    copy.close()
    original.close()
    set_setting(database, "theme", "dark")
    shutil.move(tmp_path / "copy.db", path(half_sent))
    assert get_setting(database, "theme") == "contrast"
    set_setting(database, "theme", "light")
    again = Database(path(half_sent), database._migrations)
    assert get_setting(again, "theme") == "light"
    assert counting.waiting(again) == 1
    again.close()


def test_a_lock_file_that_was_taken_away_is_locked_again_or_lost(tmp_path: Path, shop: Shop) -> None:
    first, second = DrainLock(tmp_path / "worker.lock"), DrainLock(tmp_path / "worker.lock")
    assert first.acquire("worker", shop.clock.now())
    (tmp_path / "worker.lock").unlink()
    assert first.acquire("worker", shop.clock.now())
    assert not second.acquire("app", shop.clock.now())
    (tmp_path / "worker.lock").unlink()
    assert second.acquire("app", shop.clock.now())
    assert not first.acquire("worker", shop.clock.now())
    holder = holder_of(tmp_path / "worker.lock")
    assert holder
    assert holder.kind == "app"
    second.release()


def test_a_state_whose_bits_flipped_is_damage_and_the_report_is_sent_once(half_sent: Shop) -> None:
    flip_the_state_of_one(half_sent, State.PENDING)
    drain_once(half_sent.station)  # ends
    assert {row.state for row in half_sent.queued()} == {State.DELIVERED}
    assert len(list(path(half_sent).parent.glob("sync.db.damaged-*"))) >= 1
    assert len(half_sent.cloud.reports) == 4


def test_the_round_over_the_days_finds_a_state_whose_bits_flipped(half_sent: Shop) -> None:
    first = flip_the_state_of_one(half_sent, State.DELIVERED)
    with pytest.raises(DamagedError):
        look_at_the_next(half_sent.station, first - 1)
