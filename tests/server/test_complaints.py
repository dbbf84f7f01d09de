"""What owners complain about where figures of others go wrong, one test for each complaint, numbered.

Most of it cannot happen here: a day is the business date that the till stored, and nothing is regrouped."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from peewee import Database, SqliteDatabase

from factorypos_tui.server.domain.days import Mark
from factorypos_tui.server.domain.ladders import read_day
from factorypos_tui.server.domain.takings import Compared
from factorypos_tui.server.storage import days as storage
from tests.server.days import closed, days_of, running, stores_of, today_of, utc
from tests.server.shop import Owner, Shop, Till, sealed


def per_day(owner: Owner, store: str, query: str = "") -> dict[str, int]:
    items = owner.call("GET", f"/stores/{store}/figures{query}").json()["items"]
    return {it["date"]: it["totals"]["net"] for it in items}


def test_complaint_1_the_day_is_cut_in_utc(owner: Owner) -> None:
    store = owner.store()
    madrid, new_york = owner.assign(store), owner.assign(store)
    madrid.send(closed(madrid, 1, "2026-02-26 00:30", "2026-02-26 01:00", net=100))  # the 25th in UTC
    evening = "2026-02-26 20:30", "2026-02-26 23:30", "America/New_York"  # the 27th in UTC
    new_york.send(closed(new_york, 1, *evening, net=30))
    assert per_day(owner, store) == {"2026-02-26": 130}
    (day,) = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert day["payments"][0]["amount"] == 130 + 2 * 50, "payments are of the same day as sales"


def test_complaint_2_filter_and_grouping_use_different_zones(owner: Owner) -> None:
    store = owner.store(timezone="Europe/Madrid")
    till = owner.assign(store)
    till.send(closed(till, 1, "2026-02-26 08:00", "2026-02-26 22:00", "Asia/Tokyo", h8=10, h21=20))
    assert per_day(owner, store, "?from=2026-02-26&to=2026-02-26") == {"2026-02-26": 30}
    days = days_of(till.shop, [store], "2026-02-25", "2026-02-27")
    assert [days.of_day(day).currencies for day in days.range] == [[], ["EUR"], []]
    (day,) = owner.call("GET", f"/stores/{store}/figures").json()["items"]
    assert [row["hour"] for row in day["hours"]] == [8, 21], "the hours of the till"


def test_complaint_3_yesterday_is_two_days_ago(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    owner.shop.clock.jump(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))  # 00:30 of the 3rd in Madrid
    till.send(closed(till, 1, "2026-03-02 09:00", "2026-03-02 21:00", net=100))
    today = today_of(till.shop, store)
    assert (today.day, today.takings.currencies) == (date(2026, 3, 3), [])
    assert days_of(till.shop, [store], "2026-03-02", "2026-03-03").of_day(date(2026, 3, 2)).closed


def test_complaint_4_the_last_day_of_a_range_is_missing(owner: Owner) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company))
    dates = ["2026-02-27", "2026-02-28", "2026-03-01"]
    till.send_all([till.z(n, business_date=day) for n, day in enumerate(dates, 1)])
    for query, found in (
        ("from=2026-02-27&to=2026-02-28", dates[:2]),
        ("from=2026-02-28", dates[1:]),
        ("to=2026-02-28", dates[:2]),
    ):
        items = owner.call("GET", f"/companies/{company}/figures?{query}").json()["items"]
        assert [it["from"] for it in items] == found, query


def test_complaint_5_a_cast_disables_the_index(database: Database) -> None:
    with database.connection_context():
        plan = _plan_of_shares(database)
    assert "dayshare_store_id_business_date" in plan
    assert "business_date" in plan.partition("dayshare_store_id_business_date")[2]


def _plan_of_shares(database: Any) -> str:
    asked: list[tuple[str, object]] = []
    execute: Any = database.execute_sql

    def explained(sql: str, parameters: object = None) -> object:
        asked.append((sql, parameters))
        return execute(sql, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "execute_sql", explained)
        list(storage.shares_between(database, ["a", "b"], date(2026, 1, 1), date(2026, 3, 31)))
    ((sql, parameters),) = asked
    if not isinstance(database, SqliteDatabase):
        execute("SET enable_seqscan = off")  # a table of no rows needs no index
        execute("SET enable_bitmapscan = off")
    explain = "EXPLAIN QUERY PLAN" if isinstance(database, SqliteDatabase) else "EXPLAIN"
    return " ".join(str(row) for row in execute(f"{explain} {sql}", parameters).fetchall())


def test_complaint_6_a_bar_is_open_past_midnight(till: Till) -> None:
    last_week = closed(till, 1, "2026-02-23 18:00", "2026-02-24 03:00", h18=10, h23=20, h0=40, h1=80, h2=160)
    till.send(last_week)
    till.send(running(till, str(uuid.uuid4()), "2026-03-02 18:00", "2026-03-03 01:20", h18=11, h0=44, h1=8))
    till.shop.clock.jump(datetime(2026, 3, 3, 0, 30, tzinfo=UTC))  # 01:30 in Madrid
    today = today_of(till.shop, till.store)
    assert (today.day, today.until) == (date(2026, 3, 2), 25)
    assert today.compared == (Compared("EUR", 55, 70),), "one o'clock comes after midnight"


@pytest.mark.parametrize(
    ("opened", "ended", "nets"),
    [
        ("2026-10-25 00:10", "2026-10-25 23:00", {"h0": 1, "h2": 22, "h3": 4}),  # 25 hours: 2 o'clock twice
        ("2026-03-29 00:10", "2026-03-29 23:00", {"h0": 1, "h1": 2, "h3": 4}),  # 23 hours: no 2 o'clock
    ],
)
def test_complaint_7_a_day_has_23_or_25_hours(
    till: Till, opened: str, ended: str, nets: dict[str, int]
) -> None:
    till.shop.clock.jump(datetime.fromisoformat(utc(ended)))
    till.send(closed(till, 1, opened, ended, **nets))  # type: ignore[arg-type]
    today = today_of(till.shop, till.store)
    assert today.day.isoformat() == opened[:10]
    assert today.takings.closed["EUR"].net == sum(nets.values())
    (store,) = stores_of(till.shop, [till.store])
    with till.shop.cloud.database.connection_context():
        (ladder,) = read_day(till.shop.cloud.database, store, today.day).closed
    assert {f"h{place}": amount for place, (_n, amount) in ladder.hours.items()} == nets


def test_complaint_8_the_z_is_not_the_day(till: Till) -> None:
    """A sale after the Z is of the next period of the same date; one after midnight is of its period."""
    till.send_all(
        [
            closed(till, 1, "2026-02-26 09:00", "2026-02-26 15:00", net=100),
            closed(till, 2, "2026-02-26 15:01", "2026-02-27 00:40", h15=20, h0=3),
        ]
    )
    days = days_of(till.shop, [till.store], "2026-02-26", "2026-02-27")
    assert days.of_day(date(2026, 2, 26)).closed["EUR"].net == 123
    assert days.of(days.stores[0], date(2026, 2, 27)).mark is Mark.QUIET
    with till.shop.cloud.database.connection_context():
        day = read_day(till.shop.cloud.database, days.stores[0], date(2026, 2, 26))
    assert [(it.heading.z_number, it.brief.totals.net) for it in day.reports] == [(1, 100), (2, 23)]


def test_complaint_9_a_missing_day_is_a_till_that_is_offline(till: Till) -> None:
    till.send_all([till.z(1, business_date="2026-02-23"), till.z(3, business_date="2026-02-25")])
    days = days_of(till.shop, [till.store], "2026-02-23", "2026-02-26")
    found = [days.of(days.stores[0], day).mark for day in days.range]
    assert found == [Mark.CLOSED, Mark.MISSING, Mark.CLOSED, Mark.QUIET]
    till.send(till.z(2, business_date="2026-02-24"))
    days = days_of(till.shop, [till.store], "2026-02-23", "2026-02-26")
    assert days.of(days.stores[0], date(2026, 2, 24)).mark is Mark.CLOSED


def test_complaint_10_the_report_differs_from_the_closing_by_rounding(till: Till) -> None:
    report = till.z(1, net=1003)
    report["totals"] |= {"rounding": -3}
    report["payments"][0] |= {"sales_amount": 1040, "amount": 1050}
    assert till.send(sealed(report)).status_code == 201
    days = days_of(till.shop, [till.store], "2026-03-02", "2026-03-02")
    sums = days.total.closed["EUR"]
    assert (sums.net, sums.rounding, sums.tips, sums.paid) == (1003, -3, 50, 1050)
    with till.shop.cloud.database.connection_context():
        (ladder,) = read_day(till.shop.cloud.database, days.stores[0], date(2026, 3, 2)).closed
    assert sum(row["amount"] for row in ladder.groups["payments"]) == ladder.sums.paid


def test_complaint_11_days_are_matched_by_weekday_and_nobody_is_told(till: Till) -> None:
    """`tests/server/web/test_figures_pages.py` reads both ranges on the page."""
    days = days_of(till.shop, [till.store], "2026-02-20", "2026-02-23")
    assert (days.before.first, days.before.last) == (date(2026, 2, 13), date(2026, 2, 16))
    assert [day.weekday() for day in days.before] == [day.weekday() for day in days.range]


def test_complaint_12_a_company_has_other_days_than_its_stores(owner: Owner) -> None:
    company = owner.company()
    zones = {"Europe/Madrid": (2, 13), "Pacific/Auckland": (3, 1), "Pacific/Honolulu": (2, 2)}
    stores = [owner.store(company, timezone=zone) for zone in zones]
    for store, (day, hour) in zip(stores, zones.values(), strict=True):
        today = today_of(owner.shop, store)
        assert (today.day.day, today.until) == (day, hour), "the store's own wall, on every page"


def test_complaint_13_totals_do_not_lead_to_the_bank(shop: Shop, owner: Owner) -> None:
    store = owner.store()
    counted, not_counted = owner.assign(store), owner.assign(store)
    report = counted.z(1, net=1000)
    report["payments"] = [
        {**report["payments"][0], "sales_amount": 540, "amount": 550},
        {**report["payments"][0], "code": "card", "name": "Card", "type": "card"}
        | {"sales_amount": 500, "refund_amount": 0, "tips": 0, "amount": 500},
    ]
    cash = {"opening_float": 10000, "paid_in": 200, "paid_out": 50, "expected": 10700}
    counted.send(sealed({**report, "cash": {**cash, "counted": 10690, "over_short": -10}}))
    not_counted.send(not_counted.z(1, net=100))
    with shop.cloud.database.connection_context():
        (found,) = stores_of(shop, [store])
        (ladder,) = read_day(shop.cloud.database, found, date(2026, 3, 2)).closed
    by_method = {row["code"]: row["amount"] for row in ladder.groups["payments"]}
    assert by_method == {"cash": 550 + 150, "card": 500}
    drawers = ladder.drawers
    assert drawers
    assert (drawers.expected, drawers.counted, drawers.over_short) == (10700 + 10100, 10690, -10)
    assert drawers.uncounted == 1
