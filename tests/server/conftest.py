"""A real server on a real socket, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from queue import Queue

import httpx
import pytest
from peewee import Database

from factorypos_tui.server import database as databases
from factorypos_tui.server.calls import Cloud
from factorypos_tui.server.mail import Postman
from factorypos_tui.server.serving import listen, serving
from factorypos_tui.server.throttle import Throttle
from tests.server.shop import Shop


class Clock:
    """A clock that goes on only when a test says so."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database; PostgreSQL's is shared, so tests make owners and terminals of their own."""
    if request.param == "sqlite":
        opened = databases.sqlite_database(tmp_path / "cloud.db")
    else:
        opened = databases.postgresql_database(request.getfixturevalue("postgres_url"))
    databases.migrate(opened)
    yield opened
    databases.close(opened)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(database: Database, clock: Clock) -> Iterator[Shop]:
    """The server at work; its mail lands in `shop.mail`."""
    mail: Queue[EmailMessage] = Queue()
    cloud = Cloud(
        database,
        Postman(mail.put, "cloud@example.com"),
        log_ins=Throttle(10, 900),
        resets=Throttle(5, 900),
        public_url="https://cloud.example.com",
        clock=clock,
    )
    with (
        listen("127.0.0.1", 0) as listener,
        serving(cloud, listener) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as http,
    ):
        yield Shop(http, cloud, mail)
