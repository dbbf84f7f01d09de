"""One FactoryCLOUD: its database, its mail, its clock and its limits for tries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from peewee import Database

from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security.throttle import Throttle


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """RFC 3339 UTC with milliseconds, as it is stored and sent."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Cloud:
    """What every rule gets."""

    database: Database
    postman: Postman
    log_ins: Throttle
    """Tries of one caller to log in."""
    resets: Throttle
    """Letters with a code that one caller may ask for."""
    public_url: str | None = None
    """The address of this server for people; without it mails have no links."""
    clock: Callable[[], datetime] = utc_now

    def now(self, later: timedelta = timedelta()) -> str:
        return instant(self.clock() + later)
