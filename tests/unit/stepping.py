"""A worker that takes one step after the other, and what is seen of it."""

from factorypos_tui.core.delivery.link import Link, load_link
from factorypos_tui.core.queue.states import State
from tests.support.stations import Shop


def states(shop: Shop) -> list[State]:
    return [shipment.state for shipment in shop.queued()]


def link(shop: Shop) -> Link:
    return load_link(shop.station.database)
