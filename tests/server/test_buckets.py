"""Buckets of tries: how many they let through, together, and what is left of them."""

import random
import uuid

from peewee import Database

from factorypos_tui.server.security.throttle import Limit
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.tables import Bucket
from tests.server.racing import at_once

LIMIT = Limit(3, 60)


def test_so_many_pass_at_once_and_then_one_by_one(database: Database) -> None:
    chance = random.Random(15)  # noqa: S311  # no secret
    key, now, passed = uuid.uuid4().hex, 0, list[int]()
    with database.connection_context():
        for _ in range(200):
            now += chance.randrange(30_000)
            wait = buckets.take(database, now, [(key, LIMIT)])
            if wait == 0:
                passed.append(now)
            assert 0 <= wait <= 20
            assert len([moment for moment in passed if moment > now - 60_000]) <= 6
        assert len(passed) > 100


def test_a_try_passes_once_its_wait_is_over_and_one_given_back_is_free(database: Database) -> None:
    one = [(uuid.uuid4().hex, LIMIT)]
    with database.connection_context():
        assert [buckets.take(database, 1000, one) for _ in range(4)] == [0, 0, 0, 20]
        assert buckets.take(database, 20_999, one) == 1
        assert buckets.take(database, 21_000, one) == 0
        assert buckets.take(database, 21_000, one) > 0
        buckets.give_back(database, one)
        assert buckets.take(database, 21_000, one) == 0


def test_a_try_that_is_refused_by_one_bucket_counts_in_none(database: Database) -> None:
    full, other = (uuid.uuid4().hex, Limit(1, 60)), (uuid.uuid4().hex, Limit(1, 60))
    with database.connection_context():
        assert buckets.take(database, 0, [full]) == 0
        assert buckets.take(database, 0, [other, full]) > 0
        assert buckets.take(database, 0, [other]) == 0


def test_callers_at_once_get_no_more_than_one_after_the_other(database: Database) -> None:
    key = uuid.uuid4().hex

    def take() -> int:
        with database.connection_context():
            return buckets.take(database, 0, [(key, LIMIT), (f"{key} beside", Limit(100, 60))])

    assert sum(wait == 0 for wait in at_once([take] * 12)) == 3


def test_a_bucket_from_a_time_that_never_was_is_empty(database: Database) -> None:
    """The clock was ahead by a year, and was set right."""
    one = [(uuid.uuid4().hex, LIMIT)]
    with database.connection_context():
        assert [buckets.take(database, 365 * 86_400_000, one) for _ in range(4)] == [0, 0, 0, 20]
        assert [buckets.take(database, 0, one) for _ in range(4)] == [0, 0, 0, 20]


def test_clocks_that_differ_a_little_share_a_bucket(database: Database) -> None:
    one = [(uuid.uuid4().hex, LIMIT)]
    with database.connection_context():
        assert [buckets.take(database, 30_000, one) for _ in range(3)] == [0, 0, 0]
        assert buckets.take(database, 0, one) > 0


def test_empty_buckets_are_pruned(database: Database) -> None:
    keys = [uuid.uuid4().hex for _ in range(120)]
    with database.connection_context():
        for key in keys[:-1]:
            buckets.take(database, -90_000, [(key, LIMIT)])
        buckets.take(database, 0, [(keys[-1], LIMIT)])
        for _ in range(4):
            buckets.prune(database, 0)
        left = Bucket.select().where(Bucket.key.in_(keys)).bind(database)
        assert [row.key for row in left] == keys[-1:]
