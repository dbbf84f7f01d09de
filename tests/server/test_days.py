"""Days as in a calendar: what each store day is, what is missing, and what a range is compared with."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.domain.days import Gap
from factorypos_tui.server.domain.ranges import Range
from factorypos_tui.server.domain.takings import Compared, Trend
from factorypos_tui.server.storage.tables import Store
from tests.server.days import days_of
from tests.server.shop import Owner, Till, sealed


def marks(till: Till, first: str, last: str) -> list[str]:
    days = days_of(till.shop, [till.store], first, last)
    return [days.of(days.stores[0], day).mark.value for day in days.range]


def test_each_day_says_what_it_is(till: Till) -> None:
    contested = till.z(2, business_date="2026-02-25")
    till.send_all(
        [
            till.z(1, business_date="2026-02-24"),
            contested,
            sealed({**contested, "close_reason": "auto"}),
            till.z(5, business_date="2026-02-28"),
            till.x(1, str(uuid.uuid4()), business_date="2026-03-01"),
        ]
    )
    assert marks(till, "2026-02-23", "2026-03-04") == [
        "quiet",
        "closed",
        "conflict",
        "missing",  # 3 and 4 came after the Z of the 25th
        "quiet",
        "closed",
        "open",
        "ahead",  # the clock stands at 2 March
        "ahead",
        "ahead",
    ]


def test_a_day_on_which_the_store_is_closed_is_no_gap(owner: Owner) -> None:
    store = owner.store()
    database = owner.shop.cloud.database
    with database.connection_context():
        Store.update(closed_weekdays="7").where(Store.id == store).execute(database)
    till = owner.assign(store)
    till.send(till.z(1, business_date="2026-02-28"))
    assert marks(till, "2026-02-27", "2026-03-01") == ["quiet", "closed", "shut"]


def test_a_missing_number_is_told_where_it_would_be(till: Till) -> None:
    till.send_all([till.z(7, business_date="2026-02-01"), till.z(9, business_date="2026-02-01")])
    till.send_all([till.z(12, business_date="2026-02-28")])
    days = days_of(till.shop, [till.store], "2026-02-01", "2026-02-28")
    found = {it.day.isoformat(): it.gaps for it in days.days.values() if it.gaps}
    assert found == {
        "2026-02-01": (Gap(till.id, 8, 8),),
        "2026-02-02": (Gap(till.id, 10, 11),),
    }


def test_a_number_that_another_store_of_the_account_has_is_not_missing(owner: Owner) -> None:
    company = owner.company()
    here, there = owner.store(company), owner.store(company)
    till = owner.assign(here)
    till.send(till.z(1, business_date="2026-02-23"))
    moved = owner.assign(there, till.id, move=True)
    moved.send(moved.z(2, business_date="2026-02-24"))
    back = owner.assign(here, till.id, move=True)
    back.send(back.z(3, business_date="2026-02-25"))
    assert marks(back, "2026-02-23", "2026-02-25") == ["closed", "quiet", "closed"]


def test_a_conflict_that_is_settled_is_none(owner: Owner) -> None:
    till = owner.assign(owner.store())
    report = till.z(1)
    till.send_all([report, sealed({**report, "close_reason": "auto"})])
    assert marks(till, "2026-03-02", "2026-03-02") == ["conflict"]
    path = f"/reports/{report['report_id']}/settlement"
    assert owner.call("PUT", path, json={"content_hash": report["content_hash"]}).status_code == 200
    assert marks(till, "2026-03-02", "2026-03-02") == ["closed"]


def test_closed_and_so_far_are_two_totals(owner: Owner) -> None:
    company = owner.company()
    stores = [owner.store(company), owner.store(company)]
    first, second = (owner.assign(store) for store in stores)
    first.send_all([first.z(1, net=100), first.x(1, str(uuid.uuid4()), net=7)])
    second.send_all([second.z(1, net=30), second.z(2, net=5, currency="USD")])
    days = days_of(first.shop, stores, "2026-03-01", "2026-03-02")
    nets = {it: sums.net for it, sums in days.total.closed.items()}
    assert (nets, {it: sums.net for it, sums in days.total.so_far.items()}) == (
        {"EUR": 130, "USD": 5},
        {"EUR": 7},
    )
    assert days.of_day(date(2026, 3, 2)).closed["EUR"].reports == 2
    assert days.of_store(days.stores[1]).closed["USD"].net == 5
    assert days.total.currencies == ["EUR", "USD"]


def test_a_range_is_compared_with_the_same_weekdays_before_it(till: Till) -> None:
    dates = [f"2026-02-{day:02}" for day in (9, 10, 11, 16, 17)]
    nets = (1000, 300, 77, 1200, 303)
    reports = [
        till.z(n, net=net, business_date=day) for n, (day, net) in enumerate(zip(dates, nets, strict=True), 1)
    ]
    till.send_all(reports)
    days = days_of(till.shop, [till.store], "2026-02-16", "2026-02-17")
    assert days.before == Range(date(2026, 2, 9), date(2026, 2, 10))
    assert days.compared == (Compared("EUR", 1503, 1300),)


def test_what_is_not_over_is_compared_with_nothing(till: Till) -> None:
    till.send_all([till.z(n, net=100, business_date=f"2026-02-{22 + n}") for n in range(1, 6)])
    till.send(till.x(1, str(uuid.uuid4()), net=900, business_date="2026-03-02"))
    days = days_of(till.shop, [till.store], "2026-03-02", "2026-03-08")
    assert days.before.first == date(2026, 2, 23)
    assert days.compared == ()


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 365))
def test_the_earlier_range_has_the_same_weekdays_and_does_not_overlap(first: date, more: int) -> None:
    asked = Range(first, date.fromordinal(first.toordinal() + more))
    before = asked.earlier()
    assert [day.weekday() for day in asked] == [day.weekday() for day in before]
    assert before.last < asked.first
    assert (asked.first - before.last).days <= 7


@pytest.mark.parametrize(
    ("now", "before", "trend", "per_cent"),
    [
        (0, None, Trend.NOTHING, None),
        (5, None, Trend.NEW, None),
        (5, 0, Trend.NEW, None),
        (0, 0, Trend.NOTHING, None),
        (5, -10, Trend.NEW, None),
        (101, 100, Trend.SAME, 1),
        (99, 100, Trend.SAME, -1),
        (102, 100, Trend.MORE, 2),
        (98, 100, Trend.LESS, -2),
        (0, 100, Trend.LESS, -100),
        (3 * 10**17, 10**17, Trend.MORE, 200),
    ],
)
def test_a_change_is_told_only_where_there_is_one(
    now: int, before: int | None, trend: Trend, per_cent: int | None
) -> None:
    compared = Compared("EUR", now, before)
    assert (compared.trend, compared.per_cent) == (trend, per_cent)
