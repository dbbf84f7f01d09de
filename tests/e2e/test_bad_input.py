"""What goes wrong gets a clear word and an honest exit code, and nothing is lost."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A new terminal beside a small cloud that is not ours."""
    return Terminal(tmp_path / "till", cloud.address)


def words(terminal: Terminal, *arguments: str, code: int, stdin: str = "") -> str:
    """What the operator reads when a command ends with `code`: a message on standard error, nothing else."""
    result = terminal.try_to(*arguments, stdin=stdin)
    assert result.returncode == code, (arguments, result.returncode, result.stderr)
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("companies",),
        ("stores", "--company", "x"),
        ("companies", "create", "--name", "x"),
        ("assign", "--company", "x", "--store", "y", "--history", "all"),
    ],
)
def test_before_log_in_the_pickers_say_log_in_first(terminal: Terminal, command: tuple[str, ...]) -> None:
    assert words(terminal, *command, code=3) == "Log in first.\n"


@pytest.mark.parametrize("command", [("worker", "--once"), ("resend", "--yes")])
def test_before_assignment_there_is_nothing_to_send(terminal: Terminal, command: tuple[str, ...]) -> None:
    assert "Assign this terminal" in words(terminal, *command, code=3)


def test_a_wrong_password_is_refused_and_nothing_is_kept(terminal: Terminal) -> None:
    terminal.run(
        "register", "--email", "ana@example.com", "--name", "Ana", "--password-stdin", stdin=PASSWORD
    )
    said = words(
        terminal, "login", "--email", "ana@example.com", "--password-stdin", code=5, stdin="wrong wrong"
    )
    assert "password" in said
    assert "wrong wrong" not in said


def test_an_empty_password_is_not_sent(terminal: Terminal) -> None:
    words(terminal, "login", "--email", "ana@example.com", "--password-stdin", code=2, stdin="\n")


def test_a_cloud_that_is_not_there_can_be_tried_again(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        terminal = Terminal(tmp_path, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        said = words(
            terminal, "login", "--email", "a@example.com", "--password-stdin", code=4, stdin=PASSWORD
        )
    assert PASSWORD not in said


def test_an_unreachable_cloud_leaves_every_report_waiting(terminal: Terminal, cloud: TinyCloud) -> None:
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    unplugged = Terminal(terminal.home, "http://127.0.0.1:9")
    assert unplugged.try_to("worker", "--once").returncode == 4
    status = unplugged.json("status")
    assert (status["queue"]["pending"], status["link"]["state"]) == (2, "unknown")  # no process sends
    assert status["link"]["cause"] == "connection_refused"
    assert status["queue"]["oldest_pending_s"] >= 0
    assert terminal.json("worker", "--once")["delivered"] == 2


def test_a_revoked_terminal_asks_to_be_assigned_again(terminal: Terminal, cloud: TinyCloud) -> None:
    terminal.run("till", "seed", "--days", "1", "--receipts", "3")
    terminal.connect()
    cloud.misbehave("401")
    assert "assign the store again" in words(terminal, "worker", "--once", code=3)
    assert terminal.json("status")["link"]["reason"] == "unauthorized"
    cloud.behave()
    assert terminal.json("worker", "--once")["delivered"] == 1


def test_a_refused_report_is_exit_five_and_waits_for_a_person(terminal: Terminal, cloud: TinyCloud) -> None:
    terminal.run("till", "seed", "--days", "1", "--receipts", "3")
    terminal.connect()
    cloud.misbehave("422", times=1)
    assert "queue list --state attention" in words(terminal, "worker", "--once", code=5)
    (line,) = terminal.run("queue", "list", "--state", "attention", "--json").splitlines()
    assert json.loads(line)["last_status"] == 422
    terminal.run("queue", "retry", str(json.loads(line)["id"]))
    assert terminal.json("worker", "--once")["delivered"] == 1


def test_no_address_plain_http_and_other_schemes_are_refused_before_anything_is_sent(tmp_path: Path) -> None:
    for address in (
        "",
        "http://cloud.example.com",
        "ftp://cloud.example.com",
        "https://user:secret@example.com",
    ):
        terminal = Terminal(tmp_path, address)
        said = words(
            terminal, "login", "--email", "a@example.com", "--password-stdin", code=2, stdin=PASSWORD
        )
        assert "secret" not in said


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (("settings", "get", "send_x"), "send_x_report"),
        (("settings", "set", "nope", "on"), "send_x_report"),
        (("settings", "set", "send_x_report", "maybe"), "off, on"),
    ],
)
def test_an_unknown_setting_is_named_with_those_there_are(
    terminal: Terminal, command: tuple[str, ...], named: str
) -> None:
    assert named in words(terminal, *command, code=2)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ('cloud_ulr = "https://x"', "cloud_url"),
        ('[credentials]\nbackand = "file"', "credentials.backend"),
        ('[credentials]\nbackend = "stone"', "keyring"),
        ("x_interval_minutes = 0", "1440"),
        ("cloud_url = [", "config.toml"),
        ('till = "bundled"', "[till]"),
        ('[till]\nkind = "abacus"', "till.kind must be one of: bundled, flocafe, unicenta."),
        (
            '[till]\nurl = "mysql://x"\nkind = "abacus"',
            "till.kind must be one of: bundled, flocafe, unicenta.",
        ),
        ("[till]\nkind = []", "till.kind"),
        ('[till]\npaht = "x.db"', "till.path"),
    ],
)
def test_a_wrong_configuration_is_named_with_the_nearest_right_one(
    terminal: Terminal, config: str, named: str
) -> None:
    terminal.home.mkdir()
    (terminal.home / "config.toml").write_text(config)
    assert named in words(terminal, "status", code=2)


def test_a_commented_configuration_is_written_once_and_never_over_another(terminal: Terminal) -> None:
    terminal.run("config", "init")
    file = terminal.home / "config.toml"
    assert '#cloud_url = "https://cloud.example.com"' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(terminal.home.stat().st_mode) == 0o700
    file.write_text('terminal_name = "Bar 1"\n')
    assert "Nothing was written" in words(terminal, "config", "init", code=1)
    assert file.read_text() == 'terminal_name = "Bar 1"\n'


def test_a_pipe_in_place_of_the_configuration_stops_no_command(terminal: Terminal) -> None:
    terminal.home.mkdir()
    os.mkfifo(terminal.home / "config.toml")
    assert "pipe" in words(terminal, "status", code=1)
    examined = json.loads(terminal.try_to("doctor", "--json").stdout)["checks"]
    assert [check["name"] for check in examined if check["verdict"] == "missing"] == ["settings"]


def test_the_till_is_where_the_configuration_says_for_every_command(terminal: Terminal) -> None:
    terminal.home.mkdir()
    (terminal.home / "config.toml").write_text('[till]\nkind = "bundled"\npath = "elsewhere.db"\n')
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.run("till", "close")
    assert terminal.json("status")["till"]["last_z_number"] == 1
    assert (terminal.home / "elsewhere.db").exists()


@pytest.mark.parametrize(
    "command", [("nope",), ("queue", "list", "--state", "gone"), ("queue", "retry"), ("stores",)]
)
def test_wrong_usage_is_exit_two(terminal: Terminal, command: tuple[str, ...]) -> None:
    words(terminal, *command, code=2)


def test_a_report_that_is_not_there_is_exit_one(terminal: Terminal) -> None:
    assert "999" in words(terminal, "queue", "show", "999", code=1)
    assert "999" in words(terminal, "queue", "retry", "999", code=1)


def test_export_never_overwrites(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    terminal.run("queue", "export", str(tmp_path / "all.jsonl"))
    exported = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [(row["z_number"], row["state"], row["report"]["z_number"]) for row in exported] == [
        (1, "delivered", 1),
        (2, "delivered", 2),
    ]
    assert "exists already" in words(terminal, "queue", "export", str(tmp_path / "all.jsonl"), code=2)


def test_the_app_needs_a_terminal(terminal: Terminal) -> None:
    assert "--help" in words(terminal, code=7)
    assert "--help" in words(terminal, "demo", code=7)


def test_everything_kept_is_private(terminal: Terminal) -> None:
    terminal.run("till", "seed", "--days", "1", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    for path in (terminal.home, *terminal.home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_neither_password_nor_token_is_in_the_logs(terminal: Terminal) -> None:
    terminal.run("till", "seed", "--days", "1", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    tokens = json.loads((terminal.home / "credentials.json").read_text()).values()
    logged = "".join(file.read_text() for file in (terminal.home / "logs").iterdir())
    assert '"event": "delivered"' in logged
    assert all(secret not in logged for secret in (PASSWORD, *(token.split()[-1] for token in tokens)))


def test_a_full_disk_is_said_and_what_was_there_stays(terminal: Terminal) -> None:
    terminal.run("till", "seed", "--days", "3", "--receipts", "20")
    terminal.connect()
    for command in (("till", "sale", "--item", "CAFE"), ("worker", "--once")):
        full = terminal.try_to(*command, most_bytes_a_file=32_768)
        assert (full.returncode, full.stdout) == (1, ""), full.stderr
        assert "may be full" in full.stderr
    status = terminal.json("status")
    assert (status["till"]["last_z_number"], status["till"]["receipts"]) == (3, 0)
    assert terminal.json("worker", "--once")["delivered"] == 3
