"""Figures: what the owner sees is the sum of the reports, each period once."""

import uuid

import pytest

from tests.server.shop import Owner, assert_problem, fields_of, sealed


def test_a_day_is_the_sum_of_its_z_reports(owner: Owner) -> None:
    store = owner.store()
    tills = [owner.assign(store), owner.assign(store)]
    for till, net in zip(tills, (1210, 2420), strict=True):
        till.send(till.z(1, net=net))
    page = owner.call("GET", f"/stores/{store}/figures?from=2026-03-01&to=2026-03-31").json()
    assert page["next_cursor"] is None
    (day,) = page["items"]
    assert (day["date"], day["currency"], day["provisional"]) == ("2026-03-02", "EUR", False)
    assert (day["z_reports"], day["receipts"]) == (2, 2)
    assert day["totals"] == {
        "gross": 3830,
        "discounts": 120,
        "refunds": 80,
        "net": 3630,
        "tax": 630,
        "rounding": 0,
        "tips": 100,
    }
    assert day["taxes"] == [
        {"code": "21", "name": "IVA", "rate": "21", "base": 3000, "tax": 630, "gross": 3630}
    ]
    assert day["departments"] == [{"code": "1", "name": "Café con leche", "quantity": "5.0", "amount": 3630}]
    assert day["hours"] == [{"hour": 9, "receipts": 2, "amount": 3630}]
    assert day["payments"][0]["amount"] == 3730
    assert day["payments"][0]["sales_count"] == 2


def test_a_running_day_comes_from_its_newest_x_and_is_never_counted_twice(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    morning, evening = str(uuid.uuid4()), str(uuid.uuid4())
    till.send(till.z(1, morning, net=1000))
    for revision, net in ((1, 100), (2, 300)):
        till.send(till.x(revision, evening, net=net))
    (day,) = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert (day["totals"]["net"], day["provisional"]) == (1300, True)
    till.send(till.z(2, evening, net=400))
    (day,) = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert (day["totals"]["net"], day["provisional"], day["z_reports"]) == (1400, False, 2)


def test_the_days_of_another_store_make_no_further_page(owner: Owner) -> None:
    company = owner.company()
    here, there = owner.assign(owner.store(company)), owner.assign(owner.store(company))
    here.send(here.z(1, business_date="2026-03-02"))
    there.send(there.z(1, business_date="2026-03-05"))
    page = owner.call("GET", f"/stores/{here.store}/figures?limit=1").json()
    assert ([day["date"] for day in page["items"]], page["next_cursor"]) == (["2026-03-02"], None)


@pytest.mark.parametrize("day", ["0", "1772409600", "20260302", "2026-3-2", "2026-02-30", "today"])
def test_a_day_is_written_out(owner: Owner, day: str) -> None:
    answer = owner.call("GET", f"/stores/{owner.store()}/figures?from={day}")
    assert fields_of(assert_problem(answer, 422, "invalid")) == {"from": "invalid"}


def test_days_are_paged_and_bounded_by_their_dates(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    dates = [f"2026-03-{day:02}" for day in range(1, 6)]
    till.send_all([till.z(number, business_date=date) for number, date in enumerate(dates, 1)])
    path = f"/stores/{store}/figures?from=2026-03-02&to=2026-03-04&limit=2"
    first = owner.call("GET", path).json()
    rest = owner.call("GET", f"{path}&cursor={first['next_cursor']}").json()
    assert [day["date"] for day in first["items"] + rest["items"]] == dates[1:4]
    assert rest["next_cursor"] is None
    assert owner.call("GET", f"/stores/{store}/figures?from=2027-01-01").json()["items"] == []
    assert_problem(owner.call("GET", f"/stores/{store}/figures?from=yesterday"), 422, "invalid")


def test_currencies_are_never_added_together(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    till.send_all([till.z(1, net=100), till.z(2, net=100, currency="USD")])
    days = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert [(day["currency"], day["totals"]["net"]) for day in days] == [("EUR", 100), ("USD", 100)]


def test_figures_may_outgrow_what_a_report_may_hold(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    most = 2**53 - 1
    for number in (1, 2):
        report = till.z(number, net=0)
        report["totals"] = {**report["totals"], "gross": most, "discounts": most, "refunds": 0}
        assert till.send(sealed(report)).status_code == 201
    (day,) = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert day["totals"]["gross"] == 2 * most


def test_a_moved_terminal_leaves_its_past_in_the_store_where_it_sold(owner: Owner) -> None:
    first, second = owner.store(), owner.store()
    till = owner.assign(first)
    till.send(till.z(1, net=100))
    moved = owner.assign(second, till.id, move=True)
    moved.send(moved.z(2, net=200))
    nets = [
        owner.call("GET", f"/stores/{store}/figures").json()["items"][0]["totals"]["net"]
        for store in (first, second)
    ]
    assert nets == [100, 200]
