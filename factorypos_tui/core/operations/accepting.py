"""A person accepts a report that needs attention, or takes that back.

If the report is in conflict, the one that FactoryCLOUD counts goes on counting, and both are kept. Any other
accepted report is not in FactoryCLOUD, and `verify` goes on naming it."""

from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.delivery.settling import HERE, mark_accepted, mark_taken_back
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.operations.retrying import existing, not_needed
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station

CONFLICT = "report_conflict"


def accept(station: Station, row_id: int) -> Shipment:
    """Accept the report, so that it needs no attention. Raises `FactoryPosError` where it needed none."""
    if not mark_accepted(station.database, row_id, HERE, station.clock.now()):
        raise FactoryPosError(why_not_accept(existing(station, row_id)))
    return _told(station, row_id)


def take_back(station: Station, row_id: int) -> Shipment:
    """Make it need attention again; raises `FactoryPosError` where it was not accepted."""
    if not mark_taken_back(station.database, row_id, HERE, station.clock.now()):
        raise FactoryPosError(why_not_take_back(existing(station, row_id)))
    return _told(station, row_id)


def why_not_accept(shipment: Shipment) -> str:
    """Why there is nothing to accept; empty where there is."""
    if shipment.state is State.ACCEPTED:
        return _("This report was accepted already. Nothing was changed.")
    return "" if shipment.state is State.ATTENTION else not_needed()


def why_not_take_back(shipment: Shipment) -> str:
    """Why there is nothing to take back; empty where there is."""
    return "" if shipment.state is State.ACCEPTED else _("This report was not accepted. Nothing was changed.")


def accepted_words(shipment: Shipment) -> str:
    """What accepting it does."""
    if shipment.last_error == CONFLICT:
        return _("Accepted: FactoryCLOUD's report counts, and both are kept.")
    return _("Accepted as it stands. It is kept here, and is not in FactoryCLOUD.")


def _told(station: Station, row_id: int) -> Shipment:
    shipment = existing(station, row_id)
    if shipment.last_error == CONFLICT:
        sync_now(station)
    return shipment
