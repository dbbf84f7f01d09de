"""The worked example, figure by figure, on each server and in each generation. It was worked out by hand."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.reports.reports import build_x, freeze_z
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.connected import connected, till_of
from tests.support.unicenta.example import live_the_example
from tests.support.unicenta.shop import GENERATIONS, Generation, Shop

Documents = list[dict[str, Any]]
TAKEN = instant_of("2026-11-04T09:00:00Z")


@pytest.fixture(params=GENERATIONS, ids=lambda it: it.name)
def place(
    request: pytest.FixtureRequest, new_database: Callable[[], str], tmp_path: Path
) -> Iterator[tuple[Shop, UnicentaTill]]:
    with connected(new_database(), tmp_path, request.param) as (shop, till):
        live_the_example(shop)
        yield shop, till


def reports(till: UnicentaTill) -> list[bytes]:
    """The two Zs and the X, as they are sent."""
    bodies, previous = [], None
    for period in till.closed_periods(0, 10):
        frozen = freeze_z(period, till.receipts(period.id), previous)
        previous = frozen.chain_hash
        bodies.append(frozen.report.body)
    running = till.open_period()
    return [*bodies, build_x(running, till.receipts(running.id), 1, TAKEN).body]


def rows(document: dict[str, Any], group: str, *columns: str) -> dict[str, tuple[Any, ...]]:
    """A breakdown by code."""
    return {row["code"]: tuple(row[column] for column in columns) for row in document[group]}


def named(document: dict[str, Any], group: str) -> dict[str, int]:
    """The amounts of a breakdown by name."""
    return {row["name"]: row["amount"] for row in document[group]}


def test_three_days_become_the_reports_that_were_worked_out(place: tuple[Shop, UnicentaTill]) -> None:
    shop, till = place
    first, second, running = map(json.loads, reports(till))
    check_the_first_day(first, shop.generation)
    check_the_second_day(second, shop.generation)
    check_the_running_day(running, shop.generation)
    for document in (first, second, running):
        check_that_it_adds_up(document)
    assert first["software"] == f"{shop.generation.name} 1.2"
    assert (first["opened_at"], first["closed_at"]) == (
        "2026-11-02T07:00:00.000Z",
        "2026-11-02T21:10:00.000Z",
    )
    assert (second["closed_at"], second["close_reason"]) == ("2026-11-03T22:59:30.000Z", "manual")
    assert second["previous_hash"] == first["content_hash"]
    found = [(it.code, it.z_number, it.receipts) for it in till.findings()]
    assert found == [("voucher_excess", 3, ("11",))]


def check_the_first_day(z: dict[str, Any], generation: Generation) -> None:
    assert (z["z_number"], z["business_date"]) == (2, "2026-11-02")
    assert z["receipts"] == {"count": 5, "first": "1", "last": "R1"}
    assert z["totals"] == {
        "gross": 5952,
        "discounts": 251,
        "refunds": 990,
        "net": 4711,
        "tax": 552,
        "rounding": 0,
        "tips": 0,
    }
    assert rows(z, "taxes", "rate", "base", "tax", "gross") == {
        "t-10": ("10", 2919, 292, 3211),
        "t-21": ("21", 1240, 260, 1500),
    }
    assert rows(z, "payments", "type", "sales_count", "refund_count", "amount") == paid(
        generation,
        cash=("cash", 2, 0, 1300),
        cashrefund=("cash", 0, 1, -990),
        ccard=("card", 2, 0, 2901),
        debt=("debt", 1, 0, 1500),
    )
    assert (z["cash"]["paid_in"], z["cash"]["paid_out"], z["cash"]["expected"]) == (10000, 3000, 7310)
    assert named(z, "departments") == {"Bar": 300, "Bottles": 0, "Deli": 662, "Kitchen": 2249, "Shop": 1500}
    assert rows(z, "items", "quantity", "amount") == {
        "CHE": ("0.35", 662),
        "COF": ("2", 300),
        "MEN": ("2", 2500),
        "SHI": ("1", 1500),
        "WIN": ("0", 0),
        "discount": ("0", -251),
    }
    assert named(z, "users") == {"Ana": 962, "Ben": 3749}
    assert hours(z) == [(9, 1, 300), (10, 1, 1652), (13, 1, 2249), (14, 1, 1500), (18, 1, -990)]
    notes_voids = generation.schema != "unicenta3.sql"
    assert z["control"]["comps"]["count"] == 0
    assert z["control"]["voided_lines"]["count"] == notes_voids
    assert z["control"]["no_sale_opens"]["count"] == notes_voids
    assert z["control"]["open_tickets"]["count"] == 0
    assert z["perpetual"] == {"sales": 5701, "refunds": 990, "net": 4711}


def check_the_second_day(z: dict[str, Any], generation: Generation) -> None:
    assert (z["z_number"], z["business_date"]) == (3, "2026-11-03")
    assert z["receipts"] == {"count": 7, "first": "5", "last": "11"}
    assert z["totals"] == {
        "gross": 5559,
        "discounts": 0,
        "refunds": 150,
        "net": 5409,
        "tax": 739,
        "rounding": 500,
        "tips": 0,
    }
    assert rows(z, "taxes", "rate", "base", "tax", "gross") == {
        "t-10": ("10", 2199, 220, 2419),
        "t-21": ("21", 2471, 519, 2990),
    }
    assert rows(z, "payments", "type", "sales_count", "refund_count", "amount") == paid(
        generation,
        cash=("cash", 5, 0, 3319),
        ccard=("card", 1, 0, 840),
        debtpaid=("debt", 0, 1, -1500),
        free=("free", 1, 0, 1250),
        voucherin=("store_credit", 1, 0, 2000),
    )
    assert (z["cash"]["paid_in"], z["cash"]["paid_out"], z["cash"]["expected"]) == (0, 0, 3319)
    assert named(z, "departments") == {
        "Bar": 300,
        "Bottles": 990,
        "Deli": 869,
        "Kitchen": 1250,
        "Shop": 1500,
        "none": 500,
    }
    assert rows(z, "items", "quantity", "amount") == {
        "CHE": ("0.46", 869),
        "COF": ("2", 300),
        "MEN": ("1", 1250),
        "SHI": ("1", 1500),
        "WIN": ("1", 990),
        "free": ("1", 500),
    }
    assert named(z, "users") == {"Ana": 3040, "Ben": 2369}
    assert hours(z) == [
        (8, 1, 450),
        (11, 1, 500),
        (12, 2, 869),
        (16, 1, 1250),
        (17, 1, 840),
        (18, 1, 1500),
    ]
    assert z["control"]["comps"] == {"count": 1, "amount": 1250}
    assert z["control"]["voided_lines"]["count"] == z["control"]["no_sale_opens"]["count"] == 0
    assert z["perpetual"] == {"sales": 11260, "refunds": 1140, "net": 10120}


def check_the_running_day(x: dict[str, Any], generation: Generation) -> None:
    assert (x["z_number"], x["business_date"]) == (None, "2026-11-03")
    assert x["receipts"] == {"count": 2, "first": "12", "last": "13"}
    assert x["totals"] == {
        "gross": 1140,
        "discounts": 0,
        "refunds": 0,
        "net": 1140,
        "tax": 186,
        "rounding": 0,
        "tips": 0,
    }
    assert rows(x, "taxes", "rate", "base", "tax", "gross") == {
        "t-10": ("10", 136, 14, 150),
        "t-21": ("21", 818, 172, 990),
    }
    assert rows(x, "payments", "type", "sales_count", "refund_count", "amount") == paid(
        generation, cash=("cash", 1, 0, 150), ccard=("card", 1, 0, 990)
    )
    assert x["cash"]["expected"] == 150
    assert named(x, "departments") == {"Bar": 150, "Bottles": 990}
    assert rows(x, "items", "quantity", "amount") == {"COF": ("1", 150), "WIN": ("1", 990)}
    assert named(x, "users") == {"Ana": 150, "Ben": 990}
    assert hours(x) == [(0, 1, 150), (9, 1, 990)]
    assert x["control"]["open_tickets"]["count"] == 1
    assert x["perpetual"] == {"sales": 12400, "refunds": 1140, "net": 11260}


def check_that_it_adds_up(document: dict[str, Any]) -> None:
    totals = document["totals"]
    net = totals["net"]
    assert totals["gross"] - totals["discounts"] - totals["refunds"] == net
    for group, column in (("departments", "amount"), ("hours", "amount"), ("taxes", "gross")):
        assert sum(row[column] for row in document[group]) == net
    assert sum(row["tax"] for row in document["taxes"]) == totals["tax"]
    assert sum(row["amount"] for row in document["payments"]) == net + totals["rounding"]


def paid(generation: Generation, **by_code: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """Payments by the codes of a generation."""
    return {generation.codes.get(code, code): row for code, row in by_code.items()}


def hours(document: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(row["hour"], row["receipts"], row["amount"]) for row in document["hours"]]


def test_every_program_and_process_makes_the_same_bytes(
    place: tuple[Shop, UnicentaTill], tmp_path: Path
) -> None:
    shop, till = place
    first = reports(till)
    assert reports(till) == first
    for home in (tmp_path, tmp_path / "a home that was lost"):
        again = till_of(shop, home)
        assert reports(again) == first
        again.close()


def test_both_servers_make_the_same_bytes(
    new_mariadb: Callable[[], str], new_postgres: Callable[[], str], tmp_path: Path
) -> None:
    made = []
    for number, make in enumerate((new_mariadb, new_postgres)):
        with connected(make(), tmp_path / str(number)) as (shop, till):
            live_the_example(shop)
            made.append(reports(till))
    assert made[0] == made[1]
