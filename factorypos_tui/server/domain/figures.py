"""What a store sold, day by day: its Z reports added up, and the newest X of each period still open."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from peewee import Database, fn
from pydantic import BaseModel

from factorypos_tui.server.documents.report import Hour, Payment, Sold, Tax, Totals
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.tables import Report, Store

Document = dict[str, Any]
Row = dict[str, Any]
GROUPS: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "taxes": (Tax, ("code", "rate")),
    "payments": (Payment, ("code",)),
    "departments": (Sold, ("code",)),
    "hours": (Hour, ("hour",)),
}
"""The groups that are added up row by row, and the fields that tell their rows apart."""
NOT_ADDED = {"code", "name", "rate", "type", "hour"}


class Day(BaseModel):
    """One business date in one currency; `provisional` while a period of it is still open."""

    date: str
    currency: str
    provisional: bool
    z_reports: int
    receipts: int
    totals: Totals
    taxes: list[Tax]
    payments: list[Payment]
    departments: list[Sold]
    hours: list[Hour]


def summarise(documents: Iterable[Document]) -> list[Day]:
    """Reports added up by business date and currency; each period counts once, as its Z or its newest X."""
    days: dict[tuple[str, str], Row] = {}
    for document in documents:
        key = (document["business_date"], document["currency"])
        day = days.setdefault(key, {"provisional": False, "z_reports": 0, "receipts": 0, "totals": {}})
        day["provisional"] |= document["kind"] == "X"
        day["z_reports"] += document["kind"] == "Z"
        day["receipts"] += document["receipts"]["count"]
        _add(day["totals"], Totals, document["totals"])
        for group, (model, names) in GROUPS.items():
            rows: dict[tuple[str | int, ...], Row] = day.setdefault(group, {})
            for row in document[group]:
                _add(rows.setdefault(tuple(row[name] for name in names), {}), model, row)
    return [_day(key, days[key]) for key in sorted(days)]


def _add(into: Row, model: type[BaseModel], row: Row) -> None:
    for name in model.model_fields:
        value = row[name]
        if name in NOT_ADDED:
            into[name] = value
        elif name == "quantity":
            with localcontext(prec=100):
                into[name] = format(Decimal(into.get(name, "0")) + Decimal(value), "f")
        else:
            into[name] = into.get(name, 0) + value


def _day(key: tuple[str, str], day: Row) -> Day:
    """A day without validation: sums may be larger than what one report may hold."""
    for group, (model, _) in GROUPS.items():
        day[group] = [model.model_construct(**row) for _, row in sorted(day[group].items())]
    day["totals"] = Totals.model_construct(**day["totals"])
    values = {"date": key[0], "currency": key[1], **day}
    return Day.model_construct(**values)


def days_of(
    database: Database, store: Store, first: date, last: date, page: Page
) -> tuple[list[Day], str | None]:
    """A page of the days from `first` to `last`, both included, and the next cursor."""
    dates = Report.select(Report.business_date).where(
        Report.store_id == store.id, Report.business_date.between(first.isoformat(), last.isoformat())
    )
    rows, cursor = page.rows(database, dates.distinct(), Report.business_date)
    if not rows:
        return [], None
    shown = Report.business_date.between(rows[0].business_date, rows[-1].business_date)
    closed = Report.alias()
    z_of_period = closed.select().where(
        closed.terminal_id == Report.terminal_id, closed.period_id == Report.period_id, closed.kind == "Z"
    )
    query = Report.select(Report.document).where(Report.store_id == store.id, shown)
    query = query.where((Report.kind == "Z") | ~fn.EXISTS(z_of_period))
    days = summarise(json.loads(bytes(row.document)) for row in query.bind(database).iterator())
    return days, cursor
