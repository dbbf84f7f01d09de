"""What a search means by amounts and by names of days, in either language."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factorypos_tui.core.language import use_language, use_time_zone
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.core.queue.search import conditions_of
from factorypos_tui.core.storage.database import Database
from tests.support.stations import open_shop

NOW = datetime(2026, 11, 30, 2, 30, tzinfo=ZoneInfo("UTC"))
MONDAY = date(2026, 11, 30)
WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
_ROW = "SELECT ? AS business_date, ? AS net, ? AS currency, 'Z' AS kind, NULL AS z_number, '' AS state"
_NO_REASON = "NULL AS last_error"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with open_shop(tmp_path_factory.mktemp("searching")) as shop:
        yield shop.station.database


@pytest.fixture(autouse=True)
def zone_of_the_machine() -> Iterator[None]:
    yield
    use_time_zone(None)


def finds(
    database: Database, search: str, *, day: date = date(2001, 1, 1), net: int = 0, currency: str = "EUR"
) -> bool:
    """Whether a search finds a report of that day and amount."""
    conditions = conditions_of(search, NOW)
    where = " AND ".join(condition.sql for condition in conditions)
    values = [value for condition in conditions for value in condition.values]
    sql = f"SELECT count(*) FROM ({_ROW}, {_NO_REASON}) WHERE {where}"
    return bool(database.value(sql, day.isoformat(), net, currency, *values))


def written(net: int, currency: str, group: str, decimal: str) -> str:
    """An amount as a person or a program writes it."""
    exponent = currency_exponent(currency)
    whole, fraction = divmod(abs(net), 10**exponent)
    cents = f"{decimal}{fraction:0{exponent}d}" if exponent else ""
    return ("-" if net < 0 else "") + f"{whole:,}".replace(",", group) + cents


amounts = st.integers(-(10**12), 10**12)
marks = st.sampled_from([(",", "."), (".", ","), ("", "."), ("", ",")])


@example(0, "KWD", (",", "."), "en")
@example(120450, "EUR", (".", ","), "en")
@given(amounts, st.sampled_from(["EUR", "JPY", "KWD"]), marks, st.sampled_from(["en", "es"]))
def test_an_amount_is_found_with_point_and_with_comma(
    database: Database, net: int, currency: str, marks: tuple[str, str], language: str
) -> None:
    use_language(language)
    text = written(net, currency, *marks)
    assert finds(database, text, net=net, currency=currency)
    if currency != "JPY":  # a number without cents can be a day or a year as well
        assert not finds(database, text, net=net + 1, currency=currency)


@pytest.mark.parametrize("search", ["1,204.50", "1.204,50", "1204.5", "1204,5", "1204", "1,204", "1.204"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_ways_to_write_one_amount_mean_the_same(database: Database, language: str, search: str) -> None:
    use_language(language)
    assert finds(database, search, net=120450)
    assert not finds(database, search, net=120350)


@pytest.mark.parametrize("search", ["1.204,50.3", "1,20,4", "1..2", "12.", ",5", "1.204.5"])
def test_what_is_no_amount_finds_none(database: Database, search: str) -> None:
    assert not finds(database, search, net=120450)


@given(st.integers(0, 400), st.sampled_from(["en", "es"]))
def test_a_day_is_found_by_its_weekday_and_by_how_long_ago_it_is(
    database: Database, days: int, language: str
) -> None:
    use_language(language)
    use_time_zone(ZoneInfo("Europe/Madrid"))
    day = MONDAY - timedelta(days=days)
    for weekday, name in enumerate(WEEKDAYS[language]):
        assert finds(database, name.upper(), day=day) == (day.weekday() == weekday)
    today, yesterday = {"en": ("today", "yesterday"), "es": ("hoy", "ayer")}[language]
    assert finds(database, today, day=day) == (days == 0)
    assert finds(database, yesterday, day=day) == (days == 1)


def test_today_is_the_day_on_the_wall_of_the_till(database: Database) -> None:
    use_time_zone(ZoneInfo("America/Bogota"))
    assert finds(database, "today", day=MONDAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("language", "search", "day"),
    [
        ("en", "mon", MONDAY),
        ("es", "lun", MONDAY),
        ("es", "sabado", MONDAY - timedelta(days=2)),
        ("es", "mar", MONDAY + timedelta(days=1)),
        ("es", "mar", date(2026, 3, 2)),
    ],
)
def test_three_letters_of_a_name_are_enough(
    database: Database, language: str, search: str, day: date
) -> None:
    use_language(language)
    assert finds(database, search, day=day)
    assert not finds(database, search[:2], day=day)
