"""A real server on a real socket, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from queue import Queue

import httpx
import pytest
from argon2 import PasswordHasher
from peewee import Database

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import Throttle
from factorypos_tui.server.serving import listen, serving
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.migrations import migrate
from tests.server.shop import Owner, Shop, Till
from tests.support.fakes import FrozenClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


KINDS = ["sqlite", "postgresql"]


@contextmanager
def opened(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """A migrated database; PostgreSQL's is shared, so tests make owners and terminals of their own."""
    if kind == "sqlite":
        database = databases.sqlite_database(folder / "cloud.db")
    else:
        database = databases.postgresql_database(request.getfixturevalue("postgres_url"))
    migrate(database)
    yield database
    databases.close(database)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request.param, request, tmp_path) as database:
        yield database


@pytest.fixture(scope="session", params=KINDS)
def running_shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The server at work, with passwords that cost little; its mail lands in `shop.mail`."""
    mail: Queue[EmailMessage] = Queue()
    clock = FrozenClock(NOON)
    with (
        pytest.MonkeyPatch.context() as patch,
        opened(request.param, request, tmp_path_factory.mktemp("cloud")) as database,
    ):
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        cloud = Cloud(
            database,
            Postman(mail.put, "cloud@example.com"),
            log_ins=Throttle(10, 900),
            resets=Throttle(5, 900),
            public_url="https://cloud.example.com",
            clock=clock.now,
        )
        with (
            listen("127.0.0.1", 0) as listener,
            serving(cloud, listener) as address,
            httpx.Client(base_url=address, timeout=60, trust_env=False) as http,
        ):
            yield Shop(http, cloud, mail, clock)


@pytest.fixture
def clock(running_shop: Shop) -> FrozenClock:
    """The server's clock, at noon again."""
    running_shop.clock.jump(NOON)
    return running_shop.clock


@pytest.fixture
def shop(running_shop: Shop, clock: FrozenClock) -> Shop:
    """The server with no mail waiting; who uses it makes owners of their own."""
    while not running_shop.mail.empty():
        running_shop.mail.get()
    return running_shop


@pytest.fixture
def owner(shop: Shop) -> Owner:
    return shop.owner()


@pytest.fixture
def till(owner: Owner) -> Till:
    """A till of a new store."""
    return owner.assign(owner.store())
