"""Which Z numbers of a terminal an account knows, and which are missing between them."""

from itertools import chain, islice

from peewee import Database, Ordering, fn

from factorypos_tui.server.domain.companies import stores_of
from factorypos_tui.server.storage.tables import Report

MISSING_SHOWN = 1000


def last_z_number(database: Database, terminal_id: str, account_id: str) -> int | None:
    """The highest Z number that an account knows of a terminal."""
    return _outermost(database, terminal_id, account_id, Report.z_number.desc())


def missing_z_numbers(
    database: Database, terminal_id: str, account_id: str, most: int = MISSING_SHOWN
) -> list[int]:
    """The first gaps between the lowest and the highest Z number that an account knows of a terminal. What
    arrived for another account is no gap: it cannot be sent to this one."""
    first = _outermost(database, terminal_id, account_id, Report.z_number.asc())
    last = last_z_number(database, terminal_id, account_id)
    following = fn.LEAD(Report.z_number).over(order_by=[Report.z_number]).alias("following")
    numbers = Report.select(Report.z_number.alias("number"), following)
    numbers = numbers.where(Report.terminal_id == terminal_id, Report.z_number.between(first, last)).alias(
        "numbers"
    )
    query = Report.select(numbers.c.number, numbers.c.following).from_(numbers)
    query = query.where(numbers.c.following - numbers.c.number > 1).order_by(numbers.c.number).limit(most)
    gaps = query.tuples().execute(database)
    return list(islice(chain.from_iterable(range(low + 1, high) for low, high in gaps), most))


def _outermost(database: Database, terminal_id: str, account_id: str, order: Ordering) -> int | None:
    """The first Z number of a terminal in this order, of those in an account's stores."""
    query = Report.select(Report.z_number).where(
        Report.terminal_id == terminal_id,
        Report.z_number.is_null(False),
        Report.store_id.in_(stores_of(account_id)),
    )
    number: int | None = query.order_by(order).limit(1).scalar(database)
    return number
