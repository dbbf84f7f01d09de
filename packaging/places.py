"""Writes the tables of countries and currencies that the program brings: `make places`.

Which countries there are, tzdata says; their names and currencies are those of CLDR, which Babel has. Babel
itself is for development only: 30 MB for two lists."""

from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.numbers import get_territory_currencies

from factorypos_tui.core.account.countries import COUNTRIES, CURRENCIES
from factorypos_tui.core.language import LANGUAGES, money

# What CLDR 47 does not know yet.
_NEWER_CURRENCIES = {"BG": "EUR"}
_NEWER_NAMES = {"VED": ("Digital Bolívar", "bolívar digital"), "ZWG": ("Zimbabwe Gold", "oro de Zimbabue")}


def tables() -> dict[Path, str]:
    """Each file and what belongs in it."""
    locales = [Locale(language) for language in LANGUAGES]
    countries = [
        (code, _currency(code), *(locale.territories[code] for locale in locales))
        for code in sorted(_codes())
        if _currency(code)
    ]
    currencies = [
        (code, *(_NEWER_NAMES.get(code) or [locale.currencies[code] for locale in locales]))
        for code in sorted(money.CURRENCIES)
    ]
    return {
        COUNTRIES: _table(("code", "currency", *LANGUAGES), countries),
        CURRENCIES: _table(("code", *LANGUAGES), currencies),
    }


def _codes() -> list[str]:
    lines = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8").splitlines()
    return [line[:2] for line in lines if not line.startswith("#")]


def _currency(country: str) -> str:
    """What people pay with there; where there are several, the country's own. Empty for Antarctica."""
    paid_with = get_territory_currencies(country)
    own = [currency for currency in paid_with if currency.startswith(country)]
    return _NEWER_CURRENCIES.get(country) or next(iter(own + paid_with), "")


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join("\t".join(row) + "\n" for row in [heading, *rows])


if __name__ == "__main__":
    for file, text in tables().items():
        file.write_text(text, "utf-8")
