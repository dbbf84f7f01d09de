"""An answer that holds while a file does not change: asked again at every change, and not without."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from factorypos_tui.core.storage.unchanged import WhileUnchanged


@pytest.fixture
def asked(tmp_path: Path) -> list[int]:
    return []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in WAL whose files were last changed an hour ago."""
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = wal")
        database.execute("CREATE TABLE a (b)")
    settle(path)
    return path


def settle(path: Path) -> None:
    for name in (path, Path(f"{path}-wal")):
        if name.exists():
            os.utime(name, (time.time() - 3600, time.time() - 3600))


def counting(path: Path, asked: list[int]) -> WhileUnchanged[int]:
    def ask() -> int:
        asked.append(len(asked))
        return len(asked)

    return WhileUnchanged(path, ask)


def test_a_file_that_rests_is_asked_once(path: Path, asked: list[int]) -> None:
    kept = counting(path, asked)
    assert [kept.answer() for _ in range(5)] == [1] * 5


def test_a_change_is_seen_and_asked_for_until_the_clock_of_the_files_has_moved_on(
    path: Path, asked: list[int]
) -> None:
    cached = counting(path, asked)
    cached.answer()
    database = sqlite3.connect(path)
    database.execute("INSERT INTO a VALUES (1)")
    database.commit()
    assert [cached.answer(), cached.answer()] == [2, 3]
    settle(path)
    assert [cached.answer(), cached.answer()] == [4, 4]
    database.close()


@pytest.mark.parametrize("ahead_s", [0, 3600])
def test_a_file_of_this_moment_or_from_the_future_is_not_trusted(
    path: Path, asked: list[int], ahead_s: int
) -> None:
    os.utime(path, (time.time() + ahead_s, time.time() + ahead_s))
    kept = counting(path, asked)
    assert [kept.answer(), kept.answer()] == [1, 2]


def test_another_file_of_the_name_is_another_file(path: Path, asked: list[int]) -> None:
    cached = counting(path, asked)
    cached.answer()
    times = path.stat().st_mtime_ns
    path.with_name("y.db").write_bytes(path.read_bytes())
    path.with_name("y.db").rename(path)
    os.utime(path, ns=(times, times))
    assert cached.answer() == 2
    path.unlink()
    assert [cached.answer(), cached.answer()] == [3, 4]


def test_each_thread_has_an_answer_of_its_own(path: Path, asked: list[int]) -> None:
    kept = counting(path, asked)
    assert kept.answer() == 1
    other = threading.Thread(target=kept.answer)
    other.start()
    other.join()
    assert (kept.answer(), len(asked)) == (1, 2)
