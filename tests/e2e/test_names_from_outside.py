"""Names that another program wrote into till.db command no terminal, whatever command shows them."""

import json
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud

_HOSTILE = "Bar\x1b[2J\x1b]0;owned\x07\u202emit\x9b31m\nLink: Online"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "till", "http://127.0.0.1:9")
    terminal.run("till", "init", "--catalogue", "demo", "--terminal-name", "Till")
    with closing(sqlite3.connect(terminal.home / "till.db")) as till, till:
        for table in ("terminal", "items", "payment_methods", "users", "departments", "taxes"):
            till.execute(f"UPDATE {table} SET name = ? || substr(name, 1, 1)", (_HOSTILE,))
    return terminal


def assert_harmless(printed: str) -> None:
    assert [c for c in printed if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")] == []
    assert not any(line.startswith("Link: Online") for line in printed.splitlines())


@pytest.mark.parametrize(
    "command",
    [
        ("till", "status"),
        ("till", "sale", "--item", "CAFE"),
        ("status",),
        ("queue", "list"),
        ("till", "sale", "--item", "NO\x1b[2J\u202e"),
        ("settings", "get", "\x1b[2J\u202e"),
        ("settings", "set", "theme", "\x1b[2J\u202e"),
        ("queue", "list", "--\x1b[2J\u202e"),
        ("\x1b[2J\u202e",),
        ("till", "import", "\x1b[2J\u202e"),
    ],
)
def test_no_command_hands_it_to_the_terminal(terminal: Terminal, command: tuple[str, ...]) -> None:
    result = terminal.try_to(*command)
    assert result.stdout + result.stderr
    assert_harmless(result.stdout + result.stderr)


def test_a_file_that_is_named_so_is_told_of_harmlessly(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "\x1b[2J\u202e.jsonl"
    for _ in range(2):
        result = terminal.try_to("queue", "export", str(file))
        assert_harmless(result.stderr)


def test_programs_get_the_name_as_it_is(terminal: Terminal) -> None:
    printed = terminal.run("till", "status", "--json")
    assert_harmless(printed)
    assert json.loads(printed)["terminal"]["name"].startswith(_HOSTILE)


def test_what_is_exported_and_logged_can_be_looked_at_in_a_terminal(terminal: Terminal) -> None:
    with TinyCloud() as cloud:
        connected = Terminal(terminal.home, cloud.address)
        connected.connect()
        connected.run("till", "sale", "--item", "CAFE")
        connected.run("till", "close")
        connected.run("worker", "--once")
        exported = connected.run("queue", "export", "-")
    assert_harmless(exported)
    (report,) = (json.loads(line)["report"] for line in exported.splitlines())
    assert report["terminal_name"].startswith(_HOSTILE)
    for file in (terminal.home / "logs").iterdir():
        assert_harmless(file.read_text("utf-8"))
