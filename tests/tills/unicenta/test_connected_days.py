"""From the connection to FactoryCLOUD, by real processes: nothing goes before somebody says from when."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.terminals import Terminal, serve_cloud
from tests.support.unicenta.shop import Shop, listed
from tests.support.windows import terminal

_DAYS = 40
FIRST = datetime.fromisoformat("2026-09-01 08:00:00")


@pytest.fixture
def shop_with_history(shop: Shop) -> Shop:
    """A shop that has closed forty days."""
    shop.open("d-0", 2, FIRST)
    for day in range(_DAYS):
        opened = FIRST + timedelta(days=day)
        shop.sell([listed("p-cof", 2)], [("cash", 3.0)], at=opened + timedelta(hours=2))
        shop.close(opened + timedelta(hours=14), f"d-{day + 1}")
    return shop


@pytest.fixture
def connected(shop_with_history: Shop, tmp_path: Path) -> Iterator[Terminal]:
    """Its terminal: connected, and not assigned."""
    with serve_cloud(tmp_path / "cloud") as address:
        till = Terminal(tmp_path / "till", address)
        facts = ("--company", "Bar", "--country", "ES", "--zone", "Europe/Madrid", "--yes")
        till.run("till", "connect", "--url", shop_with_history.url, *facts)
        yield till


def test_days_wait_until_a_store_is_assigned_and_then_go_as_was_said(connected: Terminal) -> None:
    assert connected.try_to("worker", "--once").returncode == 3
    queue = connected.json("status")["queue"]
    assert (queue["pending"], queue["delivered"], queue["unassigned"]) == (0, 0, _DAYS)
    connected.connect(history="none", stays=True)
    connected.run("worker", "--once")
    status = connected.json("status")
    assert status["queue"]["delivered"] == 0
    assert status["queue"]["left_out"] == [{"first": 2, "last": _DAYS + 1}]
    place = ("--company", status["company"]["id"], "--store", status["store"]["id"])
    connected.run("assign", *place, "--history", "all")
    connected.run("worker", "--once")
    assert connected.json("status")["queue"]["delivered"] == _DAYS
    connected.run("verify")


def test_what_is_missing_is_all_of_it_at_first_and_the_order_is_that_of_the_days(connected: Terminal) -> None:
    connected.connect(history="missing", stays=True)
    assert "40 reports delivered" in connected.try_to("worker", "--once").stderr
    reports = map(json.loads, connected.run("queue", "list", "--json").splitlines())
    assert [report["z_number"] for report in reports] == list(range(_DAYS + 1, 1, -1))
    status = connected.json("status")
    assert (status["queue"]["delivered"], status["queue"]["left_out"]) == (_DAYS, [])
    place = ("--company", status["company"]["id"], "--store", status["store"]["id"])
    connected.run("assign", *place, "--history", "missing")
    connected.run("worker", "--once")
    assert connected.json("status")["queue"]["delivered"] == _DAYS
    connected.run("verify")


def test_its_catalogue_goes_up_and_none_comes_down_with_the_reason(connected: Terminal) -> None:
    connected.connect()
    connected.run("config", "push", "--yes")
    refused = connected.try_to("config", "pull", "--yes")
    assert refused.returncode == 1
    assert "This till's configuration is changed at the till only." in refused.stderr


def test_the_app_begins_again_with_the_till_that_was_connected(
    shop_with_history: Shop, tmp_path: Path
) -> None:
    where = urlsplit(shop_with_history.url)
    program = "mysql" if shop_with_history.is_mysql else "postgresql"
    with terminal("--home", str(tmp_path / "home"), environment={"TZ": "Europe/Madrid"}) as window:
        window.sees("3 Have a look around first")
        window.press("3", then="F7")
        window.press("f7", then="Look for the till")
        if program == "postgresql":
            window.press("up")
            window.press("postgr", then="1 of 3")
            window.press("enter")
        for answer in (where.netloc.rpartition("@")[2], where.path[1:], where.username or ""):
            window.press(answer)
            window.press("enter")
        window.press("enter", then="40 closed days")
        window.press("Bar", then="Bar")
        for _field in ("company", "country", "currency", "timezone", "day_starts_at"):
            window.press("enter")
        window.press("enter", then="Compare them with the papers")
        window.press("down")
        window.press("enter", then="● Till     unicenta: CAJA-1")
        window.press("f10")
        assert window.ends() == 0
