"""One process drains: two try, one dies, one only looks."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.storage.lock import DrainLock, holder_of

NOW = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from factorypos_tui.core.storage.lock import DrainLock
lock = DrainLock(Path(sys.argv[1]))
print(lock.acquire("worker", datetime.now(UTC)), flush=True)
sys.stdin.read()
"""


def hold_elsewhere(path: Path) -> "subprocess.Popen[str]":
    """Another process that holds the lock until its standard input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "True"
    return process


def test_one_process_holds_it_and_everybody_can_see_who(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    with hold_elsewhere(path) as other:
        assert not DrainLock(path).acquire("app", NOW)
        holder = holder_of(path)
        assert holder
        assert (holder.pid, holder.kind) == (other.pid, "worker")
        other.kill()
        other.wait()
        assert holder_of(path) is None
        lock = DrainLock(path)
        assert lock.acquire("app", NOW)
        lock.release()


def test_a_lock_whose_file_was_taken_away_holds_only_where_nobody_has_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    lock = DrainLock(path)
    assert lock.acquire("app", NOW)
    path.unlink()
    with hold_elsewhere(path) as other:
        assert not lock.acquire("app", NOW)
        assert not lock.held
        other.kill()
        other.wait()
    assert lock.acquire("app", NOW)
    assert holder_of(path)
    lock.release()


def test_looking_never_takes_the_lock_away(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    lock = DrainLock(path)
    assert lock.acquire("app", NOW)
    assert json.loads(path.read_text())["since"] == "2026-11-22T22:01:00.000Z"
    for _ in range(3):
        assert holder_of(path) is not None
    lock.release()
    assert holder_of(path) is None


def test_nobody_holds_a_lock_that_was_never_made(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "worker.lock") is None
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "worker.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError):
        DrainLock(tmp_path / "worker.lock").acquire("app", NOW)
    assert not (tmp_path / "elsewhere").exists()
