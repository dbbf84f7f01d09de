"""Companies as an administrator looks them up: whose each is, how large it is, and which are closed."""

from collections import defaultdict
from dataclasses import dataclass

from peewee import Database, ModelSelect, fn

from factorypos_tui.server.domain.closed_companies import deleted_from
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal


@dataclass(frozen=True, slots=True)
class ListedCompany:
    """A company, the account that answers for it, and what it has."""

    id: str
    name: str
    account: str
    """The e-mail of the owner who answers for it; the bounds of one account count there."""
    owners: list[str]
    """The e-mails of all owners, that one among them."""
    members: int
    stores: int
    terminals: int
    """Those that may send."""
    created_at: str
    closed_at: str | None
    deleted_from: str | None
    """From when on what a closed company has is deleted; until then an owner can open it again."""


def list_companies(database: Database) -> list[ListedCompany]:
    """All companies by name."""
    with database.connection_context():
        emails = {it.id: it.email for it in Account.select(Account.id, Account.email).bind(database)}
        owners, members = defaultdict[str, list[str]](list), defaultdict[str, int](int)
        for it in Member.select().order_by(Member.joined_at, Member.account_id).bind(database):
            members[it.company_id] += 1
            if it.role == Role.OWNER.value:
                owners[it.company_id].append(emails[it.account_id])
        stores = _counted(database, Store.select(Store.company_id, fn.COUNT(Store.id)))
        sending = Store.select(Store.company_id, fn.COUNT(Terminal.id)).join(
            Terminal, on=(Terminal.store_id == Store.id) & Terminal.revoked_at.is_null()
        )
        terminals = _counted(database, sending)
        companies = Company.select().order_by(Company.name, Company.id).bind(database)
        return [
            ListedCompany(
                id=it.id,
                name=it.name,
                account=emails[it.account_id],
                owners=owners[it.id],
                members=members[it.id],
                stores=stores.get(it.id, 0),
                terminals=terminals.get(it.id, 0),
                created_at=it.created_at,
                closed_at=it.closed_at,
                deleted_from=deleted_from(it.closed_at) if it.closed_at else None,
            )
            for it in companies
        ]


def _counted(database: Database, query: "ModelSelect[Store]") -> dict[str, int]:
    """How many of each company."""
    return dict(query.group_by(Store.company_id).tuples().execute(database))
