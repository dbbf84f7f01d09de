"""Which Z numbers of a terminal an account knows, and which are missing between them."""

from collections.abc import Iterable
from itertools import chain, islice

from peewee import Database, Expression, Ordering, fn

from factorypos_tui.server.domain.companies import stores_under
from factorypos_tui.server.domain.members import Role, stores_for
from factorypos_tui.server.storage.arrivals import spans
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.tables import Company, Store, Terminal

MISSING_SHOWN = 1000


def _outermost(order: Ordering) -> Prepared[tuple[int]]:
    """The first Z of a terminal in this order, in the stores of an account."""
    known = ZReport.store_id.in_(stores_under(given("account_id")))
    of_terminal = ZReport.terminal_id == given("terminal_id")
    query = ZReport.select(ZReport.z_number).where(of_terminal, known)
    return Prepared(query.order_by(order).limit(1).tuples())


def _between() -> Expression:
    """The Zs of a terminal between a first and a last one."""
    numbers: Expression = ZReport.z_number.between(given("first"), given("last"))
    numbers &= ZReport.terminal_id == given("terminal_id")
    return numbers


def _gaps() -> Prepared[tuple[int, int]]:
    """The numbers around each gap between a first and a last one."""
    following = fn.LEAD(ZReport.z_number).over(order_by=[ZReport.z_number]).alias("following")
    numbers = ZReport.select(ZReport.z_number.alias("number"), following).where(_between()).alias("numbers")
    query = ZReport.select(numbers.c.number, numbers.c.following).from_(numbers)
    query = query.where(numbers.c.following - numbers.c.number > 1).order_by(numbers.c.number)
    return Prepared(query.limit(given("most")).tuples())


_FIRST, _LAST = _outermost(ZReport.z_number.asc()), _outermost(ZReport.z_number.desc())
_COUNT = Prepared[tuple[int]](ZReport.select(fn.COUNT(ZReport.z_number)).where(_between()).tuples())
_GAPS = _gaps()


def last_z_number(database: Database, terminal_id: str, account_id: str) -> int | None:
    """The highest Z number that an account knows of a terminal."""
    last = _LAST.row(database, terminal_id=terminal_id, account_id=account_id)
    return last[0] if last else None


def last_z_numbers(database: Database, account_id: str) -> dict[str, int | None]:
    """The same, as its own account knows it, for each terminal at the stores that an account sees; by
    terminal."""
    kept = Company.select(Company.id).where(Company.account_id == Terminal.account_id)
    known = ZReport.store_id.in_(Store.select(Store.id).where(Store.company_id.in_(kept)))
    newest = ZReport.select(ZReport.z_number).where(ZReport.terminal_id == Terminal.id, known)
    newest = newest.order_by(ZReport.z_number.desc()).limit(1)
    query = Terminal.select(Terminal.id, newest)
    query = query.where(Terminal.store_id.in_(stores_for(account_id, Role.VIEWER)))
    return dict(query.tuples().execute(database))


def missing_of_each(
    database: Database, terminals: Iterable[Terminal], most: int = MISSING_SHOWN
) -> dict[str, list[int]]:
    """The same as `missing_z_numbers` for the present account of each terminal, by terminal."""
    accounts = {terminal.id: terminal.account_id for terminal in terminals}
    with_gaps = {
        terminal_id
        for terminal_id, (low, high, count) in spans(database, accounts).items()
        if count <= high - low  # hardly ever so; else there is no gap for any account
    }
    return {
        terminal_id: missing_z_numbers(database, terminal_id, account_id, most)
        if terminal_id in with_gaps
        else []
        for terminal_id, account_id in accounts.items()
    }


def missing_z_numbers(
    database: Database, terminal_id: str, account_id: str, most: int = MISSING_SHOWN
) -> list[int]:
    """The first numbers missing between the lowest and the highest Z that an account knows of a terminal. A
    report that arrived for another account is no gap: it cannot be sent to this one."""
    found = gaps(database, terminal_id, account_id, most)
    return list(islice(chain.from_iterable(range(low + 1, high) for low, high in found), most))


def gaps(database: Database, terminal_id: str, account_id: str, most: int) -> list[tuple[int, int]]:
    """The numbers around each of the first gaps, in order."""
    last = last_z_number(database, terminal_id, account_id)
    if last is None:
        return []
    ((first,),) = _FIRST.rows(database, terminal_id=terminal_id, account_id=account_id)
    ((count,),) = _COUNT.rows(database, terminal_id=terminal_id, first=first, last=last)
    if count == last - first + 1:  # nearly always so, and much faster than a search for gaps
        return []
    return _GAPS.rows(database, terminal_id=terminal_id, first=first, last=last, most=most)
