"""The account that answers for a company becomes another one: what is kept there counts as that account's,
and the terminals of the company are with it, all in one transaction."""

from collections import Counter

from peewee import Database, ModelSelect, SqliteDatabase

from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.companies import companies_under, stores_in, stores_under
from factorypos_tui.server.domain.quotas import note_change, require_bytes, require_room
from factorypos_tui.server.storage.held_bytes import bytes_of_configurations, count_bytes, counted_anew
from factorypos_tui.server.storage.tables import Account, Company, Placement, Store, Terminal
from factorypos_tui.server.words import told


def require_room_for(database: Database, company: Company, account_id: str) -> None:
    """Raises `OverQuota` where an account may not keep this company beside its own."""
    words = told("That account has {most} companies; one account may have no more.")
    require_room(database, companies_under(account_id), limits.COMPANIES, words)
    stores = stores_in(company).count(database)
    words = told("That account would have more than {most} stores; one account may have no more.")
    require_room(database, stores_under(account_id), limits.STORES, words, more=stores)
    ours = Terminal.select().where(Terminal.account_id == account_id, Terminal.released_at.is_null())
    words = told("That account would have more than {most} terminals; one account may have no more.")
    more = _terminals_of(company).where(Terminal.released_at.is_null()).count(database)
    require_room(database, ours, limits.TERMINALS, words, more=more)
    kept = _terminals_of(company).select(Terminal.kept_bytes).tuples().execute(database)
    size = sum(of_one for (of_one,) in kept) + bytes_of_configurations(database, company.id)
    require_bytes(database, account_id, size)


def move_company(database: Database, now: str, actor: Account, company: Company, to_id: str) -> None:
    """Let another owner's account answer for a company, in the caller's transaction, which holds the
    members."""
    from_id = company.account_id
    if not isinstance(database, SqliteDatabase):  # reports and assignments wait; SQLite has one writer
        list(Company.select().where(Company.id == company.id).for_update().execute(database))
        list(_terminals_of(company).order_by(Terminal.id).for_update().execute(database))
    with counted_anew(database, _with_reports_elsewhere(database, company)):
        theirs = Terminal.update(account_id=to_id).where(
            Terminal.store_id.in_(stores_in(company).select(Store.id)), Terminal.account_id == from_id
        )
        theirs.execute(database)
        Company.update(account_id=to_id).where(Company.id == company.id).execute(database)
    size = bytes_of_configurations(database, company.id)
    count_bytes(database, Counter({(Account, from_id): -size, (Account, to_id): size}))
    company.account_id = to_id
    subject = f"{company.id} to {to_id}"
    note_change(database, now, actor.id, "company.handed_over", subject, company_id=company.id)


def _terminals_of(company: Company) -> "ModelSelect[Terminal]":
    """The terminals of a company, those that were revoked or released among them."""
    return Terminal.select().where(
        Terminal.store_id.in_(stores_in(company).select(Store.id)), Terminal.account_id == company.account_id
    )


def _with_reports_elsewhere(database: Database, company: Company) -> set[str]:
    """The terminals that were in this company, and are or were elsewhere, too; what all others have goes with
    them."""
    here = Store.select(Store.id).where(Store.company_id == company.id)
    was_here = Placement.select(Placement.terminal_id).where(Placement.store_id.in_(here))
    was_there = Placement.select(Placement.terminal_id).where(Placement.store_id.not_in(here))
    is_there = Terminal.account_id != company.account_id
    both = Terminal.id.in_(was_here) & (Terminal.id.in_(was_there) | is_there)
    return {row.id for row in Terminal.select(Terminal.id).where(both).bind(database)}
