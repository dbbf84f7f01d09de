"""Ten years of a shop in KriolOS's tables, on a server of MariaDB or PostgreSQL, in a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pymysql

from tests.support.unicenta.shop import TAXES, Shop

FIRST = datetime(2016, 11, 1, 8)  # noqa: DTZ001 - a wall clock
_DATABASE = "first_contact_benchmark"
_ARTICLES = [(f"p-{n:03}", f"Article {n}", 1 + n % 47 * 0.35, sorted(TAXES)[n % 7 == 0]) for n in range(200)]
_AS_SOLD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">
<properties>
<comment>POS</comment>
<entry key="product.name">{1}</entry>
<entry key="product.reference">{0}</entry>
<entry key="product.categoryid">c-bar</entry>
</properties>
"""
_COLUMNS = {
    "receipts": "id, money, datenew",
    "tickets": "id, tickettype, ticketid, person",
    "ticketlines": "ticket, line, product, units, price, taxid, attributes",
    "taxlines": "id, receipt, taxid, base, amount",
    "payments": "id, receipt, payment, total",
}


@contextmanager
def shop(url: str, days: int, receipts: int) -> Iterator[str]:
    """The url of a database with so many closed days, each of so many receipts; it is deleted at the end.

    `url`: of a server, with an account that may make databases."""
    address = urlsplit(url)._replace(path=f"/{_DATABASE}").geturl()
    _on_server(url, f"DROP DATABASE IF EXISTS {_DATABASE}")
    _on_server(url, f"CREATE DATABASE {_DATABASE}")
    try:
        made = Shop(address)
        made.make()
        for code, name, price, tax in _ARTICLES:
            made.run(
                "INSERT INTO {products} (id, reference, code, name, pricesell, category, taxcat, isvprice)"
                f" VALUES (%s, %s, %s, %s, %s, 'c-bar', 'tc', {made.flag(False)})",
                *(code, code, code, name, price / (1 + TAXES[tax][2])),
            )
        _fill(made, days, receipts)
        made.run("ANALYZE TABLE {receipts}, {ticketlines}" if made.is_mysql else "ANALYZE")
        made.leave()
        yield address
    finally:
        _on_server(url, f"DROP DATABASE {_DATABASE}")


def _on_server(url: str, sql: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "mysql":
        server = pymysql.connect(host=parts.hostname, port=parts.port or 3306, user=parts.username)
        server.cursor().execute(sql)
    else:
        server = psycopg.connect(url, autocommit=True)
        server.execute(f"{sql} WITH (FORCE)" if sql.startswith("DROP") else sql)
    server.close()


def _fill(made: Shop, days: int, receipts: int) -> None:
    """Days that were sold and closed, straight into the tables."""
    random = Random(17)
    made.open("d-0", 2, FIRST)
    for place in range(days):
        opened = FIRST + timedelta(days=place)
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _COLUMNS}
        for nth in range(receipts):
            at = opened + timedelta(seconds=nth * 36_000 // receipts)
            _add(rows, random, (f"d-{place}", at, place * receipts + nth))
        made.run("BEGIN")
        with made.connection.cursor() as cursor:
            for table, columns in _COLUMNS.items():
                values = ", ".join(["%s"] * len(columns.split(",")))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows[table])
        made.close(opened + timedelta(hours=14), f"d-{place + 1}")
        made.run("COMMIT")


def _add(rows: dict[str, list[tuple[object, ...]]], random: Random, place: tuple[str, datetime, int]) -> None:
    """A receipt of two lines, as the program saves it: nothing is rounded."""
    money, at, number = place
    receipt = _new_id(random)
    rows["receipts"].append((receipt, money, at))
    rows["tickets"].append((receipt, 0, number, "u-ana"))
    bases: dict[str, float] = {}
    for line, (code, name, price, tax) in enumerate(random.choices(_ARTICLES, k=2)):
        net = price / (1 + TAXES[tax][2])
        bases[tax] = bases.get(tax, 0.0) + net
        properties = _AS_SOLD.format(code, name).encode()
        rows["ticketlines"].append((receipt, line, code, 1.0, net, tax, properties))
    for tax, base in bases.items():
        rows["taxlines"].append((_new_id(random), receipt, tax, base, base * TAXES[tax][2]))
    total = sum(base * (1 + TAXES[tax][2]) for tax, base in bases.items())
    rows["payments"].append((_new_id(random), receipt, random.choice(("cash", "cash", "ccard")), total))


def _new_id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128)))
