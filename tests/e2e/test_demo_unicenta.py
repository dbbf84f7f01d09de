"""`demo --till unicenta` on real servers: the days of its bar arrive, and its database is deleted."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pymysql
import pytest

from factorypos_tui.cli import demo_unicenta
from factorypos_tui.cli.home import Home
from factorypos_tui.core.errors import TillError
from tests.support.servers import mariadb_databases, postgresql_databases
from tests.support.terminals import Terminal
from tests.support.unicenta.shop import connect
from tests.support.waiting import eventually

_PATIENCE_S = 60
_DAYS = 14
_Databases = Callable[[], AbstractContextManager[Callable[[], str]]]
_DEMO = [sys.executable, "-m", "factorypos_tui", "demo", "--no-ui", "--till", "unicenta"]


@pytest.mark.parametrize(
    ("databases", "stop"),
    [
        pytest.param(mariadb_databases, signal.SIGTERM, id="mariadb"),
        pytest.param(postgresql_databases, signal.SIGINT, id="postgresql"),
    ],
)
def test_the_bar_sells_and_closes_its_days_arrive_and_its_database_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, databases: _Databases, stop: signal.Signals
) -> None:
    with databases() as make:
        server = urlsplit(make())
        bare = server._replace(netloc=server.netloc.replace(f":{server.password}@", "@")).geturl()
        monkeypatch.setenv("FACTORYPOS_TILL_PASSWORD", server.password or "")
        with subprocess.Popen(
            [*_DEMO, "--till-server", bare],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        ) as demo:  # fmt: skip
            try:
                assert demo.stdout is not None
                told = json.loads(demo.stdout.readline())
                home = Path(told["home"])
                till = tomllib.loads((home / "config.toml").read_text("utf-8"))["till"]
                shop = server._replace(path=urlsplit(till["url"]).path).geturl()
                terminal = Terminal(home, told["cloud_url"])
                eventually(lambda: terminal.json("status")["queue"]["delivered"] >= _DAYS)
                eventually(lambda: terminal.json("status")["till"]["receipts"] > 0)
                eventually(lambda: "identical" in terminal.try_to("verify").stdout)
                connect(shop).close()
                demo.send_signal(stop)
                assert demo.wait(_PATIENCE_S) == 0
            finally:
                demo.kill()
        with pytest.raises(
            (psycopg.OperationalError, pymysql.OperationalError), match=shop.rpartition("/")[2]
        ):
            connect(shop)
    assert list(tmp_path.iterdir()) == []


def test_the_bar_closes_its_day_after_enough_customers(tmp_path: Path) -> None:
    with (
        mariadb_databases() as make,
        demo_unicenta.bar_in_a_database(Home(tmp_path), make(), 1, sales_a_day=2) as serve,
    ):
        till = Home(tmp_path).config().till.open(tmp_path)
        for _ in range(3):
            serve()
        assert [close.z_number for close in till.closes(0)] == [2, 3]
        assert till.status().receipts == 1
        till.close()


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        pytest.param(("--till-server", "mysql://root@127.0.0.1:1/test"), 1, "can make a database", id="away"),
        pytest.param(("--till-server", "sqlite://bar"), 2, "mysql://USER@HOST/DATABASE", id="no server"),
        pytest.param(("--till", "bundled", "--till-server", "x"), 2, "--till unicenta", id="other till"),
    ],
)
def test_where_the_bar_can_have_no_database_the_demo_says_why(
    tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    refused = subprocess.run(
        [*_DEMO, *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert (refused.returncode, refused.stdout) == (code, "")
    assert words in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_where_no_server_is_at_hand_the_demo_says_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        demo_unicenta, "_AT_HAND", ("mysql://root@127.0.0.1:1/a", "postgresql://a@127.0.0.1:1/a")
    )
    bar = demo_unicenta.bar_in_a_database(Home(tmp_path), None, days=1, sales_a_day=2)
    with pytest.raises(TillError, match=r"--till-server.*\nmysql:.*\npostgresql:"), bar:
        pytest.fail("a bar without a server")


def test_a_home_cannot_keep_a_bar_whose_database_is_deleted(tmp_path: Path) -> None:
    refused = Terminal(tmp_path / "kept", "").try_to("demo", "--no-ui", "--till", "unicenta")
    assert (refused.returncode, "leave out --home" in refused.stderr) == (2, True)
    assert not (tmp_path / "kept").exists()
