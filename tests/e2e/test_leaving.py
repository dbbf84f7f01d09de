"""Recovering a password and disconnecting, from the command line over a real socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal, serve_cloud
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A FactoryCLOUD, and the folder that its mails are put in."""
    home = tmp_path_factory.mktemp("cloud")
    with serve_cloud(home) as address:
        yield address, home / "outbox"


def test_recovering_sends_a_mail_and_says_the_same_for_a_stranger(
    cloud: tuple[str, Path], tmp_path: Path
) -> None:
    address, outbox = cloud
    terminal = Terminal(tmp_path / "bar", address)
    terminal.run(
        "register", "--email", "ana@example.com", "--name", "Ana", "--password-stdin", stdin=PASSWORD
    )
    said = [terminal.try_to("recover", "--email", email) for email in ("ana@example.com", "no@example.com")]
    assert [result.returncode for result in said] == [0, 0]
    assert [result.stderr for result in said] == [
        f"If there is an account with {email}, a code for a new password is on its way to it. Then:"
        f" factorypos-tui --home {terminal.home} recover --email {email} --code CODE\n"
        for email in ("ana@example.com", "no@example.com")
    ]
    eventually(lambda: outbox.is_dir() and len(list(outbox.iterdir())) == 1)


def test_a_disconnected_terminal_keeps_its_reports_until_a_store_is_assigned_again(
    cloud: tuple[str, Path], tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path / "bar", cloud[0])
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.connect(email="eva@example.com")
    terminal.run("till", "close")
    refused = terminal.try_to("disconnect", stdin="n\n")
    assert (refused.returncode, terminal.json("status")["connected"]) == (1, True)
    assert "Nothing was changed." in refused.stderr
    terminal.run("disconnect", "--yes")
    status = terminal.json("status")
    assert (status["connected"], status["account"], status["store"]) == (False, None, None)
    assert (status["queue"]["pending"], status["link"]["reason"]) == (1, "not_assigned")
    terminal.run("worker", "--once", code=3)
    terminal.run("login", "--email", "eva@example.com", "--password-stdin", stdin=PASSWORD)
    company = terminal.json("companies")["items"][0]["id"]
    store = terminal.json("stores", "--company", company)["items"][0]["id"]
    terminal.run("assign", "--company", company, "--store", store, "--history", "none")
    assert terminal.json("worker", "--once")["delivered"] == 1


def test_disconnecting_out_of_reach_of_the_cloud_says_so(cloud: tuple[str, Path], tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "bar", cloud[0])
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.connect(email="leo@example.com")
    out_of_reach = Terminal(terminal.home, "http://127.0.0.1:9")
    assert "could not be told" in out_of_reach.try_to("disconnect", "--yes").stderr
    assert terminal.json("status")["connected"] is False
