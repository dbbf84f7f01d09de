"""Read beside the running program: never written, its checkpoints unspoiled, its file followed."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from factorypos_tui.core.errors import DamagedError, StorageError, TillAbsent, TillError
from factorypos_tui.tills.flocafe.flo_database import FloDatabase
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from tests.support.flocafe import FloCafe
from tests.tills.flocafe.premises import Cafe

OPENED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def every_read(till: FloCafeTill) -> list[Callable[[], Any]]:
    """All that is asked of a till."""
    period = till.open_period()
    return [
        till.status,
        till.revision,
        till.findings,
        till.configuration,
        till.sold,
        till.open_period,
        lambda: till.closes(0),
        lambda: till.closed_periods(0, 100),
        lambda: next(till.receipts(period.id if period else ""), None),
        lambda: next(till.receipts(till.closed_periods(0, 1)[0].id), None),
    ]


def test_after_every_answer_a_checkpoint_truncates_the_log(cafe: Cafe) -> None:
    cafe.program.db.execute("PRAGMA busy_timeout = 0")
    for _ in range(3):
        cafe.program.sell()
        cafe.program.end_the_day()
    cafe.program.sell()
    half_read = [ask() for ask in every_read(cafe.till)]
    cafe.program.sell()
    assert cafe.program.checkpoint() is False
    assert Path(f"{cafe.program.path}-wal").stat().st_size == 0
    for ask in every_read(cafe.till):
        cafe.program.sell()
        ask()
        assert cafe.program.checkpoint() is False
    assert half_read


def test_a_reader_that_stays_in_its_transaction_would_spoil_it(cafe: Cafe) -> None:
    cafe.program.db.execute("PRAGMA busy_timeout = 0")
    cafe.program.sell()
    reader = sqlite3.connect(cafe.program.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM bills").fetchone()
    cafe.program.sell()
    assert cafe.program.checkpoint() is True
    reader.close()


@contextmanager
def a_process(path: Path) -> Iterator[Callable[[str], Any]]:
    """FloCafe as a process; it is told a word, and answers."""
    command = [sys.executable, "-m", "tests.support.flocafe_process", str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "ready\n"

    def tell(words: str) -> Any:
        assert process.stdin
        assert process.stdout
        if words == "kill":
            process.kill()
            return process.wait()
        process.stdin.write(words + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield tell
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def a_till(path: Path) -> FloCafeTill:
    return FloCafeTill(path, Setup(str(UUID(int=11))), path.parent / "frozen.db", lambda: OPENED)


def test_no_checkpoint_of_another_process_fails_while_ours_reads_without_a_pause(tmp_path: Path) -> None:
    path = tmp_path / "flo.db"
    with a_process(path) as tell:
        tell("sell 200")
        stop, reads = threading.Event(), [0, 0]
        troubles: list[BaseException] = []

        def read(place: int) -> None:
            till = a_till(path)
            try:
                while not stop.is_set() or not reads[place]:
                    period = till.open_period()
                    assert period
                    assert len([*till.receipts(period.id)]) >= 200
                    till.revision()
                    reads[place] += 1
            except BaseException as trouble:  # noqa: BLE001 - the test's own thread raises it
                troubles.append(trouble)
            till.close()

        threads = [threading.Thread(target=read, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        was_busy = tell("sell-and-checkpoint 60")
        stop.set()
        for thread in threads:
            thread.join()
    assert troubles == []
    assert was_busy is False
    assert min(reads) > 0


def test_what_was_sold_by_a_program_that_was_killed_is_read_from_its_log(tmp_path: Path) -> None:
    path = tmp_path / "flo.db"
    with a_process(path) as tell:
        tell("sell 5")
        till = a_till(path)
        tell("kill")
        assert Path(f"{path}-wal").stat().st_size > 0
        assert till.status().receipts == 5
    till.close()


def test_its_file_is_never_written(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.end_the_day()
    cafe.program.checkpoint()
    before = cafe.program.path.read_bytes()
    for ask in every_read(cafe.till):
        ask()
    cafe.reports()
    assert cafe.program.path.read_bytes() == before
    assert Path(f"{cafe.program.path}-wal").stat().st_size == 0
    with pytest.raises(StorageError, match="cannot be written to"):
        FloDatabase(cafe.program.path).read(lambda it: it.rows("DELETE FROM bills"))


def test_another_file_in_its_place_is_read_from_then_on(cafe: Cafe, tmp_path: Path) -> None:
    cafe.program.sell()
    assert cafe.till.status().receipts == 1
    revision = cafe.till.revision()
    other = FloCafe(tmp_path / "restored" / "flo.db")
    other.sell()
    other.sell()
    other.checkpoint()
    cafe.program.checkpoint()
    other.path.replace(cafe.program.path)
    assert cafe.till.status().receipts == 2
    assert cafe.till.revision() != revision
    other.close()


def test_a_backup_of_an_older_version_in_the_same_file_is_read_anew(cafe: Cafe, tmp_path: Path) -> None:
    older = FloCafe(tmp_path / "older.db")
    older.run("PRAGMA user_version = 90")
    older.run("DROP TABLE held_orders")
    older.run("ALTER TABLE bills DROP COLUMN service_charge")
    cafe.program.sell()
    assert cafe.till.status().receipts == 1
    older.db.backup(cafe.program.db)  # into the file that is open: its inode stays
    assert cafe.till.status().receipts == 0
    older.close()


def test_a_file_that_is_gone_is_no_empty_till(cafe: Cafe) -> None:
    cafe.program.sell()
    assert cafe.till.status().receipts == 1
    aside = cafe.program.path.with_name("aside.db")
    cafe.program.path.rename(aside)
    for ask in (cafe.till.status, cafe.till.revision, cafe.till.findings, lambda: cafe.till.closes(0)):
        with pytest.raises(TillAbsent, match=r"no file of FloCafe at .*flo\.db"):
            ask()
    aside.rename(cafe.program.path)
    assert cafe.till.status().receipts == 1


def test_a_folder_that_cannot_be_entered_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    with pytest.raises(TillAbsent):
        a_till(file / "flo.db").status()


def test_a_lock_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factorypos_tui.tills.flocafe.flo_database._WAIT_S", 0.05)
    path = tmp_path / "flo.db"
    with a_process(path) as tell:
        tell("sell")
        tell("lock")
        till = a_till(path)
        with pytest.raises(StorageError, match=r"keeps .* locked"):
            till.status()
        tell("kill")
        assert till.status().receipts == 1
    till.close()


def test_an_older_flocafe_and_a_stranger_are_refused_in_words(cafe: Cafe, tmp_path: Path) -> None:
    cafe.program.run("PRAGMA user_version = 80")
    with pytest.raises(TillError, match=r"too old.*version 80.*81 or newer"):
        cafe.till.status()
    cafe.program.run("PRAGMA user_version = 92")
    assert cafe.till.status().receipts == 0
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(TillError, match=r"too old.*or it is no file of FloCafe"):
        a_till(empty).status()
    list_ = tmp_path / "list.db"
    list_.write_text("this is a shopping list, not a database\n" * 100)
    with pytest.raises(DamagedError, match="damaged"):
        a_till(list_).status()


def test_a_newer_version_is_read_while_it_has_every_column_needed(cafe: Cafe) -> None:
    cafe.program.run("PRAGMA user_version = 120")
    cafe.program.run("ALTER TABLE bills ADD COLUMN mood TEXT")
    cafe.program.sell()
    assert cafe.till.status().receipts == 1
    cafe.program.run("ALTER TABLE bills RENAME COLUMN paid_at TO settled_at")
    with pytest.raises(TillError, match=r"has no bills\.paid_at"):
        cafe.till.status()


def test_version_81_is_read_without_what_came_later(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.end_the_day()
    whole = cafe.reports()
    for column in ("pay_in_cents", "pay_out_cents", "safe_drop_cents", "cash_movements_json"):
        cafe.program.run(f"ALTER TABLE cash_closures DROP COLUMN {column}")
    for table in ("cash_drawer_movements", "cash_sessions", "held_orders", "bill_items", "payment_methods"):
        cafe.program.run(f"DROP TABLE {table}")
    cafe.program.run("DROP INDEX IF EXISTS idx_bill_items_bill")
    cafe.program.run("PRAGMA user_version = 81")
    older = cafe.another_till(kept="older.db")
    assert cafe.reports(older) == whole
    assert older.status().receipts == 0
    older.close()
