"""A server that is frozen but alive keeps nobody waiting for ever; one that is too old is named."""

from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import pytest

from factorypos_tui.core.errors import TillError
from factorypos_tui.tills.unicenta import engines
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.silence import PatientConnection
from tests.support.line import Line, line_to
from tests.support.unicenta.shop import Shop


@pytest.fixture
def line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A line to the shop's server, and a program with little patience."""
    monkeypatch.setattr(engines, "STATEMENT_S", 1)
    monkeypatch.setattr(engines, "CONNECT_S", 1)
    monkeypatch.setattr(PatientConnection, "patience_s", 0.5)
    parts = urlsplit(shop.url)
    with line_to(parts.hostname or "", parts.port or 3306) as line:
        yield line


@pytest.fixture
def server(shop: Shop, line: Line) -> Iterator[Server]:
    parts = urlsplit(shop.url)
    url = urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{line.port}"))
    with closing(Server(url, None)) as server:
        yield server


def test_a_server_that_freezes_while_it_is_asked_is_told(server: Server, line: Line) -> None:
    with server.snapshot():
        assert server.rows("SELECT COUNT(*) FROM receipts") == [(0,)]
        line.go_silent()
        with pytest.raises(TillError, match=r"does not answer: .*timed out"):
            server.rows("SELECT COUNT(*) FROM receipts")


def test_a_server_that_is_frozen_before_it_lets_anybody_in_is_told(server: Server, line: Line) -> None:
    line.go_silent()
    with pytest.raises(TillError, match="does not answer"):
        server.rows("SELECT 1")


def test_a_server_that_is_slow_but_speaks_is_waited_for(
    new_postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own limit says how long."""
    monkeypatch.setattr(PatientConnection, "patience_s", 1)
    slowly = "SELECT pg_sleep(0.3), repeat('x', 9000) FROM generate_series(1, 6)"
    with closing(Server(new_postgres(), None)) as server:
        assert len(server.rows(slowly)) == 6


def test_a_server_without_transactions_that_cannot_write_is_too_old(
    server: Server, shop: Shop, line: Line
) -> None:
    if not shop.is_mysql:
        pytest.skip("every PostgreSQL has such transactions")
    (version,) = shop.run("SELECT VERSION()")[0]
    line.change(b"SET SESSION TRANSACTION READ ONLY", b"SET SESSION TRANSACTION REED ONLY")
    with pytest.raises(TillError) as refused:
        server.rows("SELECT 1")
    assert f"is too old ({version}): it knows no transaction that cannot write" in str(refused.value)
    assert "Move the till's data to MySQL 5.6 or MariaDB 10.0, or a newer one." in str(refused.value)
