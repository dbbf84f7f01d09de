"""The texts around the queue's list. All pure."""

from dataclasses import dataclass

from factorypos_tui.core.language import counted
from factorypos_tui.core.language.text import width
from factorypos_tui.core.queue.pages import Query
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import not_queued_sentences, not_queued_words
from factorypos_tui.tui.screens.queue.asking import nothing_words, order_words
from factorypos_tui.tui.screens.queue.rows import explained, states_line
from factorypos_tui.tui.widgets.long_list import aligned, place_words


@dataclass(frozen=True, slots=True)
class QueueWords:
    """The texts around the queue's list."""

    states: str
    """How many reports are in each state."""
    order: str
    """Which report comes first."""
    found: str
    """Which report is under the cursor, and of how many."""
    meaning: str
    """What the state of the report under the cursor means."""
    nothing: str
    """What an empty list means."""


def queue_words(
    query: Query,
    place: int,
    count: int | None,
    shipment: Shipment | None,
    status: Status,
    columns: int,
) -> QueueWords:
    """Say it in so many columns. `place`: which one of those found is under the cursor, from 1."""
    is_searched = bool(query.search.strip())
    not_queued = "".join(f"   {words}" for words in not_queued_words(status))
    room = columns - 2 - width(not_queued)
    is_asked_for_all = query.state is None and not is_searched
    not_here = " ".join(not_queued_sentences(status)) if is_asked_for_all else ""
    return QueueWords(
        states=states_line(status.counts, query.state, room) + not_queued,
        order=order_words(query),
        found=_found_words(place, count, is_searched=is_searched) if count is not None else "",
        meaning=explained(shipment, status) if shipment else "",
        nothing=not_here or nothing_words(query),
    )


def _found_words(place: int, count: int, *, is_searched: bool) -> str:
    if not count:
        return counted("{n} found", "{n} found", 0) if is_searched else ""
    if is_searched:
        return counted("{place} of {n} found", "{place} of {n} found", count, place=aligned(place, count))
    return place_words(place, count)
