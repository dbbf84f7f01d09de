"""Where this till is: what is proposed for a new company and a new store."""

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from factorypos_tui.core.errors import StorageError, TillError
from factorypos_tui.core.language import use_time_zone
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

_ZONE = "till_zone"


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
    except (TillError, StorageError):
        currency, timezone = "", ""  # the code that needs the till says what is wrong with it
    timezone = timezone or _timezone_of_machine()
    return Place(country_of(timezone), currency, timezone)


def tell_time_as_the_till(station: Station) -> None:
    """Show all times from now on in the till's time zone, once a till tells one. If the till cannot be read
    any more, keep the zone that it told last."""
    with suppress(TillError, StorageError):  # the code that needs the till says what is wrong with it
        use_time_zone(station.till.time_zone())
        _remember(station.database, str(station.till.time_zone()))
        return
    with suppress(StorageError):
        if zone := known_timezone(fact(station.database, _ZONE) or ""):
            use_time_zone(ZoneInfo(zone))


def known_timezone(name: str) -> str | None:
    """The IANA name that `name` means, in any case; None where there is none."""
    return _timezones().get(name.strip().casefold())


def country_of(timezone: str) -> str:
    """The country (ISO 3166) of a time zone; empty where the zone belongs to none."""
    from importlib.resources import files  # hardly ever needed

    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return next((country for country, _where, name, *_rest in rows if name == timezone), "")


def _remember(database: Database, zone: str) -> None:
    if fact(database, _ZONE) != zone:
        keep_fact(database, _ZONE, zone)


def _timezone_of_machine() -> str:
    named = (os.environ.get("TZ", "").lstrip(":"), os.path.realpath("/etc/localtime").split("/zoneinfo/")[-1])
    return next((zone for name in named if (zone := known_timezone(name))), "UTC")


@cache
def _timezones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
