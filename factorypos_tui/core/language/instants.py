"""Instants as text: RFC 3339, UTC, milliseconds, so that texts sort as the instants do."""

import time
from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """An aware datetime as `2026-11-22T21:01:30.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_of(text: str) -> datetime:
    """The aware datetime, in UTC, that an RFC 3339 text names; raises ValueError without an offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"no offset from UTC in {text!r}")
    return instant.astimezone(UTC)


NO_INSTANT = datetime.min.replace(tzinfo=UTC)
"""Used in place of an instant that no calendar has, such as one of the year 0."""


def instant_or_none_there_is(text: str) -> datetime:
    """An instant that another program wrote; `NO_INSTANT` where its text is no instant."""
    try:
        return instant_of(text)
    except (ValueError, OverflowError):
        return NO_INSTANT


def utc_now() -> datetime:
    """What the wall clock of this machine says."""
    return datetime.now(UTC)


class SystemClock:
    """The machine's clocks (port `Clock`)."""

    def now(self) -> datetime:
        """The wall clock."""
        return utc_now()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()
