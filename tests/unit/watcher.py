"""Somebody who looks at an engine's snapshots, as a screen does."""

import queue
from collections.abc import Callable

from factorypos_tui.core.engine import Engine
from factorypos_tui.core.snapshot import Snapshot

PATIENCE_S = 20


class Watcher:
    """Keeps the snapshots of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._snapshots: queue.Queue[Snapshot] = queue.Queue()
        engine.subscribe(self._snapshots.put)

    def sees(self, expected: Callable[[Snapshot], object]) -> Snapshot:
        """The first snapshot from now on that is as expected."""
        while True:
            snapshot = self._snapshots.get(timeout=PATIENCE_S)
            if expected(snapshot):
                return snapshot
