"""Every test runs in a sealed world: its own home, no operator's environment, no keyring of this machine."""

import gc
import logging
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pymysql
import pytest
from hypothesis import HealthCheck, settings

from factorypos_tui.core.language import use_language

settings.register_profile(
    "of_any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
_of_any_machine = settings.get_profile("of_any_machine")
settings.register_profile("thorough", _of_any_machine, derandomize=True, max_examples=50)
settings.register_profile("search", _of_any_machine, derandomize=False)
settings.load_profile("thorough")

POSTGRES = os.environ.get("FACTORYPOS_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
"""Where tests look for a PostgreSQL; without one they skip, unless FACTORYPOS_REQUIRE_POSTGRES is 1."""
MARIADB = os.environ.get("FACTORYPOS_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")
"""The same for a MariaDB or MySQL, and FACTORYPOS_REQUIRE_MARIADB."""
_UNSEALED = (
    "FACTORYPOS_CA_FILE",
    "FACTORYPOS_CLOUD_URL",
    "CREDENTIALS_DIRECTORY",
    "NO_COLOR",
    "TEXTUAL_THEME",
    "LC_ALL",
    "LC_MESSAGES",
    "LANGUAGE",
    "PYTHONDONTWRITEBYTECODE",  # a process that compiles all of it takes a second longer to start
)


def pytest_collection_finish() -> None:
    """What has been loaded stays, and apps are made of many objects: looking for garbage as often as Python
    does takes a fifth of the processor."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the developer's shell and no test before it changes what a test sees."""
    monkeypatch.setattr(logging.getLogger("factorypos_tui"), "propagate", True)
    for name in _UNSEALED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FACTORYPOS_HOME", str(tmp_path / "factorypos"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    os.umask(0o022)
    use_language("en")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes PostgreSQL databases of this session's own."""
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        _do_without("PostgreSQL", "POSTGRES", error)
    names: list[str] = []

    def make() -> str:
        names.append(f"factorypos_{uuid.uuid4().hex}")
        server.execute(f'CREATE DATABASE "{names[-1]}"')
        return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{names[-1]}"))

    with server:
        yield make
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def new_mariadb() -> Iterator[Callable[[], str]]:
    """Makes MariaDB databases of this session's own."""
    parts = urlsplit(MARIADB)
    try:
        server = pymysql.connect(
            host=parts.hostname,
            port=parts.port or 3306,
            user=parts.username,
            password=parts.password or "",
            connect_timeout=5,
            autocommit=True,
        )
    except pymysql.Error as error:
        _do_without("MariaDB", "MARIADB", error)
    names: list[str] = []

    def make() -> str:
        names.append(f"factorypos_{uuid.uuid4().hex}")
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {names[-1]} CHARACTER SET utf8mb4")
        return urlunsplit(parts._replace(path=f"/{names[-1]}"))

    with server, server.cursor() as cursor:
        yield make
        for name in names:
            cursor.execute(f"DROP DATABASE {name}")


def _do_without(server: str, name: str, error: Exception) -> NoReturn:
    reason = f"no {server} answers: set FACTORYPOS_TEST_{name} ({type(error).__name__})"
    if os.environ.get(f"FACTORYPOS_REQUIRE_{name}") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """A PostgreSQL database of this session's own."""
    return new_postgres()
