"""One key accepts a report that needs attention, and takes that back."""

from functools import partial

from factorypos_tui.core.language import _
from factorypos_tui.core.operations.accepting import accept, accepted_words, take_back
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.tui.screens.base.doing import do
from factorypos_tui.tui.station_app import StationApp


async def leave_it_or_not(app: StationApp, shipment: Shipment) -> None:
    """Accept it or take that back, and say which."""
    if shipment.state is State.ACCEPTED:
        words = _("Taken back: the report needs attention again.")
        await do(app, partial(take_back, row_id=shipment.id), lambda _report: words)
    else:
        await do(app, partial(accept, row_id=shipment.id), _said)


def _said(shipment: Shipment) -> str:
    return " ".join((accepted_words(shipment), _("L takes that back.")))
