"""What the worker says on standard error, and what `log_level` changes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.stores import words
from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud
from tests.support.waiting import eventually


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "1", "--receipts", "3")
    terminal.connect()
    return terminal


@contextmanager
def worker(terminal: Terminal, said: Path, *, journal: bool) -> Iterator[None]:
    """The service, whose standard error is a file, perhaps one that it takes for the journal."""
    with said.open("w") as stream:
        found = os.fstat(stream.fileno())
        stated = {"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"} if journal else {}
        process = subprocess.Popen(
            [sys.executable, "-m", "factorypos_tui", "--home", str(terminal.home), "worker"],
            stderr=stream,
            env={**os.environ, "FACTORYPOS_CLOUD_URL": terminal.cloud_url, "LANGUAGE": "en", **stated},
        )
    with process:
        try:
            yield
        finally:
            process.kill()


def logged(terminal: Terminal, event: str) -> int:
    lines = terminal.run("log", "--json").splitlines()
    return [json.loads(line).get("event") for line in lines].count(event)


@pytest.mark.parametrize("journal", [True, False])
def test_a_cloud_that_is_down_is_said_once_and_so_is_its_return(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path, journal: bool
) -> None:
    said = tmp_path / "said"
    cloud.misbehave("503")
    with worker(terminal, said, journal=journal):
        eventually(lambda: logged(terminal, "try failed") >= 3)
        cloud.misbehave("")
        eventually(lambda: "answers again" in said.read_text())
    lines = said.read_text().splitlines()
    (failed,) = [line for line in lines if "a try failed" in line]
    (back,) = [line for line in lines if "answers again" in line]
    assert not [line for line in lines if "Z 1" in line]  # one line for the link, none for each report
    assert "a try failed (" in failed
    assert (failed.startswith("<4>"), back.startswith("<6>")) == (journal, journal)
    assert ("!" in failed.split("a try")[0]) is not journal


def test_the_log_keeps_what_the_configuration_asks_for(terminal: Terminal, cloud: TinyCloud) -> None:
    config, log = terminal.home / "config.toml", terminal.home / "logs" / "factorypos.jsonl"
    levels = {}
    for level in ("error", "warning", "info", "debug"):
        config.write_text(f'log_level = "{level}"\n')
        log.unlink(missing_ok=True)
        terminal.run("till", "close", "--yes")
        terminal.run("worker", "--once")
        lines = log.read_text().splitlines() if log.exists() else []
        levels[level] = {json.loads(line)["level"] for line in lines}
        assert "Bearer" not in str(lines)
    assert levels == {"error": set(), "warning": set(), "info": {"info"}, "debug": {"info", "debug"}}
    assert "FactoryCLOUD was asked (PUT, /reports/" in terminal.run("log")
    config.write_text('log_level = "loud"\n')
    assert "error, warning, info, debug" in words(terminal, "status", code=2)
