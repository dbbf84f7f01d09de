"""Prints reports of the queue: one line each, or one in full with its history."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from factorypos_tui.cli.output import print_facts, print_table, tell
from factorypos_tui.core.language import _, format_date, format_number
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.operations.accepting import accepted_words
from factorypos_tui.core.operations.exporting import shipment_document
from factorypos_tui.core.operations.inspecting import Inspected
from factorypos_tui.core.operations.way import history_lines, paper_lines
from factorypos_tui.core.queue.referring import refs
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import reason_words, state_name
from factorypos_tui.core.station import Station


def print_shipments(station: Station, shipments: Sequence[Shipment]) -> None:
    """Print a line for each report, with the name that commands take."""
    headings = ("REF", _("Row"), _("Kind"), _("Date"), _("Net"), _("State"), _("Tries"), _("Why not"))
    rows = [
        (
            ref,
            str(shipment.id),
            shipment.kind.value,
            format_date(shipment.business_date),
            format_money(shipment.net, shipment.currency),
            state_name(shipment.state),
            format_number(shipment.attempts),
            _why_not(shipment),
        )
        for ref, shipment in zip(refs(station.database, shipments), shipments, strict=True)
    ]
    print_table(headings, rows)


def print_report(inspected: Inspected) -> None:
    """Print one report as on paper, then its history."""
    for line in paper_lines(inspected):
        tell(line)
    tell("")
    tell(_("Delivery").upper())
    for line in history_lines(inspected):
        tell(line)
    tell("")
    shipment = inspected.shipment
    facts = [(_("State"), state_name(shipment.state))]
    if why_not := _why_not(shipment):
        facts.append((_("Why not"), why_not))
    if shipment.state is State.ACCEPTED:
        facts.append((_("Accepted"), accepted_words(shipment)))
    facts += [(named.field, named.message) for named in inspected.named if shipment.state is State.ATTENTION]
    if inspected.signed:
        facts.append((_("Signed"), _("by key {key} of FactoryCLOUD").format(key=inspected.signed.key_id)))
    print_facts([*facts, (_("Store"), inspected.store.name), (_("Row"), str(shipment.id))])


def report_document(inspected: Inspected) -> dict[str, Any]:
    """One report as JSON."""
    way = [
        asdict(event) | {"first_at": rfc3339(event.first_at), "last_at": rfc3339(event.last_at)}
        for event in inspected.history
    ]
    return shipment_document(inspected.shipment) | {
        "way": way,
        "fields": [asdict(named) for named in inspected.named],
        "report": inspected.document,
        "acknowledgement": json.loads(inspected.signed.document) if inspected.signed else None,
    }


def _why_not(shipment: Shipment) -> str:
    """Why the report has not arrived; empty where it has."""
    return reason_words(shipment.last_error) if shipment.state.about.says_why and shipment.last_error else ""
