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


@dataclass(frozen=True, slots=True)
class QueueWords:
    """The texts around the queue's list."""

    states: str
    """How many reports are in each state."""
    order: str
    """Which report comes first."""
    found: str
    """How many reports a search has found."""
    meaning: str
    """What the state of the report under the cursor means."""
    nothing: str
    """What an empty list means."""


def queue_words(
    query: Query, count: int | None, shipment: Shipment | None, status: Status, columns: int
) -> QueueWords:
    """Say it in so many columns."""
    is_searched = bool(query.search.strip())
    not_queued = "".join(f"   {words}" for words in not_queued_words(status))
    room = columns - 2 - width(not_queued)
    found_words = counted("{n} found", "{n} found", count or 0)
    is_asked_for_all = query.state is None and not is_searched
    not_here = " ".join(not_queued_sentences(status)) if is_asked_for_all else ""
    return QueueWords(
        states=states_line(status.counts, query.state, room) + not_queued,
        order=order_words(query),
        found=found_words if is_searched and count is not None else "",
        meaning=explained(shipment, status) if shipment else "",
        nothing=not_here or nothing_words(query),
    )
