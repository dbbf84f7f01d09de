"""Sending what FactoryCLOUD refused once more, since a person asked for it."""

from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.queue import requeueing, shipments
from factorypos_tui.core.queue.shipments import Shipment, State
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
    shipment, store = existing(station, row_id), assigned_store(station.database)
    if why_not := why_not_retry(shipment, store.id):
        raise FactoryPosError(why_not)
    if not requeueing.retry(station.database, row_id, store.id, station.clock.now()):
        raise FactoryPosError(_not_needed())
    sync_now(station)


def retry_all(station: Station) -> int:
    """The same for every report of the assigned store that needs attention; returns how many."""
    store = assigned_store(station.database)
    count = requeueing.retry_all(station.database, store.id, station.clock.now())
    if count:
        sync_now(station)
    return count


def retryable(station: Station) -> int:
    """How many reports `retry_all` would queue again; raises `NotConnected` where no store is assigned."""
    return shipments.refused(station.database, assigned_store(station.database).id)


def why_not_retry(shipment: Shipment, store_id: str | None) -> str:
    """Why a report cannot be retried while this store is assigned; empty where it can."""
    if store_id is None:
        return _("Assign this terminal to a store first.")
    if shipment.state is not State.ATTENTION:
        return _not_needed()
    if shipment.store_id != store_id:
        return _("This report was made for another store. Nothing was changed.")
    return ""


def _not_needed() -> str:
    return _("This report does not need attention. Nothing was changed.")
