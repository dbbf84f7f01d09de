"""Which reports the queue's list shows, in which order, and the texts for it. All pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.queue.pages import Order, Query
from factorypos_tui.core.queue.states import State

T = TypeVar("T")

_STATES = (None, *State)
_ORDERS = {
    (Order.QUEUED, True): N_("Newest first"),
    (Order.QUEUED, False): N_("Oldest first"),
    (Order.DATE, True): N_("Latest day first"),
    (Order.DATE, False): N_("Earliest day first"),
    (Order.AMOUNT, True): N_("Largest amount first"),
    (Order.AMOUNT, False): N_("Smallest amount first"),
    (Order.TRIES, True): N_("Most tries first"),
    (Order.TRIES, False): N_("Fewest tries first"),
}


def in_next_state(query: Query) -> Query:
    """Only the reports in the state that comes next; after the last one all of them."""
    return replace(query, state=_after(_STATES, query.state))


def in_next_order(query: Query) -> Query:
    """Sorted by the next value, the highest first."""
    return replace(query, order=_after(tuple(Order), query.order), descending=True)


def turned(query: Query) -> Query:
    """The same order, reversed."""
    return replace(query, descending=not query.descending)


def order_words(query: Query) -> str:
    """Which report comes first."""
    return _(_ORDERS[query.order, query.descending])


def nothing_words(query: Query) -> str:
    """What an empty list means."""
    if query.search.strip():
        return _("No report fits. Esc ends the search, F shows reports in another state.")
    if query.state is State.ATTENTION:
        return _("No report needs attention.")
    if query.state:
        return _("No report is in this state. F shows the next one.")
    return _("Nothing yet: close a day at the till.")


def _after(choices: Sequence[T], present: T) -> T:
    return choices[(choices.index(present) + 1) % len(choices)]
