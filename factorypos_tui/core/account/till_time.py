"""The time zone in which all times are shown: the till's."""

from contextlib import suppress
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from factorypos_tui.core.errors import StorageError, TillError
from factorypos_tui.core.language import use_time_zone
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

_ZONE = "till_zone"


def tell_time_as_the_till(station: Station) -> None:
    """Show all times from now on in the till's time zone, once a till tells one. If the till cannot be read
    any more, keep the zone that it told last."""
    with suppress(TillError, StorageError):  # the code that needs the till says what is wrong with it
        use_time_zone(station.till.time_zone())
        _remember(station.database, str(station.till.time_zone()))
        return
    with suppress(StorageError):
        kept = fact(station.database, _ZONE)
        if kept and (zone := known_timezone(kept)):  # it looks through all zones: not where none is kept
            use_time_zone(ZoneInfo(zone))


def known_timezone(name: str) -> str | None:
    """The IANA name that `name` means, in any case; None where there is none."""
    return _timezones().get(name.strip().casefold())


def _remember(database: Database, zone: str) -> None:
    if fact(database, _ZONE) != zone:
        keep_fact(database, _ZONE, zone)


@cache
def _timezones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
