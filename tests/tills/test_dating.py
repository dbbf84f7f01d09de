"""Clocks that were wrong, receipts that come late, dates that other programs stamped: which day it is."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.reports.sales import CloseReason
from factorypos_tui.tills.bundled.periods import close_period
from tests.tills.bar import MADRID, Bar, late_receipt, madrid


def test_one_close_with_a_clock_that_was_ahead_spoils_no_later_day(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2030-01-01 00:00")
    bar.sell("2026-06-13 09:00")
    running = bar.today()
    second = bar.close("2026-06-13 23:30")
    third = bar.close("2026-06-14 23:30")

    assert (running.opened_at, running.business_date) == (madrid("2026-06-13 09:00"), date(2026, 6, 13))
    assert (second.opened_at, second.closed_at) == (madrid("2026-06-13 09:00"), madrid("2026-06-13 23:30"))
    assert (second.business_date, second.close_reason) == (date(2026, 6, 13), CloseReason.MANUAL)
    assert (third.business_date, third.close_reason) == (date(2026, 6, 14), CloseReason.MANUAL)
    assert (third.opened_at, third.closed_at) == (madrid("2026-06-13 23:30"), madrid("2026-06-14 23:30"))


def test_after_such_a_close_the_day_begins_at_the_present(bar: Bar) -> None:
    bar.close("2030-01-01 00:00")
    bar.clock = madrid("2026-06-13 09:00")
    assert bar.today().opened_at == bar.till.status().open_period_since == madrid("2026-06-13 09:00")
    assert bar.today().business_date == date(2026, 6, 13)


def test_sales_with_the_clock_that_was_ahead_date_no_later_day(bar: Bar) -> None:
    bar.close("2030-01-01 00:00")
    bar.sell("2030-01-01 01:00")
    bar.sell("2026-06-13 09:00")
    closing = bar.close("2026-06-13 23:30")
    assert (closing.business_date, closing.close_reason) == (date(2026, 6, 13), CloseReason.MANUAL)
    assert (closing.opened_at, closing.closed_at) == (madrid("2026-06-13 09:00"), madrid("2026-06-13 23:30"))


def test_a_clock_that_lost_its_battery_for_a_while_dates_nothing(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2026-06-12 23:30")
    bar.sell("1970-01-02 00:10")
    bar.sell("2026-06-13 09:00")
    closing = bar.close("2026-06-13 23:30")
    assert (closing.opened_at, closing.business_date) == (madrid("2026-06-12 23:30"), date(2026, 6, 13))


def test_a_late_receipt_counts_and_does_not_redate_the_day(bar: Bar) -> None:
    late_receipt(bar, "2026-05-08 12:00")
    bar.sell("2026-06-12 12:00")
    closing = bar.close("2026-06-12 23:30")
    assert (closing.business_date, closing.close_reason) == (date(2026, 6, 12), CloseReason.MANUAL)
    assert (closing.receipts, closing.net) == (2, 280)


def test_a_day_of_late_receipts_alone_bears_the_date_of_its_close(bar: Bar) -> None:
    late_receipt(bar, "2026-05-08 12:00")
    bar.clock = madrid("2026-06-12 20:00")
    assert bar.today().business_date == date(2026, 6, 12)
    assert bar.close("2026-06-12 23:30").business_date == date(2026, 6, 12)


@pytest.mark.parametrize(
    ("stamped", "day"),
    [
        ("2026-05-08", date(2026, 6, 12)),  # only the late receipt has it
        ("2026-06-11", date(2026, 6, 11)),  # no receipt at all: the writer has a reason of its own
        ("2026-06-12", date(2026, 6, 12)),
    ],
)
def test_what_another_program_stamped_stands_unless_only_late_receipts_bear_it(
    bar: Bar, stamped: str, day: date
) -> None:
    bar.database.execute("UPDATE periods SET business_date = ?", stamped)
    late_receipt(bar, "2026-05-08 12:00")
    bar.sell("2026-06-12 12:00")
    assert bar.today().business_date == day
    assert bar.close("2026-06-12 23:30").business_date == day


@pytest.mark.parametrize(("sold", "stamped_day_stands"), [("05:59", False), ("06:00", True)])
def test_a_late_receipt_of_the_next_day_s_first_moment_is_not_of_the_stamped_day(
    bar: Bar, sold: str, stamped_day_stands: bool
) -> None:
    bar.database.execute("UPDATE terminal SET day_starts_at = 6")
    bar.database.execute("UPDATE periods SET business_date = '2026-05-08'")
    late_receipt(bar, f"2026-05-09 {sold}")
    bar.sell("2026-06-12 12:00")
    assert bar.today().business_date == (date(2026, 5, 8) if stamped_day_stands else date(2026, 6, 12))


def test_a_person_who_catches_up_at_night_says_which_day_it_was(bar: Bar) -> None:
    bar.sell("2026-06-13 05:30")
    now = madrid("2026-06-13 06:00")
    closing = close_period(bar.database, now=now, software="test", day=date(2026, 6, 12))
    assert (closing.business_date, closing.close_reason) == (date(2026, 6, 12), CloseReason.LATE)


def test_a_clock_that_shows_1970_closes_the_day_all_the_same(bar: Bar) -> None:
    bar.database.execute("UPDATE terminal SET timezone = 'America/Lima'")
    bar.sell("1970-01-01 02:00")
    assert bar.close("1970-01-01 03:00").business_date == date(1969, 12, 31)


minutes = st.integers(-600_000, 600_000)
deeds = st.lists(st.tuples(st.sampled_from(("sale", "late", "close")), minutes), max_size=12)


@given(deeds)
@settings(max_examples=30, deadline=None)
def test_whatever_the_clock_does_no_instant_of_a_period_runs_backwards(done: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        bar = Bar(Path(folder) / "till.db")
        for deed, ahead in done:
            moment = madrid("2026-06-12 12:00") + timedelta(minutes=ahead)
            local = moment.astimezone(MADRID).strftime("%Y-%m-%d %H:%M")
            if deed == "close":
                bar.close(local)
            elif deed == "late":
                late_receipt(bar, local)
            else:
                bar.sell(local)
            running = bar.today()
            assert running.opened_at <= bar.clock + timedelta(minutes=1)
        for period in bar.closed():
            assert period.opened_at <= (period.closed_at or period.opened_at)
        present = bar.close("2026-06-12 12:00")
        assert present.opened_at <= present.closed_at <= madrid("2026-06-12 12:01")
        bar.till.close()
