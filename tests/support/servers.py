"""The database servers that tests ask for: a test is skipped, with the reason, where none answers."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pymysql
import pytest

POSTGRES = os.environ.get("FACTORYPOS_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
"""Where tests look for a PostgreSQL; without one they skip, unless FACTORYPOS_REQUIRE_POSTGRES is 1."""
MARIADB = os.environ.get("FACTORYPOS_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")
"""The same for a MariaDB or MySQL, and FACTORYPOS_REQUIRE_MARIADB."""


@contextmanager
def postgresql_databases() -> Iterator[Callable[[], str]]:
    """Makes databases, which are dropped after the block."""
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
        try:
            yield make
        finally:
            for name in names:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def mariadb_databases() -> Iterator[Callable[[], str]]:
    """The same on MariaDB."""
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
        try:
            yield make
        finally:
            for name in names:
                cursor.execute(f"DROP DATABASE {name}")


def _do_without(server: str, name: str, error: Exception) -> NoReturn:
    reason = f"no {server} answers: set FACTORYPOS_TEST_{name} ({type(error).__name__})"
    if os.environ.get(f"FACTORYPOS_REQUIRE_{name}") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
