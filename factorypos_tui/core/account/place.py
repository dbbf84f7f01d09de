"""Where this till stands: what a new company and a new store are proposed to be."""

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from factorypos_tui.core.errors import StorageError, TillError
from factorypos_tui.core.language import use_time_zone
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

_ZONE = "till_zone"


@dataclass(frozen=True, slots=True)
class Place:
    """`country` ISO 3166, `currency` ISO 4217, each empty where nothing tells; `timezone` an IANA name."""

    country: str
    currency: str
    timezone: str


def place_of(station: Station) -> Place:
    """As the till has it, as far as it can be read, else as this machine has it."""
    try:
        currency, timezone = station.till.status().currency, str(station.till.time_zone())
    except (TillError, StorageError):
        currency, timezone = "", ""  # what is wrong with it is said by who needs it
    timezone = timezone or _timezone_of_machine()
    return Place(country_of(timezone), currency, timezone)


def tell_time_as_the_till(station: Station) -> None:
    """Tell all times from now on by the till's clocks, once there is a till that says which these are; where
    it cannot be read any more, by those that it had last."""
    with suppress(TillError, StorageError):  # what is wrong with it is said by who needs it
        use_time_zone(station.till.time_zone())
        _remember(station.database, str(station.till.time_zone()))
        return
    with suppress(StorageError):
        if zone := known_timezone(fact(station.database, _ZONE) or ""):
            use_time_zone(ZoneInfo(zone))


def known_timezone(name: str) -> str | None:
    """The IANA name that `name` means, however it is capitalized; None where there is none."""
    return _timezones().get(name.strip().casefold())


def country_of(timezone: str) -> str:
    """The country (ISO 3166) that a time zone is named after; empty where it is none's."""
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
