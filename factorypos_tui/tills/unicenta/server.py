"""The connection to the server of a till's data. It reads only: the account should have no other right, and
each transaction is one that cannot write. What the server refuses becomes words without the password."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.core.language import N_, _
from factorypos_tui.tills.unicenta.engines import LOCK_S, Address, Cause, address_of, told_by

REST_S = 5.0
"""A server that does not answer is asked again after this time: who asks meanwhile must not wait for it."""
Row = tuple[Any, ...]


class TableGone(TillError):
    """A table or column that was there is gone, or was renamed."""


class _Thread(threading.local):
    """What a thread holds: its connection, and whether a transaction is open on it."""

    connection: Any = None
    inside = False


class Server:
    """A connection per thread to one database, for reading.

    Every method raises `TillError` where the server gives no answer, and its `TillAbsent` where it has no
    such database."""

    def __init__(
        self,
        url: str,
        password: str | None,
        zone: str = "UTC",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connects when it is first asked. `zone`: the till's. Raises `UsageError` for a url that is none."""
        self.address = address_of(url)
        self._password, self._zone = password, zone
        self._monotonic = monotonic
        self._thread = _Thread()
        self._rest: tuple[float, TillError] | None = None

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query: of this moment, or inside of `snapshot` of its moment."""
        if not self._thread.inside:
            return self._again(lambda: self._run(sql, parameters))
        return self._run(sql, parameters)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that the block reads is of one moment."""
        if self._thread.inside:
            yield
            return
        self._again(lambda: self._run(self.address.engine.begin, ()))
        self._thread.inside = True
        try:
            yield
        finally:
            self._thread.inside = False
            if self._thread.connection is not None:
                self._run("ROLLBACK", ())

    def catalogue(self) -> list[tuple[str, str, str]]:
        """Every table and column that the account may read, and its type."""
        return [(str(it[0]), str(it[1]), str(it[2])) for it in self.rows(self.address.engine.catalogue)]

    def close(self) -> None:
        """Close the calling thread's connection."""
        connection, self._thread.connection = self._thread.connection, None
        if connection is not None:
            with suppress(*self.address.engine.errors()):
                connection.close()

    def _again(self, ask: Callable[[], list[Row]]) -> list[Row]:
        """Ask, once more where the connection had been broken since it was last used: that shows at once."""
        was_connected, asked_at = self._thread.connection is not None, self._monotonic()
        try:
            return ask()
        except TillError as error:
            if not was_connected or self._thread.connection is not None:
                raise
            if self._monotonic() - asked_at > LOCK_S:
                self._rest = self._monotonic() + REST_S, error
                raise
        return ask()

    def _run(self, sql: str, parameters: tuple[object, ...]) -> list[Row]:
        connection = self._connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters or None)
                return list(cursor.fetchall()) if cursor.description else []
        except self.address.engine.errors() as error:
            raise self._failed(error) from error

    def _connect(self) -> Any:
        if self._thread.connection is None:
            rest = self._rest  # another thread may end it meanwhile
            if rest and self._monotonic() < rest[0]:
                raise type(rest[1])(str(rest[1]))  # one that is raised again keeps all tracebacks
            engine = self.address.engine
            errors = engine.errors()
            try:
                self._thread.connection = engine.open(self.address, self._password, self._zone)
            except errors as error:
                failed = _in_words(self.address, engine.cause_of(error), error)
                self._rest = self._monotonic() + REST_S, failed
                raise failed from error
            self._rest = None
        return self._thread.connection

    def _failed(self, error: Exception) -> TillError:
        """The error in words. A connection that is broken, or whose answer is late, is used no more."""
        cause = self.address.engine.cause_of(error)
        failed = _in_words(self.address, cause, error)
        if cause in (Cause.AWAY, Cause.BUSY, Cause.OTHER):
            self.close()
        if cause is Cause.BUSY:
            self._rest = self._monotonic() + REST_S, failed
        return failed


_WORDS = {
    Cause.REFUSED: N_(
        "{server} has the till's data, but does not let {user} in: {detail}. Nothing was changed. Check the"
        " password, and whether that account may come from this machine."
    ),
    Cause.NO_DATABASE: N_(
        "{server} has no database {database} for {user}: {detail}. Nothing was changed. Check the url of the"
        " till."
    ),
    Cause.NO_RIGHT: N_(
        "{user} may not read all of the till's data: {detail}. Nothing was changed. Give that account the"
        " right to read them."
    ),
    Cause.NO_TABLE: N_("A table or column of the till is not there any more: {detail}. Nothing was changed."),
    Cause.TOO_OLD: N_(
        "{server} has the till's data, but is too old ({detail}): it knows no transaction that cannot write,"
        " and without one nothing is read. Nothing was changed. Move the till's data to MySQL 5.6 or MariaDB"
        " 10.0, or a newer one."
    ),
    Cause.BUSY: N_(
        "{server} has the till's data, but is locked or slow: {detail}. Nothing was changed; this program"
        " tries again by itself."
    ),
    Cause.AWAY: N_(
        "{server} has the till's data, but does not answer: {detail}. Nothing was changed; this program tries"
        " again by itself."
    ),
    Cause.OTHER: N_("The till's data cannot be read on {server}: {detail}. Nothing was changed."),
}
_ERRORS: dict[Cause, type[TillError]] = {Cause.NO_DATABASE: TillAbsent, Cause.NO_TABLE: TableGone}


def _in_words(address: Address, cause: Cause, error: Exception) -> TillError:
    """What an error of a driver means to the person at the till."""
    words = _(_WORDS[cause]).format(
        server=address.server, user=address.user, database=address.database, detail=told_by(error)
    )
    return _ERRORS.get(cause, TillError)(words)
