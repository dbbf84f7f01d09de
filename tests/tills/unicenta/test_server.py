"""The connection to a server: it cannot write, a pass sees one moment, what goes wrong is told in words."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from factorypos_tui.core.errors import TillAbsent, TillError, UsageError
from factorypos_tui.tills.unicenta.engines import ENGINES, LOCK_S, STATEMENT_S
from factorypos_tui.tills.unicenta.server import REST_S, Server
from tests.support.unicenta.shop import FIRST_DAY, Shop, listed

SECRET = "pa55 in no message"


@pytest.fixture
def server(shop: Shop) -> Iterator[Server]:
    shop.open("m-2", 2, FIRST_DAY)
    with closing(Server(shop.url, None)) as server:
        yield server


@pytest.fixture
def account(shop: Shop) -> Iterator[str]:
    """An account that has a password and no right yet."""
    name = f"reader_{uuid4().hex[:16]}"
    on = urlsplit(shop.url).path[1:]
    if shop.is_mysql:
        shop.run(f"CREATE USER {name}@'%' IDENTIFIED BY '{SECRET}'")
        shop.run(f"GRANT SELECT ON {on}.closedcash TO {name}@'%'")
    else:
        shop.run(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")
        shop.run(f"GRANT SELECT ON closedcash TO {name}")
    yield name
    if not shop.is_mysql:
        shop.run(f"DROP OWNED BY {name}")
    shop.run(f"DROP {'USER' if shop.is_mysql else 'ROLE'} {name}")


def other(url: str, user: str | None = None, port: int | None = None, path: str | None = None) -> str:
    """The same url with another user, port or database."""
    parts = urlsplit(url)
    where = f"{user or parts.username}@{parts.hostname}:{port or parts.port}"
    return urlunsplit(parts._replace(netloc=where, path=path or parts.path))


def test_it_cannot_write_whatever_rights_its_account_has(server: Server, shop: Shop) -> None:
    for change in ("DELETE FROM closedcash", "CREATE TABLE more (a int)", "DROP TABLE payments"):
        with pytest.raises(TillError):
            server.rows(change)
        with pytest.raises(TillError), server.snapshot():
            server.rows(change)
    assert shop.run("SELECT COUNT(*) FROM {closedcash}") == [(1,)]
    assert shop.run("SELECT COUNT(*) FROM {payments}") == [(0,)]


def test_a_pass_sees_one_moment_and_the_next_one_the_next(server: Server, shop: Shop) -> None:
    receipts = "SELECT COUNT(*) FROM receipts"
    with server.snapshot():
        assert server.rows(receipts) == [(0,)]
        shop.sell([listed("p-cof")], [("cash", 1.5)])
        assert server.rows(receipts) == [(0,)]
    assert server.rows(receipts) == [(1,)]
    shop.sell([listed("p-cof")], [("cash", 1.5)])
    assert server.rows(receipts) == [(2,)]


def test_a_double_arrives_with_all_its_digits(server: Server, shop: Shop) -> None:
    shop.sell([listed("p-cof")], [("cash", 0.1 + 0.2)])
    assert server.rows("SELECT total FROM payments") == [(0.1 + 0.2,)]
    assert server.rows("SELECT price FROM ticketlines") == [(1.5 / 1.1,)]


def kill(shop: Shop) -> None:
    """End every other connection to the shop's database, as a restart does."""
    if shop.is_mysql:
        others = "SELECT id FROM information_schema.processlist WHERE db = DATABASE()"
        for (id_,) in shop.run(f"{others} AND id <> CONNECTION_ID()"):
            shop.run(f"KILL {id_}")
    else:
        shop.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_that_was_restarted_is_connected_again(server: Server, shop: Shop) -> None:
    closes = "SELECT COUNT(*) FROM closedcash"
    assert server.rows(closes) == [(1,)]
    kill(shop)
    assert server.rows(closes) == [(1,)]
    kill(shop)
    with server.snapshot():
        assert server.rows(closes) == [(1,)]
        kill(shop)
        with pytest.raises(TillError, match="does not answer"):
            server.rows(closes)
    assert server.rows(closes) == [(1,)]


def test_a_server_that_breaks_off_after_a_long_wait_is_not_asked_at_once_again(shop: Shop) -> None:
    times = count(step=LOCK_S + 1)
    with closing(Server(shop.url, None, monotonic=lambda: next(times))) as server:
        assert server.rows("SELECT 1") == [(1,)]
        kill(shop)
        with pytest.raises(TillError, match="does not answer"):
            server.rows("SELECT 1")


def test_a_table_that_is_dropped_is_named(server: Server, shop: Shop) -> None:
    server.rows("SELECT COUNT(*) FROM taxlines")
    shop.run("DROP TABLE {taxlines}")
    with pytest.raises(TillError, match="taxlines"):
        server.rows("SELECT COUNT(*) FROM taxlines")


def test_a_wrong_password_a_right_that_is_missing_and_a_wrong_database_are_told(
    shop: Shop, account: str
) -> None:
    def told(url: str, password: str | None, sql: str = "SELECT 1 FROM closedcash") -> str:
        with closing(Server(url, password)) as server, pytest.raises(TillError) as refused:
            server.rows(sql)
        assert SECRET not in str(refused.value) + repr(refused.value.__cause__)
        return str(refused.value)

    ours = other(shop.url, user=account)
    with closing(Server(ours, SECRET)) as server:
        assert server.rows("SELECT 1 FROM closedcash") == []
    no_right = told(ours, SECRET, "SELECT 1 FROM people")
    assert f"{account} may not read" in no_right
    assert "people" in no_right
    no_database = other(shop.url, path="/nowhere")
    with closing(Server(no_database, None)) as server, pytest.raises(TillAbsent, match="no database nowhere"):
        server.rows("SELECT 1")
    if shop.is_mysql:  # the test's PostgreSQL trusts everybody on this machine
        assert f"does not let {account} in" in told(ours, "wrong")
    assert "does not let nobody_at_all in" in told(other(shop.url, user="nobody_at_all"), "wrong")


def test_a_server_that_is_off_is_told(shop: Shop) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = other(shop.url, port=taken.getsockname()[1])
        with closing(Server(url, None)) as server, pytest.raises(TillError, match="does not answer"):
            server.rows("SELECT 1")


def test_a_server_that_gives_no_answer_is_asked_again_only_after_a_rest(shop: Shop) -> None:
    """Who reads the till several times a second must not wait for it each time."""
    now, name = 100.0, f"late_{uuid4().hex}"
    with closing(Server(other(shop.url, path=f"/{name}"), None, monotonic=lambda: now)) as server:
        try:
            with pytest.raises(TillAbsent):
                server.rows("SELECT 1")
            shop.run(f"CREATE DATABASE {name}")
            now += REST_S / 2
            with pytest.raises(TillAbsent):
                server.rows("SELECT 1")
            now += REST_S
            assert server.rows("SELECT 1") == [(1,)]
        finally:
            server.close()
            shop.run(f"DROP DATABASE IF EXISTS {name}")


def test_a_table_that_is_locked_is_told_and_stops_nobody_for_long(server: Server, shop: Shop) -> None:
    shop.run("LOCK TABLES {payments} WRITE" if shop.is_mysql else "BEGIN")
    if not shop.is_mysql:
        shop.run("LOCK TABLE {payments} IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(TillError, match="is locked or slow"):
        server.rows("SELECT 1 FROM payments")
    with pytest.raises(TillError, match="is locked or slow"):
        server.rows("SELECT 1 FROM receipts")
    shop.run("UNLOCK TABLES" if shop.is_mysql else "ROLLBACK")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://",
        "mysql://h/d",
        "mysql://u@h",
        "mysql://u@h/",
        "mysql://u@h:x/d",
        "mysql://u@h/d?ssl=1",
        "mysql://u@h/d/e",
        "oracle://u@h/d",
        "sqlite:///x.db",
        "postgresql://[/d",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="must be written like mysql://USER@HOST/DATABASE"):
        Server(url, None)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="password_file") as refused:
        Server(f"mysql://u:{SECRET}@h/d", None)
    assert SECRET not in str(refused.value)


def test_an_address_may_be_escaped_and_leave_its_port_out() -> None:
    address = Server("postgresql://a%40b@caja.local/la%20tienda", None).address
    assert (address.user, address.host, address.port, address.database) == (
        "a@b",
        "caja.local",
        5432,
        "la tienda",
    )


def test_each_thread_has_a_connection_of_its_own(server: Server) -> None:
    def count() -> object:
        try:
            return server.rows("SELECT COUNT(*) FROM closedcash")
        finally:
            server.close()

    with server.snapshot(), ThreadPoolExecutor() as threads:
        assert threads.submit(count).result() == [(1,)]
        assert server.rows("SELECT COUNT(*) FROM closedcash") == [(1,)]


def test_a_thread_that_is_let_in_again_disturbs_no_other_that_waits(shop: Shop) -> None:
    name = f"late_{uuid4().hex}"
    at_the_clock: list[Callable[[], object]] = []

    def clock() -> float:
        if at_the_clock:
            at_the_clock.pop()()
        return REST_S * 3 if made else 0.0

    made: list[str] = []
    with closing(Server(other(shop.url, path=f"/{name}"), None, monotonic=clock)) as server:

        def in_another_thread() -> None:
            shop.run(f"CREATE DATABASE {name}")
            made.append(name)
            with ThreadPoolExecutor(1) as threads:
                threads.submit(server.rows, "SELECT 1").result()
                threads.submit(server.close).result()

        try:
            with pytest.raises(TillAbsent):
                server.rows("SELECT 1")
            at_the_clock += [in_another_thread, lambda: None]
            assert server.rows("SELECT 1") == [(1,)]
        finally:
            server.close()
            shop.run(f"DROP DATABASE IF EXISTS {name}")


def test_a_server_ends_what_takes_too_long_and_a_machine_that_is_gone_is_missed(
    server: Server, shop: Shop
) -> None:
    if shop.is_mysql:
        assert server.rows("SELECT @@max_statement_time") == [(STATEMENT_S,)]
        return
    assert server.rows("SHOW statement_timeout") == [(f"{STATEMENT_S}s",)]
    with closing(ENGINES["postgresql"].open(server.address, None, "UTC")) as connection:
        told = connection.info.get_parameters()
    after = int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"])
    assert after <= STATEMENT_S
