"""News of the configuration, and a download after the close, over real sockets and processes."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stores import Store, at_the_till, open_store, price, words
from tests.support.terminals import Terminal
from tests.support.waiting import eventually
from tests.support.windows import terminal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Both tills have the catalogue that FactoryCLOUD has, and coffee is dearer there by now."""
    with open_store(tmp_path) as store:
        store.first.run("config", "push", "--yes")
        store.second.run("config", "pull", "--yes")
        store.change_there(dearer(160))
        yield store


def dearer(amount: int) -> Any:
    """Somebody changes the price of coffee."""

    def change(document: Any) -> None:
        for item in document["items"]:
            if item["code"] == "CAFE":
                item["prices"]["BARRA"] = amount

    return change


def heard_long_ago(till: Terminal) -> None:
    """The till has not spoken with FactoryCLOUD for more than five minutes."""
    with closing(sqlite3.connect(till.home / "sync.db")) as queue, queue:
        queue.execute("UPDATE setting SET value = '2020-01-01T00:00:00.000Z' WHERE name = 'cloud_heard_at'")


def close_the_day(till: Terminal) -> None:
    till.run("till", "sale", "--item", "TE")
    till.run("till", "close", "--yes")


def test_the_home_screen_tells_by_itself_and_takes_it_after_the_close(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = store.second
    monkeypatch.setenv("FACTORYPOS_CLOUD_URL", second.cloud_url)
    heard_long_ago(second)
    with terminal("--home", str(second.home)) as window:
        window.sees("FactoryCLOUD holds 1 change for this till")
        window.press("6", then="1 Data Download")
        window.press("1", then="1.40 EUR →     1.60 EUR")
        window.press("enter", then="Accept for after today's close")
        window.press("down")
        window.press("down")
        window.press("enter", then="Nothing has been changed yet.")
        window.press("enter", then="Take nothing after the close")
        taken_later = "1 change of the configuration will be taken after the close of the day."
        window.press("escape", then=(taken_later, "1-7 Enter Choose"))
        assert price(second, "CAFE") == 140
        close_the_day(second)
        window.press("6", then="Bring back what was here before")
        assert price(second, "CAFE") == 160
        window.press("f10")
        assert window.ends() == 0
    status = second.json("config", "status")
    assert (status["after_close"], status["changed_there"]) == (None, False)


def test_it_survives_a_kill_and_a_newer_version_stays_news(store: Store) -> None:
    second = store.second
    kept = second.json("config", "pull", "--after-close", "--yes")
    assert (kept["applied"], kept["after_close"], kept["counts"]) == (False, True, {"prices": {"changed": 1}})
    assert price(second, "CAFE") == 140
    with second.start("worker") as worker:
        eventually(lambda: second.json("status")["worker"]["running"])
        store.change_there(dearer(199))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    close_the_day(second)
    waiting = second.json("config", "status")["after_close"]
    assert (waiting["changes"], waiting["etag"], waiting["refusal"]) == (1, kept["etag"], None)
    second.run("worker", "--once")
    assert price(second, "CAFE") == 160
    status = second.json("config", "status")
    assert (status["after_close"], status["changed_there"]) == (None, True)
    assert status["connected"]["etag"] == kept["etag"]
    assert [(b["before"], b["items"], b["different"]) for b in status["backups"]] == [("download", 45, 1)]
    assert "the accepted configuration was taken after the close" in second.run("log")


def test_what_the_till_refuses_by_then_is_told_and_can_be_cancelled(store: Store) -> None:
    second = store.second
    said = words(second, "config", "pull", "--after-close", code=0, stdin="y\n")
    assert "after the close of the day. Nothing has been changed yet." in said
    assert "config cancel" in said
    at_the_till(second, "UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    close_the_day(second)
    second.run("worker", "--once")
    assert price(second, "CAFE") == 140
    assert "The till was changed in the meantime" in second.json("config", "status")["after_close"]["refusal"]
    assert "The till did not take 1 change of the configuration after the close." in second.run(
        "config", "status"
    )
    assert "the till did not take the accepted configuration" in second.run("log")
    assert second.json("config", "cancel") == {"cancelled": True}
    assert second.json("config", "status")["after_close"] is None
    assert "Nothing waits for the close" in words(second, "config", "cancel", code=1)


def test_the_changes_of_a_backup_are_shown_without_a_line(store: Store) -> None:
    second = store.second
    second.run("config", "pull", "--yes")
    backup = str(second.json("config", "status")["backups"][0]["id"])
    away = Terminal(second.home, "http://127.0.0.1:9")
    shown = away.run("config", "diff", "--backup", backup)
    assert "CAFE Café solo: BARRA 1.60 EUR → 1.40 EUR" in shown
    difference = away.json("config", "diff", "--backup", backup)
    assert (difference["backup"], difference["counts"]) == (int(backup), {"prices": {"changed": 1}})
    assert "no backup 99" in words(away, "config", "diff", "--backup", "99", code=1)


def test_a_download_that_today_holds_up_says_how_it_can_wait(store: Store) -> None:
    second = store.second
    second.run("till", "sale", "--item", "CAFE")
    store.change_there(lambda document: document["taxes"][0].update(rate="10.5"))
    said = words(second, "config", "pull", "--yes", code=1)
    assert "config pull --after-close" in said
    second.run("config", "pull", "--after-close", "--yes")
    second.run("till", "close", "--yes")
    second.run("worker", "--once")
    assert price(second, "CAFE") == 160
