"""One terminal: its database and its ports, joined in `cli`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from factorypos_tui.core.ports import Clock, Cloud, Connector, Till
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Station:
    """What the functions of core work on."""

    database: Database
    till: Till
    cloud: Callable[[], Cloud]
    """Called when it is first needed, since the cloud's client is slow to load. It always returns the same
    object. Raises `UsageError` where no address is set."""
    credentials: Callable[[], Credentials]
    """Called when they are first needed. It always returns the same object."""
    connector: Callable[[], Connector]
    """Called when it is first needed, which is seldom. Another till is named by it; this station goes on with
    its `till` all the same."""
    clock: Clock
    worker_lock: Path
    cloud_url: str | None
    x_interval: timedelta
    terminal_name: str | None
    """Used in place of the till's own name."""
    software: str
    version: str

    @contextmanager
    def connections(self) -> Iterator[None]:
        """Keep the calling thread's connections open during the block only: a thread that ends must leave
        none open."""
        with self.database.connection():
            try:
                yield
            finally:
                self.till.close()
