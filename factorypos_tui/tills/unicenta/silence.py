"""A connection to PostgreSQL that waits for a silent server only so long.

The server ends a statement that takes too long, and the kernel misses a machine that is gone. Nobody ends the
wait for a server that is frozen but alive: its kernel still answers for it."""

import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from factorypos_tui.tills.unicenta.engines import LOCK_S, STATEMENT_S

T = TypeVar("T")


class SilenceError(psycopg.OperationalError):
    """The server has said nothing for too long."""


class PatientConnection(psycopg.Connection[Any]):
    """Breaks off where the server says nothing for `patience_s` seconds."""

    patience_s = STATEMENT_S + LOCK_S
    """The server itself may be quicker to end what takes too long."""

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        """As the base class, which looks several times a second whether anything has come."""
        return super().wait(self._while_it_speaks(gen), *args, **kwargs)

    def _while_it_speaks(self, gen: PQGen[T]) -> PQGen[T]:
        heard_at = time.monotonic()
        try:
            state = next(gen)
            while True:
                ready = yield state
                if ready:
                    heard_at = time.monotonic()
                elif time.monotonic() - heard_at > self.patience_s:
                    raise SilenceError("timed out")
                state = gen.send(ready)
        except StopIteration as end:
            result: T = end.value
            return result
