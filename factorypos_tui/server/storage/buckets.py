"""Buckets of tries, shared by all processes on one database. Each row is the moment at which a bucket will be
empty again; a row whose moment has passed means the same as no row."""

import hashlib
import math
from collections.abc import Iterable

from peewee import Case, Database

from factorypos_tui.server.security.throttle import Limit
from factorypos_tui.server.storage.tables import Bucket

PRUNED_AT_ONCE = 50


class _Full(Exception):
    """One of the buckets has no room."""

    def __init__(self, wait_ms: int) -> None:
        self.wait_ms = wait_ms


def bucket_key(*parts: str) -> str:
    """The key of a bucket: of one length, and it tells no address and no e-mail."""
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()[:40]


def take(database: Database, now_ms: int, wanted: Iterable[tuple[str, Limit]]) -> int:
    """Count one try in each of these buckets; 0 if it is allowed, else the whole seconds to wait. A try that
    is not allowed counts in none of them."""
    try:
        with database.atomic():
            for key, limit in sorted(wanted, key=lambda one: one[0]):  # one order, so that none deadlock
                _fill(database, now_ms, key, limit)
    except _Full as full:
        return max(1, math.ceil(full.wait_ms / 1000))
    return 0


def _fill(database: Database, now_ms: int, key: str, limit: Limit) -> None:
    capacity = limit.capacity_ms
    # Beyond that it was filled by a clock that was wrong and has been set right (`Limit.level`).
    is_filled = (Bucket.empty_at > now_ms) & (Bucket.empty_at <= now_ms + 2 * capacity)
    filled = Case(None, [(is_filled, Bucket.empty_at)], now_ms) + limit.cost_ms
    insert = Bucket.insert(key=key, empty_at=now_ms + limit.cost_ms).on_conflict(
        conflict_target=[Bucket.key], update={Bucket.empty_at: filled}, where=filled <= now_ms + capacity
    )
    if not insert.as_rowcount().execute(database):
        empty_at = Bucket.select(Bucket.empty_at).where(Bucket.key == key).scalar(database)
        raise _Full(int(empty_at) + limit.cost_ms - now_ms - capacity)


def give_back(database: Database, wanted: Iterable[tuple[str, Limit]]) -> None:
    """Take one counted try out of each of these buckets."""
    with database.atomic():
        for key, limit in sorted(wanted, key=lambda one: one[0]):
            Bucket.update(empty_at=Bucket.empty_at - limit.cost_ms).where(Bucket.key == key).execute(database)


def prune(database: Database, now_ms: int) -> None:
    """Delete some buckets that are empty, each in a transaction of its own: it waits for nobody's."""
    empty = Bucket.select(Bucket.key).where(Bucket.empty_at <= now_ms).order_by(Bucket.empty_at)
    for row in list(empty.limit(PRUNED_AT_ONCE).bind(database)):
        gone = (Bucket.key == row.key) & (Bucket.empty_at <= now_ms)
        Bucket.delete().where(gone).execute(database)
