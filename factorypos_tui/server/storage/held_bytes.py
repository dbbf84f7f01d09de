"""How many bytes of documents terminals have in the stores of which account, so that what is counted as kept
follows when a company or a terminal comes to another account.

What a terminal sent for the account that it is with now is counted at the terminal, all else at the account
that answers for the store."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import Database, fn

from factorypos_tui.server.storage.report_tables import XReport, ZBody, ZReport
from factorypos_tui.server.storage.tables import Account, Company, Configuration, Store, Terminal

_Counted = Counter[tuple[Any, str]]
"""Bytes by the table and the id of the row at which they are counted."""


@contextmanager
def counted_anew(database: Database, terminal_ids: Collection[str]) -> Iterator[None]:
    """Within the caller's transaction, let what these terminals sent be counted where it belongs after the
    work of this context, which changes accounts of terminals or companies."""
    before = _counted(database, terminal_ids)
    yield
    after = _counted(database, terminal_ids)
    after.subtract(before)
    count_bytes(database, after)


def count_bytes(database: Database, change: _Counted) -> None:
    """Count so many bytes more, or fewer, in the caller's transaction."""
    for (table, row_id), size in sorted(change.items(), key=lambda it: (it[0][0].__name__, it[0][1])):
        if size:
            changed = table.update(kept_bytes=table.kept_bytes + size)
            changed.where(table.id == row_id).execute(database)


def place_of(terminal_id: str, terminals_account: str, stores_account: str) -> tuple[Any, str]:
    """At which row a document is counted."""
    return (Terminal, terminal_id) if terminals_account == stores_account else (Account, stores_account)


def bytes_of_configurations(database: Database, company_id: str) -> int:
    """Of all versions in the stores of a company; they are counted at its account."""
    query = Configuration.select(fn.COALESCE(fn.SUM(fn.LENGTH(Configuration.document)), 0))
    query = query.join(Store, on=(Store.id == Configuration.store_id))
    return int(query.where(Store.company_id == company_id).scalar(database))


def _counted(database: Database, terminal_ids: Collection[str]) -> _Counted:
    found: _Counted = Counter()
    if not terminal_ids:
        return found
    of_z = (ZBody.business_date == ZReport.business_date) & (ZBody.report_id == ZReport.id)
    for table, joined, document in (
        (ZReport, ZReport.select().join(ZBody, on=of_z), ZBody.document),
        (XReport, XReport.select(), XReport.document),
    ):
        columns = (Terminal.id, Terminal.account_id, Company.account_id)
        query = joined.join_from(table, Terminal, on=(Terminal.id == table.terminal_id))
        query = query.join_from(table, Store, on=(Store.id == table.store_id))
        query = query.join(Company, on=(Company.id == Store.company_id))
        query = query.select(*columns, fn.SUM(fn.LENGTH(document))).group_by(*columns)
        of_them = table.terminal_id.in_(list(terminal_ids))
        for terminal_id, terminals_account, stores_account, size in (
            query.where(of_them).tuples().execute(database)
        ):
            found[place_of(terminal_id, terminals_account, stores_account)] += int(size)
    return found
