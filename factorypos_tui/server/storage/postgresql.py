"""PostgreSQL as a server uses it: connections that are shared, limited, and replaced when they end."""

import select
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import peewee
import psycopg
from peewee import InterfaceError, OperationalError, PostgresqlDatabase
from playhouse.pool import PooledPostgresqlDatabase
from psycopg import AsyncConnection

MOST_CONNECTIONS = 20
"""Fewer than the calls that are served at once: those that parse or hash need none."""
SECONDS_TO_WAIT = 5
"""For a connection that is free."""
SECONDS_TO_CONNECT = 3
SECONDS_AFTER_A_FAILURE = 1.0
"""Where PostgreSQL does not answer, one call in so long tries it; the others are told at once."""
WHILE_SERVING = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What a server that answers calls allows. Migrations and an administrator's commands may take their time."""
_ALWAYS = {"synchronous_commit": "on"}
_KEEPALIVES: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

Result = TypeVar("Result")
_as_peewee_does = peewee.__exception_wrapper__  # type: ignore[attr-defined]
"""Turns the driver's errors into peewee's."""


class _Connections(PostgresqlDatabase):
    """Makes connections with these settings."""

    settings = _ALWAYS
    _failed_at = float("-inf")

    def _connect(self) -> Any:
        if time.monotonic() < self._failed_at + SECONDS_AFTER_A_FAILURE:
            raise OperationalError("PostgreSQL did not answer a moment ago")
        try:
            connection = super()._connect()  # type: ignore[misc]  # peewee's types leave it out
            try:
                self._settle(connection)
            except BaseException:
                connection.close()  # nobody else knows of it yet
                raise
        except psycopg.OperationalError:
            self._failed_at = time.monotonic()
            raise
        return connection

    def _settle(self, connection: Any) -> None:
        if _goes_through_a_pooler(connection):
            connection.prepare_threshold = None
        else:
            settings = "; ".join(f"SET {name} = '{value}'" for name, value in self.settings.items())
            connection.execute(settings)


def _goes_through_a_pooler(connection: Any) -> bool:
    """Whether each transaction may run in another process of PostgreSQL, as behind pgbouncer. Nothing may be
    left in one then, no setting and no prepared statement. A pooler tells a process number of its own."""
    ((pid,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return bool(pid != connection.info.backend_pid)


@asynccontextmanager
async def listening(url: str, channel: str) -> AsyncIterator[AsyncConnection | None]:
    """A connection that hears what is notified on a channel, None where a pooler is in between. Raises the
    driver's errors."""
    options = {"connect_timeout": SECONDS_TO_CONNECT, **_KEEPALIVES}
    async with await AsyncConnection.connect(url, autocommit=True, **options) as connection:
        asked = await connection.execute("SELECT pg_backend_pid()")
        if await asked.fetchone() != (connection.info.backend_pid,):
            yield None
        else:
            await connection.execute(f"LISTEN {channel}")
            yield connection


class Postgresql(PooledPostgresqlDatabase, _Connections):  # type: ignore[misc]  # playhouse is untyped
    """A pool of connections."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(
            url,
            max_connections=MOST_CONNECTIONS,
            timeout=SECONDS_TO_WAIT,
            stale_timeout=300,
            prefer_psycopg3=True,
            connect_timeout=SECONDS_TO_CONNECT,
            autoconnect=False,
            **_KEEPALIVES,
        )

    def limit_statements(self) -> None:
        """From now on no statement waits or runs for long; connections in use stay as they are."""
        self.settings = _ALWAYS | WHILE_SERVING
        self.close_idle()

    def begin(self, isolation_level: str | None = None) -> None:  # noqa: ARG002  # all have the same
        """Each transaction brings the settings along: a pooler may give it another connection of its own."""
        settings = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in self.settings.items())
        self._at_most_twice(lambda: self._run_plain(f"BEGIN; {settings}"))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        if self.in_transaction() or not sql.startswith("SELECT"):
            return super().execute_sql(sql, params)  # type: ignore[no-untyped-call]
        return self._at_most_twice(
            lambda: super(Postgresql, self).execute_sql(sql, params)  # type: ignore[no-untyped-call]
        )

    def _run_plain(self, sql: str) -> None:
        """Run several statements in one exchange; only single ones can be prepared."""
        with _as_peewee_does:
            self.cursor().execute(sql, prepare=False)  # type: ignore[no-untyped-call]

    def _at_most_twice(self, run: Callable[[], Result]) -> Result:
        """Run what changes nothing; once more, on a new connection, where the first one had ended."""
        try:
            return run()
        except (OperationalError, InterfaceError):
            ended = self._state.conn
            if ended is None or not ended.closed:
                raise
            self._close(ended, close_conn=True)
            with _as_peewee_does:
                self._state.conn = self._connect()
            return run()

    def _is_closed(self, connection: Any) -> bool:
        """Whether PostgreSQL has ended a connection at rest: it says so, unasked. That costs no exchange. The
        connection is closed then: the pool only forgets it."""
        if not connection.closed:
            look = select.poll()
            look.register(connection.fileno(), select.POLLIN)
            if look.poll(0):
                connection.close()
        return bool(connection.closed)
