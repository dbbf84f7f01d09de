"""Amounts, numbers and hours as pages show them: with the digits and marks of the terminal app."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from factorypos_tui.core import language
from factorypos_tui.core.language import money as of_terminal
from factorypos_tui.server import words
from factorypos_tui.server.domain.takings import Compared
from factorypos_tui.server.web import wording as w


@pytest.fixture(params=["en", "es"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    words.speak(request.param)
    language.use_language(request.param)
    yield request.param
    words.speak("en")
    language.use_language("en")


def test_a_page_and_the_terminal_write_money_alike(spoken: str) -> None:
    for currency in sorted(of_terminal.CURRENCIES):
        for minor in (0, 5, -5, 99, 123456789, -100000, 2**60):
            assert w.money(minor, currency) == of_terminal.format_money(minor, currency)


def test_a_page_and_the_terminal_name_days_alike(spoken: str) -> None:
    for day in (date(2026, month, month) for month in range(1, 13)):
        assert w.day(day) == f"{language.format_weekday(day)} {language.format_date(day)}"


@pytest.mark.parametrize(
    ("place", "hour"), [(0, "00:00"), (13, "13:00"), (25, "01:00 +1"), (-1, "23:00 -1"), (48, "00:00 +2")]
)
def test_an_hour_after_midnight_says_so(place: int, hour: str) -> None:
    assert w.hour(place) == hour


@pytest.mark.parametrize(
    ("instant", "age"),
    [
        ("2026-03-02T12:00:00Z", "0 min"),
        ("2026-03-02T12:00:30.123Z", "0 min"),
        ("2026-03-02T11:00:01.5Z", "59 min"),
        ("2026-03-02T11:00:00Z", "1 h"),
        ("2026-02-28T12:00:01Z", "47 h"),
        ("2026-02-28T12:00:00Z", "2 d"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(instant: str, age: str) -> None:
    assert w.age(instant, datetime(2026, 3, 2, 12, tzinfo=UTC)) == age


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [(150, 100, "+50 %"), (0, 100, "−100 %"), (90, 100, "−10 %"), (100, 100, "same"), (5, None, "new")],
)
def test_a_change_has_a_sign_of_its_own(now: int, before: int | None, change: str) -> None:
    assert w.change(Compared("EUR", now, before)) == change
