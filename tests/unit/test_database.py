"""SQLite as we trust it: the version gate, migrations, errors in words."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.pragmas import wal_is_safe
from tests.support.forked import FORKING
from tests.unit.opening import open_with_the_others

ONE = "CREATE TABLE a (n INTEGER PRIMARY KEY);\n"
TWO = "CREATE TABLE b (n INTEGER);\nINSERT INTO b VALUES (1);\n"


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 0), True),
    ],
)
def test_wal_only_where_sqlite_has_the_fix(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_a_new_file_is_private_and_durable(tmp_path: Path) -> None:
    database = Database(tmp_path / "new" / "x.db", [ONE])
    journal, synchronous = database.value("PRAGMA journal_mode"), database.value("PRAGMA synchronous")
    assert (journal, synchronous) in (("wal", 2), ("delete", 3))
    assert database.value("PRAGMA busy_timeout") == 10_000
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "x.db").stat().st_mode) == 0o600
    database.close()


def test_an_older_file_is_brought_up_to_date_with_what_it_holds(tmp_path: Path) -> None:
    old = Database(tmp_path / "x.db", [ONE])
    old.execute("INSERT INTO a VALUES (7)")
    old.close()
    new = Database(tmp_path / "x.db", [ONE, TWO])
    assert (new.rows("SELECT n FROM a"), new.rows("SELECT n FROM b")) == ([(7,)], [(1,)])
    assert new.value("PRAGMA user_version") == 2
    new.close()


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", [ONE, TWO]).close()
    before = (tmp_path / "x.db").read_bytes()
    with pytest.raises(StorageError, match="newer version"):
        Database(tmp_path / "x.db", [ONE])
    assert (tmp_path / "x.db").read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    Database(tmp_path / "x.db", [ONE]).close()
    with pytest.raises(StorageError):
        Database(tmp_path / "x.db", [ONE, "CREATE TABLE c (n);\nNONSENSE;\n"])
    with closing(sqlite3.connect(tmp_path / "x.db")) as plain:
        assert plain.execute("SELECT name FROM sqlite_master WHERE name = 'c'").fetchall() == []
        assert plain.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [ONE])

    def insert_twice() -> None:
        with database.transaction():
            database.execute("INSERT INTO a VALUES (1)")
            database.execute("INSERT INTO a VALUES (1)")

    with pytest.raises(StorageError):
        insert_twice()
    assert database.rows("SELECT n FROM a") == []
    database.close()


def test_an_error_names_the_file_and_quotes_no_sql(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [ONE])
    with pytest.raises(StorageError) as refused:
        database.rows("SELECT secret FROM nowhere")
    assert str(tmp_path / "x.db") in str(refused.value)
    assert "SELECT" not in str(refused.value)
    database.close()


def test_a_file_that_is_no_database_is_called_damaged_and_kept(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StorageError, match="damaged"):
        Database(tmp_path / "x.db", [ONE])
    assert (tmp_path / "x.db").read_bytes() == b"not a database at all" * 1000


def test_processes_that_start_together_all_get_the_new_file(tmp_path: Path) -> None:
    for attempt in range(6):
        values = (tmp_path / f"{attempt}.db", FORKING.Barrier(6))
        starters = [FORKING.Process(target=open_with_the_others, args=values) for _ in range(6)]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join()
        assert [starter.exitcode for starter in starters] == [0] * 6


def test_a_link_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError):
        Database(tmp_path / "x.db", [ONE])
    assert not (tmp_path / "elsewhere").exists()


def test_another_connections_commit_changes_the_data_version(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", [ONE])
    before = database.data_version()
    assert database.data_version() == before
    other = Database(tmp_path / "x.db", [ONE])
    other.execute("INSERT INTO a VALUES (1)")
    other.close()
    assert database.data_version() != before
    database.close()


def test_a_process_that_looks_and_ends_takes_no_log_away_from_the_threads_of_another(tmp_path: Path) -> None:
    path = tmp_path / "sync.db"
    database = Database(path, ("CREATE TABLE seen (n INTEGER);",))
    database.execute("INSERT INTO seen VALUES (1)")

    def come_and_go() -> None:
        with database.connection():
            database.rows("SELECT * FROM seen")

    thread = threading.Thread(target=come_and_go)
    thread.start()
    thread.join()
    look = (
        "import sqlite3, sys; found = sqlite3.connect(sys.argv[1]);"
        " print(found.execute('SELECT count(*) FROM seen').fetchone()[0]); found.close()"
    )
    command = [sys.executable, "-c", look, str(path)]
    assert subprocess.check_output(command, text=True) == "1\n"
    database.execute("INSERT INTO seen VALUES (2)")
    assert subprocess.check_output(command, text=True) == "2\n"
    database.close()
