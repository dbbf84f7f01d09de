"""One terminal, joined together: its database and its ports. Built by the composition root in `cli`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from factorypos_tui.core.ports import Clock, Cloud, Credentials, Till
from factorypos_tui.core.storage.database import Database


@dataclass(frozen=True, slots=True)
class Station:
    """What the functions of core work on.

    `cloud` and `credentials` are called when they are first needed, since what stands behind them is slow
    to load; each gives the same object every time. `cloud` raises `UsageError` where no address is set.
    `terminal_name` overrides the till's own name.
    """

    database: Database
    till: Till
    cloud: Callable[[], Cloud]
    credentials: Callable[[], Credentials]
    clock: Clock
    worker_lock: Path
    cloud_url: str | None
    x_interval: timedelta
    terminal_name: str | None
    software: str
    version: str

    @contextmanager
    def connections(self) -> Iterator[None]:
        """The calling thread's connections for the length of the block: a thread that ends leaves none."""
        with self.database.connection():
            try:
                yield
            finally:
                self.till.close()
