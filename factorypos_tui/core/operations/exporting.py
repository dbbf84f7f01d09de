"""Reports and their states for other programs: a JSON object a line, or a table."""

import csv
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.text import escaped, one_line
from factorypos_tui.core.operations.inspecting import document_of
from factorypos_tui.core.queue.pages import Query, page, place_of
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.files import new_private_file

EVERYTHING = Query(descending=False)
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """`jsonl` has each report whole, `csv` only its state."""

    JSONL = "jsonl"
    CSV = "csv"


def format_of(path: Path) -> Format:
    """The format that a file's name asks for."""
    return Format.CSV if path.suffix.lower() == ".csv" else Format.JSONL


def export_queue(station: Station, path: Path, query: Query, form: Format) -> int:
    """Write the reports of a query to a new file; returns how many. Raises `UsageError` where the file
    exists."""
    with new_private_file(path) as lines:
        return write_queue(station, lines, query, form)


def write_queue(station: Station, lines: TextIO, query: Query, form: Format) -> int:
    """Write the reports of a query, in its order; returns how many. A report with damaged bytes is written as
    null, so that the others can still be used."""
    count = 0
    table = csv.writer(lines, lineterminator="\n")
    for shipment in _found(station, query):
        document = shipment_document(shipment)
        if form is Format.JSONL:
            document["report"] = document_of(station, shipment.id)
            lines.write(escaped(json.dumps(document, ensure_ascii=False)) + "\n")
        else:
            if not count:
                table.writerow(document)
            table.writerow(map(_cell, document.values()))
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
        "state": shipment.state.promised,
        "attempts": shipment.attempts,
        "queued_at": rfc3339(shipment.queued_at),
        "delivered_at": rfc3339(shipment.delivered_at) if shipment.delivered_at else None,
        "result": shipment.result,
        "last_status": shipment.last_status,
        "last_error": shipment.last_error,
        "accepted_at": rfc3339(shipment.accepted_at) if shipment.accepted_at else None,
    }


def _found(station: Station, query: Query) -> Iterator[Shipment]:
    rows = page(station, query, None, 1, _PAGE)
    while rows:
        yield from rows
        rows = page(station, query, place_of(query, rows[-1]), 1, _PAGE)


def _cell(value: object) -> object:
    """A value for a table; text that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(value, str):
        return value
    return f"'{one_line(value)}" if value.startswith(_FORMULA) else one_line(value)
