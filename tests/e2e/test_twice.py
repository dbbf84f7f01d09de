"""What a script of an administrator does can be done again: what is there stays as it is."""

import json
from pathlib import Path

import pytest

from tests.e2e.stores import words
from tests.support.forked import run_forked
from tests.support.terminals import PASSWORD, Terminal
from tests.support.tiny_cloud import TinyCloud

ANA = ("--email", "ana@example.com", "--password-stdin")


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A till without a store, whose owner is logged in and has a company with two stores."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.run("register", "--name", "Ana", *ANA, stdin=PASSWORD)
    terminal.run("companies", "create", "--name", "Maritim SL")
    for name in ("Bar Maritim", "Kiosk"):
        terminal.run("stores", "create", "--company", "Maritim SL", "--name", name)
    return terminal


def ids(terminal: Terminal, *listing: str) -> list[str]:
    return [item["id"] for item in terminal.json(*listing)["items"]]


def test_what_is_there_is_not_made_again(terminal: Terminal) -> None:
    company, stores = ids(terminal, "companies"), ids(terminal, "stores", "--company", "Maritim SL")
    again = terminal.json("companies", "create", "--name", "maritim sl", "--if-missing")
    assert again == {"id": company[0], "name": "Maritim SL", "created": False}
    place = ("--company", "Maritim SL", "--if-missing")
    assert terminal.json("stores", "create", *place, "--name", "Kiosk")["id"] == stores[1]
    assert "there already" in words(terminal, "stores", "create", *place, "--name", "Kiosk", code=0)
    third = terminal.json("stores", "create", *place, "--name", "Beach")
    assert third["created"] is True
    assert ids(terminal, "companies") == company
    assert ids(terminal, "stores", "--company", company[0]) == [*stores, third["id"]]


def test_a_till_and_an_account_that_are_there_are_not_touched(terminal: Terminal) -> None:
    before = terminal.json("till", "init", "--if-missing", "--name", "Another", "--catalogue", "empty")
    assert before["created"] is False
    assert "not touched" in words(terminal, "till", "init", code=1)
    assert "not touched" in terminal.run("till", "init", "--if-missing")
    assert terminal.json("till", "init", "--if-missing") == before
    assert "Log in, or" in words(terminal, "register", "--name", "Ana", *ANA, stdin=PASSWORD, code=5)
    again = ("register", "--name", "Ana", "--if-missing", *ANA)
    assert "there already" in words(terminal, *again, stdin=PASSWORD, code=0)
    words(terminal, *again, stdin="another password", code=5)


def test_an_account_made_by_the_host_is_made_once(tmp_path: Path) -> None:
    create = ["--home", str(tmp_path), "cloud", "user", "create", "--name", "Ana", *ANA]
    first = run_forked(create, PASSWORD)
    assert (first.returncode, run_forked(create, PASSWORD).returncode) == (0, 1)
    again = run_forked([*create, "--if-missing"], "another password")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert "Nothing was changed" in again.stderr


def test_a_store_is_found_by_its_name_and_refused_where_two_have_it(terminal: Terminal) -> None:
    said = words(terminal, "assign", code=2)
    assert "More than one store fits" in said
    for store in ids(terminal, "stores", "--company", "Maritim SL"):
        assert store in said
    assert "Kiosk (Maritim SL)" in said
    assert "There are:" in words(terminal, "assign", "--store", "Beach", code=2)
    assert "Maritim SL" in words(terminal, "assign", "--company", "Maritime", "--store", "Kiosk", code=2)
    terminal.run("companies", "create", "--name", "Second SL")
    terminal.run("stores", "create", "--company", "Second SL", "--name", "Kiosk")
    assert "Kiosk (Second SL)" in words(terminal, "assign", "--store", "Kiosk", code=2)
    assigned = terminal.json("assign", "--company", "Second SL", "--store", "kiosk", "--stay-logged-in")
    assert (assigned["company"]["name"], assigned["store"]["name"]) == ("Second SL", "Kiosk")
    terminal.run("companies", "create", "--name", "Second SL")
    said = words(terminal, "stores", "create", "--company", "Second SL", "--name", "Beach", code=2)
    assert all(company in said for company in ids(terminal, "companies")[1:])


def test_the_only_store_needs_no_name(tmp_path: Path, cloud: TinyCloud) -> None:
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.run("register", "--name", "Ana", *ANA, stdin=PASSWORD)
    assert "stores create" in words(terminal, "assign", code=2)
    assert "companies create" in words(terminal, "assign", "--company", "Maritim SL", code=2)
    terminal.run("companies", "create", "--name", "Maritim SL")
    terminal.run("stores", "create", "--company", "Maritim SL", "--name", "Bar")
    assert "now sends to Bar (Maritim SL)" in words(terminal, "assign", code=0)


def test_assigning_the_same_store_again_changes_nothing(terminal: Terminal) -> None:
    place = ("--company", "Maritim SL", "--store", "Kiosk")
    terminal.run("till", "close")
    first = terminal.json("assign", *place)
    terminal.run("worker", "--once")
    kept = (terminal.home / "credentials.json").read_bytes()
    for again in (place, ("--store", first["store"]["id"]), ()):
        assert "already" in words(terminal, "assign", *again, code=0)
        assert terminal.json("assign", *again) == first
    assert (terminal.home / "credentials.json").read_bytes() == kept
    terminal.run("logout")  # a script runs long after its log-in has ended
    assert "already" in words(terminal, "assign", *place, code=0)
    assert json.loads(terminal.run("status", "--json"))["queue"]["delivered"] == 1


def test_a_terminal_whose_token_has_ended_is_assigned_again(terminal: Terminal, cloud: TinyCloud) -> None:
    place = ("--company", "Maritim SL", "--store", "Kiosk", "--stay-logged-in")
    terminal.run("assign", *place)
    kept = json.loads((terminal.home / "credentials.json").read_text())
    del kept["terminal"]
    (terminal.home / "credentials.json").write_text(json.dumps(kept))
    assert "now sends to Kiosk" in words(terminal, "assign", *place, code=0)
    assert "already" in words(terminal, "assign", *place, code=0)
    terminal.run("assign", "--store", "Bar Maritim", "--move", "--stay-logged-in")
    assert "now sends to Kiosk" in words(terminal, "assign", *place, code=0)
