"""Sends a refused report again, because a person asked for it."""

from collections.abc import Collection

from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.account.stores import open_stores
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.queue import counting, requeueing, shipments
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station


def existing(station: Station, row_id: int) -> Shipment:
    """The report of this row; raises `FactoryPosError` where there is none."""
    found = shipments.shipment(station.database, row_id)
    if found is None:
        raise FactoryPosError(_("There is no report {id} in the queue.").format(id=row_id))
    return found


def retry(station: Station, row_id: int) -> None:
    """Queue a refused report again and try at once; raises `FactoryPosError` where it cannot be retried,
    `NotConnected` where no store is assigned."""
    shipment = existing(station, row_id)
    assigned_store(station.database)
    if why_not := why_not_retry(shipment, open_stores(station.database)):
        raise FactoryPosError(why_not)
    if not requeueing.retry(station.database, row_id, station.clock.now()):
        raise FactoryPosError(not_needed())
    sync_now(station)


def retry_all(station: Station) -> int:
    """Do so for every report that needs attention and can be sent now; returns how many."""
    assigned_store(station.database)
    count = requeueing.retry_all(station.database, station.clock.now())
    if count:
        sync_now(station)
    return count


def retryable(station: Station) -> int:
    """How many reports `retry_all` would queue again; raises `NotConnected` where no store is assigned."""
    assigned_store(station.database)
    return counting.refused(station.database)


def why_not_retry(shipment: Shipment, open_stores: Collection[str]) -> str:
    """Why a report cannot be sent again while only these stores are open; empty where it can."""
    if not open_stores:
        return _("Assign this terminal to a store first.")
    if shipment.state is not State.ATTENTION:
        return not_needed()
    if shipment.store_id not in open_stores:
        return _("This report was made for another store. Nothing was changed.")
    return ""


def not_needed() -> str:
    """That a report needs no person."""
    return _("This report does not need attention. Nothing was changed.")
