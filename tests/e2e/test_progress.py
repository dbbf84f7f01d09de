"""What a person at a terminal sees of a command that takes its time."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pyte

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud


def seen(terminal: Terminal, *arguments: str) -> list[str]:
    """The lines that a command leaves on a terminal."""
    keyboard, tty = pty.openpty()
    command = [sys.executable, "-m", "factorypos_tui", "--home", str(terminal.home), *arguments]
    environment = {**os.environ, "FACTORYPOS_CLOUD_URL": terminal.cloud_url}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=tty, stderr=tty, env=environment):
        os.close(tty)
        screen = pyte.Screen(100, 24)
        stream = pyte.ByteStream(screen)
        while data := _read(keyboard):
            stream.feed(data)
    os.close(keyboard)
    return [line.rstrip() for line in screen.display if line.strip()]


def _read(keyboard: int) -> bytes:
    try:
        return os.read(keyboard, 65536)
    except OSError:  # the command has ended
        return b""


def test_the_result_of_a_comparison_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path / "till", cloud.address)
        terminal.run("till", "seed", "--days", "3", "--receipts", "2")
        terminal.connect()
        terminal.run("worker", "--once")
        held = sorted(cloud.reports, key=lambda name: cloud.reports[name]["z_number"])
        del cloud.reports[held[-1]]
        lines = seen(terminal, "verify")
    assert lines[0] == "2 of 3 Z reports are in FactoryCLOUD, identical."
    assert not any("read" in line for line in lines)


def test_a_long_history_is_told_of_and_its_result_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path / "till", cloud.address)
        terminal.run("till", "seed", "--days", "101", "--receipts", "1")
        terminal.connect(history="none", stays=True)
        told = terminal.try_to("worker", "--once").stderr
        assert told.splitlines() == ["Reading the till's days: 0 of 101.", "0 reports delivered."]
        terminal.run("assign", *place_of(terminal), "--history", "all")
        lines = seen(terminal, "worker", "--once")
    assert lines == ["101 reports delivered."]


def place_of(terminal: Terminal) -> tuple[str, ...]:
    """The store that it is assigned to, as arguments."""
    status = terminal.json("status")
    return "--company", status["company"]["id"], "--store", status["store"]["id"]
