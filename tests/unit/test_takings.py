"""Days added up to weeks and months: nothing is lost, doubled or mixed."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.core.language import format_days, use_language
from factorypos_tui.core.reports.takings import AMOUNTS, COUNTS, By, Takings, added_up, usual_first

_amount = st.integers(-(2**70), 2**70)
_count = st.integers(0, 2**40)
_a_date = st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [date.min, date.max, date(2024, 2, 29), date(2026, 12, 28), date(2027, 1, 3)]
)
_days = st.lists(
    st.builds(
        lambda on, currency, is_running, counts, amounts: Takings(
            on, on, currency, is_running, *counts, *amounts
        ),
        _a_date,
        st.sampled_from(["EUR", "JPY"]),
        st.booleans(),
        st.tuples(*[_count for _ in COUNTS]),
        st.tuples(*[_amount for _ in AMOUNTS]),
    ),
    max_size=40,
)
_by = st.sampled_from(By)


def sums(rows: Iterable[Takings]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for name in (*COUNTS, *AMOUNTS):
            total[row.currency, name] += getattr(row, name)
    return Counter({key: value for key, value in total.items() if value})


@given(_days, _by)
def test_every_day_is_in_one_row_and_no_currencies_are_mixed(days: list[Takings], by: By) -> None:
    rows = added_up(days, by, date.min, date.max)
    assert sums(rows) == sums(days)
    for day in days:
        (row,) = (row for row in rows if row.first <= day.first <= row.last and row.currency == day.currency)
        assert row.is_running or not day.is_running
    assert all(any(row.first <= day.first <= row.last for day in days) for row in rows)
    assert [(row.first, row.currency) for row in rows] == sorted({(row.first, row.currency) for row in rows})


@given(_a_date, _by)
def test_weeks_are_those_of_iso_8601_and_months_those_of_the_calendar(on: date, by: By) -> None:
    (row,) = added_up([day_of(on)], by, date.min, date.max)
    if by is By.DAY:
        assert (row.first, row.last) == (on, on)
    elif by is By.WEEK:
        assert row.first.weekday() == 0
        assert row.first.isocalendar()[:2] == row.last.isocalendar()[:2] == on.isocalendar()[:2]
        assert row.last.weekday() == 6 or row.last == date.max
    else:
        assert row.first == on.replace(day=1)
        assert row.last == date.max or (row.last + timedelta(days=1)).day == 1
        assert (row.last.year, row.last.month) == (on.year, on.month)


@given(_a_date, _a_date, _by)
def test_a_row_does_not_claim_days_that_were_not_asked_for(one: date, other: date, by: By) -> None:
    first, last = sorted([one, other])
    rows = added_up([day_of(first), day_of(last)], by, first, last)
    assert rows[0].first == first
    assert rows[-1].last == last


@given(_a_date, _by)
def test_the_usual_days_are_fourteen_days_twelve_weeks_or_twelve_months(last: date, by: By) -> None:
    first = usual_first(last, by)
    assert first <= last
    if first != date.min and last != date.max:
        begin = first
        starts = {
            added_up([day_of(begin + timedelta(days=n))], by, date.min, date.max)[0].first
            for n in range((last - begin).days + 1)
        }
        assert len(starts) == (14 if by is By.DAY else 12)
        assert min(starts) == first


@pytest.mark.parametrize(
    ("language", "first", "last", "words"),
    [
        ("en", date(2026, 11, 22), date(2026, 11, 22), "22 Nov 2026"),
        ("en", date(2026, 11, 23), date(2026, 11, 29), "23 - 29 Nov 2026"),
        ("es", date(2026, 11, 30), date(2026, 12, 6), "30 nov - 6 dic 2026"),
        ("en", date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 - 3 Jan 2027"),
    ],
)
def test_days_from_one_to_another_are_written_short(
    language: str, first: date, last: date, words: str
) -> None:
    use_language(language)
    assert format_days(first, last) == words


def day_of(on: date) -> Takings:
    return Takings(on, on, "EUR", False, 1, 1, 1, 0, 0, 1, 0, 0, 0)
