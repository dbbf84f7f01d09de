"""Where `cloud serve` listens, and how people reach it."""

import json
import sqlite3
from pathlib import Path

import click
import httpx
import pytest

from factorypos_tui.cli.cloud import cloud
from tests.server.servers import server
from tests.server.test_commands import run

EVERY_ADDRESS = "::"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(
    "url",
    [
        "http://cloud.example.com",
        "cloud.example.com",
        "https://",
        "https://a.example/?x",
        "https://[",
        "ftp://a",
    ],
)
def test_a_public_address_has_to_be_https(home: Path, url: str) -> None:
    refused = run(home, "serve", "--port", "0", "--public-url", url)
    assert (refused.returncode, "--public-url takes an address" in refused.stderr) == (2, True)


def test_it_does_not_listen_to_other_machines_without_a_public_address(home: Path) -> None:
    refused = run(home, "serve", "--host", EVERY_ADDRESS, "--port", "0")
    assert (refused.returncode, "--public-url https://" in refused.stderr) == (2, True)
    with server(home, "--host", EVERY_ADDRESS, "--public-url", "https://cloud.example.com/shops") as address:
        port = address.rpartition(":")[2]
        answer = httpx.get(f"http://[::1]:{port}/v1/health", trust_env=False)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_other_machines_are_not_led_to_this_one_s_own_address(home: Path) -> None:
    options = ("--host", EVERY_ADDRESS, "--port", "0", "--public-url", "http://localhost")
    refused = run(home, "serve", *options)
    assert (refused.returncode, "--public-url https://" in refused.stderr) == (2, True)


def test_on_this_machine_alone_nobody_is_told_to_come_by_https(home: Path) -> None:
    with server(home) as address:
        assert "Strict-Transport-Security" not in httpx.get(f"{address}/v1/health", trust_env=False).headers


def test_every_option_of_the_server_may_be_a_variable() -> None:
    options = [option for option in cloud.commands["serve"].params if isinstance(option, click.Option)]
    names = {option.opts[0]: str(option.envvar) for option in options}
    renamed = {"--database": "FACTORYPOS_DATABASE_URL", "--mail": "FACTORYPOS_MAIL_URL"}
    assert names == {
        option: renamed.get(option, f"FACTORYPOS_{option[2:].replace('-', '_').upper()}") for option in names
    }
    assert {"--host", "--port", "--contact"} < set(names)


def test_secrets_may_stand_in_files_that_variables_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    for variable, words in (
        ("FACTORYPOS_DATABASE_URL", "--database must look like"),
        ("FACTORYPOS_MAIL_URL", "mail address must look like"),
    ):
        monkeypatch.setenv(f"{variable}_FILE", str(secret))
        secret.write_text("ftp://u:hidden@x\n")
        refused = run(home, "serve", "--port", "0")
        assert words in refused.stderr
        assert "hidden" not in refused.stderr
        secret.write_text(" \n")
        empty = run(home, "serve", "--port", "0")
        assert (empty.returncode, f"{secret} of the variable" in empty.stderr) == (2, True)
        secret.unlink()
        missing = run(home, "serve", "--port", "0")
        assert (missing.returncode, str(secret) in missing.stderr) == (2, True)
        monkeypatch.delenv(f"{variable}_FILE")


def test_an_invitation_leads_where_the_server_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = ("--name", "Ana", "--json", "--email")
    refused = run(home, "user", "invite", *who, "a@b.example", "--public-url", "http://cloud.example.com")
    assert (refused.returncode, "--public-url takes an address" in refused.stderr) == (2, True)
    monkeypatch.setenv("FACTORYPOS_PUBLIC_URL", "https://cloud.example.com/shops/")
    invited = run(home, "user", "invite", *who, "a@b.example")
    assert json.loads(invited.stdout)["link"].startswith("https://cloud.example.com/shops/recover?token=")
    with sqlite3.connect(home / "cloud.db") as database:
        assert database.execute("SELECT count(*) FROM account").fetchall() == [(1,)]
