"""The figures of the store, or else of this till alone: what was taken, day by day.

A person who is logged in gets the store's from FactoryCLOUD. Otherwise, and where FactoryCLOUD does not give
them, this till's own reports tell. The answer says which of the two it is."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from factorypos_tui.core.account.accounts import user_token
from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.delivery.closes import closes_not_queued
from factorypos_tui.core.errors import FactoryPosError, StorageError, TillError
from factorypos_tui.core.models import Kind, Report, Store
from factorypos_tui.core.queue.frozen import frozen
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.shipments import zs_between
from factorypos_tui.core.reports.reports import build_x
from factorypos_tui.core.reports.takings import AMOUNTS, Takings
from factorypos_tui.core.station import Station


class Source(StrEnum):
    """Whose figures they are."""

    CLOUD = "cloud"
    """The store's, of all its tills, as FactoryCLOUD has them."""
    TILL = "till"
    """This till's alone."""


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """The takings from one business date to another."""

    source: Source
    days: tuple[Takings, ...]
    """The oldest first; this till has one for each report."""
    store: Store | None = None
    """None where they are this till's alone."""
    why_not_cloud: str = ""
    """Why they are not the store's; empty where they are."""
    missing: int = 0
    """How many closed days of this till are not among them, of any date."""
    why_no_running_day: str = ""
    """Why the till cannot tell them whole; empty where it can."""


def read_figures(station: Station, first: date, last: date) -> StoreFigures:
    """The figures of the days from `first` to `last`, both included. Raises `StorageError` where the queue
    cannot be read."""
    try:
        token, store = user_token(station), assigned_store(station.database)
        days = station.cloud().figures(token, store.id, first, last)
    except FactoryPosError as error:
        return _of_this_till(station, first, last, str(error))
    return StoreFigures(Source.CLOUD, tuple(days), store)


def _of_this_till(station: Station, first: date, last: date, why_not_cloud: str) -> StoreFigures:
    running, missing, trouble = None, 0, ""
    try:  # the till first: a day that is closed meanwhile is then counted as its Z
        running = _running_day(station)
        missing = len(closes_not_queued(station))
        missing += len(days_left_out(station.database, station.till.terminal().id))
    except (TillError, StorageError) as error:
        if isinstance(error, StorageError) and error.path == station.database.path:
            raise
        trouble = str(error)
    queued = [frozen(station.database, row.id) for row in zs_between(station.database, first, last)]
    # A till that was restored from a backup closes numbers again: the newest counts, as on the home screen.
    reports = {(report.terminal_id, report.z_number): report for report in queued if report}
    is_closed = {report.period_id for report in reports.values()}
    if running and running.period_id not in is_closed and first <= running.business_date <= last:
        reports[running.terminal_id, None] = running
    return StoreFigures(
        Source.TILL,
        tuple(sorted(map(_takings, reports.values()), key=lambda day: (day.first, day.currency))),
        why_not_cloud=why_not_cloud,
        missing=missing + queued.count(None),
        why_no_running_day=trouble,
    )


def _running_day(station: Station) -> Report | None:
    """What would be the X of now; None where nothing was sold since the last close."""
    period = station.till.open_period()
    if period is None or not station.till.status().receipts:
        return None
    taken_at = max(station.clock.now(), period.opened_at)
    return build_x(period, station.till.receipts(period.id), 0, taken_at)


def _takings(report: Report) -> Takings:
    document = json.loads(report.body)
    return Takings(
        first=report.business_date,
        last=report.business_date,
        currency=report.currency,
        is_running=report.kind is Kind.X,
        z_reports=int(report.kind is Kind.Z),
        receipts=document["receipts"]["count"],
        **{name: document["totals"][name] for name in AMOUNTS},
    )
