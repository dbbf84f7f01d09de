"""Opens `sync.db`, and sets a damaged one aside. Every command does that, so this loads little."""

import json
import logging
from datetime import datetime
from pathlib import Path

from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.storage.damage import alone_in, newest_set_aside, set_aside
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact
from factorypos_tui.core.storage.lock import DrainLock
from factorypos_tui.core.storage.sync_db import open_sync_db

DAMAGED, LOST = "damaged_file", "damaged_numbers"
"""Facts: the file that was set aside last, and the Z numbers that could not be taken over from it."""
_log = logging.getLogger(__name__)


def open_or_mend(path: Path, worker_lock: Path, now: datetime) -> Database:
    """Open `sync.db`. A damaged one is set aside and built again, unless another process drains: then that
    process does so. Raises `StorageError`."""
    try:
        database = open_sync_db(path)
    except DamagedError:
        lock = DrainLock(worker_lock)
        if not lock.acquire("worker", now):
            raise
        try:
            set_aside_now(path, now)
            database = open_sync_db(path)
        finally:
            lock.release()
    take_over_what_is_left(database)
    return database


def set_aside_now(path: Path, now: datetime) -> None:
    """Set `sync.db` aside, with its log. Raises `StorageError`."""
    with alone_in(path.parent):
        aside = set_aside(path, now)
    _log.error("database set aside", extra={"facts": {"file": aside and aside.name}})


def take_over_what_is_left(database: Database) -> None:
    """Salvage the newest file that was set aside, once, however often that is interrupted."""
    newest = newest_set_aside(database.path)
    if newest is None or newest.name in (fact(database, DAMAGED), fact(database, DAMAGED + "_seen")):
        return
    from factorypos_tui.core.queue.comparison import mark_rebuilt  # seldom needed, and slow to load
    from factorypos_tui.core.recovery.salvage import salvage

    with database.transaction():
        lost = salvage(newest, database)
        keep_fact(database, DAMAGED, newest.name)
        keep_fact(database, LOST, json.dumps(lost))
        mark_rebuilt(database)
