"""What a new company and store are proposed to be."""

import pytest

from factorypos_tui.core.account.place import Place, country_of, known_timezone, place_of
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
    assert place_of(shop.station) == Place("PE", "", "America/Lima")


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
