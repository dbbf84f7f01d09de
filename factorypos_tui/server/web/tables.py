"""The tables of pages as CSV and JSON: the same numbers, in minor units."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from fastapi import Response

from factorypos_tui.server.documents.csv_table import csv_of
from factorypos_tui.server.domain.days import Days
from factorypos_tui.server.domain.ladders import DayInSteps, Ladder
from factorypos_tui.server.domain.takings import AMOUNTS, Sums, Takings
from factorypos_tui.server.domain.today import Today

Form = Literal["csv", "json"]
Row = Mapping[str, Any]
SUMS = ("state", "currency", "reports", "receipts", *AMOUNTS)
DAYS = ("date", "store_id", "store", "mark", *SUMS)
TODAY = ("date", "store_id", "store", "as_of", *SUMS)
DAY = ("state", "currency", "group", "code", "name", "count", "quantity", "tax", "amount")
DRAWERS = ("opening_float", "paid_in", "paid_out", "expected", "counted", "over_short")


def table(form: Form, columns: Sequence[str], rows: Iterable[Row]) -> Response:
    """A file of the rows; JSON has them in `items`."""
    if form == "csv":
        return Response(csv_of(columns, rows), media_type="text/csv")
    items = [{name: row[name] for name in columns} for row in rows]
    body = json.dumps({"items": items}, ensure_ascii=False).encode()
    return Response(body, media_type="application/json")


def days_rows(found: Days) -> Iterator[Row]:
    """A row for each day, store, currency and state; a day without a report has one row of its mark."""
    for day in found.range:
        for store in found.stores:
            it = found.of(store, day)
            place = {"date": day.isoformat(), "store_id": store.id, "store": store.name}
            rows = list(_sums_rows(it.takings)) or [dict.fromkeys(SUMS)]
            yield from ({**place, "mark": it.mark.value, **row} for row in rows)


def today_rows(days: Iterable[Today]) -> Iterator[Row]:
    """A row for each store, currency and state."""
    for it in days:
        place = {"date": it.day.isoformat(), "store_id": it.store.id, "store": it.store.name}
        for row in _sums_rows(it.takings):
            as_of = it.as_of if row["state"] == "so far" else None
            yield {**place, "as_of": as_of, **row}


def _sums_rows(takings: Takings) -> Iterator[Row]:
    for state, by_currency in (("closed", takings.closed), ("so far", takings.so_far)):
        for currency, sums in sorted(by_currency.items()):
            yield {"state": state, "currency": currency, **_named(sums)}


def _named(sums: Sums) -> Row:
    return sums._asdict()


def day_rows(steps: DayInSteps) -> Iterator[Row]:
    """A row for each line of the ladders, each payment, tax, department and hour."""
    for state, ladders in (("closed", steps.closed), ("so far", steps.so_far)):
        for ladder in ladders:
            empty = dict.fromkeys(DAY)
            for row in _ladder_rows(ladder):
                yield {**empty, "state": state, "currency": ladder.currency, **row}


def _ladder_rows(ladder: Ladder) -> Iterator[Row]:
    sums, drawers = ladder.sums, ladder.drawers
    yield {"group": "receipts", "code": "receipts", "count": sums.receipts}
    for name in AMOUNTS:
        yield {"group": "totals", "code": name, "amount": getattr(sums, name)}
    yield {"group": "totals", "code": "paid", "amount": sums.paid}
    for name in DRAWERS if drawers else ():
        yield {"group": "cash", "code": name, "amount": getattr(drawers, name)}
    for row in ladder.groups["payments"]:
        yield {"group": "payments", "code": row["code"], "name": row["name"]} | {
            "count": row["sales_count"],
            "amount": row["amount"],
        }
    for row in ladder.groups["taxes"]:
        yield {"group": "taxes", "code": row["code"], "name": row["name"]} | {
            "tax": row["tax"],
            "amount": row["gross"],
        }
    for row in ladder.groups["departments"]:
        yield {"group": "departments", "code": row["code"], "name": row["name"]} | {
            "quantity": row["quantity"],
            "amount": row["amount"],
        }
    for place, (receipts, amount) in ladder.hours.items():
        yield {"group": "hours", "code": str(place), "count": receipts, "amount": amount}
