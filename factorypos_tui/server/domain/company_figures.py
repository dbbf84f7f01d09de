"""What the stores of a company took, added up by day, week, month or store."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from peewee import Database

from factorypos_tui.server.documents.share import read_share
from factorypos_tui.server.domain.figures import Row, added_rows, summarise
from factorypos_tui.server.domain.ranges import Range, days_after
from factorypos_tui.server.storage.days import ShareRow, shares_between
from factorypos_tui.server.storage.tables import Store


class By(StrEnum):
    """What is added up to one row."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    STORE = "store"


def figures_by(database: Database, stores: Sequence[Store], asked: Range, by: By) -> list[Row]:
    """Rows of each currency, in order of time, or of the stores as they are given. Where the range cuts a
    week or a month, its row begins or ends there."""
    if by is By.STORE:
        return [
            {"store_id": store.id, **row}
            for store in stores
            for row in _rows(asked, _days(shares_between(database, [store.id], asked.first, asked.last)))
        ]
    shares = shares_between(database, [store.id for store in stores], asked.first, asked.last)
    return [
        {"store_id": None, **row}
        for start, days in groupby(_days(shares), lambda day: _start(date.fromisoformat(day["date"]), by))
        for row in _rows(Range(max(start, asked.first), min(_end(start, by), asked.last)), days)
    ]


def _days(shares: Iterable[ShareRow]) -> Iterator[Row]:
    """Each day in each currency: at no time more than the shares of one day are held."""
    for _day, of_day in groupby(shares, lambda row: row.business_date):
        yield from summarise(read_share(row.share) for row in of_day)


def _rows(within: Range, days: Iterable[Row]) -> Iterator[Row]:
    by_currency: dict[str, Row] = {}
    for day in days:
        currency = day["currency"]
        held = by_currency.get(currency)
        by_currency[currency] = day if held is None else added_rows(held, day)
    for currency in sorted(by_currency):
        row = by_currency[currency]
        rest = {name: value for name, value in row.items() if name != "date"}
        yield {"from": within.first.isoformat(), "to": within.last.isoformat(), **rest}


def _start(day: date, by: By) -> date:
    if by is By.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by is By.WEEK else day


def _end(start: date, by: By) -> date:
    if by is By.MONTH:
        next_month = days_after(start, 31)
        return next_month if next_month == date.max else next_month - timedelta(days=next_month.day)
    return days_after(start, 6) if by is By.WEEK else start
