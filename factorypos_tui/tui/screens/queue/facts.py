"""What a supporter asks for first of a report, and the name of a file for it."""

from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.wording import reason_words, state_name
from factorypos_tui.tui.screens.queue.rows import name_of


def facts_of(shipment: Shipment) -> list[str]:
    """The facts that a supporter asks for first: which report, its state, why, and its id."""
    state = state_name(shipment.state)
    reason = plain(reason_words(shipment.last_error)) if shipment.last_error else ""
    report_id, content_hash = _("Report id"), _("Hash")
    return [
        f"{name_of(shipment)}, {state}" + (f": {reason}" if reason else ""),
        f"{report_id}: {plain(shipment.report_id)}",
        f"{content_hash}: {plain(shipment.content_hash)}",
    ]


def file_name(shipment: Shipment) -> str:
    """The name of a file for a report, without an ending."""
    number = f"-{shipment.z_number}" if shipment.z_number is not None else ""
    return f"{shipment.kind.value}{number}-{shipment.business_date}"
