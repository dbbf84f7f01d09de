"""The countries, currencies and time zones to pick from: complete, named, as CLDR and tzdata have them."""

import runpy
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from factorypos_tui.core.account.countries import countries, currency_names, zones
from factorypos_tui.core.language import LANGUAGES, money, use_language


def test_the_tables_are_those_that_make_places_writes() -> None:
    places = runpy.run_path(str(Path(__file__).parents[2] / "packaging" / "places.py"))
    for file, text in places["tables"]().items():
        assert file.read_text("utf-8") == text, f"make places writes {file.name} again"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_a_name_and_each_country_a_currency_that_reports_know(language: str) -> None:
    use_language(language)
    assert all(country.name for country in countries().values())
    assert all(currency_names().values())
    assert {country.currency for country in countries().values()} <= currency_names().keys()
    assert currency_names().keys() == money.CURRENCIES


def test_names_are_the_operators_and_in_their_order_whatever_the_accents() -> None:
    use_language("es")
    names = [country.name for country in countries().values()]
    assert names.index("España") < names.index("Estados Unidos") < names.index("México") < names.index("Perú")
    assert currency_names()["PEN"] == "sol peruano"


def test_every_zone_is_of_a_country_that_can_be_picked_and_python_knows_it() -> None:
    assert zones().keys() <= available_timezones()
    assert set(zones().values()) - countries().keys() == {"AQ"}
    assert [zone for zone, country in zones().items() if country == "ES"] == [
        "Europe/Madrid",
        "Africa/Ceuta",
        "Atlantic/Canary",
    ]
