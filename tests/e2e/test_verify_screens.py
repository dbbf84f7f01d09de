"""Resending and comparing by keyboard alone: real server, real engine, real terminal."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.terminals import Terminal, serve_cloud
from tests.support.windows import terminal


def forget(cloud: Path, z_number: int) -> None:
    """The server loses a day, as one does that is restored from an old backup."""
    with closing(sqlite3.connect(cloud / "cloud.db")) as database, database:
        assert database.execute("DELETE FROM z_report WHERE z_number = ?", [z_number]).rowcount == 1


def test_what_the_server_lost_is_named_sent_again_and_found_identical(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        till = Terminal(tmp_path / "till", address)
        till.run("till", "seed", "--days", "4", "--receipts", "3")
        till.connect()
        till.run("worker", "--once")
        with terminal("--home", str(till.home)) as window:
            window.sees("5 Resend all statistics", "Online", "sending: this app")
            forget(tmp_path / "cloud", 2)
            window.press("4", then=("Newest first", "FactoryCLOUD has confirmed it.", "/ Search"))
            window.press("v")
            window.sees("3 of 4 Z reports are in FactoryCLOUD, identical.", "Missing there: Z 2.")
            window.press("down")
            window.press("enter", then="All 4 Z reports are in FactoryCLOUD, identical.")
            window.press("enter", then=("Newest first", "/ Search"))
            window.press("escape", then=("5 Resend all statistics", "Last deliveries"))
            forget(tmp_path / "cloud", 3)
            window.press("5", then="4 Z reports go to Bar Maritim again:")
            window.press("down")
            window.press("enter")
            window.sees(
                "FactoryCLOUD has answered: 1 new there, 3 already there",
                "All 4 Z reports are in FactoryCLOUD, identical.",
            )
            window.press("f10")
            assert window.ends() == 0
        assert "All 4 Z reports are in FactoryCLOUD, identical." in till.run("verify")


def test_a_server_that_cannot_be_asked_leaves_nothing_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        till = Terminal(tmp_path / "till", address)
        till.run("till", "seed", "--days", "2", "--receipts", "3")
        till.connect()
        till.run("worker", "--once")
    with terminal("--home", str(till.home)) as window:
        window.sees("4 Synchronization status")
        window.press("4", then="Newest first")
        window.press("v", then=("cannot be reached", "Nothing could be compared, so nothing is known."))
        assert "identical" not in window.screen
        window.press("f10")
        assert window.ends() == 0


def test_what_a_store_lost_that_was_left_is_sent_to_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        till = Terminal(tmp_path / "till", address)
        till.run("till", "seed", "--days", "3", "--receipts", "3")
        till.connect(stays=True)
        till.run("worker", "--once")
        left = till.json("status")
        company = left["company"]["id"]
        second = till.json("stores", "create", "--company", company, "--name", "Bar Playa")["id"]
        till.run("assign", "--company", company, "--store", second, "--history", "none")
        forget(tmp_path / "cloud", 2)
        told = till.try_to("verify", "--resend")
        assert (told.returncode, "missing there" in told.stdout) == (1, True)
        assert "1 report will be sent again." in told.stderr
        till.run("worker", "--once")
        assert "All 3 Z reports are in FactoryCLOUD, identical." in till.run("verify")
