"""Days of a seaside bar: the same for ever, and believable."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.errors import TillError
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.generator import Day, believable_day
from factorypos_tui.tills.bundled.seeding import seed_days, sell_one
from factorypos_tui.tills.bundled.setup import read_setup
from factorypos_tui.tills.bundled.till import BundledTill
from tests.tills.bar import Bar, check_the_books, madrid


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bar]:
    bar = Bar(tmp_path_factory.mktemp("bar") / "till.db")
    yield bar
    bar.till.close()


def a_day(shop: Bar, seed: int, day: date, count: int | None = None) -> Day:
    setup = replace(read_setup(shop.database), id="5b0a4f5e-3c58-4f1e-8a30-6a1d0e6c9f01")
    return believable_day(seed, day, setup, load_catalogue(shop.database), count)


def test_a_seed_means_the_same_days_for_ever(shop: Bar) -> None:
    week = [a_day(shop, 7, date(2026, 6, 8) + timedelta(days=n)) for n in range(7)]
    facts = [
        [
            [
                [receipt.uid, receipt.sold_at.isoformat(), receipt.user_code],
                [[line.item_code, str(line.quantity), line.net] for line in receipt.lines],
                [[paid.code, paid.amount, paid.tip] for paid in receipt.payments],
            ]
            for receipt in day.receipts
        ]
        + [[event.happened_at.isoformat(), event.kind, event.amount] for event in day.events]
        + [[move.happened_at.isoformat(), move.direction, move.amount] for move in day.movements]
        + [day.closed_at.isoformat(), day.counted]
        for day in week
    ]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    assert digest == "3ccc2b564fb5ecd6649633518abb1b7c7710923c81a6bf7a8a1d343fabe981f7"


def test_another_seed_day_or_number_of_receipts_is_another_day(shop: Bar) -> None:
    days = [a_day(shop, seed, date(2026, 6, day), n) for seed in (1, 2) for day in (8, 9) for n in (None, 40)]
    assert len({repr(day) for day in days}) == 8
    uids = [receipt.uid for day in days[::2] for receipt in day.receipts]
    assert len(set(uids)) == len(uids)


@given(st.integers(), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.none() | st.integers(0, 60))
@settings(deadline=None, max_examples=60)
def test_every_day_adds_up_and_keeps_its_hours(shop: Bar, seed: int, on: date, count: int | None) -> None:
    day = a_day(shop, seed, on, count)
    trainees = [user.code for user in load_catalogue(shop.database).users.values() if user.training]
    sold = [receipt for receipt in day.receipts if receipt.user_code not in trainees]
    assert len(sold) == count if count is not None else 50 <= len(sold) <= 250

    opening, midnight = madrid(f"{on} 07:30"), madrid(f"{on + timedelta(days=1)} 00:00")
    moments = [receipt.sold_at for receipt in day.receipts]
    assert moments == sorted(moments)
    assert all(opening <= moment <= day.closed_at for moment in moments)
    assert midnight - timedelta(hours=1) < day.closed_at < midnight + timedelta(hours=7, minutes=30)
    for receipt in day.receipts:
        net = sum(line.net for line in receipt.lines)
        assert net == sum(tax.base + tax.tax for tax in receipt.taxes)
        assert net + receipt.rounding == sum(paid.amount for paid in receipt.payments)
    assert day.counted is None or day.counted >= 0


def test_half_a_year_shows_everything_that_happens_in_a_bar(shop: Bar) -> None:
    days = {on: a_day(shop, 3, on) for on in (date(2026, 1, 1) + timedelta(days=n) for n in range(182))}
    receipts = [receipt for day in days.values() for receipt in day.receipts]
    lines = [line for receipt in receipts for line in receipt.lines]
    assert any(line.is_refund for line in lines)
    assert any(line.is_comp for line in lines)
    assert any(line.discount and not line.is_comp for line in lines)
    assert any(len(receipt.payments) == 2 for receipt in receipts)
    assert {paid.type for receipt in receipts for paid in receipt.payments} == {
        "cash",
        "card",
        "restaurant_ticket",
    }
    assert {paid.type for receipt in receipts for paid in receipt.payments if paid.tip} == {"card"}
    kinds = {event.kind for day in days.values() for event in day.events}
    assert kinds == {"voided_line", "cancelled_receipt", "no_sale", "reprint"}
    assert {move.direction for day in days.values() for move in day.movements} == {"in", "out"}
    assert any(receipt.user_code == "99" for receipt in receipts)
    after_midnight = [
        on for on, day in days.items() if day.closed_at > madrid(f"{on + timedelta(days=1)} 00:00")
    ]
    assert 30 < len(after_midnight) < 90
    assert 1 < sum(day.counted is None for day in days.values()) < 20
    per_weekday = [sum(len(day.receipts) for on, day in days.items() if on.weekday() == n) for n in range(7)]
    assert max(per_weekday) == per_weekday[5]
    assert min(per_weekday) == per_weekday[0]


def test_thirty_days_are_thirty_z_reports_up_to_yesterday(tmp_path: Path) -> None:
    path, now = tmp_path / "till.db", madrid("2026-06-12 12:00")
    seeded = seed_days(path, days=30, seed=1, now=now, terminal_name="Beach")
    till = BundledTill(path)
    periods = till.closed_periods(0, 100)
    assert (seeded.days, seeded.skipped, seeded.last_z_number) == (30, 0, 30)
    assert [p.business_date for p in periods] == [
        date(2026, 6, 12) - timedelta(days=n) for n in range(30, 0, -1)
    ]
    assert periods[0].opened_at == madrid("2026-05-13 07:00")
    assert {p.close_reason for p in periods if p.cash.counted is not None} == {"manual"}
    assert {p.close_reason for p in periods if p.cash.counted is None} <= {"late"}
    assert till.terminal().name == "Beach"
    assert check_the_books(till) == 30
    again = seed_days(path, days=30, seed=1, now=now, terminal_name="Beach")
    assert (again.days, again.skipped, again.receipts, again.last_z_number) == (0, 30, 0, 30)
    tomorrow = seed_days(path, days=30, seed=1, now=now + timedelta(days=1), terminal_name="Beach")
    assert (tomorrow.days, tomorrow.skipped, tomorrow.last_z_number) == (1, 29, 31)
    assert check_the_books(till) == 31
    till.close()


@pytest.mark.parametrize("clock", ["2026-06-12 04:00", "2026-06-12 03:59"])
def test_the_last_seeded_day_never_closes_in_the_future(tmp_path: Path, clock: str) -> None:
    now = madrid(clock)
    for seed in range(12):
        path = tmp_path / f"{seed}.db"
        seed_days(path, days=3, seed=seed, now=now, terminal_name="T", receipts=2)
        till = BundledTill(path)
        closed_at = till.closed_periods(2, 1)[0].closed_at
        assert closed_at
        assert closed_at <= now
        assert check_the_books(till) == 3
        till.close()


def test_a_till_set_up_today_gets_its_past_before_its_first_sale(bar: Bar) -> None:
    seeded = seed_days(bar.path, days=2, seed=1, now=bar.clock, terminal_name="unused", receipts=40)
    assert (seeded.days, seeded.receipts, seeded.last_z_number) == (2, 80, 2)
    assert [period.business_date.day for period in bar.closed()] == [10, 11]
    assert bar.closed()[0].opened_at == madrid("2026-06-10 07:00")
    assert bar.till.terminal().name == "Terminal 01"


def test_a_day_that_is_being_sold_into_is_not_seeded(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    with pytest.raises(TillError, match="has sales already"):
        seed_days(bar.path, days=2, seed=1, now=bar.clock, terminal_name="unused")
    assert check_the_books(bar.till) == 0
    assert bar.till.status().receipts == 1


@pytest.mark.parametrize("hour", range(24))
def test_at_every_hour_something_can_be_sold(bar: Bar, hour: int) -> None:
    now = madrid(f"2026-06-12 {hour:02}:30")
    receipt = sell_one(bar.till, Random(hour), now)  # noqa: S311 - a basket, not a secret
    assert receipt.number == "000001"
    assert [sold.uid for sold in bar.till.receipts(bar.today().id)] == [receipt.uid]


def test_a_till_with_nothing_to_sell_says_so(bar: Bar) -> None:
    bar.database.execute("DELETE FROM prices")
    with pytest.raises(TillError, match="too small for a demo"):
        seed_days(bar.path, days=2, seed=1, now=bar.clock, terminal_name="unused", receipts=1)
    assert check_the_books(bar.till) == 0
