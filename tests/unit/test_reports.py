"""The report document: invariants for every day, and one day worked out by hand."""

import hashlib
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from factorypos_tui.core.models import Kind
from factorypos_tui.core.reports.reports import build_x, build_z, canonical_json, content_hash
from factorypos_tui.core.reports.sales import Cash, Line, Payment, Period, Perpetual, Receipt, ReceiptTax
from tests.support.sales import OPENED, TERMINAL, days, period

FIELDS_OF_A_Z = {
    "schema_version",
    "report_id",
    "kind",
    "revision",
    "terminal_id",
    "terminal_name",
    "z_number",
    "period_id",
    "business_date",
    "timezone",
    "currency",
    "opened_at",
    "closed_at",
    "close_reason",
    "software",
    "counts",
    "receipts",
    "totals",
    "taxes",
    "payments",
    "cash",
    "departments",
    "items",
    "users",
    "hours",
    "control",
    "perpetual",
    "previous_hash",
    "content_hash",
}


def document_of(day: Period, receipts: list[Receipt], previous_hash: str | None = None) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(build_z(day, receipts, previous_hash).body)
    return document


@given(days())
def test_every_figure_adds_up_to_the_takings(day: tuple[Period, list[Receipt]]) -> None:
    document = document_of(*day)
    totals = document["totals"]
    assert totals["gross"] - totals["discounts"] - totals["refunds"] == totals["net"]
    for group, figure in (
        ("departments", "amount"),
        ("items", "amount"),
        ("users", "amount"),
        ("hours", "amount"),
    ):
        assert sum(row[figure] for row in document[group]) == totals["net"]
    assert sum(tax["gross"] for tax in document["taxes"]) == totals["net"]
    assert sum(tax["tax"] for tax in document["taxes"]) == totals["tax"]
    assert all(tax["base"] + tax["tax"] == tax["gross"] for tax in document["taxes"])
    paid = sum(payment["amount"] for payment in document["payments"])
    assert paid == totals["net"] + totals["rounding"] + totals["tips"]
    assert sum(payment["tips"] for payment in document["payments"]) == totals["tips"]
    assert sum(hour["receipts"] for hour in document["hours"]) == document["receipts"]["count"]


@given(days())
def test_perpetual_totals_grow_by_the_period(day: tuple[Period, list[Receipt]]) -> None:
    before = day[0].perpetual_before
    document = document_of(*day)
    assert document["perpetual"]["net"] == before.net + document["totals"]["net"]
    assert document["perpetual"]["refunds"] == before.refunds + document["totals"]["refunds"]
    assert document["perpetual"]["sales"] - document["perpetual"]["refunds"] == document["perpetual"]["net"]


@given(days())
def test_the_same_day_gives_the_same_bytes_with_a_hash_that_anyone_can_check(
    day: tuple[Period, list[Receipt]],
) -> None:
    first, second = build_z(*day, previous_hash=None), build_z(*day, previous_hash=None)
    assert first == second
    document = json.loads(first.body)
    claimed = document.pop("content_hash")
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert claimed == hashlib.sha256(text).hexdigest() == first.content_hash
    assert document["report_id"] == str(uuid.uuid5(uuid.UUID(TERMINAL.id), f"Z:{day[0].id}"))


def test_a_day_worked_out_by_hand() -> None:
    coffee = Line("CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(2), gross=300)
    menu = Line("MENU", "Menú", "COC", "Cocina", "RED", Decimal(1), gross=1250, discount=250)
    back = Line("CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(1), gross=150, is_refund=True)
    at_noon = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    sale = Receipt(
        "a", "T-1", at_noon, "1", "Ana", [coffee, menu], [ReceiptTax("RED", "IVA 10 %", "10", 1182, 118)],
        [Payment("CASH", "Efectivo", "cash", 500), Payment("CARD", "Tarjeta", "card", 800, tip=100)],
    )  # fmt: skip
    refund = Receipt(
        "b", "T-2", at_noon + timedelta(hours=1), "2", "Luis", [back],
        [ReceiptTax("RED", "IVA 10 %", "10", -136, -14)], [Payment("CASH", "Efectivo", "cash", -150)],
    )  # fmt: skip
    day = replace(period(), perpetual_before=Perpetual(10_000, 500), cash=Cash(5_000, 100, 200, 5_260))
    document = document_of(day, [sale, refund], "ab" * 32)
    assert set(document) == FIELDS_OF_A_Z
    assert document["receipts"] == {"count": 2, "first": "T-1", "last": "T-2"}
    assert document["totals"] == {
        "gross": 1550, "discounts": 250, "refunds": 150, "net": 1150, "tax": 104, "rounding": 0, "tips": 100,
    }  # fmt: skip
    assert document["taxes"] == [
        {"code": "RED", "name": "IVA 10 %", "rate": "10", "base": 1046, "tax": 104, "gross": 1150}
    ]
    assert document["payments"][1] == {
        "code": "CASH", "name": "Efectivo", "type": "cash", "sales_count": 1, "sales_amount": 500,
        "refund_count": 1, "refund_amount": 150, "tips": 0, "amount": 350,
    }  # fmt: skip
    assert document["cash"] == {
        "opening_float": 5000, "paid_in": 100, "paid_out": 200,
        "expected": 5250, "counted": 5260, "over_short": 10,
    }  # fmt: skip
    assert document["items"][0] == {"code": "CAFE", "name": "Café", "quantity": "1", "amount": 150}
    assert document["hours"] == [
        {"hour": 12, "receipts": 1, "amount": 1300},
        {"hour": 13, "receipts": 1, "amount": -150},
    ]
    assert document["perpetual"] == {"sales": 11_300, "refunds": 650, "net": 10_650}
    assert document["previous_hash"] == "ab" * 32


def test_what_was_given_away_is_counted_at_its_price() -> None:
    given_away = Line(
        "CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(1), gross=150, discount=150, is_comp=True
    )
    sale = Receipt("a", "T-1", OPENED, "1", "Ana", [given_away, given_away], [], [])
    document = document_of(period(), [sale])
    assert document["control"]["comps"] == {"count": 2, "amount": 300}
    assert document["totals"]["net"] == 0


def test_a_sale_is_late_that_was_made_before_the_day_began_and_not_as_it_began() -> None:
    line = Line("CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(1), gross=150)
    as_it_began = Receipt("a", "T-1", OPENED, "1", "Ana", [line], [], [])
    before = replace(as_it_began, uid="b", number="T-2", sold_at=OPENED - timedelta(milliseconds=1))
    assert "late" not in document_of(period(), [as_it_began])
    assert document_of(period(), [as_it_began, before])["late"] == {"count": 1, "amount": 150}


def test_an_empty_day_is_a_report_too() -> None:
    document = document_of(period(), [])
    assert document["receipts"] == {"count": 0, "first": None, "last": None}
    assert document["totals"]["net"] == 0
    assert document["cash"]["counted"] is None
    assert document["cash"]["over_short"] is None


@pytest.mark.parametrize(("utc_hour", "local_hour"), [(0, 2), (1, 2), (2, 3)])
def test_the_hour_that_comes_twice_in_autumn_is_one_hour(utc_hour: int, local_hour: int) -> None:
    sold_at = datetime(2026, 10, 25, utc_hour, 30, tzinfo=UTC)
    line = Line("CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(1), gross=150)
    sale = Receipt("a", "T-1", sold_at, "1", "Ana", [line], [], [])
    assert [hour["hour"] for hour in document_of(period(), [sale])["hours"]] == [local_hour]


def test_an_x_says_when_it_was_read_and_which_revision_it_is() -> None:
    running = replace(period(), z_number=None, closed_at=None, close_reason=None)
    report = build_x(running, [], revision=3, taken_at=OPENED)
    document = json.loads(report.body)
    assert set(document) == FIELDS_OF_A_Z - {"closed_at"} | {"taken_at"}
    assert (report.kind, document["revision"], document["z_number"], document["close_reason"]) == (
        Kind.X,
        3,
        None,
        None,
    )
    assert document["taken_at"] == "2026-11-22T07:58:00.000Z"


def test_an_open_period_has_no_z() -> None:
    with pytest.raises(ValueError, match="not closed"):
        build_z(replace(period(), closed_at=None), [], None)


def test_a_float_never_gets_into_a_report() -> None:
    with pytest.raises(ValueError, match="floats"):
        canonical_json({"totals": [{"net": 1.5}]})


def test_keys_are_sorted_by_code_point_and_text_stays_text() -> None:
    assert canonical_json({"é": 1, "z": "ñ", "Z": None}) == '{"Z":null,"z":"ñ","é":1}'.encode()
    assert content_hash({"a": 1, "content_hash": "x"}) == content_hash({"a": 1})


def test_a_receipt_without_lines_is_no_sale_and_its_money_counts() -> None:
    line = Line("CAFE", "Café", "BEB", "Bebidas", "RED", Decimal(1), gross=150)
    tax, cash = ReceiptTax("RED", "IVA 10 %", "10", 136, 14), Payment("CASH", "Efectivo", "cash", 150)
    settled = [Payment("CASH", "Efectivo", "cash", 1500), Payment("DEBT", "Debt paid", "debt", -1500)]
    debt = Receipt("a", "P1", OPENED - timedelta(hours=1), "1", "Ana", [], [], settled)
    sale = Receipt("b", "7", OPENED + timedelta(hours=5), "1", "Ana", [line], [tax], [cash])
    document = document_of(period(), [debt, sale, replace(debt, uid="c", number="P2")])
    assert document["receipts"] == {"count": 1, "first": "7", "last": "7"}
    assert document["hours"] == [{"hour": 13, "receipts": 1, "amount": 150}]
    assert "late" not in document
    assert [payment["amount"] for payment in document["payments"]] == [3150, -3000]
    assert (document["cash"]["expected"], document["totals"]["rounding"]) == (3150, 0)


@pytest.mark.parametrize("rules", [1, 2])
def test_a_receipt_without_lines_was_counted_by_older_rules(rules: int) -> None:
    settled = [Payment("CASH", "Efectivo", "cash", 1500), Payment("DEBT", "Debt paid", "debt", -1500)]
    debt = Receipt("a", "P1", OPENED, "1", "Ana", [], [], settled)
    document = document_of(replace(period(), rules=rules), [debt])
    assert document["receipts"] == {"count": 1, "first": "P1", "last": "P1"}
    assert document["hours"] == [{"hour": 8, "receipts": 1, "amount": 0}]


def test_how_often_something_was_given_away_or_taken_back_is_told() -> None:
    line = Line("A", "Agua", "D", "Drinks", "GEN", Decimal(1), 150)
    tips = [Payment("CARD", "Tarjeta", "card", 300, tip=50), Payment("CASH", "Efectivo", "cash", 0)]
    taken_back = [replace(line, is_refund=True), replace(line, is_refund=True, discount=10)]
    sold = Receipt("a", "1", OPENED, "1", "Ana", [line, replace(line, discount=10)], [], tips)
    back = Receipt("b", "2", OPENED, "1", "Ana", taken_back, [], [])
    assert document_of(period(), [sold, back])["counts"] == {"discounts": 1, "refunds": 1, "tips": 1}


@pytest.mark.parametrize("rules", [1, 2, 3])
def test_older_rules_did_not_tell_how_often(rules: int) -> None:
    assert "counts" not in document_of(replace(period(), rules=rules), [])
