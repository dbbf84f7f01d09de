"""What `till connect` was told wrong it corrects: days that were taken into the queue stay to the byte."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from factorypos_tui.cli.home import Home
from factorypos_tui.core.reports.sales import Period
from tests.support.terminals import Terminal, serve_cloud
from tests.support.unicenta.example import at, live_the_example
from tests.support.unicenta.shop import Shop, listed


@pytest.fixture
def till(shop: Shop, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal beside the example's shop."""
    live_the_example(shop)
    with serve_cloud(tmp_path / "cloud") as address:
        yield Terminal(tmp_path / "till", address)


def connect(till: Terminal, shop: Shop, zone: str, day_starts_at: str) -> None:
    facts = ("--company", "Bar", "--country", "ES", "--zone", zone, "--day-starts-at", day_starts_at)
    till.run("till", "connect", "--url", shop.url, *facts, "--yes")


def days(till: Terminal) -> dict[int, Period]:
    """The closed days as its adapter tells them now."""
    with closing(Home(till.home).config().till.open(till.home)) as adapter:
        return {period.z_number or 0: period for period in adapter.closed_periods(0, 100)}


def dated(periods: dict[int, Period]) -> dict[int, tuple[str, str, str]]:
    return {
        number: (period.timezone, str(period.closed_at)[:16], str(period.business_date)[5:])
        for number, period in periods.items()
    }


MADRID = {
    2: ("Europe/Madrid", "2026-11-02 21:10", "11-02"),
    3: ("Europe/Madrid", "2026-11-03 22:59", "11-03"),
}


def test_before_a_store_is_assigned_it_counts_for_all_days(till: Terminal, shop: Shop) -> None:
    connect(till, shop, "Europe/Madrid", "04:00")
    assert dated(days(till)) == MADRID
    connect(till, shop, "Atlantic/Canary", "09:30")
    assert dated(days(till)) == {
        2: ("Atlantic/Canary", "2026-11-02 22:10", "11-01"),
        3: ("Atlantic/Canary", "2026-11-03 23:59", "11-02"),
    }


def test_after_that_it_counts_from_the_next_close_on(till: Terminal, shop: Shop) -> None:
    connect(till, shop, "Europe/Madrid", "04:00")
    till.connect(history="all")
    till.run("worker", "--once")
    sent = {number: till.run("queue", "show", f"Z{number}", "--json") for number in (2, 3)}
    shop.close(at(4, "22:00"), "m-5")
    connect(till, shop, "Atlantic/Canary", "09:30")
    shop.sell([listed("p-cof")], [("cash", 1.5)], at=at(5, "09:00"), number=14)
    shop.close(at(5, "22:00"), "m-6")
    till.run("worker", "--once")
    assert dated(days(till)) == MADRID | {
        4: ("Europe/Madrid", "2026-11-04 21:00", "11-03"),  # closed before, and not taken yet
        5: ("Atlantic/Canary", "2026-11-05 22:00", "11-04"),
    }
    assert {number: till.run("queue", "show", f"Z{number}", "--json") for number in (2, 3)} == sent
    till.run("verify")


def test_only_what_is_wrong_has_to_be_said(till: Terminal, shop: Shop) -> None:
    connect(till, shop, "Europe/Madrid", "04:00")
    before = till.json("till", "connect", "--yes")["till"]
    after = till.json("till", "connect", "--zone", "Atlantic/Canary", "--yes")["till"]
    assert after == before | {"timezone": "Atlantic/Canary"}


def test_who_asks_the_bundled_tills_way_is_told_this_one(till: Terminal, shop: Shop) -> None:
    connect(till, shop, "Europe/Madrid", "04:00")
    refused = till.try_to("till", "zone", "Atlantic/Canary")
    assert refused.returncode == 2
    assert "Nothing was changed." in refused.stderr
    assert "till connect --zone Atlantic/Canary" in refused.stderr


def test_no_other_currency_joins_the_running_totals(till: Terminal, shop: Shop) -> None:
    connect(till, shop, "Europe/Madrid", "04:00")
    till.connect(history="all")
    till.run("worker", "--once")
    facts = ("--company", "Bar", "--country", "ES", "--currency", "GBP", "--zone", "Europe/Madrid")
    refused = till.try_to("till", "connect", "--url", shop.url, *facts, "--yes")
    assert (refused.returncode, "Days in EUR were taken in this folder" in refused.stderr) == (1, True)
    assert {period.currency for period in days(till).values()} == {"EUR"}
