"""Prices from one till to another, by keyboard alone: real server, real engine, real terminal."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.terminals import PASSWORD, Terminal, serve_cloud
from tests.support.windows import terminal


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_a_till_uploads_what_another_one_of_the_store_looks_at_and_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        first, second = (Terminal(tmp_path / name, address) for name in ("first", "second"))
        for till in (first, second):
            till.run("till", "init", "--catalogue", "demo")
        first.connect()
        join(second)
        with terminal("--home", str(first.home), term=term) as window:
            window.sees("6 Synchronize configuration data", "Online")
            window.press("6", then=("has no configuration yet", "2 Data Upload"))
            window.press("2", then=("changes in FactoryCLOUD.", "Items 45", "AGUA "))
            window.press("enter", then="every terminal of the store?")
            window.press("down")
            window.press("enter", then="FactoryCLOUD has this till's configuration now.")
            window.press("enter", then=("uploaded ", "Data Upload is not offered."))
            window.press("f10")
            assert window.ends() == 0
        make_coffee_free(second)
        with terminal("--home", str(second.home), term=term) as window:
            window.sees("6 Synchronize configuration data", "Online")
            window.press("6", then=("has a configuration", "1 Data Download"))
            window.press("1", then=("changes on this till.", "CAFE ", "0.00 EUR →     1.40 EUR"))
            window.press("enter", then=("into this till?", "Prices: 1 changed."))
            window.press("down")
            window.press("enter", then=("has FactoryCLOUD's configuration now.", "2 Bring back"))
            window.press("2", then="1.40 EUR →     0.00 EUR")
            window.press("escape", then=("downloaded ", "Bring back what was here before"))
            window.press("f10")
            assert window.ends() == 0
        status = second.json("config", "status")
        assert (status["changed_here"], status["changed_there"]) == (False, False)


def join(till: Terminal) -> None:
    """Assign the store that the first till has created."""
    till.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
    (company,) = till.json("companies")["items"]
    (store,) = till.json("stores", "--company", company["id"])["items"]
    till.run("assign", "--company", company["id"], "--store", store["id"], "--history", "none")


def make_coffee_free(till: Terminal) -> None:
    """Somebody mistypes a price on this till."""
    with sqlite3.connect(till.home / "till.db") as database:
        database.execute("UPDATE prices SET amount = 0 WHERE item = 'CAFE' AND price_level = 'BARRA'")
    database.close()
