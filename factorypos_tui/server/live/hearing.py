"""How a process hears of reports that any process has committed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress

import psycopg
from peewee import Database, InterfaceError, OperationalError
from playhouse.pool import MaxConnectionsExceeded

from factorypos_tui.server.live.announcing import CHANNEL
from factorypos_tui.server.live.listeners import Listeners, Watch
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.postgresql import Postgresql, listening

ASK_SECONDS = 1.0
"""Between two looks where PostgreSQL cannot say it by itself."""
SESSIONS_SECONDS = 5.0
"""Between two looks at whether those who listen are still logged in, and may see what they are told of."""
REST_SECONDS = 1.0
"""Before PostgreSQL is tried again."""
_NO_DATABASE = OperationalError, InterfaceError, MaxConnectionsExceeded
logger = logging.getLogger(__name__)

# Whatever a terminal sends writes its row: the number of the transaction that did (xmin) shows at its commit.
_FINGERPRINTS = """
SELECT watched.id, md5(string_agg(terminal.xmin::text, ' ' ORDER BY terminal.id))
FROM (
    SELECT company.id, company.account_id FROM company WHERE company.id = ANY(%b)
    UNION ALL
    SELECT store.id, company.account_id FROM store JOIN company ON company.id = store.company_id
    WHERE store.id = ANY(%b)
) AS watched JOIN terminal ON terminal.account_id = watched.account_id
GROUP BY watched.id
"""
GoOn = Callable[[Collection[Watch]], set[Watch]]
"""Which of these go on: they are still logged in, and may see what they are told of."""


@asynccontextmanager
async def hearing(
    listeners: Listeners, database: Database, listen_url: str | None, go_on: GoOn
) -> AsyncIterator[None]:
    """While the server runs in this event loop, its listeners are told what is committed, and leave when
    they may not go on. `listen_url`: a way to PostgreSQL past a pooler."""
    listeners.begin()
    tasks = [asyncio.create_task(_dismiss(listeners, go_on))]
    if isinstance(database, Postgresql):
        tasks.append(asyncio.create_task(_hear(listeners, database, listen_url or database.url)))
    for task in tasks:
        task.add_done_callback(_say_why)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _say_why(ended: "asyncio.Task[None]") -> None:
    """They end only when the server does."""
    if not ended.cancelled():
        logger.error("live events have ended", exc_info=ended.exception())


async def _hear(listeners: Listeners, database: Database, url: str) -> None:
    """Hear of each commit at once, or ask now and then where a pooler is in between."""
    fails = False
    while True:
        try:
            async with listening(url, CHANNEL) as connection:
                if connection is None:
                    break
                fails = False
                listeners.wake_all()  # of what was said while nobody heard it
                async for notice in connection.notifies():
                    listeners.wake(notice.payload.split())
        except psycopg.Error as error:
            if not fails:
                logger.warning("live events wait for PostgreSQL", extra={"error": type(error).__name__})
            fails = True
        await asyncio.sleep(REST_SECONDS)
    await _ask(listeners, database)


async def _ask(listeners: Listeners, database: Database) -> None:
    seen: dict[str, str] = {}
    while True:
        with suppress(*_NO_DATABASE):  # what it would have said is found by the next look
            found = await asyncio.to_thread(_fingerprints, database, listeners.topics)
            listeners.wake(topic for topic, it in found.items() if seen.get(topic) != it)
            seen = found
        await asyncio.sleep(ASK_SECONDS)


def _fingerprints(database: Database, topics: Collection[str]) -> dict[str, str]:
    if not topics:
        return {}
    with database.connection_context():
        return dict(run_sql(database, _FINGERPRINTS, list(topics), list(topics)))


async def _dismiss(listeners: Listeners, go_on: GoOn) -> None:
    while True:
        await asyncio.sleep(SESSIONS_SECONDS)
        if watches := listeners.watches:
            with suppress(*_NO_DATABASE):
                listeners.end_of(watches - await asyncio.to_thread(go_on, watches))
