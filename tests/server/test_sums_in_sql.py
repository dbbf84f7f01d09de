"""Whatever tills report, the API and what the pages show are the sums that the database itself makes over the
stored documents."""

import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from peewee import Database, SqliteDatabase

from factorypos_tui.server.domain.ladders import read_day
from tests.server.days import closed, days_of, running, stores_of
from tests.server.shop import Json, Owner, Shop, Till, sealed

ZONES = ("Europe/Madrid", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu")
DST = date(2026, 3, 29)
"""Clocks change in Madrid that night."""
AMOUNTS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
Sums = dict[tuple[str, str, str, str], tuple[int, ...]]
"""Receipts, the amounts and what was paid, by store, business date, currency and kind."""

_SQLITE = """
SELECT store_id, json_extract(CAST(document AS TEXT), '$.business_date') AS day,
  json_extract(CAST(document AS TEXT), '$.currency') AS currency, kind,
  SUM(json_extract(CAST(document AS TEXT), '$.receipts.count')), {amounts},
  SUM((SELECT SUM(json_extract(value, '$.amount')) FROM json_each(CAST(document AS TEXT), '$.payments')))
FROM ({reports}) GROUP BY 1, 2, 3, 4"""
_POSTGRESQL = """
SELECT store_id, document ->> 'business_date' AS day, document ->> 'currency' AS currency, kind,
  SUM((document -> 'receipts' ->> 'count')::numeric), {amounts},
  SUM((SELECT SUM((p ->> 'amount')::numeric) FROM jsonb_array_elements(document -> 'payments') AS p))
FROM (SELECT store_id, kind, convert_from(document, 'UTF8')::jsonb AS document
  FROM ({reports}) AS raw) AS read
GROUP BY 1, 2, 3, 4"""
_REPORTS = """
SELECT store_id, 'Z' AS kind, document FROM z_report JOIN z_body
  ON z_body.report_id = z_report.id AND z_body.business_date = z_report.business_date
  WHERE store_id IN ({stores}) UNION ALL
SELECT store_id, 'X' AS kind, document FROM x_report AS x WHERE store_id IN ({stores}) AND NOT EXISTS
  (SELECT 1 FROM z_report AS z WHERE z.terminal_id = x.terminal_id AND z.period_id = x.period_id)
"""


def sums_in_sql(database: Database, stores: list[str]) -> Sums:
    """By the functions of the database for JSON, from the documents alone."""
    is_sqlite = isinstance(database, SqliteDatabase)
    one = (
        "SUM(json_extract(CAST(document AS TEXT), '$.totals.{}'))"
        if is_sqlite
        else "SUM((document -> 'totals' ->> '{}')::numeric)"
    )
    names = ", ".join(f"'{store}'" for store in stores)
    query = (_SQLITE if is_sqlite else _POSTGRESQL).format(
        amounts=", ".join(map(one.format, AMOUNTS)), reports=_REPORTS.format(stores=names)
    )
    with database.connection_context():
        execute: Any = database.execute_sql
        return {tuple(row[:4]): tuple(map(int, row[4:])) for row in execute(query).fetchall()}


@st.composite
def periods(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Periods of several tills, of any zone and currency, some across midnight or a change of clocks."""
    found = []
    for till in range(draw(st.integers(1, 3))):
        zone = draw(st.sampled_from(ZONES))
        for _ in range(draw(st.integers(0, 4))):
            day = DST + timedelta(days=draw(st.integers(-3, 1)))
            opened = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), 30)  # noqa: DTZ001
            hours = draw(
                st.dictionaries(st.integers(0, 23), st.integers(-500, 10**6), min_size=1, max_size=4)
            )
            found.append(
                {
                    "till": till,
                    "zone": zone,
                    "opened": opened,
                    "ended": opened + timedelta(minutes=draw(st.integers(1, 20 * 60))),
                    "hours": {f"h{hour}": net for hour, net in hours.items()},
                    "currency": draw(st.sampled_from(["EUR", "EUR", "USD", "JPY"])),
                    "rounding": draw(st.integers(-4, 4)),
                    "is_open": draw(st.booleans()),
                }
            )
    return found


def report_of(till: Till, number: int, period: dict[str, Any]) -> Json:
    opened, ended = (f"{period[name]:%Y-%m-%d %H:%M}" for name in ("opened", "ended"))
    if period["is_open"]:
        made = running(till, str(uuid.uuid4()), opened, ended, period["zone"], **period["hours"])
    else:
        made = closed(till, number, opened, ended, period["zone"], **period["hours"])
    made["currency"] = period["currency"]
    made["totals"]["rounding"] = period["rounding"]
    made["payments"][0]["sales_amount"] += period["rounding"]
    made["payments"][0]["amount"] += period["rounding"]
    return sealed(made)


def sums_of_pages(shop: Shop, stores: list[str], first: str, last: str) -> Sums:
    """What the grid of days says, and what the ladder of each day says of the payments."""
    days = days_of(shop, stores, first, last)
    found: Sums = {}
    for one in days.days.values():
        day = one.day.isoformat()
        with shop.cloud.database.connection_context():
            (store,) = stores_of(shop, [one.store_id])
            steps = read_day(shop.cloud.database, store, one.day)
        for kind, by_currency, ladders in (
            ("Z", one.takings.closed, steps.closed),
            ("X", one.takings.so_far, steps.so_far),
        ):
            assert {it.currency: it.sums for it in ladders} == by_currency
            for ladder in ladders:
                sums, paid = ladder.sums, sum(row["amount"] for row in ladder.groups["payments"])
                assert sum(amount for _n, amount in ladder.hours.values()) == sums.net
                amounts = tuple(getattr(sums, name) for name in AMOUNTS)
                found[one.store_id, day, ladder.currency, kind] = (sums.receipts, *amounts, paid)
    return found


def sums_of_table(shop: Shop, owner: Owner, company: str, first: str, last: str) -> Sums:
    """What the page of all stores gives as its table; what was paid is not in it."""
    headers = {"Cookie": f"__Host-session={owner.token}"}
    path = f"/companies/{company}/days.json?from={first}&to={last}"
    items = shop.http.get(path, headers=headers).json()["items"]
    return {
        (it["store_id"], it["date"], it["currency"], {"closed": "Z", "so far": "X"}[it["state"]]): (
            it["receipts"],
            *(it[name] for name in AMOUNTS),
        )
        for it in items
        if it["state"]
    }


def sums_of_api(owner: Owner, company: str, first: str, last: str) -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for by in ("store", "month"):
        path = f"/companies/{company}/figures?from={first}&to={last}&by={by}"
        for item in owner.call("GET", path).json()["items"]:
            key = (item["store_id"] or by, item["currency"])
            found.setdefault(key, Counter()).update({"receipts": item["receipts"], **item["totals"]})
    return found


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(periods())
def test_what_is_shown_is_what_the_database_adds_up(shop: Shop, made: list[dict[str, Any]]) -> None:
    owner = shop.owner()
    company = owner.company()
    stores = [owner.store(company), owner.store(company, timezone="Asia/Tokyo")]
    tills = {n: owner.assign(stores[n % 2]) for n in {period["till"] for period in made}}
    for n, till in tills.items():
        reports = [report_of(till, k, it) for k, it in enumerate(made, 1) if it["till"] == n]
        assert all("receipt" in it or "result" in it for it in till.send_all(reports).json()["results"])
    first, last = "2026-03-01", "2026-04-10"
    in_sql = sums_in_sql(shop.cloud.database, stores)
    assert sums_of_pages(shop, stores, first, last) == in_sql
    but_paid = {key: sums[:-1] for key, sums in in_sql.items()}
    assert sums_of_table(shop, owner, company, first, last) == but_paid
    expected: dict[tuple[str, str], Counter[str]] = {}
    for (store, _day, currency, _kind), (receipts, *amounts, _paid) in in_sql.items():
        for key in ((store, currency), ("month", currency)):
            row = {"receipts": receipts, **dict(zip(AMOUNTS, amounts, strict=True))}
            expected.setdefault(key, Counter()).update(row)
    assert sums_of_api(owner, company, first, last) == expected
