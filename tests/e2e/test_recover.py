"""A forgotten password on a machine without a screen: one command asks for the mail, the next one ends it."""

import re
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal, serve_cloud

NEW = "quite another secret"


def mailed(outbox: Path) -> str:
    until = time.monotonic() + 30
    while not list(outbox.glob("*.eml")):
        assert time.monotonic() < until, "no mail came"
        time.sleep(0.05)
    (letter,) = outbox.glob("*.eml")
    return str(message_from_bytes(letter.read_bytes(), policy=policy.default).get_content())


def test_recover_sends_a_mail_and_its_code_sets_the_password(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        email = ("--email", "ana@example.com")
        terminal.run("register", *email, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
        asked = terminal.try_to("recover", *email)
        assert (asked.returncode, "--code" in asked.stderr) == (0, True)
        text = mailed(tmp_path / "cloud" / "outbox")
        assert f"{address}/recover?token=" in text
        found = re.search("^[BCDFGHJKLMNPQRSTVWXZ]{8}$", text, re.MULTILINE)
        assert found
        code = found.group()
        change = ("--password-stdin",)
        terminal.run("recover", *email, *change, stdin=NEW, code=2)
        terminal.run("recover", *email, "--code", "123", *change, stdin=NEW, code=2)
        terminal.run("recover", *email, "--code", "ZZZZZZZZ", *change, stdin=NEW, code=5)
        terminal.run("recover", "--email", "bob@example.com", "--code", code, *change, stdin=NEW, code=5)
        weak = terminal.try_to("recover", *email, "--code", code, *change, stdin="short")
        assert (weak.returncode, "password: " in weak.stderr) == (5, True)
        assert "at least 12 characters" in weak.stderr
        typed = f"{code[:4]}-{code[4:]}".lower()
        done = terminal.try_to("recover", *email, "--code", typed, *change, stdin=NEW)
        assert (done.returncode, "ana@example.com" in done.stderr) == (0, True)
        terminal.run("companies")
        terminal.run("recover", *email, "--code", code, *change, stdin=NEW, code=5)
        terminal.run("login", *email, "--password-stdin", stdin=PASSWORD, code=5)
        terminal.run("login", *email, "--password-stdin", stdin=NEW)


def test_an_administrators_command_speaks_their_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    terminal = Terminal(tmp_path, "")
    create = ("cloud", "user", "create", "--email", "ana@example.com", "--name", "Ana", "--password-stdin")
    weak = terminal.try_to(*create, stdin="short")
    assert (weak.returncode, "al menos 12 caracteres" in weak.stderr) == (1, True)
    terminal.run(*create, stdin=PASSWORD)
    refused = terminal.try_to("cloud", "user", "disable", "--email", "nadie@example.com")
    assert (refused.returncode, "No hay ninguna cuenta" in refused.stderr) == (1, True)
