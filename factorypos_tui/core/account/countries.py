"""The countries, currencies and time zones to pick from, named in the operator's language.

Countries and currencies are tables that `packaging/places.py` writes from CLDR; time zones and the countries
that they belong to are those of tzdata."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from factorypos_tui.core.language import current_language
from factorypos_tui.core.language.text import folded

COUNTRIES = Path(__file__).with_name("countries.tsv")
CURRENCIES = Path(__file__).with_name("currencies.tsv")


@dataclass(frozen=True, slots=True)
class Country:
    """A country and what people pay with there."""

    name: str
    currency: str
    """ISO 4217."""


def countries() -> Mapping[str, Country]:
    """Every country by its code (ISO 3166), in the order of their names."""
    return _countries(current_language())


def currency_names() -> Mapping[str, str]:
    """The name of every currency by its code (ISO 4217), in the order of the codes."""
    return _currency_names(current_language())


@cache
def zones() -> Mapping[str, str]:
    """The country (ISO 3166) of each time zone that belongs to one; of a country's zones the one where most
    of its people live comes first."""
    from importlib.resources import files  # hardly ever needed

    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {zone: country for country, _where, zone, *_comment in rows}


@cache
def _countries(language: str) -> Mapping[str, Country]:
    found = {row["code"]: Country(row[language], row["currency"]) for row in _rows(COUNTRIES)}
    return dict(sorted(found.items(), key=lambda entry: folded(entry[1].name)))


@cache
def _currency_names(language: str) -> Mapping[str, str]:
    return {row["code"]: row[language] for row in _rows(CURRENCIES)}


def _rows(file: Path) -> Iterator[Mapping[str, str]]:
    heading, *lines = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    return (dict(zip(heading, line, strict=True)) for line in lines)
