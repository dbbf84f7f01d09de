"""A report on paper, and its history in words. Pure."""

from datetime import datetime

from factorypos_tui.core.language import N_, _, counted, format_day, format_time, on_the_wall
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Kind
from factorypos_tui.core.operations.inspecting import Inspected
from factorypos_tui.core.queue.shipments import Event
from factorypos_tui.core.queue.transitions import FAILURES, MOVES
from factorypos_tui.core.queue.wording import reason_words
from factorypos_tui.core.reports.paper import paper_of
from factorypos_tui.core.reports.printing import printed

_RESULTS = {
    "created": N_("delivered: new at FactoryCLOUD"),
    "unchanged": N_("delivered: FactoryCLOUD had it already"),
    "replaced": N_("delivered: it took the place of an older one"),
    "stale": N_("delivered: FactoryCLOUD had a newer one"),
    "elsewhere": N_("kept by FactoryCLOUD for the account that this terminal belonged to before"),
}
_TURNS = {move.kept: move.words for move in MOVES if move.kept not in FAILURES}


def paper_lines(inspected: Inspected) -> list[str]:
    """The frozen document on paper; where it is damaged, a line above it says so."""
    if inspected.document is None:
        return [_("What was frozen of this report is damaged and cannot be read. Call support.")]
    lines = printed(paper_of(inspected.document))
    if inspected.intact:
        return lines
    return [_("! THIS REPORT NO LONGER FITS ITS HASH."), _("! Do not trust it; call support."), "", *lines]


def history_lines(inspected: Inspected) -> list[str]:
    """A line for every event, the oldest first, each with its day and time."""
    shipment = inspected.shipment
    begun = _("the day was closed") if shipment.kind is Kind.Z else _("the day was read")
    turns = [(shipment.as_of, begun)]
    if not any(event.kind == "again" for event in inspected.history):
        turns.append((shipment.queued_at, _("queued")))
    turns += [(event.first_at, _turn(event)) for event in inspected.history]
    return [f"{moment(instant)} {words}" for instant, words in turns]


def moment(instant: datetime) -> str:
    """Day and time in the time zone in use."""
    return f"{format_day(on_the_wall(instant).date())} {format_time(instant)}"


def _turn(event: Event) -> str:
    if event.kind == "delivered":
        return _(_RESULTS[event.word]) if event.word in _RESULTS else _("delivered")
    if event.kind == "accepted" and event.word == "there":
        return _("accepted by the store's owner")
    if event.kind in _TURNS:
        return _(_TURNS[event.kind])
    reason = plain(reason_words(event.word or ""))
    if event.kind == "refused":
        return _("refused: {reason}").format(reason=reason)
    if event.times == 1:
        return _("not sent: {reason}").format(reason=reason)
    return counted(
        "not sent {n} time, until {when}: {reason}",
        "not sent {n} times, until {when}: {reason}",
        event.times,
        when=moment(event.last_at),
        reason=reason,
    )
