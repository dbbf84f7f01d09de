"""Who may watch which figures come in."""

from collections.abc import Collection

from factorypos_tui.server.domain.callers import account_behind, sessions_at_work
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.companies import companies_of, owned_company, owned_store
from factorypos_tui.server.storage.tables import Account


def watched(
    cloud: Cloud, token_hash: str, store: str | None, company: str | None
) -> tuple[Account, frozenset[str]]:
    """Who calls, and what is to be told to them: of a store, of a company, or of all their companies. Raises
    `NotKnown` or `NotYours`."""
    database = cloud.database
    with database.connection_context():
        account = account_behind(database, token_hash, cloud.now())
        if store is not None:
            return account, frozenset({owned_store(database, account, store).id})
        if company is not None:
            return account, frozenset({owned_company(database, account, company).id})
        return account, frozenset(it.id for it in companies_of(account).bind(database))


def still_known(cloud: Cloud, token_hashes: Collection[str]) -> set[str]:
    """Which of these user tokens are still good."""
    with cloud.database.connection_context():
        return sessions_at_work(cloud.database, token_hashes, cloud.now())
