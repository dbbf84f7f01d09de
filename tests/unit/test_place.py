"""What a new company and store are proposed to be."""

import pytest

from factorypos_tui.core.account.place import (
    Place,
    country_of,
    currency_of,
    place_of,
    place_of_machine,
    timezone_of,
)
from factorypos_tui.core.account.till_time import known_timezone
from tests.support.stations import Shop


def test_the_till_tells_where_it_stands(shop: Shop) -> None:
    assert place_of(shop.station) == Place("ES", "EUR", "Europe/Madrid")


def test_the_till_tells_the_time_zone_before_the_machine_does(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Lima")
    shop.till.database().execute("UPDATE terminal SET timezone = 'Atlantic/Canary'")
    assert place_of(shop.station).timezone == "Atlantic/Canary"


def test_without_a_till_the_machine_tells(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.till._path.unlink()
    monkeypatch.setenv("TZ", ":America/Lima")
    assert place_of(shop.station) == Place("PE", "PEN", "America/Lima")


@pytest.mark.parametrize("nonsense", ["", "CET-1CEST,M3.5.0,M10.5.0/3", "../../etc/passwd", "Mars/Olympus"])
def test_a_machine_that_names_no_zone_still_gives_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    shop.till._path.unlink()
    monkeypatch.setenv("TZ", nonsense)
    timezone = place_of(shop.station).timezone
    assert known_timezone(timezone) == timezone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" europe/madrid ", "Europe/Madrid"),
        ("UTC", "UTC"),
        ("Europe", None),
        ("Europe/Madrid\n", "Europe/Madrid"),
        ("\0", None),
        ("x" * 10_000, None),
    ],
)
def test_a_time_zone_is_known_however_it_is_capitalized(typed: str, meant: str | None) -> None:
    assert known_timezone(typed) == meant


def test_a_zone_of_no_country_names_none() -> None:
    assert (country_of("Europe/Berlin"), country_of("UTC"), country_of("nowhere")) == ("DE", "", "")


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"TZ": "America/Lima", "LANG": "de_DE.UTF-8"}, Place("PE", "PEN", "America/Lima")),
        ({"TZ": "UTC", "LANG": "es_MX.UTF-8"}, Place("MX", "MXN", "America/Mexico_City")),
        ({"TZ": "UTC", "LC_ALL": "C", "LANG": "en_GB"}, Place("GB", "GBP", "Europe/London")),
        ({"TZ": "UTC", "LANG": "eo_XX.UTF-8"}, Place("", "", "UTC")),
        ({"TZ": "UTC"}, Place("", "", "UTC")),
    ],
)
def test_a_machine_tells_where_it_is_by_its_zone_or_else_by_its_locale(
    environment: dict[str, str], place: Place
) -> None:
    assert place_of_machine(environment) == place


def test_a_country_has_a_currency_and_the_zone_of_most_of_its_people() -> None:
    assert (currency_of("ES"), timezone_of("ES")) == ("EUR", "Europe/Madrid")
    assert (currency_of("US"), timezone_of("US")) == ("USD", "America/New_York")
    assert (currency_of("XX"), timezone_of("XX")) == ("", "UTC")
