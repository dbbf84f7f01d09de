"""When the X reports of a terminal are due. Each terminal has its own moments, so that those of many
terminals spread evenly over the interval. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def phase_of(terminal_id: str, interval: timedelta) -> timedelta:
    """How far into each interval its moment lies, in whole seconds; the same for ever."""
    share = int.from_bytes(hashlib.sha256(terminal_id.encode()).digest()[:8], "big")
    return timedelta(seconds=int(interval.total_seconds()) * share >> 64)


def next_moment(terminal_id: str, interval: timedelta, after: datetime) -> datetime:
    """Its first moment after an instant."""
    past = (after - _BEGIN - phase_of(terminal_id, interval)) % interval
    return after + interval - past
