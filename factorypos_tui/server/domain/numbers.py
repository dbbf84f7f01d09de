"""Which Z numbers of a terminal an account knows, and which are missing between them."""

from itertools import chain, islice

from peewee import Database, Expression, Ordering, fn

from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import Report

MISSING_SHOWN = 1000


def _outermost(order: Ordering) -> Prepared[tuple[int]]:
    """The first Z of a terminal in this order, in the stores of an account."""
    known = Report.store_id.in_(stores_of(given("account_id")))
    of_terminal = Report.terminal_id == given("terminal_id")
    query = Report.select(Report.z_number).where(of_terminal, Report.z_number.is_null(False), known)
    return Prepared(query.order_by(order).limit(1).tuples())


def _between() -> Expression:
    """The Zs of a terminal between a first and a last one."""
    numbers: Expression = Report.z_number.between(given("first"), given("last"))
    numbers &= Report.terminal_id == given("terminal_id")
    return numbers


def _gaps() -> Prepared[tuple[int, int]]:
    """The numbers around each gap between a first and a last one."""
    following = fn.LEAD(Report.z_number).over(order_by=[Report.z_number]).alias("following")
    numbers = Report.select(Report.z_number.alias("number"), following).where(_between()).alias("numbers")
    query = Report.select(numbers.c.number, numbers.c.following).from_(numbers)
    query = query.where(numbers.c.following - numbers.c.number > 1).order_by(numbers.c.number)
    return Prepared(query.limit(given("most")).tuples())


_FIRST, _LAST = _outermost(Report.z_number.asc()), _outermost(Report.z_number.desc())
_COUNT = Prepared[tuple[int]](Report.select(fn.COUNT(Report.z_number)).where(_between()).tuples())
_GAPS = _gaps()


def last_z_number(database: Database, terminal_id: str, account_id: str) -> int | None:
    """The highest Z number that an account knows of a terminal."""
    last = _LAST.row(database, terminal_id=terminal_id, account_id=account_id)
    return last[0] if last else None


def missing_z_numbers(
    database: Database, terminal_id: str, account_id: str, most: int = MISSING_SHOWN
) -> list[int]:
    """The first gaps between the lowest and the highest Z number that an account knows of a terminal. A
    report that arrived for another account is no gap: it cannot be sent to this one."""
    last = last_z_number(database, terminal_id, account_id)
    if last is None:
        return []
    ((first,),) = _FIRST.rows(database, terminal_id=terminal_id, account_id=account_id)
    ((count,),) = _COUNT.rows(database, terminal_id=terminal_id, first=first, last=last)
    if count == last - first + 1:  # nearly always so, and much faster than a search for gaps
        return []
    gaps = _GAPS.rows(database, terminal_id=terminal_id, first=first, last=last, most=most)
    return list(islice(chain.from_iterable(range(low + 1, high) for low, high in gaps), most))
