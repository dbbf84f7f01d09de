"""Every test runs in a sealed world: its own home, no operator's environment, no keyring of this machine."""

import gc
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from factorypos_tui.core.language import use_language
from tests.support.servers import mariadb_databases, postgresql_databases

settings.register_profile(
    "of_any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
_of_any_machine = settings.get_profile("of_any_machine")
settings.register_profile("thorough", _of_any_machine, derandomize=True, max_examples=50)
settings.register_profile("search", _of_any_machine, derandomize=False)
settings.load_profile("thorough")

# The library keeps the first keyring that it finds, and a fixture of the whole session may ask before any
# test. Without this it finds one of tests/credentials, which no other process knows.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
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
    os.umask(0o022)
    use_language("en")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes PostgreSQL databases of this session's own."""
    with postgresql_databases() as make:
        yield make


@pytest.fixture(scope="session")
def new_mariadb() -> Iterator[Callable[[], str]]:
    """Makes MariaDB databases of this session's own."""
    with mariadb_databases() as make:
        yield make


@pytest.fixture(scope="session")
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """A PostgreSQL database of this session's own."""
    return new_postgres()
