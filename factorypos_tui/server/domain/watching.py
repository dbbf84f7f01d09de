"""Who may watch which figures come in."""

from collections.abc import Collection

from peewee import Database

from factorypos_tui.server.domain.callers import account_behind, sessions_at_work, visitor_behind
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.members import (
    Membership,
    Role,
    company_for,
    has_factor,
    memberships_of,
    sees,
    store_for,
)
from factorypos_tui.server.live.listeners import Watch
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Store


def watched(
    cloud: Cloud, token_hash: str, store: str | None, company: str | None, *, by_cookie: bool
) -> tuple[Account, frozenset[str]]:
    """Who calls, a browser by its cookie or a program, and what is to be told to them: of a store, of a
    company, or of all their companies. Who sees some stores of a company is told of these. Raises `NotKnown`
    or `NotYours`."""
    database = cloud.database
    with database.connection_context():
        behind = visitor_behind if by_cookie else account_behind
        account = behind(database, token_hash, cloud.now())
        if store is not None:
            return account, frozenset({store_for(database, account, store, Role.VIEWER).id})
        if company is not None:
            company_for(database, account, company, Role.VIEWER)
        its = memberships_of(database, account.id)
        wanted = [it for it in its if not its[it].lacks_factor and company in (None, it)]
        return account, frozenset().union(*(_topics(it, its[it]) for it in wanted))


def _topics(company_id: str, membership: Membership) -> frozenset[str]:
    return frozenset({company_id}) if membership.stores is None else membership.stores


def still_watching(cloud: Cloud, watches: Collection[Watch]) -> set[Watch]:
    """Which of these go on: the token is still good, and its account still sees all that it is told of."""
    with cloud.database.connection_context():
        good = sessions_at_work(cloud.database, {it.session for it in watches}, cloud.now())
        seen = _seen(cloud.database, watches)
    return {
        it for it in watches if it.session in good and all((it.account, topic) in seen for topic in it.topics)
    }


def _seen(database: Database, watches: Collection[Watch]) -> set[tuple[str, str]]:
    """Accounts, each with a company or a store of which it may be told."""
    theirs = Member.account_id.in_({it.account for it in watches})
    whole = Member.select(Member.account_id, Member.company_id).where(theirs, Member.all_stores, has_factor())
    stores = Member.select(Member.account_id, Store.id)
    stores = stores.join(Store, on=(Store.company_id == Member.company_id))
    topics = {topic for it in watches for topic in it.topics}
    stores = stores.where(theirs, Store.id.in_(topics), sees(Store.id), has_factor())
    return {pair for query in (whole, stores) for pair in query.tuples().execute(database)}
