"""Where the configuration is not synchronized, the reason is said, and everything stays as it was."""

import copy
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stores import Store, at_the_till, open_store, price, words
from tests.support.terminals import Terminal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as store:
        yield store


def test_what_was_uploaded_is_not_offered_again_and_says_why(store: Store) -> None:
    at_the_till(store.first, "UPDATE terminal SET licence = '{}'")
    store.first.run("config", "push", "--yes")
    before = store.held()
    at_the_till(store.first, "UPDATE prices SET amount = 1 WHERE item = 'CAFE'")
    assert "uploaded only once" in words(store.first, "config", "push", "--yes", code=1)
    upload = store.first.json("config", "status")["upload"]
    assert (upload["offered"], upload["reason"]) == (False, "uploaded")
    at_the_till(store.second, "UPDATE terminal SET licence = '{}'")
    assert "only the owner" in words(store.second, "config", "push", "--yes", code=1)
    store.second.run("config", "pull", "--yes")
    assert "licence does not allow" in words(store.second, "config", "push", "--yes", code=1)
    at_the_till(store.first, "UPDATE terminal SET wizard_finished = 0")
    assert store.held() == before


def test_a_cloud_without_the_configuration_that_it_had_is_given_it_again(store: Store) -> None:
    at_the_till(store.first, "UPDATE terminal SET licence = '{}'")
    store.first.run("config", "push", "--yes")
    before = store.held()
    with closing(sqlite3.connect(store.cloud / "cloud.db")) as cloud, cloud:
        cloud.execute("DELETE FROM configuration")
    assert "no data available for download" in words(store.first, "config", "pull", code=1)
    assert "has none any more" in store.first.run("config", "status")
    assert store.first.json("config", "push", "--yes")["uploaded"]
    assert store.held() == before


def test_nothing_to_download_is_a_warning_and_changes_nothing(store: Store) -> None:
    database = (store.second.home / "till.db").read_bytes()
    for command in (("diff",), ("diff", "--json"), ("pull", "--yes"), ("pull", "--yes", "--json")):
        result = store.second.try_to("config", *command)
        assert (result.returncode, result.stdout) == (1, "")
        assert "no data available for download" in result.stderr
    assert (store.second.home / "till.db").read_bytes() == database


def test_a_day_with_sales_is_closed_before_its_taxes_change(store: Store) -> None:
    store.first.run("config", "push", "--yes")

    def raise_the_tax(document: Any) -> None:
        document["taxes"][0]["rate"] = "12"

    store.change_there(raise_the_tax)
    second = store.second
    second.run("till", "sale", "--item", "CAFE")
    assert second.json("config", "diff")["held"] == [{"section": "taxes", "code": "IVA10"}]
    assert "Close the day first" in words(second, "config", "diff", code=0)
    assert "Close the day first" in words(second, "config", "pull", "--yes", code=1)
    second.run("till", "close")
    second.run("config", "pull", "--yes")
    sold = second.json("till", "sale", "--item", "PAELLA")
    assert [tax["code"] for tax in sold["taxes"]] == ["IVA10"]
    assert sold["taxes"][0]["tax"] == 1650 - round(1650 * 100 / 112)


def test_a_bad_document_is_refused_whole_naming_record_and_field(store: Store) -> None:
    store.first.run("config", "push", "--yes")
    good = json.loads(store.held())
    spoiled: dict[str, Callable[[Any], object]] = {
        "items AGUA, department: there is no NADA": lambda d: d["items"][0].update(department="NADA"),
        "items AGUA, prices.BARRA": lambda d: d["items"][0]["prices"].update(BARRA=-5),
        "items AGUA, name": lambda d: d["items"][0].update(name="\x1b[2Jx"),
        "company, currency": lambda d: d["company"].update(currency="PTS"),
    }
    for named, spoil in spoiled.items():
        store.change_there(lambda document: document.update(copy.deepcopy(good)))
        store.change_there(spoil)
        assert named in words(store.first, "config", "pull", "--yes", code=1)
    assert price(store.first, "AGUA") == 160


@pytest.mark.parametrize("command", [("status",), ("diff",), ("pull", "--yes"), ("push", "--yes")])
def test_before_the_store_is_assigned_everything_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    terminal = Terminal(tmp_path / "till", "http://127.0.0.1:9")
    assert "Assign this terminal" in words(terminal, "config", *command, code=3)


def test_without_a_line_everything_says_to_try_again(store: Store) -> None:
    unplugged = Terminal(store.first.home, "http://127.0.0.1:9")
    for command in (("status",), ("diff",), ("pull", "--yes"), ("push", "--yes")):
        words(unplugged, "config", *command, code=4)


def test_a_full_disk_leaves_the_till_as_it_was(store: Store) -> None:
    terminal = store.first
    terminal.run("config", "push", "--yes")

    def many(document: Any) -> None:
        item = document["items"][0]
        document["items"] += [item | {"code": f"N{n}", "name": f"New {n}"} for n in range(3_000)]

    store.change_there(many)
    full = terminal.try_to("config", "pull", "--yes", most_bytes_a_file=200_000)
    assert (full.returncode, full.stdout) == (1, "")
    assert "may be full" in full.stderr
    assert not terminal.json("config", "status")["backups"]
    assert terminal.json("config", "diff")["counts"]["items"] == {"added": 3_000}
    assert terminal.json("config", "pull", "--yes")["applied"]


def test_in_spanish_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    terminal = store.first
    at_the_till(terminal, "UPDATE terminal SET licence = '{}'")
    assert "No hay datos disponibles para descargar" in words(terminal, "config", "pull", code=1)
    assert "Formas de pago" in terminal.try_to("config", "push", stdin="n\n").stdout
    assert "FactoryCLOUD tiene ahora" in words(terminal, "config", "push", code=0, stdin="s\n")
    assert "solo se sube una vez" in words(terminal, "config", "push", "--yes", code=1)
