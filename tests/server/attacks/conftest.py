"""A server in a process of its own, once on SQLite and once on PostgreSQL, and an honest till."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.attacks.victim import Victim, a_till, attacked
from tests.server.conftest import KINDS
from tests.server.shop import Till


@pytest.fixture(scope="session")
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """Apart from that of the other tests: what strangers do counts for the address that all tests have."""
    return new_postgres()


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    with attacked(tmp_path / "cloud") as victim:
        yield victim


@pytest.fixture(scope="module")
def lasting_victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """A server for attacks that leave nothing behind."""
    with attacked(tmp_path_factory.mktemp("attacked") / "cloud") as victim:
        yield victim


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else None


@pytest.fixture
def victim_on_each(tmp_path: Path, database_url: str | None) -> Iterator[Victim]:
    with attacked(tmp_path / "cloud", database_url) as victim:
        yield victim


@pytest.fixture
def http(victim: Victim) -> Iterator[httpx.Client]:
    with victim.client() as http:
        yield http


@pytest.fixture
def till(http: httpx.Client) -> Till:
    return a_till(http)
