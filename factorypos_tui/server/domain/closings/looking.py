"""Each round looks at some terminals, stores and companies, and closes what is due there."""

from datetime import datetime, timedelta
from typing import get_args

from peewee import Database

from factorypos_tui.server.domain.closings.making import Scope, ScopeKind, close_due
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.storage.closing_tables import ClosingLook
from factorypos_tui.server.storage.database import run_sql

LOOKS = 25
"""So many scopes one round looks at."""
MOST_PERIODS = 12
"""So many periods of each it closes; what is left comes with the next round."""
PAUSE = timedelta(hours=1)
"""A scope is looked at no sooner again."""
_KINDS: tuple[ScopeKind, ...] = get_args(ScopeKind)


def close_periods(database: Database, now: datetime) -> int:
    """Close what is due of the scopes that were not looked at for the longest time; how many periods that
    were. Nothing is closed while no key signs."""
    with database.connection_context():
        signer = current_signer(database)
        if signer is None:
            return 0
        for kind in _KINDS:
            run_sql(
                database,
                f"INSERT INTO closing_look (scope, scope_id, looked_at) SELECT '{kind}', id, '' FROM {kind}"
                f" WHERE id NOT IN (SELECT scope_id FROM closing_look WHERE scope = '{kind}')"
                " ON CONFLICT DO NOTHING",
            )
        made = 0
        for scope, looked_at in _waiting(database, now):
            if _take(database, scope, looked_at, instant(now)):
                closed = close_due(database, now, signer, scope, MOST_PERIODS)
                made += closed
                if closed == MOST_PERIODS:
                    _take(database, scope, instant(now), "")
        return made


def _waiting(database: Database, now: datetime) -> list[tuple[Scope, str]]:
    query = ClosingLook.select().where(ClosingLook.looked_at <= instant(now - PAUSE))
    rows = query.order_by(ClosingLook.looked_at, ClosingLook.scope_id, ClosingLook.scope).limit(LOOKS)
    kinds = {str(kind): kind for kind in _KINDS}
    return [(Scope(kinds[row.scope], row.scope_id), row.looked_at) for row in rows.bind(database)]


def _take(database: Database, scope: Scope, before: str, now: str) -> bool:
    """Note the look; False where another process looks."""
    own = (ClosingLook.scope == scope.kind, ClosingLook.scope_id == scope.id)
    query = ClosingLook.update(looked_at=now).where(*own, ClosingLook.looked_at == before)
    return bool(query.execute(database))
