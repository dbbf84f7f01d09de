"""What may speak against closing the day right now."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from factorypos_tui.core.language import _, format_date, format_time, on_the_wall


class Doubt(StrEnum):
    """A reason not to close the day right now."""

    EMPTY_AGAIN = "empty_again"
    """Nothing was sold since a close a moment ago."""
    CLOCK_BEHIND = "clock_behind"
    """The clock shows a time before the last close."""
    FORGOTTEN = "forgotten"
    """The last receipt of the day is old."""
    FUTURE_DATE = "future_date"
    """The day's date is still to come."""


@dataclass(frozen=True, slots=True)
class CloseDoubts:
    """The doubts about closing the day at `now`, and the moments that they speak of."""

    doubts: tuple[Doubt, ...]
    now: datetime
    last_z: int | None
    """Number of the close before; None where there is none."""
    closed_at: datetime | None
    """Instant of the close before; None where there is none."""
    sold_at: datetime | None
    """Instant of the day's newest receipt; None where there is none."""


def doubt_words(doubt: Doubt, found: CloseDoubts, day: date | None = None) -> str:
    """A doubt in a sentence; `day` is the business date that a person named."""
    sentences = {
        Doubt.EMPTY_AGAIN: _("Z {z} was closed less than a minute ago, and nothing was sold since."),
        Doubt.CLOCK_BEHIND: _(
            "This machine's clock shows {now}. Z {z} was closed at {closed}, which is later: the clock is"
            " wrong now, or it was wrong then."
        ),
        Doubt.FORGOTTEN: _(
            "The last receipt of this day was sold at {sold}, more than 36 hours ago: this machine's clock"
            " shows {now}."
        ),
        Doubt.FUTURE_DATE: _("{day} is still to come: this machine's clock shows {now}."),
    }
    told = sentences[doubt].format(
        z=found.last_z, now="{now}", closed="{closed}", sold="{sold}", day=day and format_date(day)
    )
    moments = {"now": found.now, "closed": found.closed_at, "sold": found.sold_at}
    return told.format(**{name: _when(at) for name, at in moments.items() if f"{{{name}}}" in told})


def _when(instant: datetime | None) -> str:
    return f"{format_date(on_the_wall(instant).date())} {format_time(instant)}" if instant else "-"
