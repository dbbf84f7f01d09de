"""Faults 20, 21, 28, 29, 31, 33, 34: files, copies, versions and sizes."""

import os
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.link import MAX_BATCH
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.sync_db import MIGRATIONS, open_sync_db
from tests.faults.world import Bar, CloudProcess, at_rest, conflicts_in
from tests.support.sales import period
from tests.support.stations import body_of
from tests.support.waiting import eventually


def bodies(bar: Bar) -> list[bytes]:
    return sorted(body_of(bar.station.database, row.id) for row in bar.queued())


def look_at_all(bar: Bar) -> None:
    """As the service does, one day a minute."""
    number = look_at_the_next(bar.station, 0)
    while number:
        number = look_at_the_next(bar.station, number)


@pytest.mark.parametrize("seed", range(8))
def test_20_a_queue_with_flipped_bits_is_whole_again_by_itself(bar: Bar, seed: int) -> None:
    assert bar.drain() == 0
    bar.sell_and_close()
    collect(bar.station)
    before = bodies(bar)
    path = at_rest(bar)
    content = bytearray(path.read_bytes())
    for place in range(37 * seed, len(content), max(1, len(content) // 40)):
        content[place] ^= 1 << seed
    path.write_bytes(content)
    (bar.home / "worker.lock").write_text('{"pid": 1, "since": "", "kind": "worker"}')  # not in order
    for _start in range(3):
        if bar.drain() == 0:
            break
    assert bar.everything_arrived_once(4)
    look_at_all(bar)
    assert bodies(bar) == before


@pytest.mark.parametrize("part", [0, 100, 4096, 20000])
def test_20_a_queue_that_was_cut_short_is_whole_again_by_itself(bar: Bar, part: int) -> None:
    assert bar.drain() == 0
    bar.sell_and_close()
    collect(bar.station)
    before = bodies(bar)
    os.truncate(at_rest(bar), part)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)
    assert bodies(bar) == before


def test_21_what_was_in_a_deleted_journal_comes_back_from_till_and_cloud(bar: Bar) -> None:
    holder = [sys.executable, "-m", "tests.faults.leaving_a_journal", str(bar.home), bar.cloud_url]
    bar.station.database.close()
    assert subprocess.run(holder, check=False).returncode == -signal.SIGKILL
    for side in ("-wal", "-shm", "-journal"):
        (bar.home / f"sync.db{side}").unlink(missing_ok=True)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_21_a_lost_queue_comes_back_from_till_and_cloud(bar: Bar) -> None:
    assert bar.drain() == 0
    before = bodies(bar)
    bar.sell_and_close()
    at_rest(bar).unlink()
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)
    assert set(before) < set(bodies(bar))
    assert bar.run("verify").returncode == 0


@pytest.mark.parametrize("sides", [("",), ("", "-wal", "-shm", "-journal")])
def test_21_a_queue_that_is_deleted_under_the_running_service_comes_back_without_a_new_start(
    bar: Bar, sides: tuple[str, ...]
) -> None:
    with bar.worker() as service:
        eventually(lambda: bar.delivered() == 3)
        bar.close()
        for side in sides:
            Path(f"{bar.home}/sync.db{side}").unlink(missing_ok=True)
        bar.sell_and_close()
        eventually(lambda: len(bar.held()) == 4)
        eventually(lambda: bar.everything_arrived_once(4))
        assert service.poll() is None


def test_21_a_log_that_is_deleted_under_the_running_service_loses_nothing(bar: Bar) -> None:
    with bar.worker():
        eventually(lambda: bar.delivered() == 3)
        bar.close()
        for side in ("-wal", "-shm"):
            Path(f"{bar.home}/sync.db{side}").unlink(missing_ok=True)
        bar.sell_and_close()
        assert bar.run("queue", "list").returncode == 0
        bar.sell_and_close()
        eventually(lambda: len(bar.held()) == 5)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(5)
    assert bar.run("verify").returncode == 0


def test_28_an_older_program_leaves_a_newer_file_untouched(bar: Bar) -> None:
    collect(bar.station)
    newer = len(MIGRATIONS) + 1
    bar.station.database.execute(f"PRAGMA user_version = {newer}")
    content = at_rest(bar).read_bytes()
    refused = bar.run("status")
    assert refused.returncode == 1
    assert "newer version" in refused.stderr
    assert (bar.home / "sync.db").read_bytes() == content


def test_29_of_two_copies_of_one_machine_the_second_is_found_out_and_both_days_are_kept(
    bar: Bar, tmp_path: Path, shared_cloud: CloudProcess
) -> None:
    assert bar.drain() == 0
    twin = bar.clone(tmp_path / "twin")
    before = conflicts_in(shared_cloud)
    bar.sell_and_close()
    twin.sell_and_close()
    assert bar.drain() == 0
    assert twin.drain() == 5
    assert twin.queued()[3].last_error == "report_conflict"
    assert conflicts_in(shared_cloud) == before + 1
    assert [d.here.z_number for d in verify(twin.station).different] == [4]
    assert bar.everything_arrived_once(4)
    twin.close()


def test_29_a_till_is_told_of_days_that_a_copy_of_it_has_closed(bar: Bar, tmp_path: Path) -> None:
    assert bar.drain() == 0
    twin = bar.clone(tmp_path / "twin")
    for _day in range(2):
        twin.sell_and_close()
    assert twin.drain() == 0
    assert standing_trouble(twin.station) is None
    bar.sell_and_close()
    assert bar.drain() == 5
    words = standing_trouble(bar.station) or ""
    assert "Z 5" in words
    assert "copied from this one" in words
    bar.sell_and_close()
    assert bar.drain() == 5
    assert standing_trouble(bar.station) is None
    assert [row.state for row in bar.queued() if (row.z_number or 0) > 3] == [State.ATTENTION] * 2
    twin.close()


def test_31_a_great_backlog_is_worked_off_without_being_read_into_memory(tmp_path: Path) -> None:
    database, now = open_sync_db(tmp_path / "sync.db"), datetime(2026, 11, 22, tzinfo=UTC)
    report = build_z(period(1), [], None)
    reports = ((build_z(period(number), [], None), now) for number in range(1, 20_001))
    Outbox(database).enqueue_all(tuple(reports), "store", now)
    tracemalloc.start()
    sent = len(Outbox(database).claim("store", MAX_BATCH, now))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent == MAX_BATCH
    assert peak < 8 * MAX_BATCH * len(report.body)
    database.close()


_FILL = """
    WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 1000000)
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number, attempts,
                          business_date, as_of, currency, net, content_hash, state, queued_at, changed_at)
    SELECT 'report ' || n, 0, 'Z', 'left', terminal_id, 'period ' || n, 1000 + n, 1, '2026-01-01',
           '2026-01-01T00:00:00.000Z', 'EUR', n, 'hash ' || n, 'pending', '2026-01-01T00:00:00.000Z',
           '2026-01-01T00:00:00.000Z' FROM n, assignment
"""


def most_memory_of(process: int) -> int:
    """The bytes that a process had at most."""
    status = Path(f"/proc/{process}/status").read_text()
    (most,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(most) * 1024


@pytest.mark.long
def test_31_a_day_is_sent_beside_a_million_others_that_wait_in_as_much_memory_as_alone(bar: Bar) -> None:
    """Give or take what SQLite keeps of a file, and one batch."""

    def sends_one_more(days: int) -> int:
        bar.sell_and_close()
        with bar.worker() as service:
            eventually(lambda: len(bar.held()) == days)
            return most_memory_of(service.pid)

    assert bar.drain() == 0
    alone = sends_one_more(4)
    assert bar.drain() == 0
    database = bar.station.database
    database.execute("PRAGMA synchronous = off")
    with database.transaction():
        database.execute(_FILL)
        database.execute("INSERT INTO body SELECT id, x'00' FROM shipment WHERE store_id = 'left'")
        database.execute("INSERT INTO store (id, name) VALUES ('left', 'Left')")
    bar.close()
    assert sends_one_more(5) < alone + (32 << 20)
    assert bar.run("status").returncode == 0
    assert counts(bar.station.database)[State.PENDING] > 900_000


def test_33_a_backup_tool_that_locks_the_queue_is_waited_for(bar: Bar) -> None:
    collect(bar.station)
    bar.station.database.close()
    script = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); time.sleep(2); c.execute('COMMIT')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(bar.home / "sync.db")], stdout=subprocess.PIPE, text=True
    ) as tool:
        assert tool.stdout is not None
        tool.stdout.readline()
        assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_33_one_that_never_lets_go_is_named_and_nothing_is_changed(bar: Bar) -> None:
    collect(bar.station)
    bar.station.database.close()
    with sqlite3.connect(bar.home / "sync.db", isolation_level=None) as tool:
        tool.execute("BEGIN IMMEDIATE")
        stuck = bar.run("worker", "--once")
        assert stuck.returncode == 1
        assert "Another program" in stuck.stderr
        tool.execute("ROLLBACK")
    tool.close()
    assert bar.states() == [State.PENDING] * 3
    assert bar.drain() == 0


@pytest.mark.parametrize("keyring", ["AbsentKeyring", "LockableKeyring"])
def test_34_without_a_keyring_or_with_a_locked_one_the_queue_runs(bar: Bar, keyring: str) -> None:
    backend = {**os.environ, "PYTHON_KEYRING_BACKEND": f"tests.credentials.keyrings.{keyring}"}
    done = subprocess.run(
        [sys.executable, "-m", "factorypos_tui", "--home", str(bar.home), "worker", "--once"],
        env=backend | {"FACTORYPOS_CLOUD_URL": bar.cloud_url, "PYTHONPATH": str(Path.cwd())},
        check=False,
    )
    assert done.returncode == 0
    assert bar.everything_arrived_once(3)


def test_28_an_upgraded_file_still_sends_what_the_old_program_queued(bar: Bar) -> None:
    collect(bar.station)
    at_rest(bar)
    again = Database(bar.home / "sync.db", MIGRATIONS)
    again.close()
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)
