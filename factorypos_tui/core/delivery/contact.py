"""When FactoryCLOUD answered last, and what its clock said then. Functions raise `StorageError`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact, fact_at, keep_fact

FRESH = timedelta(minutes=15)
"""So long the cloud's last answer tells how the link is; a process that sends asks more often."""
_AT, _OFFSET = "cloud_heard_at", "clock_offset_s"


@dataclass(frozen=True, slots=True)
class Contact:
    """The last answer of the cloud."""

    at: datetime | None = None
    """When, by this machine's clock; None if it never answered."""
    offset_s: int | None = None
    """How far this machine's clock was ahead of the cloud's; None where the cloud did not say."""

    def is_within(self, span: timedelta, now: datetime) -> bool:
        """Whether the answer is no older than that. An instant in the future was noted before the clock was
        set back."""
        return self.at is not None and now - span < self.at <= now

    def as_of(self, now: datetime) -> "Contact":
        """The contact without its offset if the clock was set back since: the offset was that of the clock
        before."""
        return replace(self, offset_s=None) if self.at and self.at > now else self


def note_contact(database: Database, now: datetime, cloud_time: datetime | None) -> None:
    """Note that the cloud answered. `cloud_time`: the `Date` of its answer, None where it had none."""
    with database.transaction():
        keep_fact(database, _AT, rfc3339(now))
        if cloud_time is None:
            drop_fact(database, _OFFSET)
        else:
            keep_fact(database, _OFFSET, str(round((now - cloud_time).total_seconds())))


def last_contact(database: Database) -> Contact:
    """The last answer that was noted."""
    offset = fact(database, _OFFSET)
    with database.trusted():
        return Contact(fact_at(database, _AT), None if offset is None else int(offset))
