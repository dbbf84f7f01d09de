"""The traps of FloCafe's file, one after the other."""

import json
from datetime import UTC, date, datetime, timedelta

from tests.support.flocafe import Of
from tests.tills.flocafe.premises import Cafe, amounts, holds


def test_17_bills_are_in_major_units_and_refunds_in_minor_ones(cafe: Cafe) -> None:
    bill = cafe.program.sell(Of("WIN", 1, price=16.5))
    cafe.program.refund(bill, cents=250)
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert (report["totals"]["net"], report["totals"]["refunds"]) == (1400, 250)


def test_17_instants_look_local_and_are_utc(cafe: Cafe) -> None:
    cafe.program.at = datetime(2026, 11, 2, 22, 59, tzinfo=UTC)
    cafe.program.sell()
    assert cafe.program.db.execute("SELECT paid_at FROM bills").fetchone() == ("2026-11-02 23:00:00",)
    (hour,) = cafe.running()["hours"]
    assert hour["hour"] == 0


def test_17_a_version_that_writes_the_zone_is_read_alike(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.run("UPDATE bills SET paid_at = replace(paid_at, ' ', 'T') || '.250Z'")
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert (report["receipts"]["count"], report["hours"][0]["hour"]) == (1, 9)
    assert list(cafe.found()) == []


def test_18_what_is_paid_after_a_day_was_closed_before_its_end_is_money_in_no_z(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.close_day()
    assert cafe.till.open_period() is None
    assert cafe.till.status().open_period_since is None
    before = cafe.reports()
    cafe.program.sell(Of("MEN"))
    cafe.program.refund(1, cents=50)
    assert cafe.reports() == before
    (finding,) = cafe.found()
    assert (finding.code, finding.z_number, finding.receipts) == ("in_no_z", 1, ("INV-0002", "INV-0001"))


def test_18_a_busy_day_hides_no_late_bill(cafe: Cafe) -> None:
    first = cafe.program.sell()
    columns = [name for (name,) in cafe.program.db.execute("SELECT name FROM pragma_table_info('bills')")]
    copied = ", ".join(
        f"n + {first}" if name == "id" else "'B' || n" if name == "bill_number" else name for name in columns
    )
    cafe.program.db.execute(
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)"
        f" INSERT INTO bills SELECT {copied} FROM bills, numbers WHERE id = {first}"
    )
    cafe.program.close_day()
    cafe.program.at += timedelta(minutes=1)
    cafe.program.sell(Of("MEN"))
    assert cafe.codes()[0] == ("in_no_z", 1)


def test_18_the_next_day_begins_when_the_closed_one_is_over(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.close_day()
    cafe.program.at = datetime(2026, 11, 3, 3, 0, tzinfo=UTC)
    period = cafe.till.open_period()
    assert period
    assert (period.business_date, period.opened_at) == (date(2026, 11, 3), cafe.program.at)
    assert period.perpetual_before.net == 150


def test_18_a_day_closed_late_says_so_and_past_days_may_be_closed_in_any_order(cafe: Cafe) -> None:
    first, second = date(2026, 11, 2), date(2026, 11, 3)
    cafe.program.sell(Of("COF", 1))
    cafe.program.at += timedelta(days=1)
    cafe.program.sell(Of("COF", 2))
    cafe.program.at += timedelta(days=1)
    assert [cafe.program.close_day(day=second), cafe.program.close_day(day=first)] == [1, 2]
    reports = cafe.reports()
    assert [it["business_date"] for it in reports] == ["2026-11-03", "2026-11-02"]
    assert [it["close_reason"] for it in reports] == ["late", "late"]
    assert [it["perpetual"]["net"] for it in reports] == [300, 450]


def test_18_days_and_sessions_share_one_counter_and_only_one_of_them_is_told(cafe: Cafe) -> None:
    program = cafe.program
    for _ in range(2):
        program.open_session(5000)
        program.sell()
        program.close_session()
        program.open_session()
        program.sell(Of("MEN"))
        program.close_session()
        program.end_the_day()
    sessions = cafe.another_till(scope="session", kept="sessions.db")
    assert [it["z_number"] for it in cafe.reports()] == [3, 6]
    told = cafe.reports(sessions)
    assert [it["z_number"] for it in told] == [1, 2, 4, 5]
    assert sum(it["totals"]["net"] for it in told) == sum(it["totals"]["net"] for it in cafe.reports())
    for report in told:
        holds(report, cafe.row(report["z_number"]))
    assert cafe.till.status().last_z_number == 6
    assert sessions.status().last_z_number == 5
    sessions.close()


def test_21_totals_since_the_first_sale_are_those_that_were_told(cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.end_the_day()
    told = cafe.reports()
    cafe.program.run("UPDATE order_items SET subtotal = 99, total = 99")
    cafe.program.run("UPDATE bills SET paid_amount = 99, total = 99")
    cafe.program.run("UPDATE users SET name = 'Renamed'")
    cafe.program.run("UPDATE products SET category_id = 'KIT'")
    cafe.program.run("UPDATE settings SET value = 'Another name' WHERE key = 'business_name'")
    cafe.program.sell()
    cafe.program.end_the_day()
    reports = cafe.reports()
    assert reports[0] == told[0]
    assert reports[1]["perpetual"]["net"] == 300
    assert amounts(reports[1]["departments"]) == {"KIT": 150}


def test_22_the_first_contact_goes_by_pages_and_in_order(cafe: Cafe) -> None:
    for _ in range(5):
        cafe.program.sell()
        cafe.program.end_the_day()
    assert [it.z_number for it in cafe.till.closed_periods(3, 1)] == [4]
    (fourth,) = cafe.till.closed_periods(3, 1)
    assert fourth.perpetual_before.net == 450
    paged = [it for after in range(0, 5, 2) for it in cafe.till.closed_periods(after, 2)]
    assert [it.perpetual_before.net for it in paged] == [0, 150, 300, 450, 600]


def test_an_item_that_was_paid_back_is_taken_off_once(cafe: Cafe) -> None:
    bill = cafe.program.sell(Of("COF", 2), Of("MEN"))
    cafe.program.refund(bill, item=2)
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert (report["totals"]["gross"], report["totals"]["refunds"]) == (1550, 1250)
    assert amounts(report["items"]) == {"COF": 300, "MEN": 0}


def test_lines_that_were_cancelled_or_voided_do_not_count(cafe: Cafe) -> None:
    order = cafe.program.order(Of("COF"), Of("MEN"), Of("WIN"))
    cafe.program.run("UPDATE order_items SET status = 'cancelled' WHERE product_id = 'MEN'")
    cafe.program.run("UPDATE order_items SET status = 'voided' WHERE product_id = 'WIN'")
    cafe.program.bill(order)
    assert amounts(cafe.running()["items"]) == {"COF": 150}


def test_a_refund_of_another_days_bill_lowers_the_drawer_and_no_payment_of_today(cafe: Cafe) -> None:
    yesterday = cafe.program.sell(Of("MEN"))
    cafe.program.end_the_day()
    cafe.program.sell()
    cafe.program.refund(yesterday, cents=1250)
    running = cafe.running()
    cafe.program.end_the_day()
    today = cafe.reports()[1]
    holds(today, cafe.row(2))
    assert (today["cash"]["paid_out"], today["cash"]["expected"]) == (1250, -1100)
    assert amounts(today["payments"]) == {"cash": 150}
    assert running["cash"]["expected"] == -1100
    assert [(it.code, it.z_number) for it in cafe.found()] == [("in_no_z", 1)]


def test_a_discount_on_the_bill_is_shared_and_lowers_the_tax_on_top(cafe: Cafe) -> None:
    cafe.program.sell(Of("CAK", 1, is_inclusive=False), Of("CAK", 2, is_inclusive=False), discount=1.0)
    (tax,) = cafe.running()["taxes"]
    # 12.00 - 1.00 = 11.00, and 10 % of it on top
    assert (tax["base"], tax["tax"], tax["gross"]) == (1100, 110, 1210)
    totals = cafe.running()["totals"]
    assert (totals["gross"], totals["discounts"], totals["rounding"]) == (1320, 110, 0)
    assert cafe.codes() == []


def test_two_taxes_on_one_base_are_one(cafe: Cafe) -> None:
    gst = (("CGST", 2.5), ("SGST", 2.5))
    cafe.program.sell(Of("MEN", 1, price=10.5, taxes=gst))
    (tax,) = cafe.running()["taxes"]
    assert (tax["code"], tax["rate"], tax["base"], tax["tax"]) == ("CGST + SGST 5", "5", 1000, 50)


def test_taxes_are_read_from_the_snapshot_of_newer_versions(cafe: Cafe) -> None:
    cafe.program.sell(Of("MEN", 1, price=10.5))
    snapshot = {"lines": [{"components": [{"label": "GST", "rate": "5", "amount": "0.50"}]}]}
    cafe.program.run("UPDATE order_items SET tax_snapshot = ?", json.dumps(snapshot))
    cafe.program.run("UPDATE bills SET tax_amount = 0.5")
    (tax,) = cafe.running()["taxes"]
    assert (tax["code"], tax["rate"], tax["tax"]) == ("GST 5", "5", 50)


def test_an_order_that_was_split_is_counted_once(cafe: Cafe) -> None:
    order = cafe.program.order(Of("MEN", 2))
    for _ in range(2):
        bill = cafe.program.bill(order, part=0.5)
        cafe.program.run("INSERT INTO bill_items VALUES (?, 1, 1)", bill)
    cafe.program.end_the_day()
    (report,) = cafe.reports()
    assert [(it["code"], it["quantity"], it["amount"]) for it in report["items"]] == [("MEN", "2", 2500)]
    assert report["receipts"]["count"] == 2
    assert cafe.codes() == []


def test_loyalty_and_wallet_are_store_credit_and_methods_have_the_name_of_its_report(cafe: Cafe) -> None:
    cafe.program.sell(Of("MEN"), paid=[("wallet", 2.5), ("loyalty", 2.0), ("transferencia", 8.0)])
    assert [(it["code"], it["type"]) for it in cafe.running()["payments"]] == [
        ("loyalty", "store_credit"),
        ("transferencia", "other"),
        ("wallet", "store_credit"),
    ]
    details = [{"method": "cash", "amount": 12.5, "payment_method_id": 1}]
    cafe.program.run("UPDATE bills SET payment_details = ?", json.dumps(details))
    (payment,) = cafe.running()["payments"]
    assert (payment["name"], payment["type"]) == ("Efectivo", "cash")
