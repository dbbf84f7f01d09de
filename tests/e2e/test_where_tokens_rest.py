"""Each place of a token for real: a desktop's keyring as it is met, a systemd credential, the file.

The program runs as processes of its own: `status`, `login`, `assign`, `worker`."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.errors import WorkerBusy
from tests.e2e.test_worker_process import worker
from tests.support import secret_service
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually

needs_a_bus = pytest.mark.skipif(not secret_service.DAEMON, reason=secret_service.WHY_NOT)
SHUT = ["locked", "silent", "dismissed"]


class Desk:
    """A till with a desktop, whose keyring has its manners. `terminal` is there without a desktop, as a
    service, a timer and SSH are."""

    def __init__(self, folder: Path, terminal: Terminal, address: str) -> None:
        self.terminal, self._folder, self._address = terminal, folder, address
        self.secrets = folder / "secrets.json"

    @contextmanager
    def keyring(self, manners: str) -> Iterator[Terminal]:
        """The terminal in the desktop's session; only what ends by itself waits less than in a shop."""
        limits = {} if manners == "open" else {"factorypos_tui.credentials.os_keyring.LIMIT_S": 2.0}
        with self.session(), secret_service.secret_service(self._address, self.secrets, manners):
            yield replace(self.terminal, constants=limits)

    @contextmanager
    def session(self) -> Iterator[None]:
        """What a process of the desktop's session has in its environment."""
        with pytest.MonkeyPatch.context() as session:
            session.delenv("PYTHON_KEYRING_BACKEND", raising=False)
            session.setenv("DBUS_SESSION_BUS_ADDRESS", self._address)
            yield


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    return terminal


@pytest.fixture
def desk(tmp_path: Path, terminal: Terminal) -> Iterator[Desk]:
    with secret_service.bus(tmp_path) as address:
        yield Desk(tmp_path, terminal, address)


def kept_in_the_file(terminal: Terminal) -> bool:
    return (terminal.home / "credentials.json").exists()


def places(terminal: Terminal, name: str = "terminal") -> dict[str, str]:
    return {one["place"]: one["holds"] for one in terminal.json("credentials", "status")[name]["places"]}


@needs_a_bus
def test_a_keyring_that_works_has_both_tokens_and_the_days_arrive(desk: Desk, cloud: TinyCloud) -> None:
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
        terminal.run("worker", "--once")
        assert len(cloud.reports) == 2
        assert places(terminal) == places(terminal, "user")
        assert places(terminal) == {"systemd": "nothing", "keyring": "in_use", "file": "nothing"}
        assert terminal.json("status")["credentials"] == {"backend": "keyring", "encrypted": True}
        assert not kept_in_the_file(terminal)
        said = terminal.run("credentials", "status")
        assert said.splitlines()[0] == "Token of this terminal: encrypted, kept by this machine (keyring)"
        assert not any(item in said for item in _secrets(desk))


def _secrets(desk: Desk) -> list[str]:
    return [part for part in desk.secrets.read_text().replace('"', " ").split() if len(part) >= 32]


@needs_a_bus
@pytest.mark.parametrize("manners", SHUT)
def test_a_keyring_that_does_not_give_the_token_holds_the_days_and_loses_none(
    desk: Desk, cloud: TinyCloud, manners: str
) -> None:
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
    with desk.keyring(manners) as terminal:
        held = terminal.try_to("worker", "--once")
        assert held.returncode == 1
        assert "keyring of this machine is locked" in held.stderr
        status = terminal.json("status")
        assert (status["link"]["cause"], status["connected"]) == ("keyring_locked", False)
        assert status["queue"]["pending"] == 2
        assert status["credentials"] == {"backend": "keyring", "encrypted": True}
        said = terminal.run("credentials", "status")
        assert "  Keyring: locked, or it does not answer." in said
        bundle = str(desk.secrets.with_name("bundle.zip"))
        assert "keyring of this machine is locked" in terminal.run("doctor", "--bundle", bundle, code=1)
        assert not cloud.reports
    with desk.keyring("open") as terminal:
        terminal.run("worker", "--once")
        assert len(cloud.reports) == 2


@needs_a_bus
@pytest.mark.parametrize("manners", [*SHUT, "CreateItem"])
def test_a_log_in_beside_a_keyring_that_takes_nothing_rests_in_the_file(
    desk: Desk, cloud: TinyCloud, manners: str
) -> None:
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
    with desk.keyring(manners) as terminal:
        account = ("login", "--email", "ana@example.com", "--password-stdin")
        terminal.run(*account, stdin=PASSWORD)
        assert places(terminal, "user")["file"] == "in_use"
    with desk.keyring("open") as terminal:
        assert places(terminal, "user") == {"systemd": "nothing", "keyring": "older", "file": "in_use"}
        assert "Keyring: an older token, which is not used." in terminal.run("credentials", "status")
        terminal.run("companies")
        terminal.run("worker", "--once")
        assert len(cloud.reports) == 2


@needs_a_bus
@pytest.mark.parametrize("call", ["SearchItems", "GetSecret"])
def test_a_keyring_that_dies_while_it_is_asked_loses_nothing(desk: Desk, cloud: TinyCloud, call: str) -> None:
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
    with desk.keyring(call) as terminal:
        held = terminal.try_to("worker", "--once")
        assert (held.returncode, len(cloud.reports)) == (1, 0)
        assert "The token is in the keyring, which cannot be used from here" in held.stderr
    with desk.keyring("open") as terminal:
        terminal.run("worker", "--once")
        assert len(cloud.reports) == 2


@needs_a_bus
def test_a_service_without_a_desktop_says_how_to_get_at_the_token_and_that_helps(
    desk: Desk, cloud: TinyCloud
) -> None:
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
    assert "  Keyring: there is none here." in desk.terminal.run("credentials", "status")
    held = desk.terminal.try_to("worker", "--once")
    assert (held.returncode, len(cloud.reports)) == (1, 0)
    assert "credentials move file" in desk.terminal.try_to("doctor", "credentials").stdout
    with worker(desk.terminal):
        with desk.keyring("open") as terminal:
            terminal.run("credentials", "move", "file")
            assert places(terminal) == {"systemd": "nothing", "keyring": "nothing", "file": "in_use"}
        eventually(lambda: len(cloud.reports) == 2)
    with desk.keyring("open") as terminal:
        terminal.run("credentials", "move", "keyring")
        assert not _tokens(terminal)


def _tokens(terminal: Terminal) -> str:
    file = terminal.home / "credentials.json"
    return file.read_text().strip("{}") if file.exists() else ""


@needs_a_bus
def test_a_process_that_began_before_the_desktop_s_keyring_finds_it_later(desk: Desk, tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from factorypos_tui.credentials import open_credentials\n"
        f"places = open_credentials(Path({str(tmp_path)!r}), Path({str(tmp_path / 'c.json')!r}))\n"
        "print(places.backend, flush=True); input(); print(places.backend)"
    )
    with (
        desk.session(),
        subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout
        assert process.stdout.readline() == "file\n"
        with desk.keyring("open"):
            assert process.communicate("\n")[0] == "keyring\n"


@needs_a_bus
def test_a_keyring_that_is_chosen_and_locked_refuses_the_log_in(desk: Desk) -> None:
    (desk.terminal.home / "config.toml").write_text('[credentials]\nbackend = "keyring"\n')
    with desk.keyring("open") as terminal:
        terminal.connect(stays=True)
    with desk.keyring("dismissed") as terminal:
        refused = terminal.try_to("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
        assert (refused.returncode, "keyring of this machine is locked" in refused.stderr) == (1, True)
    assert not kept_in_the_file(desk.terminal)


def test_move_says_where_it_does_not_go(terminal: Terminal) -> None:
    assert "There is no token to move" in terminal.try_to("credentials", "move", "file").stderr
    terminal.connect(stays=True)
    absent = terminal.try_to("credentials", "move", "keyring")
    assert (absent.returncode, "There is no keyring here" in absent.stderr) == (1, True)
    (terminal.home / "config.toml").write_text('[credentials]\nbackend = "file"\n')
    refused = terminal.try_to("credentials", "move", "keyring")
    assert (refused.returncode, 'backend = "keyring"' in refused.stderr) == (2, True)
    assert terminal.try_to("credentials", "move", "file", "--pipe").returncode == 2
    assert places(terminal)["file"] == "in_use"


def test_the_token_goes_to_a_systemd_credential_step_by_step(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.home / "config.toml").write_text('[credentials]\nbackend = "systemd"\n')
    terminal.connect(stays=True)
    steps = terminal.try_to("credentials", "move", "systemd")
    assert (steps.returncode, "sudo systemd-creds encrypt" in steps.stderr) == (1, True)
    token = terminal.run("credentials", "move", "systemd", "--pipe")
    assert token not in steps.stderr
    with monkeypatch.context() as service:
        (tmp_path / "factorypos-terminal-token").write_text(f"{token}\n")
        service.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        terminal.run("worker", "--once")
    terminal.run("credentials", "move", "systemd")
    assert places(terminal) == {"systemd": "in_use", "keyring": "absent", "file": "nothing"}
    assert places(terminal, "user")["file"] == "in_use"
    status = terminal.json("status")
    assert (status["connected"], status["credentials"]["backend"]) == (True, "systemd")
    assert "only the service can read" in terminal.try_to("config", "status").stderr
    assert "fine" in terminal.run("doctor", "credentials")
    assert "only the service can read" in terminal.try_to("credentials", "move", "file").stderr
    terminal.run("till", "close", "--yes")
    with monkeypatch.context() as service:
        service.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        terminal.run("worker", "--once")
    assert len(cloud.reports) == 3


def test_a_store_that_is_assigned_again_goes_before_the_credential_of_the_service(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.connect(stays=True)
    old = terminal.run("credentials", "move", "systemd", "--pipe")
    (tmp_path / "factorypos-terminal-token").write_text(old)
    company = terminal.json("companies")["items"][0]["id"]
    store = terminal.json("stores", "--company", company)["items"][0]["id"]
    terminal.run("assign", "--company", company, "--store", store, "--history", "all")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    terminal.run("worker", "--once")
    assert len(cloud.reports) == 2
    assert places(terminal) == {"systemd": "older", "keyring": "absent", "file": "in_use"}
    assert "Systemd credential: an older token" in terminal.run("doctor", "credentials")


def test_who_cannot_read_the_service_s_token_leaves_the_sending_to_it(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.connect(stays=True)
    token = terminal.run("credentials", "move", "systemd", "--pipe")
    (tmp_path / "factorypos-terminal-token").write_text(token)
    with worker(terminal):  # as an app that is open
        eventually(lambda: len(cloud.reports) == 2)
        with monkeypatch.context() as service:
            service.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
            assert terminal.try_to("worker", "--once").returncode == WorkerBusy.exit_code
            terminal.run("credentials", "status")
        terminal.run("credentials", "move", "systemd")
        eventually(lambda: not terminal.json("status")["worker"]["running"])
        terminal.run("till", "close", "--yes")
        with monkeypatch.context() as service:
            service.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
            terminal.run("worker", "--once")
        assert len(cloud.reports) == 3
    terminal.run("till", "close", "--yes")
    assert "start it if nothing is sent" in terminal.try_to("worker", "--once").stderr


@pytest.mark.skipif(not shutil.which("systemd-creds"), reason="systemd-creds is not installed")
def test_systemd_takes_what_the_pipe_gives(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSTEMD_CREDENTIAL_SECRET", str(tmp_path / "secret"))
    terminal.connect(stays=True)
    token = terminal.run("credentials", "move", "systemd", "--pipe")
    made = systemd_creds("encrypt", "--with-key=host", "-", str(tmp_path / "token"), stdin=token)
    if made.returncode:
        pytest.skip(f"systemd-creds cannot encrypt here: {made.stderr.strip()}")
    assert systemd_creds("decrypt", str(tmp_path / "token"), "-").stdout.rstrip("\n") == token


def systemd_creds(verb: str, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = ["systemd-creds", verb, "--name=factorypos-terminal-token", *arguments]
    return subprocess.run(command, input=stdin, text=True, capture_output=True, check=False)
