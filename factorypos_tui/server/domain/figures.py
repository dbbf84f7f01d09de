"""What a store sold, day by day: its Z reports added up, and the newest X of each period still open.

What each report adds is kept beside it, in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from functools import reduce
from typing import Any

from peewee import JOIN, Database, fn
from pydantic import BaseModel

from factorypos_tui.server.documents.report import Hour, Payment, Sold, Tax, Totals
from factorypos_tui.server.documents.share import read_share, share_if_any
from factorypos_tui.server.storage.arrivals import keep_shares
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.paging import Page
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import DayShare, Store

Share = dict[str, Any]
Row = dict[str, Any]
GROUPS = {
    "taxes": ("code", "rate"),
    "payments": ("code",),
    "departments": ("code",),
    "hours": ("hour",),
}
"""The groups that are added up row by row, and the fields that tell their rows apart."""
NOT_ADDED = {"code", "name", "rate", "type", "hour"}

_SHARES: Prepared[None] = Prepared(
    DayShare.select(DayShare.share)
    .where(DayShare.store_id == given("store_id"))
    .where(DayShare.business_date.between(given("first"), given("last")))
    .order_by(DayShare.business_date, DayShare.report_id)
)


class Summed(BaseModel):
    """Reports of one currency added up; `provisional` while a period of them is still open."""

    currency: str
    provisional: bool
    z_reports: int
    receipts: int
    totals: Totals
    taxes: list[Tax]
    payments: list[Payment]
    departments: list[Sold]
    hours: list[Hour]


class Day(Summed):
    """One business date."""

    date: str


def summarise(shares: Iterable[Share]) -> list[Row]:
    """Shares, or whole reports, added up by business date and currency: each a `Day`. Sums may be larger than
    what one report may hold."""
    days: dict[tuple[str, str], list[Share]] = {}
    for share in shares:
        days.setdefault((share["business_date"], share["currency"]), []).append(share)
    return [_day(*key, days[key]) for key in sorted(days)]


def _day(date: str, currency: str, shares: Sequence[Share]) -> Row:
    z_reports = sum(share["kind"] == "Z" for share in shares)
    return {
        "date": date,
        "currency": currency,
        "provisional": z_reports < len(shares),
        "z_reports": z_reports,
        "receipts": sum(share["receipts"]["count"] for share in shares),
        "totals": reduce(_added, (share["totals"] for share in shares)),
        **{group: _rows(group, names, shares) for group, names in GROUPS.items()},
    }


def added_rows(one: Row, other: Row) -> Row:
    """Two days of one currency as one row; it has the date of the first."""
    return {
        **one,
        "provisional": one["provisional"] or other["provisional"],
        "z_reports": one["z_reports"] + other["z_reports"],
        "receipts": one["receipts"] + other["receipts"],
        "totals": _added(one["totals"], other["totals"]),
        **{group: _rows(group, names, (one, other)) for group, names in GROUPS.items()},
    }


def _rows(group: str, names: tuple[str, ...], shares: Sequence[Share]) -> list[Row]:
    rows: dict[tuple[str | int, ...], Row] = {}
    for share in shares:
        for row in share[group]:
            key = tuple([row[name] for name in names])
            rows[key] = _added(rows[key], row) if key in rows else row
    return [rows[key] for key in sorted(rows)]


def _added(before: Row, row: Row) -> Row:
    return {name: _sum(name, before[name], row[name]) for name in before}


def _sum(name: str, before: Any, value: Any) -> Any:
    if name in NOT_ADDED:
        return value
    if name != "quantity":
        return before + value
    with localcontext(prec=100):
        return format(Decimal(before) + Decimal(value), "f")


def days_of(
    database: Database, store: Store, first: date, last: date, page: Page
) -> tuple[list[Row], str | None]:
    """A page of the days from `first` to `last`, both included, each a `Day`, and the next cursor."""
    dates = DayShare.select(DayShare.business_date).where(
        DayShare.store_id == store.id, DayShare.business_date.between(first.isoformat(), last.isoformat())
    )
    rows, cursor = page.rows(database, dates.distinct(), DayShare.business_date)
    if not rows:
        return [], None
    found = _SHARES.bare_rows(
        database, store_id=store.id, first=rows[0].business_date, last=rows[-1].business_date
    )
    return summarise(read_share(bytes(share)) for (share,) in found), cursor


def share_again(
    database: Database, terminal_id: str, periods: Iterable[str], gone: str | None = None
) -> None:
    """Let those reports of these periods count that are to. `gone`: the id of the report that had a place
    which another one has now."""
    named, reports = list(periods), []
    for table, with_documents in ((XReport, _xs_with_documents), (ZReport, zs_with_bodies)):
        query = with_documents(table.period_id, table.id, table.store_id, table.business_date)
        query = query.where(table.terminal_id == terminal_id, table.period_id.in_(named))
        reports += [row for row in query.tuples().execute(database) if row[-1] is not None]
    counting = {period_id: rest for period_id, *rest in reports}  # the Z comes after the X
    shares = [
        (report_id, store_id, business_date, share)
        for report_id, store_id, business_date, document in counting.values()
        if (share := share_if_any(bytes(document))) is not None
    ]
    keep_shares(database, shares, {row[1] for row in reports} | ({gone} if gone else set()))


def _xs_with_documents(*columns: Any) -> Any:
    return XReport.select(*columns, XReport.document)


def uncounted_zs(*columns: Any) -> Any:
    """These columns, and the document, of the Zs that do not count. Damaged ones never do."""
    return _without_share(zs_with_bodies(*columns), ZReport)


def uncounted_xs(*columns: Any) -> Any:
    """The same of the Xs of periods whose Zs are not here."""
    is_its_z = (ZReport.terminal_id == XReport.terminal_id) & (ZReport.period_id == XReport.period_id)
    is_open = ~fn.EXISTS(ZReport.select(1).where(is_its_z))
    return _without_share(_xs_with_documents(*columns), XReport).where(is_open)


def _without_share(query: Any, table: Any) -> Any:
    query = query.join(DayShare, JOIN.LEFT_OUTER, on=(DayShare.report_id == table.id))
    return query.where(DayShare.report_id.is_null())


def without_report(database: Database, store_id: str) -> int:
    """How many shares of a store are left of reports that were lost."""
    query = DayShare.select().where(DayShare.store_id == store_id)
    for table in (ZReport, XReport):
        query = query.where(~fn.EXISTS(table.select(1).where(table.id == DayShare.report_id)))
    return int(query.bind(database).count())
