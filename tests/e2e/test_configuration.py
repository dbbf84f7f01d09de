"""Synchronize configuration data over real sockets and processes, as an administrator does it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stores import Store, at_the_till, open_store, price, until, words
from tests.support.terminals import Terminal


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    options = ("--database", request.getfixturevalue("postgres_url")) if request.param == "postgresql" else ()
    with open_store(tmp_path, *options) as store:
        yield store


def test_a_configuration_goes_up_comes_down_on_another_till_and_goes_up_again_unchanged(store: Store) -> None:
    first, second = store.first, store.second
    at_the_till(
        first,
        "UPDATE items SET name = 'Café ☕ «doble» ' || char(128105, 8205, 127859), barcode = '84'"
        " WHERE code = 'CAFE'",
        "INSERT INTO price_levels VALUES ('NOCHE', 'Noche', 17)",
        "INSERT INTO prices VALUES ('CANA', 'NOCHE', 0)",
        "DELETE FROM prices WHERE item = 'TE' AND price_level = 'BARRA'",
        "UPDATE prices SET amount = 155 WHERE item = 'CORTADO'",
    )
    assert first.json("config", "status")["upload"] == {"offered": True, "reason": None, "detail": None}
    uploaded = first.json("config", "push", "--yes")
    assert uploaded["uploaded"]
    document = store.held()
    assert "Café ☕ «doble» 👩\u200d🍳" in document.decode()
    difference = second.json("config", "diff")
    assert difference["changes"][0] == {
        "section": "prices",
        "kind": "changed",
        "code": "CANA",
        "name": "Caña",
        "fields": [{"field": "NOCHE", "old": None, "new": 0}],
    }
    assert difference["counts"]["prices"] == {"changed": 3}
    assert (difference["etag"], difference["held"], difference["same"]) == (uploaded["etag"], [], False)
    pulled = second.json("config", "pull", "--yes")
    assert (pulled["applied"], pulled["etag"], pulled["counts"]) == (
        True,
        uploaded["etag"],
        difference["counts"],
    )
    again = second.json("config", "diff")
    assert (again["same"], again["changes"], again["counts"]) == (True, [], {})
    assert second.json("config", "pull", "--yes")["applied"] is False
    assert second.json("config", "push", "--yes")["uploaded"] is False
    assert store.held() == document
    status = second.json("config", "status")
    assert (status["changed_here"], status["changed_there"], status["etag"]) == (
        False,
        False,
        uploaded["etag"],
    )


def test_a_licensed_till_changes_the_cloud_with_the_owners_word(store: Store) -> None:
    store.first.run("config", "push", "--yes")
    store.second.run("config", "pull", "--yes")
    at_the_till(store.second, "UPDATE prices SET amount = 333 WHERE item = 'CAFE'")
    asked = store.second.try_to("config", "push", stdin="n\n")
    assert asked.returncode == 1
    assert "CAFE Café solo: BARRA 1.40 EUR → 3.33 EUR, TERRAZA 1.70 EUR → 3.33 EUR" in asked.stdout
    assert "Nothing was changed." in asked.stderr
    store.second.run("config", "push", "--yes")
    held = json.loads(store.held())
    assert next(item["prices"] for item in held["items"] if item["code"] == "CAFE")["BARRA"] == 333
    with store.owner() as http:
        listed = http.get(f"/stores/{store.id}/configuration/versions").json()["items"]
    terminals = [till.json("status")["terminal"]["id"] for till in (store.first, store.second)]
    assert [version["terminal"]["id"] for version in listed] == terminals


def test_a_lost_race_shows_the_new_state_and_asks_again(store: Store) -> None:
    store.first.run("config", "push", "--yes")
    store.second.run("config", "pull", "--yes")
    at_the_till(store.second, "UPDATE prices SET amount = 333 WHERE item = 'CAFE'")
    with store.second.start("config", "push") as push:
        assert push.stdin
        assert push.stderr
        until(push.stderr, "[y/N]")
        store.change_there(lambda document: document["items"][0]["prices"].update(BARRA=77))
        push.stdin.write("y\n")
        push.stdin.flush()
        question = until(push.stderr, "[y/N]")
        assert "has changed since it was read" in question
        push.stdin.write("y\n")
        push.stdin.flush()
        shown, ending = push.communicate(timeout=60)
    assert (push.returncode, "FactoryCLOUD has this till's configuration now" in ending) == (0, True)
    first, second = shown.split("Prices (")[1:]
    assert "AGUA" not in first
    assert "AGUA Agua 50 cl: BARRA 0.77 EUR → 1.60 EUR" in second
    with store.owner() as http:
        listed = http.get(f"/stores/{store.id}/configuration/versions").json()["items"]
    assert len(listed) == 3


def test_prices_changed_in_the_cloud_reach_the_till_and_can_be_taken_back(store: Store) -> None:
    first = store.first
    first.run("config", "push", "--yes")

    def dearer(document: Any) -> None:
        for item in document["items"]:
            if item["code"] == "CAFE":
                item["prices"]["BARRA"] = 160
        document["items"] = [item for item in document["items"] if item["code"] != "TE"]

    store.change_there(dearer)
    assert first.json("config", "status")["changed_there"]
    shown = first.run("config", "diff")
    assert shown.splitlines()[:2] == ["Prices (1)", "  CAFE Café solo: BARRA 1.40 EUR → 1.60 EUR"]
    assert "Nothing was changed." in words(first, "config", "pull", code=1, stdin="n\n")
    assert price(first, "CAFE") == 140
    assert "config restore" in words(first, "config", "pull", code=0, stdin="y\n")
    assert price(first, "CAFE") == 160
    restored = first.json("config", "restore", "--yes")
    assert restored["applied"]
    assert price(first, "CAFE") == 140
    assert [backup["before"] for backup in first.json("config", "status")["backups"]] == [
        "restore",
        "download",
    ]
    first.run("config", "restore", "--backup", str(restored["backup"]), "--yes")
    assert price(first, "CAFE") == 160
    assert "no backup 99" in words(first, "config", "restore", "--backup", "99", "--yes", code=1)


def test_a_version_that_the_administrator_brings_back_is_downloaded(store: Store) -> None:
    store.first.run("config", "push", "--yes")
    before = store.held()
    store.change_there(lambda document: document.update(users=[]))
    administrator = Terminal(store.cloud, "")
    version = ("--store", store.id, "--version", "1")
    administrator.run("cloud", "configuration", "restore", *version, *store.options)
    assert store.held() == before
    assert store.second.json("config", "diff")["same"]
