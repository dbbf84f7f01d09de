"""Faults 19 and 22: a disk that is full, that fails, or that takes nothing any more."""

import errno
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.queue.states import State
from factorypos_tui.core.storage.sync_db import open_sync_db
from tests.faults import disk
from tests.faults.disk import SYNCS, WRITES, Disk
from tests.faults.proxy import Exchange, Proxy
from tests.faults.test_kills import ENQUEUE
from tests.faults.world import Bar, at_rest
from tests.support.waiting import eventually

needs_a_disk_that_fails = pytest.mark.skipif(
    not disk.is_possible(), reason="this machine lets no process watch the calls of another"
)


def full_after(size: int) -> Callable[[], None]:
    """The disk has no room for any file beyond so many bytes."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_19_a_full_disk_is_said_in_words_and_nothing_is_lost(bar: Bar) -> None:
    assert bar.drain() == 0
    ballast = bar.home / "factorypos.ballast"
    ballast.unlink()
    bar.sell_and_close()
    size = at_rest(bar).stat().st_size
    for room in (0, 4096):
        full = bar.run("worker", "--once", preexec_fn=full_after(room))
        assert full.returncode == 1
        assert "disk" in full.stderr
        assert bar.delivered() == 3
    may_not_grow = bar.run("worker", "--once", preexec_fn=full_after(size))
    assert may_not_grow.returncode == (0 if bar.delivered() == 4 else 1)
    assert ("disk" in may_not_grow.stderr) is (may_not_grow.returncode == 1)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)
    assert ballast.stat().st_size == 4 << 20
    ballast.write_bytes(b"")  # as if the process that wrote it was killed
    assert bar.drain() == 0
    assert ballast.stat().st_size == 4 << 20


@pytest.fixture
def small_disk(bar: Bar) -> Iterator[Sequence[str]]:
    """The bar's home on a disk of 24 MiB; what a command begins with to run there."""
    if not shutil.which("unshare"):
        pytest.skip("not installed: unshare")
    bar.close()
    mount = (
        'cp -a "$0" "$0.all" && mount -t tmpfs -o size=24m none "$0" && cp -a "$0.all/." "$0" && echo ready'
    )
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    command += [f"{mount} && exec sleep 1000", str(bar.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        if holder.stdout.readline() != "ready\n":
            pytest.skip("this machine lets no test mount a disk")
        yield ["nsenter", f"--target={holder.pid}", "--user", "--mount", "--preserve-credentials"]
        holder.kill()


def test_19_a_disk_that_is_full_still_lets_a_closed_day_in_and_out(
    bar: Bar, small_disk: Sequence[str]
) -> None:
    def run(*arguments: str) -> str:
        """What it says in the end: the first try may be what finds the disk full."""
        for _try in range(2):
            done = bar.run(*arguments, prefix=small_disk)
            if done.returncode == 0:
                break
            assert "full" in done.stderr
        assert done.returncode == 0, done.stderr
        return done.stdout

    def on_it(command: str) -> None:
        subprocess.run([*small_disk, "sh", "-c", f'cd "$0" && {command}', bar.home], check=True)

    run("worker", "--once")
    on_it("! dd if=/dev/zero of=filler bs=4k 2>&1")
    run("till", "sale", "--item", "CAFE*2")
    run("till", "close")
    run("worker", "--once")
    assert [z.z_number for z in bar.held()] == [1, 2, 3, 4]
    assert "nearly full" in run("status")
    on_it("rm filler")
    run("worker", "--once")
    on_it("test -s factorypos.ballast")
    assert "nearly full" not in run("status")


def test_22_a_disk_that_takes_nothing_is_said_in_words_and_work_goes_on_when_it_does(bar: Bar) -> None:
    bar.sell_and_close()
    at_rest(bar)
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    read_only = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(bar.home)]
    stuck = bar.run("worker", "--once", prefix=read_only)
    assert stuck.returncode == 1
    assert "cannot be" in stuck.stderr
    assert bar.drain() == 0
    assert bar.everything_arrived_once(4)


def speaks_of_the_disk(bar: Bar) -> bool:
    """Whether the service has told its log of a disk in trouble."""
    has_a_log = (bar.home / "logs" / "factorypos.jsonl").exists()
    return has_a_log and any(
        word in str(line.get("error")) for line in bar.log() for word in ("disk", "cannot be written")
    )


@needs_a_disk_that_fails
@pytest.mark.parametrize(
    ("calls", "error"),
    [
        (SYNCS, errno.EIO),
        (WRITES, errno.EIO),
        (WRITES | SYNCS, errno.EROFS),  # as ext4 goes on after an error of the disk
        (WRITES, errno.ENOSPC),
    ],
)
def test_22_a_service_whose_disk_fails_says_so_and_goes_on_by_itself_when_it_works_again(
    bar: Bar, calls: frozenset[int], error: int
) -> None:
    bar.close()
    failing = Disk(bar.home)
    with failing.under() as begin, replace(bar, begin=begin).worker() as service:
        eventually(lambda: bar.delivered() == 3)
        failing.fail(calls, error)
        bar.sell_and_close()
        eventually(lambda: speaks_of_the_disk(bar))
        assert len(bar.queued()) == 3
        assert len(bar.held()) == 3
        failing.heal()
        eventually(lambda: bar.everything_arrived_once(4))
        assert service.poll() is None


@needs_a_disk_that_fails
@pytest.mark.parametrize("calls", [SYNCS, WRITES])
def test_22_a_disk_that_fails_while_a_report_is_on_its_way_costs_a_second_sending_and_no_more(
    bar: Bar, line: Proxy, calls: frozenset[int]
) -> None:
    bar.close()
    failing = Disk(bar.home)

    def fail_once_it_is_there(exchange: Exchange) -> Iterator[bytes]:
        answer = exchange.send()
        failing.fail(calls)
        yield answer

    line.misbehave(fail_once_it_is_there, times=1, where=" /v1/reports/")
    with failing.under() as begin, replace(bar, begin=begin).worker(line.address) as service:
        eventually(lambda: speaks_of_the_disk(bar))
        assert bar.states() == [State.SENDING] * 3  # on its way until the disk takes that it has arrived
        failing.heal()
        eventually(lambda: bar.everything_arrived_once(3))
        assert service.poll() is None


@needs_a_disk_that_fails
def test_22_what_a_failed_sync_did_not_save_was_promised_to_nobody(tmp_path: Path) -> None:
    """The power goes where a sync fails, and all that no sync has saved is lost."""
    last = 0
    for syncs in (1, 2, 3, 5, 8, 13, 21, 34, 55):
        failing, left = Disk(tmp_path), [syncs]

        def choose(call: int, _file: Path, left: list[int] = left) -> int:
            left[0] -= call in SYNCS
            return errno.EIO if left[0] <= 0 and call in SYNCS else 0

        failing.choose = choose
        command = [sys.executable, "-c", ENQUEUE, str(tmp_path / "sync.db"), str(last + 1)]
        with failing.under() as begin:
            done = subprocess.run(command, capture_output=True, text=True, preexec_fn=begin, check=False)
        assert done.returncode == 1
        promised = [last, *map(int, done.stdout.split())][-1]
        failing.cut_the_power()
        database = open_sync_db(tmp_path / "sync.db")
        database.check()
        kept = [row[0] for row in database.rows("SELECT z_number FROM shipment ORDER BY z_number")]
        assert kept[:promised] == list(range(1, promised + 1))
        assert database.value("SELECT count(*) FROM body") == len(kept)
        last = len(kept)
        database.close()
    assert last > 40


@needs_a_disk_that_fails
def test_22_a_power_cut_that_takes_all_that_was_not_synced_loses_and_doubles_nothing(
    bar: Bar, line: Proxy
) -> None:
    bar.close()
    days = 3
    for syncs in range(1, 30):
        failing, left = Disk(bar.home), [syncs]

        def choose(call: int, _file: Path, left: list[int] = left) -> int:
            left[0] -= call in SYNCS
            return errno.EIO if left[0] <= 0 and call in WRITES | SYNCS else 0

        failing.choose = choose
        with failing.under() as begin:
            ended = bar.run("worker", "--once", preexec_fn=begin).returncode
        failing.cut_the_power()
        delivered = [row.z_number for row in bar.queued() if row.state is State.DELIVERED]
        assert set(delivered) <= {z.z_number for z in bar.held()}
        bar.close()
        if ended == 0:
            break
        bar.sell_and_close()
        days += 1
    assert bar.drain() == 0
    assert bar.everything_arrived_once(days)
    assert days > 5
