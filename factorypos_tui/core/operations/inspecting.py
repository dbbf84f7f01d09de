"""One report in full: its frozen document, its history, and what FactoryCLOUD holds in its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from factorypos_tui.core.account.assignment import load_assignment, terminal_token
from factorypos_tui.core.account.stores import known_store, open_stores
from factorypos_tui.core.errors import CloudRefused, FieldProblem, NotConnected
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import SignedAnswer, Store
from factorypos_tui.core.operations.retrying import existing
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.acknowledgements import acknowledgement
from factorypos_tui.core.queue.pages import Query, first_window, page, place_of
from factorypos_tui.core.queue.shipments import Event, Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.rebuilding import report_bytes
from factorypos_tui.core.reports.reports import content_hash
from factorypos_tui.core.reports.unchecked import Document
from factorypos_tui.core.station import Station

_LONGEST_NAME = 60
_NEEDS_ATTENTION = Query(State.ATTENTION)


@dataclass(frozen=True, slots=True)
class Inspected:
    """One report in full."""

    shipment: Shipment
    store: Store
    document: Document | None
    """None where the frozen bytes cannot be read."""
    intact: bool
    """Whether the bytes still fit their hash."""
    history: tuple[Event, ...]
    named: tuple[FieldProblem, ...]
    """The fields that FactoryCLOUD named when it refused the report last."""
    signed: SignedAnswer | None
    """What FactoryCLOUD signed of it."""


def inspect(station: Station, row_id: int) -> Inspected:
    """Everything that this terminal knows of a report; raises `FactoryPosError` where there is none."""
    database, shipment = station.database, existing(station, row_id)
    document = document_of(station, row_id)
    return Inspected(
        shipment=shipment,
        store=known_store(database, shipment.store_id),
        document=document,
        intact=document is not None and _fits(document, shipment.content_hash),
        history=tuple(shipments.history(database, row_id)),
        named=tuple(shipments.refused_fields(database, row_id)),
        signed=acknowledgement(database, row_id),
    )


def next_in_need(station: Station, after: int | None) -> int | None:
    """The row of the next report that needs attention, the newest first; after the oldest the newest again.

    None where no report needs any."""
    if after is not None:
        shipment = existing(station, after)
        if older := page(station, _NEEDS_ATTENTION, place_of(_NEEDS_ATTENTION, shipment), 1, 1):
            return older[0].id
    newest = first_window(station, _NEEDS_ATTENTION, 1).rows
    return newest[0].id if newest else None


def held_instead(station: Station, shipment: Shipment) -> Document | None:
    """What FactoryCLOUD holds under the report's id, or else with its Z number; None where it has neither.

    Raises `CloudUnreachable`, `CloudRefused`, and `NotConnected` where its store is another account's."""
    assignment = load_assignment(station.database)
    if assignment is None or shipment.store_id not in open_stores(station.database):
        store = known_store(station.database, shipment.store_id)
        raise NotConnected(
            _("It was made for {store}. Assign that store to see what is there.").format(
                store=plain(store.name, _LONGEST_NAME)
            )
        )
    token, cloud = terminal_token(station, assignment), station.cloud()
    try:
        return cloud.report(token, shipment.report_id)
    except CloudRefused as refusal:
        if refusal.code != "not_found":
            raise
    same_number = (held for held in cloud.held_zs(token) if held.z_number == shipment.z_number)
    held = next(same_number, None)
    return cloud.report(token, held.report_id) if held else None


def document_of(station: Station, row_id: int) -> Document | None:
    """The frozen document of a report, or the one that the till builds again; None where neither can be
    read."""
    body = report_bytes(station, row_id)
    try:
        document = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _fits(document: Mapping[str, object], digest: str) -> bool:
    try:
        return content_hash(document) == digest == document.get("content_hash")
    except (ValueError, RecursionError):
        return False
