"""Faults 1, 2, 3, 24, 25, 26, 27: processes that end, hang or multiply at the worst moment."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.settings import get_setting
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.lock import holder_of
from factorypos_tui.core.storage.sync_db import MIGRATIONS, open_sync_db
from tests.faults.proxy import Proxy
from tests.faults.world import Bar
from tests.support.waiting import eventually

_COLLECT = """
import os, sys
from pathlib import Path
from factorypos_tui.core.delivery.collector import collect
from tests.faults.world import bar_at
collect(bar_at(Path(sys.argv[1]), sys.argv[2]).station)
os.kill(os.getpid(), 9)
"""


def test_01_killed_after_a_report_was_queued_it_is_sent_later(bar: Bar) -> None:
    killed = subprocess.run([sys.executable, "-c", _COLLECT, str(bar.home), bar.cloud_url], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert bar.states() == [State.PENDING] * 3
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


ENQUEUE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.support.sales import period
queue, now = Outbox(open_sync_db(Path(sys.argv[1]))), datetime(2026, 11, 22, tzinfo=UTC)
for number in range(int(sys.argv[2]), 100000):
    queue.enqueue(build_z(period(number), [], None), "store", now, now)
    print(number, flush=True)
"""


def test_02_killed_inside_of_a_commit_a_row_is_whole_or_not_there_and_never_promised(tmp_path: Path) -> None:
    path, last = tmp_path / "sync.db", 0
    for rows in (1, 3, 5, 8, 13, 21, 34):
        command = [sys.executable, "-c", ENQUEUE, str(path), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _row in range(rows):
                last = int(writer.stdout.readline())
            writer.kill()
            promised = [last, *map(int, writer.stdout.read().split())]
        database = open_sync_db(path)
        database.check()
        kept = [row[0] for row in database.rows("SELECT z_number FROM shipment ORDER BY z_number")]
        assert kept[: promised[-1]] == list(range(1, promised[-1] + 1))
        assert database.value("SELECT count(*) FROM body WHERE length(bytes) > 200") == len(kept)
        assert database.value("SELECT sum(shipments) FROM tally") == len(kept)
        last = kept[-1]
        database.close()


def test_03_killed_before_and_after_every_commit_and_every_network_step_loses_and_doubles_nothing(
    bar: Bar,
) -> None:
    bar.station.database.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.dying", str(bar.home), bar.cloud_url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 12
    closed = bar.station.till.status().last_z_number
    assert closed
    assert closed > 12
    assert bar.everything_arrived_once(closed)
    assert verify(bar.station).holds


def test_24_a_drainer_that_hangs_is_noticed_and_killed_and_another_takes_over(
    bar: Bar, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        signs = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
        with bar.worker(**signs) as hanging:
            assert next_sign(manager) == b"READY=1"
            assert bar.run("worker").returncode == 6
            assert next_sign(manager) == b"WATCHDOG=1"
            hanging.send_signal(signal.SIGSTOP)
            manager.settimeout(1)
            with pytest.raises(TimeoutError):
                read_to_the_end(manager)
            holder = holder_of(bar.home / "worker.lock")
            assert holder
            assert holder.pid == hanging.pid
            bar.sell_and_close()
            hanging.kill()
            hanging.wait()
            with bar.worker():
                eventually(lambda: bar.everything_arrived_once(4))


def test_24_a_sending_that_hangs_gives_no_sign_of_life_though_the_rest_of_the_service_lives(
    bar: Bar, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        signs = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
        program = [sys.executable, "-m", "tests.faults.hanging"]
        with replace(bar, program=program).worker(**signs) as hanging:
            assert next_sign(manager) == b"READY=1"
            manager.settimeout(5)
            with pytest.raises(TimeoutError):
                read_to_the_end(manager)
            assert hanging.poll() is None
            hanging.send_signal(signal.SIGABRT)  # as systemd does
            hanging.wait()
        assert bar.drain() == 0
        assert bar.everything_arrived_once(3)


def next_sign(manager: socket.socket) -> bytes:
    """What the service manager is told next, but for the words for people."""
    return next(sign for sign in iter(lambda: manager.recv(500), b"") if not sign.startswith(b"STATUS="))


def read_to_the_end(manager: socket.socket) -> None:
    """What was on its way, until nothing more comes; gives up where it never ends."""
    for _sign in range(50):
        manager.recv(100)


_DEADLY = """
import os, sys
from pathlib import Path
from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.delivery.drain import drain_once
from tests.faults.world import bar_at
def deadly(send):
    def sent(self, token, reports, store_id=None):
        if any(report.z_number == 2 for report in (reports if isinstance(reports, list) else [reports])):
            os.kill(os.getpid(), 9)
        return send(self, token, reports, store_id)
    return sent
FactoryCloud.send, FactoryCloud.send_batch = deadly(FactoryCloud.send), deadly(FactoryCloud.send_batch)
drain_once(bar_at(Path(sys.argv[1]), sys.argv[2]).station)
"""


def test_25_a_report_that_kills_its_sender_three_times_is_set_aside_and_holds_up_no_other(bar: Bar) -> None:
    runs = [
        subprocess.run([sys.executable, "-c", _DEADLY, str(bar.home), bar.cloud_url], check=False).returncode
        for _run in range(4)
    ]
    assert runs == [-signal.SIGKILL] * 3 + [0]
    assert bar.states() == [State.DELIVERED, State.ATTENTION, State.DELIVERED]
    assert (bar.queued()[1].last_error, bar.queued()[1].attempts) == ("crashes", 3)
    assert bar.run("queue", "retry", "--all").returncode == 0
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)


def test_26_a_forked_process_is_refused_the_connection_it_was_born_with(bar: Bar) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from factorypos_tui.core.storage.sync_db import open_sync_db\n"
        "from factorypos_tui.core.errors import StorageError; database = open_sync_db(Path(sys.argv[1]))\n"
        "if os.fork() == 0:\n"
        "    try: database.execute(\"INSERT OR REPLACE INTO setting VALUES ('theme', 'dark')\")\n"
        "    except StorageError: os._exit(7)\n"
        "    os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(bar.home / "sync.db")], check=False)
    assert done.returncode == 7
    assert get_setting(bar.station.database, "theme") == "auto"


_UPGRADE = """
import sys
from pathlib import Path
from factorypos_tui.core.storage.sync_db import open_sync_db
print("begun", flush=True)
open_sync_db(Path(sys.argv[1]))
"""
_OLD_ROW = """
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, body, state, queued_at,
                          changed_at)
    VALUES (?, 0, 'Z', 's', 't', ?, ?, '2026-11-22', '2026-11-22T22:00:00.000Z', 'EUR', 100, 'h', ?,
            'pending', '2026-11-22T22:00:00.000Z', '2026-11-22T22:00:00.000Z')
"""


@pytest.mark.parametrize("delay_s", [0.0, 0.002, 0.005, 0.01, 0.02])
def test_27_killed_half_way_through_an_upgrade_the_file_is_of_the_old_or_the_new_version(
    tmp_path: Path, delay_s: float
) -> None:
    path = tmp_path / "sync.db"
    old = Database(path, MIGRATIONS[:1])
    with old.transaction():
        for number in range(1, 2001):
            old.execute(_OLD_ROW, f"id-{number}", f"period-{number}", number, os.urandom(2000))
    old.close()
    with subprocess.Popen([sys.executable, "-c", _UPGRADE, str(path)], stdout=subprocess.PIPE) as upgrade:
        assert upgrade.stdout is not None
        upgrade.stdout.readline()
        try:
            upgrade.wait(delay_s)
        except subprocess.TimeoutExpired:
            upgrade.kill()
    new = open_sync_db(path)
    new.check()
    assert new.value("PRAGMA user_version") == len(MIGRATIONS)
    assert new.value("SELECT count(*) FROM body WHERE length(bytes) = 2000") == 2000
    assert new.value("SELECT shipments FROM tally WHERE state = 'pending'") == 2000
    new.close()


def test_23_of_two_services_and_a_visitor_one_drains_and_the_next_takes_over_when_it_is_killed(
    bar: Bar, line: Proxy
) -> None:
    with bar.worker(line.address) as first:
        eventually(lambda: bar.delivered() == 3)
        assert bar.drain(line.address) == 6
        assert bar.run("worker", url=line.address).returncode == 6
        first.kill()
        first.wait()
        bar.sell_and_close()
        with bar.worker(line.address):
            eventually(lambda: bar.everything_arrived_once(4))
    assert {row.result for row in bar.queued()} == {"created"}  # never "unchanged": none was sent twice


def test_23_a_service_beside_another_waits_for_its_turn_and_takes_it_when_that_one_is_killed(
    bar: Bar, line: Proxy, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        with bar.worker(line.address) as first:
            eventually(lambda: bar.delivered() == 3)
            with bar.worker(line.address, NOTIFY_SOCKET=str(tmp_path / "notify")) as service:
                assert next_sign(manager) == b"READY=1"
                bar.sell_and_close()
                eventually(lambda: bar.delivered() == 4)
                assert (holder := holder_of(bar.home / "worker.lock"))
                assert holder.pid == first.pid
                first.kill()
                first.wait()
                bar.sell_and_close()
                eventually(lambda: bar.everything_arrived_once(5))
                assert (holder := holder_of(bar.home / "worker.lock"))
                assert holder.pid == service.pid
    assert {row.result for row in bar.queued()} == {"created"}
