"""The file of a SQLite database: brought back from a backup, brought up to date, and never begun anew over a
lost one."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import pytest
from peewee import OperationalError

from factorypos_tui.server.ops import users
from factorypos_tui.server.storage import migrating, opening, restoring
from factorypos_tui.server.storage.backup import back_up
from factorypos_tui.server.storage.database import DatabaseRefusedError
from factorypos_tui.server.storage.migrations import MIGRATIONS
from tests.server.servers import server
from tests.server.test_commands import PASSWORD, run
from tests.server.test_migration import CONTENTS, VERSION_1

EMAIL = "ana@example.com"


class Spoil(Protocol):
    """Does something to a file that ends its use."""

    def __call__(self, file: Path, /) -> object: ...


@contextmanager
def opened(home: Path, said: list[str] | None = None) -> Iterator[None]:
    with opening.opened(home, None, print if said is None else said.append):
        yield


def people(home: Path, *more: str) -> list[str]:
    """The accounts there are, after some were made."""
    with opening.opened(home, None, print) as database:
        for email in more:
            users.create_user(database, email, "Name", PASSWORD)
        return [user.email for user in users.list_users(database)]


def files(home: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in home.iterdir() if file.suffix not in (".lock", ".use")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A server whose owner is Ana."""
    people(tmp_path / "home", EMAIL)
    return tmp_path / "home"


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    """A backup with Ana alone; Eva came after it."""
    with opening.opened(home, None, print) as database:
        back_up(database, tmp_path / "backup.db")
    people(home, "eva@example.com")
    return tmp_path / "backup.db"


def version(file: Path) -> int:
    """Of the tables in a file."""
    with closing(sqlite3.connect(file)) as database:
        (number,) = database.execute("SELECT version FROM schema_version").fetchone()
    return int(number)


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """A home whose database the first program wrote."""
    home = tmp_path / "old"
    home.mkdir()
    with closing(sqlite3.connect(home / "cloud.db")) as database:
        database.executescript(VERSION_1 + CONTENTS)
    return home


def test_a_backup_is_brought_back_and_what_it_replaces_is_kept(home: Path, backup: Path) -> None:
    done = run(home, "restore", str(backup), "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert people(home) == [EMAIL]
    (kept,) = home.glob("cloud.db.before-*")
    assert str(kept) in done.stderr
    (there := home.parent / "there").mkdir()
    shutil.copy(kept, there / "cloud.db")
    assert people(there) == [EMAIL, "eva@example.com"]
    assert (home / "cloud.db").stat().st_mode & 0o777 == 0o600


def test_it_asks_before_it_replaces_and_a_no_changes_nothing(home: Path, backup: Path) -> None:
    before = files(home)
    refused = run(home, "restore", str(backup), given="n\n")
    assert (refused.returncode, files(home)) == (1, before)
    assert "which is kept?" in refused.stderr
    assert run(home, "restore", str(backup), given="y\n").returncode == 0
    assert people(home) == [EMAIL]


def test_a_backup_begins_a_new_machine_and_takes_the_place_of_a_damaged_file(
    home: Path, backup: Path, tmp_path: Path
) -> None:
    assert run(tmp_path / "new", "restore", str(backup)).returncode == 0
    assert people(tmp_path / "new") == [EMAIL]
    (home / "cloud.db").write_bytes(b"\x00" * 8192)
    assert restoring.restore(home / "cloud.db", backup) is not None
    assert people(home) == [EMAIL]


def test_an_old_backup_is_brought_up_to_date_by_the_next_start(home: Path, old_home: Path) -> None:
    restoring.restore(home / "cloud.db", old_home / "cloud.db")
    assert people(home) == ["a@b.example"]


def test_nothing_is_replaced_while_a_server_runs(home: Path, backup: Path) -> None:
    with server(home):
        refused = run(home, "restore", str(backup), "--yes")
    assert refused.returncode == 1
    assert "in use. Stop every FactoryCLOUD" in refused.stderr
    assert people(home) == [EMAIL, "eva@example.com"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), "No such file"),
        (lambda file: file.write_bytes(b""), "no backup of a FactoryCLOUD"),
        (lambda file: file.write_bytes(b"x" * 9999), "no backup of a FactoryCLOUD"),
        (lambda file: file.write_bytes(file.read_bytes()[:-4096]), "no backup of a FactoryCLOUD"),
        (lambda file: change(file, "DROP TABLE schema_version"), "no backup of a FactoryCLOUD"),
        (lambda file: change(file, "UPDATE schema_version SET version = 999"), "newer program"),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(home: Path, backup: Path, spoil: Spoil, words: str) -> None:
    spoil(backup)
    before = files(home)
    with pytest.raises(DatabaseRefusedError, match=f"{words}.*Nothing was changed"):
        restoring.restore(home / "cloud.db", backup)
    assert files(home) == before


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=100_000))


@pytest.mark.usefixtures("little_room")
def test_without_room_nothing_is_copied_and_nothing_changed(home: Path, backup: Path, old_home: Path) -> None:
    before = files(home)
    with pytest.raises(DatabaseRefusedError, match="too little room"):
        restoring.restore(home / "cloud.db", backup)
    with pytest.raises(DatabaseRefusedError, match="too little room"), opened(old_home):
        pass
    assert files(home) == before
    assert version(old_home / "cloud.db") == 1


@pytest.mark.parametrize("steps", range(4))
def test_a_restore_that_is_interrupted_is_ended_by_the_next_start(
    home: Path, backup: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(home / "cloud.db")) as other:
        other.execute("UPDATE account SET name = 'Eva'")  # with a reader, this stays in the file beside it
        other.commit()
        shutil.copytree(home, crashed := home.with_name("crashed"))
    moves = iter([True] * steps)
    move = Path.replace

    def die(self: Path, target: Path) -> Path:
        if not next(moves, False):
            raise KeyboardInterrupt
        return move(self, target)

    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            restoring.restore(crashed / "cloud.db", backup)
    is_decided = steps > 0
    assert people(crashed) == ([EMAIL] if is_decided else [EMAIL, "eva@example.com"])
    if is_decided:
        (kept,) = (it for it in crashed.glob("cloud.db.before-*Z") if it.is_file())
        with closing(sqlite3.connect(kept)) as database:
            assert database.execute("SELECT DISTINCT name FROM account").fetchall() == [("Eva",)]


def test_a_restore_that_fails_once_it_is_decided_says_that_the_next_start_ends_it(
    home: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name != "cloud.db.restored":
            raise OSError(28, "No space left on device", str(self))
        return move(self, target)

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", fail)
        with pytest.raises(DatabaseRefusedError, match="the next start of the server ends it") as told:
            restoring.restore(home / "cloud.db", backup)
    assert "Nothing was changed" not in str(told.value)
    assert people(home) == [EMAIL]


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_what_a_killed_server_left_is_kept_and_can_be_brought_back(
    home: Path, backup: Path, mode: str
) -> None:
    crashed = home.with_name("crashed")
    with closing(sqlite3.connect(home / "cloud.db", isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode = {mode}")
        other.execute("UPDATE account SET name = 'Eva'")
        if mode == "delete":
            other.execute("PRAGMA cache_size = 1")  # so that what is not committed is in the file
            other.execute("BEGIN")
            other.execute("CREATE TABLE half (x)")
            other.executemany("INSERT INTO half VALUES (?)", [("x" * 4000,)] * 50)
        shutil.copytree(home, crashed)
    beside = "cloud.db-wal" if mode == "wal" else "cloud.db-journal"
    assert (crashed / beside).stat().st_size > 0
    kept = restoring.restore(crashed / "cloud.db", backup)
    assert people(crashed) == [EMAIL]
    assert kept
    before = {file: file.read_bytes() for file in crashed.glob(f"{kept.name}*")}
    assert len(before) > 1
    restoring.restore(crashed / "cloud.db", kept)
    assert {file: file.read_bytes() for file in before} == before
    with closing(sqlite3.connect(crashed / "cloud.db")) as database:
        assert database.execute("SELECT DISTINCT name FROM account").fetchall() == [("Eva",)]
        assert database.execute("SELECT * FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_the_database_of_a_server_that_runs_is_no_backup(home: Path, tmp_path: Path) -> None:
    with opened(home), pytest.raises(DatabaseRefusedError, match=r"in use.*Nothing was changed"):
        restoring.restore(tmp_path / "new" / "cloud.db", home / "cloud.db")


def test_an_update_that_fails_again_and_again_leaves_one_copy(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_database: object) -> None:
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(migrating, "MIGRATIONS", (*MIGRATIONS[:-1], fail))
        for _ in range(3):
            with pytest.raises(OperationalError), opened(old_home):
                pass
    assert len(list(old_home.glob("cloud.db.before-update*"))) == 1
    with opened(old_home):
        pass
    assert len(list(old_home.glob("cloud.db.before-update*"))) == 1


@pytest.mark.parametrize("lose", [Path.unlink, lambda file: file.write_bytes(b"")])
def test_a_lost_database_is_never_begun_anew(home: Path, backup: Path, lose: Spoil) -> None:
    lose(home / "cloud.db")
    with pytest.raises(DatabaseRefusedError, match="gone, or empty"), opened(home):
        pass
    restoring.restore(home / "cloud.db", backup)
    assert people(home) == [EMAIL]
    lose(home / "cloud.db")
    (home / "cloud.db.lock").unlink()
    assert people(home) == []


def test_an_older_database_is_copied_before_it_is_brought_up_to_date(old_home: Path) -> None:
    said: list[str] = []
    with opened(old_home, said):
        pass
    (copy,) = old_home.glob("cloud.db.before-update*")
    assert "1 reports, about 1 min" in said[0]
    assert said[1] == "The database is up to date."
    assert str(copy) in said[2]
    assert version(copy) == 1
    assert version(old_home / "cloud.db") == len(MIGRATIONS)
    with opened(old_home, said):
        assert len(said) == 3


def test_nothing_is_brought_up_to_date_while_another_process_uses_it(old_home: Path) -> None:
    with opened(old_home):
        change(old_home / "cloud.db", "UPDATE schema_version SET version = 1")
        with pytest.raises(DatabaseRefusedError, match="in use"), opened(old_home):
            pass
