"""The life of a business period, as the people behind the bar would tell it."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.reports.sales import CloseReason, Count
from factorypos_tui.tills.bundled.setup import business_date
from tests.tills.bar import Bar, check_the_books, madrid


def test_a_day_gets_the_next_z_number_and_the_next_day_opens_at_the_same_instant(bar: Bar) -> None:
    bar.sell("2026-06-12 08:00", "CAFE", "CROISSANT")
    first = bar.close("2026-06-12 23:30", counted=15_320)
    bar.sell("2026-06-13 08:00", "CANA")
    second = bar.close("2026-06-13 23:30")

    assert (first.z_number, first.business_date, first.net) == (1, date(2026, 6, 12), 320)
    assert (second.z_number, second.business_date, second.net) == (2, date(2026, 6, 13), 190)
    day, _next = bar.closed()
    assert (day.close_reason, day.software, day.cash.counted) == (CloseReason.MANUAL, "test", 15_320)
    assert (day.terminal.name, day.currency, day.timezone) == ("Terminal 01", "EUR", "Europe/Madrid")
    assert bar.today().opened_at == second.closed_at == madrid("2026-06-13 23:30")
    assert bar.today().perpetual_before.sales == 510
    assert check_the_books(bar.till) == 2


def test_after_midnight_it_is_still_the_same_business_day(bar: Bar) -> None:
    bar.sell("2026-06-12 22:00")
    bar.sell("2026-06-13 00:50")
    closing = bar.close("2026-06-13 01:10")
    assert (closing.business_date, closing.close_reason) == (date(2026, 6, 12), CloseReason.MANUAL)


def test_the_first_receipt_stamps_the_date_once(bar: Bar) -> None:
    bar.sell("2026-06-13 03:59")
    bar.sell("2026-06-13 04:00")
    assert bar.today().business_date == date(2026, 6, 12)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-29T00:59:59", 28),  # 01:59:59, a second before the clocks jump to 03:00
        ("2026-03-29T01:00:00", 28),  # 03:00
        ("2026-03-29T01:59:59", 28),  # 03:59:59
        ("2026-03-29T02:00:00", 29),  # 04:00
        ("2026-10-25T00:30:00", 24),  # 02:30, the first of two
        ("2026-10-25T01:30:00", 24),  # 02:30 again
        ("2026-10-25T02:59:59", 24),  # 03:59:59
        ("2026-10-25T03:00:00", 25),  # 04:00
    ],
)
def test_the_day_starts_at_four_by_the_clock_on_the_wall_when_the_clocks_change(
    instant: str, day: int
) -> None:
    assert business_date(datetime.fromisoformat(instant).replace(tzinfo=UTC), "Europe/Madrid", 4).day == day


@pytest.mark.parametrize(("sunday", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_of_23_or_25_hours_is_one_day(tmp_path: Path, sunday: str, hours: int) -> None:
    monday = date.fromisoformat(sunday) + timedelta(days=1)
    bar = Bar(tmp_path / "till.db", f"{sunday} 00:00")
    bar.sell(f"{sunday} 12:00")
    closing = bar.close(f"{monday} 00:00")
    assert closing.business_date == date.fromisoformat(sunday)
    assert closing.close_reason is CloseReason.MANUAL
    assert closing.closed_at - closing.opened_at == timedelta(hours=hours)
    bar.till.close()


def test_an_empty_day_may_be_closed_and_bears_the_date_of_its_close(bar: Bar) -> None:
    closing = bar.close("2026-06-14 23:30")
    assert (closing.business_date, closing.receipts, closing.net) == (date(2026, 6, 14), 0, 0)
    assert closing.close_reason is CloseReason.MANUAL


def test_two_closes_in_one_day_are_two_reports_of_that_day(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2026-06-12 16:00")
    bar.sell("2026-06-12 20:00")
    bar.close("2026-06-12 23:30")
    assert [(p.z_number, p.business_date.day) for p in bar.closed()] == [(1, 12), (2, 12)]


def test_a_close_forgotten_until_the_next_day_is_late_and_keeps_its_date(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    closing = bar.close("2026-06-13 09:00", auto=True)
    assert (closing.business_date, closing.close_reason) == (date(2026, 6, 12), CloseReason.LATE)


def test_a_close_by_the_clock_is_automatic(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    assert bar.close("2026-06-12 23:59", auto=True).close_reason is CloseReason.AUTO


def test_a_clock_set_back_never_closes_before_the_opening(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2026-06-12 23:30")
    bar.sell("2025-01-01 12:00")
    closing = bar.close("2025-01-01 23:30")
    assert (closing.opened_at, closing.closed_at) == (madrid("2025-01-01 12:00"), madrid("2025-01-01 23:30"))
    assert bar.today().opened_at == closing.closed_at


def test_open_tickets_are_frozen_by_the_close_and_stay_open(bar: Bar) -> None:
    bar.database.execute(
        "INSERT INTO open_tickets VALUES ('t1', 'Table 1', '2026-06-12T19:00:00.000Z', 2350),"
        " ('t2', 'Table 2', '2026-06-12T19:30:00.000Z', 650)"
    )
    bar.close("2026-06-12 23:30")
    bar.database.execute("DELETE FROM open_tickets WHERE id = 't1'")
    assert bar.closed()[0].control.open_tickets == Count(2, 3000)
    assert bar.today().control.open_tickets == Count(1, 650)


def test_a_rename_changes_nothing_of_what_was_closed(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00", "CAFE")
    bar.close("2026-06-12 23:30")
    period = bar.closed()[0]
    receipts = list(bar.till.receipts(period.id))
    bar.database.execute("UPDATE terminal SET name = 'Beach till', timezone = 'UTC', currency = 'USD'")
    bar.database.execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    bar.database.execute("UPDATE users SET name = 'Anna'")
    assert bar.closed()[0] == period
    assert list(bar.till.receipts(period.id)) == receipts
    assert bar.till.terminal().name == bar.today().terminal.name == "Beach till"


def test_where_no_period_is_open_the_till_says_so_and_changes_nothing(bar: Bar) -> None:
    bar.database.execute("DELETE FROM periods")
    with pytest.raises(TillError, match="No business period is open"):
        bar.sell("2026-06-12 12:00")
    with pytest.raises(TillError, match="No business period is open"):
        bar.close("2026-06-12 23:30")
    assert bar.till.open_period() is None
    assert bar.till.status().open_period_since is None


deeds = st.lists(st.sampled_from(("sale", "refund", "practice", "close")), max_size=25)


@given(deeds)
@settings(max_examples=25, deadline=None)
def test_the_perpetual_totals_are_the_running_sum_whatever_happened(done: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bar = Bar(Path(folder) / "till.db")
        for minute, deed in enumerate(done):
            local = f"2026-06-12 12:{minute:02}"
            if deed == "close":
                bar.close(local)
            else:
                user = "99" if deed == "practice" else "1"
                bar.sell(local, "CAFE", "COLA", refund=deed == "refund", user=user)
        assert check_the_books(bar.till) == done.count("close")
        sold = bar.database.value("SELECT COUNT(*) FROM receipts")
        assert sold == done.count("sale") + done.count("refund")
        bar.till.close()
