"""A day closed while the terminal was disconnected, and a till that changes hands: by commands alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal, serve_cloud


@pytest.fixture
def cloud_home(tmp_path: Path) -> Path:
    """Where the cloud keeps its files."""
    return tmp_path / "cloud"


@pytest.fixture
def terminal(tmp_path: Path, cloud_home: Path) -> Iterator[Terminal]:
    """A till that has delivered its first day to a cloud."""
    with serve_cloud(cloud_home) as address:
        till = Terminal(tmp_path / "till", address)
        till.run("till", "init", "--catalogue", "demo")
        close_a_day(till)
        till.connect(history="all")
        till.run("worker", "--once")
        yield till


def close_a_day(till: Terminal) -> None:
    till.run("till", "sale", "--item", "CAFE")
    till.run("till", "close")


def log_in(till: Terminal, email: str = "ana@example.com") -> None:
    till.run("login", "--email", email, "--password-stdin", stdin=PASSWORD)


def place_of(till: Terminal) -> list[str]:
    status = till.json("status")
    return ["--company", status["company"]["id"], "--store", status["store"]["id"]]


def test_a_day_closed_while_disconnected_is_not_skipped(terminal: Terminal) -> None:
    place = place_of(terminal)
    terminal.run("disconnect", "--yes")
    close_a_day(terminal)
    log_in(terminal)
    assert json.loads(terminal.run("assign", *place, "--json"))["left_out"] == []
    terminal.run("worker", "--once")
    assert "All 2 Z reports are in FactoryCLOUD" in terminal.run("verify")


def test_what_is_left_out_is_named_everywhere_until_it_is_sent(terminal: Terminal) -> None:
    place = place_of(terminal)
    terminal.run("disconnect", "--yes")
    close_a_day(terminal)
    log_in(terminal)
    assigned = terminal.try_to("assign", *place, "--history", "none")
    assert (assigned.returncode, "Left out: Z 2." in assigned.stderr) == (0, True)
    terminal.run("worker", "--once")
    assert terminal.json("status")["queue"]["left_out"] == [{"first": 2, "last": 2}]
    assert "left out by choice: Z 2" in terminal.run("status")
    resent = terminal.try_to("resend", "--yes")
    assert "Not among them, left out by choice: Z 2." in resent.stderr
    assert "Nothing sends at the moment" in resent.stderr
    assert "worker --once" in resent.stderr
    terminal.run("worker", "--once")
    verified = terminal.try_to("verify")
    assert verified.returncode == 1
    assert "1 of 2 Z reports" in verified.stdout
    assert "left out by choice" in verified.stdout
    assert "queue send Z2" in verified.stderr
    document = json.loads(terminal.try_to("verify", "--json").stdout)
    assert document["left_out"] == [{"first": 2, "last": 2}]
    assert [(z["z_number"], z["state"]) for z in document["missing"]] == [(2, "left_out")]
    for wrong in ([], ["Z2", "--all"], ["X2"], ["Z0"]):
        terminal.run("queue", "send", *wrong, code=2)
    terminal.run("queue", "send", "Z1", code=1)
    terminal.run("queue", "send", "Z2")
    terminal.run("worker", "--once")
    terminal.run("verify")
    assert terminal.json("status")["queue"]["left_out"] == []
    assert "No day was left out" in terminal.try_to("queue", "send", "--all").stderr


def test_a_till_that_was_sold_goes_to_its_new_account(terminal: Terminal, cloud_home: Path) -> None:
    terminal.run("disconnect", "--yes")
    terminal.run("register", "--email", "eva@example.com", "--name", "E", "--password-stdin", stdin=PASSWORD)
    company = terminal.json("companies", "create", "--name", "Eva SL")["id"]
    store = terminal.json("stores", "create", "--company", company, "--name", "Eva")["id"]
    place = ["--company", company, "--store", store]
    for more in ([], ["--move"]):
        refused = terminal.try_to("assign", *place, *more)
        assert refused.returncode == 5
        assert "belongs to another account" in refused.stderr
        assert "--move" not in refused.stderr
    host = Terminal(cloud_home, "")
    (listed,) = json.loads(host.run("cloud", "terminal", "list", "--json"))["items"]
    assert f"cloud terminal release {listed['id']}" in refused.stderr
    host.run("cloud", "terminal", "release", listed["id"])
    terminal.run("assign", *place)
    close_a_day(terminal)
    terminal.run("worker", "--once")
    status = terminal.json("status")
    assert (status["queue"]["pending"], status["queue"]["attention"]) == (0, 0)
    document = json.loads(terminal.run("verify", "--json"))
    assert [z["z_number"] for z in document["kept_for_another_account"]] == [1]
    assert document["missing"] == []


def test_a_till_that_has_sent_nothing_yet_goes_to_another_account_by_disconnecting(
    tmp_path: Path, cloud_home: Path
) -> None:
    with serve_cloud(cloud_home) as address:
        till, eva = Terminal(tmp_path / "till", address), Terminal(tmp_path / "eva", address)
        till.run("till", "init", "--catalogue", "demo")
        till.connect(history="all")
        eva.run("register", "--email", "eva@example.com", "--name", "E", "--password-stdin", stdin=PASSWORD)
        company = eva.json("companies", "create", "--name", "Eva SL")["id"]
        eva.run("stores", "create", "--company", company, "--name", "Eva")
        host = Terminal(cloud_home, "")
        code = host.run("cloud", "enrol-code", "create", "--store", "Eva").strip()
        refused = till.try_to("enrol", code)
        assert (refused.returncode, "disconnect it here" in refused.stderr) == (5, True)
        till.run("disconnect", "--yes")
        till.run("enrol", code)
        assert till.json("status")["store"]["name"] == "Eva"
