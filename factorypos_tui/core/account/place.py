"""Where this till is: what is proposed for a new till, a new company and a new store."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from factorypos_tui.core.account.countries import countries, zones
from factorypos_tui.core.account.till_time import known_timezone
from factorypos_tui.core.errors import StorageError, TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.money import CURRENCIES
from factorypos_tui.core.station import Station

_TERRITORY = re.compile("[a-z]{2,3}_([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where this till is."""

    country: str
    """ISO 3166; empty where it is not known."""
    currency: str
    """ISO 4217; empty where it is not known."""
    timezone: str
    """An IANA name."""


def place_of(station: Station) -> Place:
    """What the till says; where it cannot be read, what this machine says."""
    try:
        currency, timezone = station.till.status().currency, str(station.till.time_zone())
    except (TillError, StorageError):  # the code that needs the till says what is wrong with it
        return place_of_machine()
    return Place(country_of(timezone), currency, timezone)


def place_of_machine(environment: Mapping[str, str] = os.environ) -> Place:
    """Where this machine is, by its time zone; where that belongs to no country, by its locale."""
    timezone = _timezone_of_machine(environment)
    country = country_of(timezone)
    if not country and (country := _country_of_locale(environment)):
        timezone = timezone_of(country)
    return Place(country, currency_of(country), timezone)


def country_of(timezone: str) -> str:
    """The country (ISO 3166) of a time zone; empty where the zone belongs to none."""
    return zones().get(timezone, "")


def currency_of(country: str) -> str:
    """What people pay with in a country; empty where that is not known."""
    known = countries().get(country)
    return known.currency if known else ""


def timezone_of(country: str) -> str:
    """The time zone of most people of a country; UTC where that is not known."""
    return next((zone for zone, at in zones().items() if at == country), "UTC")


def timezone_named(name: str) -> str:
    """The IANA name that a person means, in any case; raises `UsageError`."""
    if known := known_timezone(name):
        return known
    raise UsageError(_("{name} is not a time zone. Write it like Europe/Madrid.").format(name=name[:40]))


def country_named(code: str) -> str:
    """The country (ISO 3166) that a person means, in any case; raises `UsageError`."""
    if code.upper() in countries():
        return code.upper()
    raise UsageError(
        _("{code} is not a country. Write it in two letters, such as ES.").format(code=code[:40])
    )


def currency_named(code: str) -> str:
    """The currency (ISO 4217) that a person means, in any case; raises `UsageError`."""
    if code.upper() in CURRENCIES:
        return code.upper()
    raise UsageError(
        _("{code} is not a currency. Write it in three letters, such as EUR.").format(code=code[:40])
    )


def _timezone_of_machine(environment: Mapping[str, str]) -> str:
    named = (
        environment.get("TZ", "").lstrip(":"),
        os.path.realpath("/etc/localtime").split("/zoneinfo/")[-1],
    )
    return next((zone for name in named if (zone := known_timezone(name))), "UTC")


def _country_of_locale(environment: Mapping[str, str]) -> str:
    named = (_TERRITORY.match(environment.get(name, "")) for name in ("LC_ALL", "LC_MONETARY", "LANG"))
    return next((found[1] for found in named if found and found[1] in countries()), "")
