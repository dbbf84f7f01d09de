"""A FactoryCLOUD that an older program wrote, or whose database is lost, and the administrator's commands."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from factorypos_tui.server.storage.migrations import MIGRATIONS
from tests.server.test_commands import PASSWORD, run
from tests.server.test_restoring import old_home, version
from tests.support.forked import run_forked

__all__ = ["old_home"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A server with one account."""
    form = ("--email", "a@b.example", "--name", "A", "--password-stdin")
    assert run(tmp_path / "home", "user", "create", *form, given=PASSWORD).returncode == 0
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--public-url", "http://cloud.example.com"), 2, "--public-url takes an address"),
        (("--mail", "ftp://x"), 1, "mail address must look like"),
        (("--host", "0.0.0.0"), 2, "Other machines can reach"),  # noqa: S104  # refused
        (("--port", "TAKEN"), 1, "Cannot listen on"),
        (("--workers", "2"), 2, "needs a database on PostgreSQL"),
    ],
)
def test_wrong_usage_is_found_before_the_database_is_changed(
    old_home: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = [port if option == "TAKEN" else option for option in options]
        refused = run(old_home, "serve", "--port", "0", *given)
    assert (refused.returncode, words in refused.stderr) == (code, True)
    assert version(old_home / "cloud.db") == 1


def test_a_backup_before_an_upgrade_is_one_of_before_it(old_home: Path, tmp_path: Path) -> None:
    done = run(old_home, "backup", str(tmp_path / "copy.db"))
    assert done.returncode == 0
    assert version(tmp_path / "copy.db") == version(old_home / "cloud.db") == 1


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_check_leaves_an_older_database_as_it_is(old_home: Path, options: tuple[str, ...]) -> None:
    checked = run(old_home, "check", *options)
    assert (checked.returncode, checked.stdout) == (1, "")
    assert f"is older than this program (schema 1; this one knows {len(MIGRATIONS)})" in checked.stderr
    assert version(old_home / "cloud.db") == 1


def test_a_check_makes_no_tables_in_postgresql(tmp_path: Path, new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    assert run(tmp_path / "home", "check", "--database", url).returncode == 1
    with psycopg.connect(url) as administrator:
        assert administrator.execute("SELECT to_regclass('schema_version')").fetchone() == (None,)


@pytest.mark.parametrize("command", [("check",), ("backup", "x"), ("user", "list")])
def test_a_lost_database_is_not_told_as_one_that_never_was(home: Path, command: tuple[str, ...]) -> None:
    (home / "cloud.db").unlink()
    refused = run(home, *command)
    assert refused.returncode == 1
    assert "is gone, or empty" in refused.stderr


def test_a_restore_that_was_interrupted_is_ended_by_the_next_command(home: Path) -> None:
    shutil.move(home / "cloud.db", home / "cloud.db.restored")
    assert run(home, "check").returncode == 0
    assert (home / "cloud.db").exists()


def test_what_the_system_says_of_a_missing_backup_is_told_in_spanish(tmp_path: Path) -> None:
    command = ["--home", str(tmp_path / "home"), "cloud", "restore", str(tmp_path / "none.db"), "--yes"]
    refused = run_forked(command, environment={**os.environ, "LC_ALL": "es_ES.UTF-8"})
    assert refused.returncode == 1
    assert "none.db: no existe tal archivo o carpeta. No se ha cambiado nada." in refused.stderr
