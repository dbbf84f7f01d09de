"""Every file in a home belongs to the home's owner, even if another user runs the command."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forked import run_forked
from tests.support.terminals import PASSWORD

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a command as somebody else")

OWNER, STRANGER = 54321, 54322
COMMANDS = [
    (),
    ("status",),
    ("queue", "list"),
    ("settings", "get", "language"),
    ("worker", "--once"),
    ("till", "status"),
    ("till", "init"),
    ("config", "status"),
    ("demo", "--no-ui"),
    ("cloud", "check"),
    ("cloud", "serve", "--port", "0"),
    ("login", "--email", "ana@example.com", "--password-stdin"),
    ("companies",),
    ("stores", "--company", "1"),
    ("stores", "create", "--company", "1", "--name", "Bar"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    """A new home of the service's user, in a folder that every user can look into."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        os.chown(home, OWNER, OWNER)
        yield home


def run(home: Path, *arguments: str, user: int = 0, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """A command to its end, as a user."""
    result = run_forked(["--home", str(home), *arguments], stdin, user=user)
    assert "Traceback" not in result.stdout + result.stderr, result.stderr
    return result


def set_up(home: Path) -> None:
    """A till, a queue and a cloud, made by root."""
    assert run(home, "till", "init").returncode == 0
    assert run(home, "status").returncode == 0
    made = ("cloud", "user", "create", "--email", "ana@example.com", "--name", "Ana", "--password-stdin")
    assert run(home, *made, stdin=PASSWORD).returncode == 0


def owners(home: Path) -> dict[str, tuple[int, int]]:
    return {
        str(file.relative_to(home)): (file.lstat().st_uid, file.lstat().st_gid) for file in home.rglob("*")
    }


def test_root_makes_everything_as_the_owner_of_the_folder(home: Path) -> None:
    (home / "config.toml").write_text('log_level = "debug"\n')  # so that there is something to log
    os.chown(home / "config.toml", OWNER, OWNER)
    set_up(home)
    assert run(home, "worker", "--once").returncode == 3
    assert run(home, "settings").returncode == 0  # a group that is a command, too
    found = owners(home)
    assert set(found.values()) == {(OWNER, OWNER)}
    assert {"sync.db", "till.db", "cloud.db", "logs/factorypos.jsonl"} <= set(found)
    assert run(home, "status", user=OWNER).returncode == 0


def test_where_the_folder_is_not_there_root_makes_it_as_the_owner_of_the_one_around_it(home: Path) -> None:
    assert run(home / "data" / "till", "till", "init").returncode == 0
    assert set(owners(home).values()) == {(OWNER, OWNER)}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "the app")
def test_anybody_else_is_refused_before_any_file_is_made(home: Path, command: tuple[str, ...]) -> None:
    result = run(home, *command, user=STRANGER)
    assert (result.returncode, result.stdout) == (1, "")
    assert f"{home} belongs to {OWNER}, and you are {STRANGER}" in result.stderr
    helps = result.stderr.splitlines()[1:]  # each command ends its line, to be copied as it is
    assert helps[0].endswith(f": sudo -u '#{OWNER}' factorypos-tui --home {home}")
    assert helps[1].endswith(f": sudo chown -R {STRANGER} {home}")
    assert list(home.iterdir()) == []


def test_a_monitor_that_is_somebody_else_reads_that_nobody_can_tell(home: Path) -> None:
    result = run(home, "check", user=STRANGER)
    assert (result.returncode, result.stderr) == (3, "")
    assert result.stdout.startswith(f"UNKNOWN - {home} belongs to {OWNER}, and you are {STRANGER}.")
    assert result.stdout.count("\n") == 1


def test_a_home_that_is_out_of_sight_names_who_keeps_it(home: Path) -> None:
    result = run(home / "data", "status", user=STRANGER)
    assert result.returncode == 1
    assert f"{home / 'data'} belongs to {OWNER}" in result.stderr


def test_anybody_can_read_the_help(home: Path) -> None:
    for command in (("till", "sale"), ("companies",), ("companies", "create")):
        assert "Usage" in run(home, *command, "--help", user=STRANGER).stdout


@pytest.mark.parametrize(
    "name",
    [
        "sync.db",
        "sync.db-wal",
        "sync.db-shm",
        "sync.db-journal",
        "till.db",
        "till.db-wal",
        "cloud.db",
        "worker.lock",
        "credentials.json",
        "logs",
        "logs/factorypos.jsonl",
    ],
)
def test_a_file_that_root_left_behind_is_named_with_the_command_that_mends_it(home: Path, name: str) -> None:
    file = home / name
    file.parent.mkdir(mode=0o700, exist_ok=True)
    os.chown(file.parent, OWNER, OWNER)
    if name == "logs":
        file.mkdir(mode=0o700)
    else:
        file.touch(mode=0o600)
    for user in (OWNER, 0):
        result = run(home, "status", user=user)
        assert (result.returncode, result.stdout) == (1, "")
        assert f"{file} belongs to root, and the folder to {OWNER}" in result.stderr
    mend = result.stderr.partition("Give it back: sudo ")[2]
    subprocess.run(shlex.split(mend), check=True)
    assert run(home, "status", user=OWNER).returncode == 0


def test_a_configuration_of_the_administrators_is_read(home: Path) -> None:
    (home / "config.toml").write_text('terminal_name = "Bar"\n')
    assert "Bar" in run(home, "till", "init", user=OWNER).stdout


@pytest.mark.parametrize("name", ["config.toml", "till-password"])
def test_what_the_owner_cannot_read_is_named_with_the_command_that_mends_it(home: Path, name: str) -> None:
    run(home, "till", "init")
    (home / name).touch(mode=0o600)
    for user in (OWNER, 0):
        result = run(home, "status", user=user)
        assert result.returncode == 1
        assert f"{home / name} belongs to root, and the folder to {OWNER}" in result.stderr
    assert f"{name} belongs to root" in run(home, "doctor", "owner", user=OWNER).stdout
    subprocess.run(shlex.split(result.stderr.partition("Give it back: sudo ")[2]), check=True)
    assert run(home, "status", user=OWNER).returncode == 0


def at_the_machine(home: Path, *arguments: str, user: int, own: Path) -> "subprocess.CompletedProcess[str]":
    """A command that names no home, where `home` is the machine's and `own` keeps the data of its user."""
    constants = {f"factorypos_tui.cli.{module}.MACHINES_HOME": home for module in ("owner", "program")}
    environment = {name: value for name, value in os.environ.items() if name != "FACTORYPOS_HOME"}
    environment["XDG_DATA_HOME"] = str(own)
    return run_forked(arguments, PASSWORD, environment=environment, user=user, constants=constants)


@pytest.mark.parametrize("user", [OWNER, 0])
def test_the_machines_own_terminal_needs_no_name(home: Path, tmp_path: Path, user: int) -> None:
    assert at_the_machine(home, "till", "init", user=user, own=tmp_path / "none").returncode == 0
    assert set(owners(home).values()) == {(OWNER, OWNER)}
    assert "till.db" in owners(home)


def test_root_leaves_nothing_of_its_own_at_the_machines_terminal(home: Path, tmp_path: Path) -> None:
    (tmp_path / "factorypos-tui").mkdir()  # root tried the program before
    (home / "config.toml").write_text('cloud_url = "http://127.0.0.1:1"\n')
    login = ("login", "--email", "ana@example.com", "--password-stdin")
    assert at_the_machine(home, *login, user=0, own=tmp_path).returncode == 4
    (home / "config.toml").unlink()
    assert "sync.db" in owners(home)
    assert set(owners(home).values()) == {(OWNER, OWNER)}
    assert list((tmp_path / "factorypos-tui").iterdir()) == []


def test_a_cashier_at_the_machines_terminal_is_told_the_way_in(home: Path, tmp_path: Path) -> None:
    told = at_the_machine(home, user=STRANGER, own=tmp_path / "none")
    assert told.returncode == 1
    assert told.stderr.splitlines()[1:] == [
        f"The app, for members of the group {OWNER}: factorypos-till",
        "Every command, for administrators: sudo factorypos-tui",
    ]
    assert list(home.iterdir()) == []


def test_who_has_a_terminal_of_his_own_keeps_it(home: Path) -> None:
    with tempfile.TemporaryDirectory() as own:
        folder = Path(own) / "factorypos-tui"
        folder.mkdir()
        for path in (folder, folder.parent):
            os.chown(path, STRANGER, STRANGER)
        assert at_the_machine(home, "till", "init", user=STRANGER, own=Path(own)).returncode == 0
        assert "till.db" in owners(folder)


def test_root_reads_what_only_root_may_read(home: Path) -> None:
    run(home, "till", "init")
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as secret:
        assert run(home, "till", "import", secret.name).returncode == 0
