"""What is read of the days of many stores at once. Days are the business dates that the reports themselves
have, and texts sort as they do, so no index is lost and no zone is asked."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import Database, fn

from factorypos_tui.server.storage.bodies import bodies_of
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Conflict, DayShare, Terminal


class ShareRow(NamedTuple):
    """What one report that counts adds to its day."""

    store_id: str
    business_date: str
    report_id: str
    share: bytes


class Number(NamedTuple):
    """A Z report without its document."""

    report_id: str
    store_id: str
    terminal_id: str
    z_number: int
    business_date: str


def shares_between(database: Database, stores: Sequence[str], first: date, last: date) -> Iterator[ShareRow]:
    """The shares of some stores from `first` to `last`, both included, in order of days."""
    query = DayShare.select(DayShare.store_id, DayShare.business_date, DayShare.report_id, DayShare.share)
    query = query.where(_within(DayShare, stores, first, last))
    query = query.order_by(DayShare.business_date, DayShare.store_id, DayShare.report_id)
    return map(ShareRow._make, _rows(database, query))


def numbers_between(database: Database, stores: Sequence[str], first: date, last: date) -> list[Number]:
    """The Zs of some stores from `first` to `last`, both included."""
    columns = (ZReport.id, ZReport.store_id, ZReport.terminal_id, ZReport.z_number, ZReport.business_date)
    query = ZReport.select(*columns).where(_within(ZReport, stores, first, last))
    return list(map(Number._make, _rows(database, query)))


def spans_between(
    database: Database, stores: Sequence[str], first: date, last: date
) -> list[tuple[str, int, int, int]]:
    """Each terminal that has Zs in some stores from `first` to `last`, both included, with the lowest and the
    highest of their numbers, and how many they are."""
    numbers = (fn.MIN(ZReport.z_number), fn.MAX(ZReport.z_number), fn.COUNT(ZReport.z_number))
    query = ZReport.select(ZReport.terminal_id, *numbers).where(_within(ZReport, stores, first, last))
    return _rows(database, query.group_by(ZReport.terminal_id))


def numbers_of_terminal(database: Database, terminal_id: str, low: int, high: int) -> list[Number]:
    """The Zs of a terminal between two numbers, both included, wherever they are."""
    columns = (ZReport.id, ZReport.store_id, ZReport.terminal_id, ZReport.z_number, ZReport.business_date)
    between = ZReport.z_number.between(low, high)
    query = ZReport.select(*columns).where(ZReport.terminal_id == terminal_id, between)
    return list(map(Number._make, _rows(database, query)))


def open_conflicts(
    database: Database, stores: Sequence[str], terminals: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Store, business date and id of each report that another one contradicts, where nobody has decided. Of
    terminals that are in some stores now, and of others that are named."""
    now_there = Terminal.select(Terminal.id).where(Terminal.store_id.in_(stores))
    of_terminals = Conflict.terminal_id.in_(now_there) | Conflict.terminal_id.in_(terminals)
    query = Conflict.select(Conflict.held_id).where(of_terminals, Conflict.settled_at.is_null())
    held = [held_id for (held_id,) in _rows(database, query.distinct())]
    if not held:
        return []
    found: list[tuple[str, str, str]] = []
    for table in (ZReport, XReport):
        reports = table.select(table.store_id, table.business_date, table.id)
        found += _rows(database, reports.where(table.id.in_(held), table.store_id.in_(stores)))
    return found


def documents_of(database: Database, report_ids: Sequence[str]) -> dict[str, bytes]:
    """The documents of reports, as they arrived; those that the host has dropped are left out."""
    xs = XReport.select(XReport.id, XReport.document).where(XReport.id.in_(report_ids))
    documents = {report_id: bytes(document) for report_id, document in _rows(database, xs)}
    keys = ZReport.select(ZReport.business_date, ZReport.id).where(ZReport.id.in_(report_ids))
    for date_text, of_date in groupby(sorted(_rows(database, keys)), itemgetter(0)):
        documents |= bodies_of(database, date_text, [report_id for _date, report_id in of_date])
    return documents


def _within(table: Any, stores: Sequence[str], first: date, last: date) -> Any:
    return table.store_id.in_(stores) & table.business_date.between(first.isoformat(), last.isoformat())


def _rows(database: Any, query: Any) -> list[tuple[Any, ...]]:
    """As the driver gives them: peewee takes longer to look at rows than to find them."""
    return list(database.execute(query).fetchall())


def hash_of_number(database: Database, terminal_id: str, z_number: int) -> str | None:
    """The hash of a Z of a terminal, None where it is not here."""
    query = ZReport.select(ZReport.content_hash)
    rows = _rows(database, query.where(ZReport.terminal_id == terminal_id, ZReport.z_number == z_number))
    return rows[0][0] if rows else None
