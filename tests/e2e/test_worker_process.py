"""`worker` and `demo` as processes: started, watched from outside, stopped and killed."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually

_PATIENCE_S = 30


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A terminal with two closed days, assigned, nothing sent yet."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    return terminal


@contextmanager
def worker(terminal: Terminal) -> Iterator["subprocess.Popen[str]"]:
    """The service, running until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "factorypos_tui", "--home", str(terminal.home), "worker"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FACTORYPOS_CLOUD_URL": terminal.cloud_url},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def numbers(cloud: TinyCloud) -> list[int]:
    return sorted(report["z_number"] for report in cloud.reports.values() if report["kind"] == "Z")


def delivered(terminal: Terminal) -> int:
    count: int = terminal.json("status")["queue"]["delivered"]
    return count


def has_sent(terminal: Terminal, count: int) -> bool:
    return delivered(terminal) >= count


def test_worker_status_and_log_in_give_a_script_the_same_cause(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = replace(terminal, cloud_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
    tried = nobody.try_to("worker", "--once", "--json")
    assert tried.returncode == 4
    assert json.loads(tried.stdout)["link"]["cause"] == "connection_refused"
    assert nobody.json("status")["link"]["cause"] == "connection_refused"
    assert "port in cloud_url" in tried.stderr
    assert "port in cloud_url" in nobody.run("status")
    assert (
        "port in cloud_url"
        in nobody.try_to("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD).stderr
    )


def test_the_service_sends_what_waits_and_every_close_from_then_on(
    terminal: Terminal, cloud: TinyCloud
) -> None:
    with worker(terminal) as service:
        eventually(lambda: numbers(cloud) == [1, 2])
        terminal.run("till", "sale", "--item", "CAFE*2", "--item", "CROISSANT")
        terminal.run("till", "close")
        eventually(lambda: numbers(cloud) == [1, 2, 3])
        status = terminal.json("status")
        assert (status["worker"]["running"], status["worker"]["kind"]) == (True, "worker")
        assert status["worker"]["pid"] == service.pid
        service.send_signal(signal.SIGTERM)
        assert service.wait(_PATIENCE_S) == 0
        assert service.stderr is not None
        assert "Traceback" not in service.stderr.read()
    assert terminal.json("status")["worker"]["running"] is False


def test_the_running_day_goes_up_once_it_is_wanted(terminal: Terminal, cloud: TinyCloud) -> None:
    terminal.run("till", "sale", "--item", "CAFE")
    with worker(terminal):
        eventually(lambda: numbers(cloud) == [1, 2])
        terminal.run("settings", "set", "send_x_report", "on")
        eventually(lambda: any(report["kind"] == "X" for report in cloud.reports.values()))
        eventually(lambda: terminal.json("status")["last_x_at"])
    assert terminal.json("status")["next_x_at"] > terminal.json("status")["last_x_at"]


def test_a_second_sender_is_turned_away_and_changes_nothing(terminal: Terminal, cloud: TinyCloud) -> None:
    with worker(terminal) as service:
        eventually(lambda: numbers(cloud) == [1, 2])
        for command in (("worker", "--once"), ("worker",)):
            second = terminal.try_to(*command)
            assert second.returncode == 6
            assert str(service.pid) in second.stderr


def test_a_killed_service_loses_and_doubles_nothing(terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("503")
    terminal.try_to("worker", "--once")
    assert terminal.json("status")["queue"]["pending"] == 2
    cloud.misbehave("stall")
    with worker(terminal) as service:
        # One is enough: after a failure requests are smaller.
        eventually(lambda: terminal.json("status")["queue"]["sending"] >= 1)
        service.kill()
        service.wait()
    cloud.behave()
    cloud.hang_up()
    assert terminal.json("worker", "--once")["waiting"] == 0
    assert numbers(cloud) == [1, 2]
    assert delivered(terminal) == 2


def test_an_answer_lost_after_the_cloud_stored_doubles_nothing(terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("drop_answer", times=1)
    terminal.try_to("worker", "--once")
    terminal.run("worker", "--once")
    assert numbers(cloud) == [1, 2]
    assert delivered(terminal) == 2


def test_an_order_given_by_another_process_is_carried_out_by_the_service(
    terminal: Terminal, cloud: TinyCloud
) -> None:
    with worker(terminal):
        eventually(lambda: delivered(terminal) == 2)
        cloud.reports.clear()
        terminal.run("resend", "--yes")
        eventually(lambda: numbers(cloud) == [1, 2])


def test_the_service_goes_on_by_itself_after_an_outage(terminal: Terminal, cloud: TinyCloud) -> None:
    cloud.misbehave("503")
    with worker(terminal):
        eventually(lambda: terminal.json("status")["link"]["state"] == "offline")
        cloud.behave()
        eventually(lambda: numbers(cloud) == [1, 2])
        eventually(lambda: terminal.json("status")["link"]["state"] == "online")


def test_the_demo_opens_sells_closes_and_its_z_arrives(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "factorypos_tui", "demo", "--no-ui"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ) as demo:  # fmt: skip
        try:
            assert demo.stdout is not None
            told = json.loads(demo.stdout.readline())
            terminal = Terminal(Path(told["home"]), told["cloud_url"])
            eventually(lambda: terminal.json("status")["queue"]["delivered"] >= 14)
            eventually(lambda: terminal.json("status")["till"]["receipts"] > 0)
            terminal.run("till", "close")
            eventually(lambda: terminal.json("status")["last_z"]["delivered_at"])
            account = told["account"]
            asked = {"email": account["email"]}
            reset = httpx.post(f"{told['cloud_url']}/v1/password-resets", json=asked, trust_env=False)
            assert reset.status_code == 202
            eventually(lambda: list(Path(told["outbox"]).glob("*.eml")))
            terminal.run("login", "--email", account["email"], "--password-stdin", stdin=account["password"])
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(_PATIENCE_S) == 0
        finally:
            demo.kill()
    assert list(tmp_path.iterdir()) == []


def test_a_demo_that_is_kept_goes_on_where_it_was_and_never_takes_a_real_home(tmp_path: Path) -> None:
    home = tmp_path / "kept"
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-m", "factorypos_tui", "--home", str(home), "demo", "--no-ui"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as demo:  # fmt: skip
            assert demo.stdout is not None
            kept = Terminal(home, json.loads(demo.stdout.readline())["cloud_url"])
            eventually(partial(has_sent, kept, 14))
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(_PATIENCE_S) == 0
    real = Terminal(tmp_path / "real", "")
    real.run("till", "init", "--catalogue", "demo")
    refused = real.try_to("demo", "--no-ui")
    assert refused.returncode == 2
    assert "is no demo" in refused.stderr
    assert PASSWORD not in refused.stderr
