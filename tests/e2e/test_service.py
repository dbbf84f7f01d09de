"""The worker as a service of the machine: nobody starts it again, whatever changes beside it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually

_PATIENCE_S = 30


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A terminal that has nothing yet but its folder."""
    home = tmp_path / "till"
    home.mkdir(mode=0o700)
    return Terminal(home, cloud.address)


class Service:
    """A worker that knows FactoryCLOUD from `config.toml` only, what it says, and what it tells systemd."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._said = folder / "said"
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(str(folder / "notify"))
        self.manager.settimeout(_PATIENCE_S)
        environment = {name: value for name, value in os.environ.items() if name != "FACTORYPOS_CLOUD_URL"}
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "factorypos_tui", "--home", str(home), "worker"],
                stderr=said,
                env={**environment, "NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "400000"},
            )

    @property
    def said(self) -> str:
        return self._said.read_text("utf-8")

    def end_by(self, number: signal.Signals) -> int:
        """Its exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE_S)


@contextmanager
def service_of(terminal: Terminal, folder: Path) -> Iterator[Service]:
    service = Service(terminal.home, folder)
    with service.process, service.manager:
        try:
            assert service.manager.recv(500) == b"READY=1"
            yield service
            assert "Traceback" not in service.said
        finally:
            service.process.kill()


def configure(terminal: Terminal, text: str) -> None:
    (terminal.home / "config.toml").write_text(text, "utf-8")


def numbers(cloud: TinyCloud) -> list[int]:
    return sorted(report["z_number"] for report in cloud.reports.values() if report["kind"] == "Z")


def sell_and_close(terminal: Terminal) -> None:
    terminal.run("till", "sale", "--item", "CAFE*2", "--item", "CROISSANT")
    terminal.run("till", "close", "--yes")


def test_it_waits_for_address_till_and_store_in_turn_and_is_never_started_again(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path
) -> None:
    with service_of(terminal, tmp_path) as service:
        assert b"STATUS=No store is assigned yet" in service.manager.recv(500)
        assert service.manager.recv(500) == b"WATCHDOG=1"
        configure(terminal, f'cloud_url = "{cloud.address}"\n')
        terminal.run("till", "seed", "--days", "2", "--receipts", "3")
        terminal.connect()
        eventually(lambda: numbers(cloud) == [1, 2])
        assert terminal.json("status")["worker"]["pid"] == service.process.pid
        eventually(lambda: service.said.endswith("Sending reports. Ctrl+C stops.\n"))
        assert "factorypos-tui --home" in service.said.splitlines()[0]  # the command that helps


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_stops_cleanly_also_while_it_waits(
    terminal: Terminal, tmp_path: Path, number: signal.Signals
) -> None:
    with service_of(terminal, tmp_path) as service:
        assert service.end_by(number) == 0
    assert (terminal.home / "worker.lock").read_text() == ""


def test_another_address_counts_at_once_though_the_old_one_was_being_waited_for(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path
) -> None:
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    with socket.create_server(("127.0.0.1", 0)) as nobody:  # takes calls, and never answers
        configure(terminal, f'cloud_url = "http://127.0.0.1:{nobody.getsockname()[1]}"\n')
        with service_of(terminal, tmp_path) as service:
            with nobody.accept()[0]:
                configure(terminal, f'cloud_url = "{cloud.address}"\n')
                eventually(lambda: not terminal.json("status")["worker"]["pid"])  # it takes leave
                nobody.close()
            eventually(lambda: numbers(cloud) == [1, 2])
            assert terminal.json("status")["worker"]["pid"] == service.process.pid


def test_a_wrong_configuration_is_said_once_and_sending_goes_on_as_before(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path
) -> None:
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    configure(terminal, f'cloud_url = "{cloud.address}"\n')
    terminal.connect()
    with service_of(terminal, tmp_path) as service:
        eventually(lambda: numbers(cloud) == [1, 2])
        configure(terminal, f'cloud_url = "{cloud.address}"\nterminal_nam = "Bar"\n')
        eventually(lambda: "This goes on as before" in service.said)
        assert "terminal_nam. The nearest one is terminal_name" in service.said
        configure(terminal, f'cloud_url = "{cloud.address}"\n')
        eventually(lambda: "beginning again" in service.said)
        sell_and_close(terminal)
        eventually(lambda: numbers(cloud) == [1, 2, 3])
        assert service.said.count("nearest one") == 1
        assert service.end_by(signal.SIGHUP) == 0


def test_a_new_token_is_used_as_soon_as_it_is_there(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path
) -> None:
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    configure(terminal, f'cloud_url = "{cloud.address}"\n')
    terminal.connect(stays=True)
    with service_of(terminal, tmp_path):
        eventually(lambda: numbers(cloud) == [1, 2])
        cloud.forget_terminals()
        sell_and_close(terminal)
        eventually(lambda: terminal.json("status")["link"]["state"] == "held")
        company, store = (terminal.json("status")[what]["id"] for what in ("company", "store"))
        terminal.run("assign", "--company", company, "--store", store)
        eventually(lambda: numbers(cloud) == [1, 2, 3])


def test_a_till_that_is_named_later_is_read(terminal: Terminal, cloud: TinyCloud, tmp_path: Path) -> None:
    with service_of(terminal, tmp_path) as service:
        configure(terminal, f'cloud_url = "{cloud.address}"\n[till]\npath = "elsewhere/till.db"\n')
        terminal.run("till", "seed", "--days", "2", "--receipts", "3")
        assert (terminal.home / "elsewhere" / "till.db").exists()
        terminal.connect()
        eventually(lambda: numbers(cloud) == [1, 2])
        assert service.end_by(signal.SIGTERM) == 0
