"""A bar that sells and closes into KriolOS's tables, in a database of its own, for the demo.

It is the only code here that writes to such tables. It writes as the program of the family does: prices are
net, nothing is rounded, a close is an end and a successor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.tills.unicenta.engines import CONNECT_S, Address, address_of, load, told_by

HOST = "BARRA-1"
_POSTGRESQL = {"DATETIME": "TIMESTAMP", "DOUBLE": "DOUBLE PRECISION", "MEDIUMBLOB": "BYTEA"}
_TAXES = {"10": 0.10, "21": 0.21}
_PRODUCTS = {
    "CAFE": ("Café", "Cafés", 1.50, "10"),
    "CROISSANT": ("Croissant", "Bollería", 1.80, "10"),
    "CANA": ("Caña", "Cervezas", 2.40, "21"),
    "VINO": ("Copa de vino", "Vinos", 3.20, "21"),
    "BRAVAS": ("Patatas bravas", "Tapas", 5.50, "10"),
    "MENU": ("Menú del día", "Cocina", 13.90, "10"),
}
_OPENS_AT, _CLOSES_AT = time(8), time(23, 30)


class DemoBar:
    """The bar's program: its database, and what it does there. Raises `TillError`."""

    def __init__(self, url: str, password: str | None) -> None:
        """`url`: of an empty database."""
        self.url = url
        address = address_of(url)
        self._driver = load(address.engine.driver)
        self._is_mysql = url.startswith("mysql:")
        self._connection = _connect(address, password)

    def make(self, first_day: date) -> None:
        """The tables, what is sold, and the first open day."""
        sql = Path(__file__).with_name("demo_bar.sql").read_text("utf-8")
        if not self._is_mysql:
            sql = sql.replace("BIT(1)", "BOOLEAN")
            for word, other in _POSTGRESQL.items():
                sql = re.sub(rf"\b{word}\b", other, sql)
        for statement in filter(str.strip, re.sub("--.*", "", sql).split(";")):
            self._run(statement)
        yes, no = ("b'1'", "b'0'") if self._is_mysql else ("TRUE", "FALSE")
        self._run("INSERT INTO applications VALUES ('pos', 'KriolOS POS', '5.0')")
        self._run(f"INSERT INTO people (id, name, role, visible) VALUES ('1', 'Ana', '1', {yes})")
        for tax, rate in _TAXES.items():
            self._run("INSERT INTO taxcategories VALUES (%s, %s)", tax, f"IVA {tax}")
            self._run(
                "INSERT INTO taxes (id, name, category, rate, ratecascade, rateorder)"
                f" VALUES (%s, %s, %s, %s, {no}, 1)",
                *(tax, f"IVA {tax} %", tax, rate),
            )
        for category in sorted({category for _name, category, _price, _tax in _PRODUCTS.values()}):
            self._run("INSERT INTO categories (id, name) VALUES (%s, %s)", category, category)
        for code, (name, category, price, tax) in _PRODUCTS.items():
            self._run(
                "INSERT INTO products (id, reference, code, name, pricesell, category, taxcat, isvprice)"
                f" VALUES (%s, %s, %s, %s, %s, %s, %s, {no})",
                *(code, code, code, name, price / (1 + _TAXES[tax]), category, tax),
            )
            self._run("INSERT INTO products_cat (product) VALUES (%s)", code)
        self._open(2, datetime.combine(first_day, _OPENS_AT))  # every program of the family begins with 2

    def live_through(self, days: int, now: datetime, random: Random) -> None:
        """Sell and close the `days` days before that of `now`; both are times on the wall of the bar."""
        for back in range(days, 0, -1):
            day = (now - timedelta(days=back)).date()
            opened = datetime.combine(day, _OPENS_AT)
            open_for = datetime.combine(day, _CLOSES_AT) - opened
            moments = sorted(opened + open_for * random.random() for _ in range(random.randint(12, 25)))
            for moment in moments:
                self.sell(moment.replace(microsecond=0), random)
            self.close(datetime.combine(day, _CLOSES_AT))

    def sell(self, at: datetime, random: Random) -> None:
        """A receipt of one to four things, in one transaction."""
        codes = random.choices(list(_PRODUCTS), k=random.randint(1, 4))
        receipt = str(uuid4())
        bases: dict[str, float] = {}
        self._run("BEGIN")
        self._run(
            "INSERT INTO receipts (id, money, datenew) VALUES (%s, %s, %s)", receipt, self._running()[0], at
        )
        number = self._run("SELECT COALESCE(MAX(ticketid), 0) + 1 FROM tickets")[0][0]
        self._run("INSERT INTO tickets (id, ticketid, person) VALUES (%s, %s, '1')", receipt, number)
        for place, code in enumerate(codes):
            _name, _category, price, tax = _PRODUCTS[code]
            net = price / (1 + _TAXES[tax])
            bases[tax] = bases.get(tax, 0.0) + net
            self._run(
                "INSERT INTO ticketlines (ticket, line, product, units, price, taxid)"
                " VALUES (%s, %s, %s, 1, %s, %s)",
                *(receipt, place, code, net, tax),
            )
        for tax, base in bases.items():
            self._run(
                "INSERT INTO taxlines (id, receipt, taxid, base, amount) VALUES (%s, %s, %s, %s, %s)",
                *(str(uuid4()), receipt, tax, base, base * _TAXES[tax]),
            )
        total = sum(base * (1 + _TAXES[tax]) for tax, base in bases.items())
        self._run(
            "INSERT INTO payments (id, receipt, payment, total) VALUES (%s, %s, %s, %s)",
            *(str(uuid4()), receipt, random.choice(("cash", "cash", "ccard")), total),
        )
        self._run("COMMIT")

    def close(self, at: datetime) -> None:
        """Close the day: an end, and the next day."""
        money, sequence = self._running()
        self._run("UPDATE closedcash SET dateend = %s WHERE money = %s", at, money)
        self._open(sequence + 1, at)

    def sold_today(self) -> int:
        """How many receipts the running day has."""
        found = self._run("SELECT COUNT(*) FROM receipts WHERE money = %s", self._running()[0])
        return int(found[0][0])

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _running(self) -> Sequence[Any]:
        sql = "SELECT money, hostsequence FROM closedcash ORDER BY hostsequence DESC LIMIT 1"
        found: Sequence[Any] = self._run(sql)[0]
        return found

    def _open(self, sequence: int, at: datetime) -> None:
        self._run(
            "INSERT INTO closedcash (money, host, hostsequence, datestart) VALUES (%s, %s, %s, %s)",
            *(str(uuid4()), HOST, sequence, at),
        )

    def _run(self, sql: str, *parameters: object) -> Sequence[Any]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, parameters or None)
                rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()
                return rows
        except self._driver.Error as error:
            raise TillError(_("The bar of the demo: {detail}").format(detail=told_by(error))) from error


@contextmanager
def database_for_a_bar(server: str, password: str | None) -> Iterator[str]:
    """Make an empty database, which is deleted after the block; gives its URL.

    `server`: the URL of a database on the same server, of an account that may make others. Raises
    `TillError` where none can be made, and `UsageError` for a URL that is none."""
    name = f"factorypos_demo_{uuid4().hex}"
    is_mysql = address_of(server).engine.driver == "pymysql"
    letters, force = (" CHARACTER SET utf8mb4", "") if is_mysql else ("", " WITH (FORCE)")
    try:
        _alone(server, password, f"CREATE DATABASE {name}{letters}")
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        _alone(server, password, f"DROP DATABASE IF EXISTS {name}{force}")


def _alone(server: str, password: str | None, sql: str) -> None:
    address = address_of(server)
    connection = _connect(address, password)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except load(address.engine.driver).Error as error:
        raise _no_server(error) from error
    finally:
        connection.close()


def _connect(address: Address, password: str | None) -> Any:
    """A connection that commits each statement."""
    driver = load(address.engine.driver)
    database = "database" if address.engine.driver == "pymysql" else "dbname"
    try:
        return driver.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=password or "",
            autocommit=True,
            connect_timeout=CONNECT_S,
            **{database: address.database},
        )
    except driver.Error as error:
        raise _no_server(error) from error


def _no_server(error: Exception) -> TillError:
    words = _("The demo's bar needs a server where it can make a database. That one says: {detail}")
    return TillError(words.format(detail=told_by(error)))
