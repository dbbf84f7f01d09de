"""Rows that no café would write: a day with them waits and is named, the other days go on."""

import json
import math
from datetime import UTC, datetime

import pytest

from factorypos_tui.core.errors import TillError, Unreportable
from factorypos_tui.core.reports.reports import freeze_z
from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup
from tests.support.flocafe import Of
from tests.tills.flocafe.premises import Cafe, holds

AMOUNTS = {
    "paid": "UPDATE bills SET paid_amount = ? WHERE id = 1",
    "discount": "UPDATE bills SET discount_amount = ? WHERE id = 1",
    "line": "UPDATE order_items SET subtotal = ? WHERE order_id = 1",
    "quantity": "UPDATE order_items SET quantity = ? WHERE order_id = 1",
}


def test_a_day_whose_amount_is_none_waits_and_the_others_go_on(cafe: Cafe) -> None:
    for _ in range(3):
        cafe.program.sell()
        cafe.program.end_the_day()
    cafe.program.run("UPDATE bills SET paid_amount = 1e300 WHERE id = 2")
    first, second, third = cafe.till.closed_periods(0, 10)
    with pytest.raises(Unreportable) as refused:
        freeze_z(second, cafe.till.receipts(second.id), None)
    assert (refused.value.code, refused.value.receipts) == ("out_of_range", ("INV-0002",))
    assert [len(list(cafe.till.receipts(it.id))) for it in (first, third)] == [1, 1]
    cafe.program.run("UPDATE bills SET paid_amount = 1.5 WHERE id = 2")
    assert [it["totals"]["net"] for it in cafe.reports()] == [150, 150, 150]


@pytest.mark.parametrize("column", AMOUNTS)
@pytest.mark.parametrize("value", [1e300, -1e300, math.inf, "a lot", b"\x00", 2**62], ids=str)
def test_what_is_no_amount_is_named_with_its_bill(cafe: Cafe, column: str, value: object) -> None:
    cafe.program.sell()
    cafe.program.run(AMOUNTS[column], value)
    (finding,) = cafe.found()
    assert (finding.code, finding.z_number, finding.receipts) == ("out_of_range", None, ("INV-0001",))
    assert cafe.till.status().receipts == 0
    assert cafe.till.open_period()


def test_nothing_counts_as_nothing_as_its_own_sums_have_it(cafe: Cafe) -> None:
    cafe.program.sell(Of("MEN"))
    cafe.program.sell()
    for column in ("tax_amount", "discount_amount", "delivery_charge", "round_off", "paid_amount"):
        cafe.program.run(f"UPDATE bills SET {column} = ? WHERE id = 1", math.nan)  # SQLite keeps NULL
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert report["totals"]["net"] + report["totals"]["rounding"] == 150 + 1250
    assert cafe.codes() == [("does_not_add_up", 1)]


def test_a_bill_of_another_sum_than_its_lines_stands_as_unexplained(cafe: Cafe) -> None:
    cafe.program.sell(Of("MEN"))
    cafe.program.run("UPDATE bills SET paid_amount = 20, total = 20, payment_details = ?", _cash(20.0))
    cafe.program.sell(Of("MEN"))
    cafe.program.run(
        "UPDATE bills SET paid_amount = 2, total = 2, payment_details = ? WHERE id = 2", _cash(2.0)
    )
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    holds(report, cafe.row(1))
    assert [(it["code"], it["amount"]) for it in report["departments"]] == [
        ("KIT", 2500),
        ("unexplained", 750 - 1050),
    ]
    (finding,) = cafe.found()
    assert (finding.code, finding.receipts) == ("does_not_add_up", ("INV-0001", "INV-0002"))


def _cash(amount: float) -> str:
    return json.dumps([{"method": "cash", "amount": amount}])


def test_the_row_wins_over_bills_that_were_edited_or_deleted_before_we_came(cafe: Cafe) -> None:
    for _ in range(3):
        cafe.program.sell(Of("MEN"))
    cafe.program.refund(2, cents=300)
    cafe.program.end_the_day()
    cafe.program.run("DELETE FROM bills WHERE id = 1")
    cafe.program.run("UPDATE refunds SET amount_cents = 100")
    (report,) = cafe.reports()
    holds(report, cafe.row(1))
    assert report["totals"]["net"] == 3 * 1250 - 300
    departments = {it["code"]: it["amount"] for it in report["departments"]}
    assert departments == {"KIT": 2 * 1250 - 100, "unexplained": 1250 - 200}
    assert cafe.codes() == [("does_not_add_up", 1)]


def test_a_day_of_which_no_bill_is_left_is_its_row(cafe: Cafe) -> None:
    cafe.program.sell(Of("MEN"))
    cafe.program.end_the_day()
    for table in ("bills", "order_items", "orders"):
        cafe.program.run(f"DELETE FROM {table}")
    (report,) = cafe.reports()
    holds(report, cafe.row(1))
    assert report["departments"] == [
        {"code": "unexplained", "name": "unexplained", "quantity": "0", "amount": 1250}
    ]


def test_a_row_of_numbers_that_are_none_waits(cafe: Cafe) -> None:
    for column in ("gross_collected_cents", "opening_float_cents", "period_end", "created_at"):
        cafe.program.sell()
        z_number = cafe.program.end_the_day()
        cafe.program.run(f"UPDATE cash_closures SET {column} = 'many' WHERE z_number = ?", z_number)
    periods = cafe.till.closed_periods(0, 10)
    assert [it.z_number for it in periods] == [1, 2, 3, 4]
    for period in periods:
        with pytest.raises(Unreportable):
            freeze_z(period, cafe.till.receipts(period.id), None)
    assert [it.z_number for it in cafe.till.closes(0)] == [1, 2, 3, 4]
    cafe.till.findings()


def test_a_number_that_is_none_is_no_close(cafe: Cafe) -> None:
    cafe.program.end_the_day()
    cafe.program.run("UPDATE cash_closures SET z_number = 'one'")
    assert (list(cafe.till.closes(0)), list(cafe.till.closed_periods(0, 10))) == ([], [])
    assert cafe.till.status().last_z_number is None


@pytest.mark.parametrize(
    "details",
    [
        "not json",
        "{",
        "[" * 5000,
        json.dumps([1, None, "x", {"amount": "1"}, {"method": 7, "amount": True}]),
        '[{"method": "cash", "amount": NaN}]',
        "x" * 2_000_000,
        None,
    ],
    ids=["text", "half", "deep", "strange", "nan", "large", "none"],
)
def test_payments_that_cannot_be_read_stand_as_rounding_and_are_named(
    cafe: Cafe, details: str | None
) -> None:
    cafe.program.sell()
    cafe.program.run("UPDATE bills SET payment_details = ?", details)
    report = cafe.running()
    assert (report["totals"]["net"], report["totals"]["rounding"], report["payments"]) == (150, -150, [])
    assert cafe.codes() == [("does_not_add_up", None)]


def test_taxes_that_cannot_be_read_are_the_amount_alone(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.run("UPDATE order_items SET tax_breakdown = '[[[', tax_snapshot = '{\"lines\": 7}'")
    (tax,) = cafe.running()["taxes"]
    assert (tax["code"], tax["tax"], tax["gross"]) == ("Tax 0", 14, 150)


def test_text_that_no_program_can_read_is_replaced_and_named(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.run("UPDATE order_items SET product_name = CAST(x'43FF' AS TEXT)")
    cafe.program.run("UPDATE users SET name = 'Ana\x1b[2J\u202e' || char(0) || 'x'")
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert report["items"][0]["name"] == "C\ufffd"
    assert report["users"][0]["name"] == "Ana[2Jx"
    assert cafe.codes() == [("bad_text", 1)]


def test_an_instant_that_no_calendar_has_is_named(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.run("UPDATE bills SET paid_at = '2026-11-02 99:99:99'")
    period = cafe.till.open_period()
    assert period
    with pytest.raises(Unreportable) as refused:
        cafe.running()
    assert refused.value.code == "out_of_range"
    assert cafe.till.status().receipts == 1


def test_a_time_zone_that_nobody_knows_is_that_of_config_toml_or_is_told(cafe: Cafe) -> None:
    cafe.program.run("UPDATE settings SET value = 'Mars/Olympus' WHERE key = 'timezone'")
    with pytest.raises(TillError, match=r"unknown time zone: Mars/Olympus"):
        cafe.till.time_zone()
    assert cafe.codes() == [("unknown_zone", None)]
    assert cafe.till.revision() == cafe.till.revision()
    told = cafe.another_till(timezone="Europe/Lisbon")
    assert str(told.time_zone()) == "Europe/Lisbon"
    told.close()


def test_facts_that_the_file_lacks_come_from_config_toml(cafe: Cafe) -> None:
    cafe.program.run("DELETE FROM settings WHERE key <> 'timezone'")
    cafe.program.run("INSERT INTO settings (key, value) VALUES ('business_day_start_time', '25:00')")
    told = cafe.another_till(company="Bar Luna", country="PT", currency="USD", day_starts_at="05:30")
    assert told.terminal().name == "Bar Luna"
    period = told.open_period()
    assert period
    assert (period.currency, period.opened_at) == ("USD", datetime(2026, 11, 2, 4, 30, tzinfo=UTC))
    assert cafe.till.terminal().name == "FloCafe"
    told.close()


def test_a_bill_that_is_over_and_closed_by_nobody_is_told(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.end_the_day()
    cafe.program.sell()
    cafe.program.at = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
    assert cafe.codes() == []
    cafe.program.at = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
    assert cafe.codes() == [("day_open", None)]
    cafe.program.close_day(day=cafe.program.today().replace(day=3))
    assert cafe.codes() == []


def test_a_till_that_is_not_connected_says_how(cafe: Cafe) -> None:
    till = FloCafeTill(cafe.program.path, Setup(""), cafe.folder / "frozen.db")
    for ask in (till.terminal, till.status, till.revision, till.findings, till.configuration):
        with pytest.raises(TillError, match=r"not connected yet: factorypos-tui till connect"):
            ask()
    assert not (cafe.folder / "frozen.db").exists()
    till.close()
