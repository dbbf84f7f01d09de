"""A real server on a real socket, once on SQLite and once on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from queue import Queue

import httpx
import pytest
from argon2 import PasswordHasher
from peewee import Database

from factorypos_tui.server.domain.alarms import rounds
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.limits import Limits
from factorypos_tui.server.live import hearing
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import Limit, networks
from factorypos_tui.server.serving import listen, serving
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import opening
from factorypos_tui.server.storage.migrating import migrate
from tests.server.declared import assert_declared
from tests.server.mailroom import Mailroom
from tests.server.older import Older
from tests.server.post_office import PostOffice, post_office
from tests.server.shop import Owner, Shop, Till
from tests.support.fakes import FrozenClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def generous_to_one_network() -> Limits:
    """The real limits, except that all tests together call from one network at one time of the clock."""
    many, real = Limit(1_000_000, 900), Limits()
    kinds = {
        name: replace(getattr(real, name), of_network=many)
        for name in ("log_ins", "resets", "codes", "app_codes")
    }
    real = replace(real, registrations=many, enrolments=many, user_codes_of_network=many)
    real = replace(real, device_authorizations=many, all_device_authorizations=many)
    return replace(real, **kinds, refusals=many, refusals_of_network=many)


KINDS = ["sqlite", "postgresql"]
on_sqlite_and_at_length_on_both = pytest.mark.parametrize(
    "running_shop", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
"""For walks over what no database decides."""
on_postgresql_and_at_length_on_both = pytest.mark.parametrize(
    "running_shop", ["postgresql", pytest.param("sqlite", marks=pytest.mark.long)], indirect=True
)
"""For hostile values, of which PostgreSQL refuses more; and for walks whose counterpart is on SQLite."""


@contextmanager
def opened(
    kind: str, request: pytest.FixtureRequest, folder: Path, postgres: str = "postgres_url"
) -> Iterator[Database]:
    """A migrated database; PostgreSQL's is shared, so tests make owners and terminals of their own."""
    if kind == "sqlite":
        database = databases.sqlite_database(folder / "cloud.db")
    else:
        database = databases.postgresql_database(request.getfixturevalue(postgres))
    migrate(database)
    yield database
    databases.close(database)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request.param, request, tmp_path) as database:
        yield database


@pytest.fixture(params=KINDS)
def older(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres: Callable[[], str]
) -> Iterator[Callable[[int], Older]]:
    """Makes a database of an older version, which is open."""
    if request.param == "sqlite":
        database = databases.sqlite_database(tmp_path / "cloud.db")
    else:
        database = databases.postgresql_database(new_postgres())
    with database.connection_context():
        yield lambda version: Older.of_version(version, database)
    databases.close(database)


@contextmanager
def at_work(
    database: Database,
    *,
    confirms: bool = False,
    is_open: bool = True,
    public_url: str | None = "https://cloud.example.com",
) -> Iterator[Shop]:
    """The server, with passwords that cost little; its mail lands in `shop.mail`."""
    mail: Queue[EmailMessage] = Queue()
    clock = FrozenClock(NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hearing, "SESSIONS_SECONDS", 0.2)
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(rounds, "ROUND_SECONDS", 3600)  # tests make their own
        cloud = Cloud(
            database,
            Postman(mail.put, "cloud@example.com"),
            public_url=public_url,
            clock=clock.now,
            limits=generous_to_one_network(),
            trusted_proxies=networks("127.0.0.1"),
            confirms=confirms,
            is_open=is_open,
        )
        with (
            listen("127.0.0.1", 0) as listener,
            serving(cloud, listener) as served,
            httpx.Client(
                base_url=served.listening,
                timeout=60,
                trust_env=False,
                event_hooks={"response": [assert_declared]},
            ) as http,
        ):
            yield Shop(http, served, mail, clock)


@pytest.fixture(scope="session", params=KINDS)
def running_shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with (
        opened(request.param, request, tmp_path_factory.mktemp("cloud")) as database,
        at_work(database) as shop,
    ):
        yield shop


@pytest.fixture
def clock(running_shop: Shop) -> FrozenClock:
    """The server's clock, at noon again."""
    running_shop.clock.jump(NOON)
    return running_shop.clock


@pytest.fixture
def shop(running_shop: Shop, clock: FrozenClock) -> Shop:
    """The server with no mail waiting; who uses it makes owners of their own."""
    return with_no_mail(running_shop)


def with_no_mail(shop: Shop) -> Shop:
    while not shop.mail.empty():
        shop.mail.get()
    return shop


@pytest.fixture(scope="module")
def postgres_apart(new_postgres: Callable[[], str]) -> str:
    """The database of `running_apart`."""
    return new_postgres()


@pytest.fixture(scope="module", params=KINDS)
def running_apart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A server for the tests of one module that look at all there is, as a round and a check do: what the
    tests of all modules leave would make them slower and slower."""
    with (
        opened(request.param, request, tmp_path_factory.mktemp("apart"), "postgres_apart") as database,
        at_work(database) as shop,
    ):
        yield shop


@pytest.fixture
def shop_apart(running_apart: Shop) -> Shop:
    """That server, as `shop` is: at noon, with no mail waiting."""
    running_apart.clock.jump(NOON)
    return with_no_mail(running_apart)


@pytest.fixture
def owner(shop: Shop) -> Owner:
    return shop.owner()


@pytest.fixture
def till(owner: Owner) -> Till:
    """A till of a new store."""
    return owner.assign(owner.store())


@pytest.fixture(scope="session")
def postgres_of_letters(new_postgres: Callable[[], str]) -> str:
    """No server runs on it: its postman would carry letters away."""
    return new_postgres()


@pytest.fixture(params=KINDS)
def room(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mailroom]:
    """Letters that only the postmen of the test carry."""
    monkeypatch.setattr("factorypos_tui.server.mail.postman.STOP_SECONDS", 60)  # however busy this machine is
    url = request.getfixturevalue("postgres_of_letters") if request.param == "postgresql" else None
    with opening.opened(tmp_path, url, print) as database:
        yield Mailroom(database)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office
