"""Which Z numbers of a terminal an account knows, and which are missing between them."""

from itertools import chain, islice

from peewee import Database, Ordering, fn

from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Report

MISSING_SHOWN = 1000


def _outermost(order: Ordering) -> Prepared[Report]:
    """The first Z of a terminal in this order, of those in an account's stores."""
    known = Report.store_id.in_(stores_of(given("account_id")))
    of_terminal = Report.terminal_id == given("terminal_id")
    query = Report.select(Report.z_number).where(of_terminal, Report.z_number.is_null(False), known)
    return Prepared(query.order_by(order).limit(1))


def _gaps() -> Prepared[tuple[int, int]]:
    """The numbers around each gap between a first and a last one."""
    following = fn.LEAD(Report.z_number).over(order_by=[Report.z_number]).alias("following")
    between = Report.z_number.between(given("first"), given("last"))
    numbers = Report.select(Report.z_number.alias("number"), following)
    numbers = numbers.where(Report.terminal_id == given("terminal_id"), between).alias("numbers")
    query = Report.select(numbers.c.number, numbers.c.following).from_(numbers)
    query = query.where(numbers.c.following - numbers.c.number > 1).order_by(numbers.c.number)
    return Prepared(query.limit(given("most")).tuples())


_FIRST, _LAST = _outermost(Report.z_number.asc()), _outermost(Report.z_number.desc())
_GAPS = _gaps()


def last_z_number(database: Database, terminal_id: str, account_id: str) -> int | None:
    """The highest Z number that an account knows of a terminal."""
    last = _LAST.row(database, terminal_id=terminal_id, account_id=account_id)
    return last.z_number if last else None


def missing_z_numbers(
    database: Database, terminal_id: str, account_id: str, most: int = MISSING_SHOWN
) -> list[int]:
    """The first gaps between the lowest and the highest Z number that an account knows of a terminal. What
    arrived for another account is no gap: it cannot be sent to this one."""
    first = _FIRST.row(database, terminal_id=terminal_id, account_id=account_id)
    if first is None:
        return []
    last = last_z_number(database, terminal_id, account_id)
    gaps = _GAPS.rows(database, terminal_id=terminal_id, first=first.z_number, last=last, most=most)
    return list(islice(chain.from_iterable(range(low + 1, high) for low, high in gaps), most))
