"""Every report with where it stands, a JSON object a line, money in minor units: for other programs."""

import json
from pathlib import Path
from typing import Any, TextIO

from factorypos_tui.core import shipments
from factorypos_tui.core.files import new_private_file
from factorypos_tui.core.inspecting import document_of
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.shipments import Shipment
from factorypos_tui.core.station import Station
from factorypos_tui.core.text import escaped


def export_queue(station: Station, path: Path) -> int:
    """Write every report to a new file; returns how many. Raises `UsageError` where the file exists."""
    with new_private_file(path) as lines:
        return write_queue(station, lines)


def write_queue(station: Station, lines: TextIO) -> int:
    """Write every report, oldest first; returns how many. One whose frozen bytes are damaged is written as
    null: it must not keep the others from whoever needs them."""
    count = 0
    for shipment in shipments.every(station.database):
        report = document_of(station, shipment.id)
        document = shipment_document(shipment) | {"report": report}
        lines.write(escaped(json.dumps(document, ensure_ascii=False)) + "\n")
        count += 1
    return count


def shipment_document(shipment: Shipment) -> dict[str, Any]:
    """A row of the queue as JSON; `net` in minor units."""
    return {
        "id": shipment.id,
        "report_id": shipment.report_id,
        "kind": shipment.kind.value,
        "revision": shipment.revision,
        "z_number": shipment.z_number,
        "business_date": shipment.business_date.isoformat(),
        "store_id": shipment.store_id,
        "currency": shipment.currency,
        "net": shipment.net,
        "content_hash": shipment.content_hash,
        "state": shipment.state.value,
        "attempts": shipment.attempts,
        "queued_at": rfc3339(shipment.queued_at),
        "delivered_at": rfc3339(shipment.delivered_at) if shipment.delivered_at else None,
        "result": shipment.result,
        "last_status": shipment.last_status,
        "last_error": shipment.last_error,
    }
