"""The main job, over real sockets and processes: a day is closed at the till and its Z is in the cloud."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from factorypos_tui.core.language.instants import instant_of
from tests.support.terminals import PASSWORD, Terminal, serve_cloud


@pytest.fixture(params=["sqlite", "postgresql"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A new terminal beside a new cloud."""
    options = ("--database", request.getfixturevalue("postgres_url")) if request.param == "postgresql" else ()
    with serve_cloud(tmp_path / "cloud", *options) as address:
        yield Terminal(tmp_path / "till", address)


def reports_in_the_cloud(terminal: Terminal) -> list[dict[str, Any]]:
    """Every Z that the cloud holds of this terminal, in the order of their numbers."""
    token = json.loads((terminal.home / "credentials.json").read_text())["terminal"].split()[-1]
    with httpx.Client(
        base_url=terminal.cloud_url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
    ) as http:
        listed = (
            http.get("/v1/reports", params={"kind": "Z", "limit": 200}).raise_for_status().json()["items"]
        )
        found = [http.get(f"/v1/reports/{item['report_id']}").raise_for_status().json() for item in listed]
    return sorted(found, key=lambda report: int(report["z_number"]))


def test_thirty_days_arrive_once_each_and_say_what_the_till_says(terminal: Terminal) -> None:
    for _twice in range(2):
        terminal.run("till", "seed", "--days", "30")
        if _twice:
            terminal.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
            status = terminal.json("status")
            place = ("--company", status["company"]["id"], "--store", status["store"]["id"])
            terminal.run("assign", *place, "--history", "all")
            terminal.run("resend", "--yes")
        else:
            terminal.connect(history="all")
        terminal.run("worker", "--once")
        reports = reports_in_the_cloud(terminal)
        assert [report["z_number"] for report in reports] == list(range(1, 31))
        with closing(sqlite3.connect(terminal.home / "till.db")) as till:
            till.row_factory = sqlite3.Row
            for report in reports:
                assert_as_the_till_says(report, till)
    status = terminal.json("status")
    assert (status["queue"]["delivered"], status["queue"]["pending"]) == (30, 0)
    assert (status["last_z"]["number"], status["till"]["last_z_number"]) == (30, 30)


def assert_as_the_till_says(report: dict[str, Any], till: sqlite3.Connection) -> None:
    """Every figure against plain SQL on `till.db`: none of our own code adds anything up here."""
    period = one(till, "SELECT * FROM periods WHERE id = ?", report["period_id"])
    assert report["terminal_id"] == one(till, "SELECT id FROM terminal")["id"]
    for field in ("z_number", "business_date", "currency", "timezone", "close_reason", "terminal_name"):
        assert report[field] == period[field], field
    for field in ("opened_at", "closed_at"):
        assert instant_of(report[field]) == instant_of(period[field])
    of_period = "FROM receipts WHERE period_id = ? ORDER BY seq"
    receipts = many(till, f"SELECT seq, number, sold_at, rounding {of_period}", period["id"])
    lines = many(
        till,
        "SELECT receipt_lines.*, user_code FROM receipt_lines JOIN receipts ON seq = receipt"
        " WHERE period_id = ?",
        period["id"],
    )
    sold = [line for line in lines if not line["is_refund"]]
    totals = {
        "gross": sum(line["gross"] for line in sold),
        "discounts": sum(line["discount"] for line in sold),
        "refunds": sum(line["gross"] - line["discount"] for line in lines if line["is_refund"]),
        "rounding": sum(receipt["rounding"] for receipt in receipts),
    }
    net = totals["gross"] - totals["discounts"] - totals["refunds"]
    assert report["totals"].items() >= {**totals, "net": net}.items()
    assert report["receipts"] == {
        "count": len(receipts), "first": receipts[0]["number"], "last": receipts[-1]["number"]
    }  # fmt: skip
    assert report["perpetual"]["net"] == period["perpetual_sales"] - period["perpetual_refunds"] + net
    assert report["cash"]["counted"] == period["counted"]
    for group, column in (("departments", "department_code"), ("items", "item_code"), ("users", "user_code")):
        expected = [
            (code, *by_code(lines, column, code)) for code in sorted({line[column] for line in lines})
        ]
        found = [(row["code"], Decimal(row["quantity"]), row["amount"]) for row in report[group]]
        assert found == expected, group
    zone = ZoneInfo(period["timezone"])
    hours = [instant_of(receipt["sold_at"]).astimezone(zone).hour for receipt in receipts]
    assert [(row["hour"], row["receipts"]) for row in report["hours"]] == [
        (hour, hours.count(hour)) for hour in sorted(set(hours))
    ]
    paid = many(
        till,
        "SELECT code, sum(amount + tip) AS amount, sum(tip) AS tips FROM receipt_payments"
        " JOIN receipts ON seq = receipt WHERE period_id = ? GROUP BY code ORDER BY code",
        period["id"],
    )
    assert [(row["code"], row["amount"], row["tips"]) for row in report["payments"]] == [
        tuple(row) for row in paid
    ]
    taxes = many(
        till,
        "SELECT code, sum(base) AS base, sum(tax) AS tax FROM receipt_taxes JOIN receipts ON"
        " seq = receipt WHERE period_id = ? GROUP BY code, rate ORDER BY code",
        period["id"],
    )
    assert [(row["code"], row["base"], row["tax"]) for row in report["taxes"]] == [
        tuple(row) for row in taxes
    ]


def by_code(lines: list[sqlite3.Row], column: str, code: str) -> tuple[Decimal, int]:
    """Quantity and amount of a breakdown's row."""
    quantity, amount = Decimal(0), 0
    for line in lines:
        if line[column] == code:
            sign = -1 if line["is_refund"] else 1
            quantity += sign * Decimal(line["quantity"])
            amount += sign * (line["gross"] - line["discount"])
    return quantity, amount


def one(till: sqlite3.Connection, sql: str, *values: object) -> sqlite3.Row:
    row: sqlite3.Row = till.execute(sql, values).fetchone()
    return row


def many(till: sqlite3.Connection, sql: str, *values: object) -> list[sqlite3.Row]:
    return till.execute(sql, values).fetchall()
