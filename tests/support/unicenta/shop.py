"""A shop that sells and closes by the statements of the uniCenta family itself: SQL only, nothing of ours."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pymysql

HOST = "CAJA-1"
FIRST_DAY = datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001 - the wall clock of the till
_SCHEMAS = Path(__file__).parent / "schemas"
_POSTGRESQL_TYPES = {
    "DATETIME": "TIMESTAMP",
    "DOUBLE": "DOUBLE PRECISION",
    "MEDIUMBLOB": "BYTEA",
    r"BIT\(1\)": "BOOLEAN",
}


@dataclass(frozen=True)
class Generation:
    """What differs between the programs of the family."""

    name: str
    schema: str
    is_upper: bool
    codes: dict[str, str] = field(default_factory=dict)
    """Codes of payments that are called otherwise than in KriolOS."""


_OLD = {"ccard": "magcard", "ccardrefund": "magcardrefund"}
_PAPER = {"voucherin": "paperin", "voucherout": "paperout"}
KRIOLOS = Generation("KriolOS POS 5", "kriolos.sql", is_upper=False)
GENERATIONS = (
    Generation("Openbravo POS 2.30", "unicenta3.sql", is_upper=True, codes=_OLD | _PAPER),
    Generation("uniCenta oPOS 4.2", "unicenta4.sql", is_upper=False, codes=_OLD),
    KRIOLOS,
    Generation("Chromis POS 0.58", "chromis.sql", is_upper=True, codes=_OLD | _PAPER),
)
TAXES = {"t-10": ("IVA 10%", "tc-10", 0.10), "t-21": ("IVA 21%", "tc-21", 0.21)}
PEOPLE = {"u-ana": "Ana", "u-ben": "Ben"}
CATEGORIES = {"c-bar": "Bar", "c-kit": "Kitchen", "c-bot": "Bottles", "c-del": "Deli", "c-sho": "Shop"}
PRODUCTS = {
    "p-cof": ("COF", "Coffee", 1.50, "t-10", "c-bar"),
    "p-men": ("MEN", "Menu", 12.50, "t-10", "c-kit"),
    "p-win": ("WIN", "Wine", 9.90, "t-21", "c-bot"),
    "p-che": ("CHE", "Cheese kg", 18.90, "t-10", "c-del"),
    "p-shi": ("SHI", "T-shirt", 15.00, "t-21", "c-sho"),
}
Line = tuple[str | None, float, float, str, str]
"""Product, units, net price of one, tax, name."""


def listed(product: str, units: float = 1.0, price: float | None = None) -> Line:
    """A line at the price of the list, or at another net price."""
    _reference, name, with_tax, tax, _category = PRODUCTS[product]
    return product, units, with_tax / (1 + TAXES[tax][2]) if price is None else price, tax, name


def free(name: str, units: float, price: float, tax: str) -> Line:
    """A line without a product: a discount, or a price that was keyed in."""
    return None, units, price, tax, name


class Shop:
    """The database of a program of the family, and what that program does to it."""

    def __init__(self, url: str, generation: Generation = KRIOLOS) -> None:
        """`url`: an empty database."""
        self.url, self.generation = url, generation
        self.is_mysql = url.startswith("mysql")
        self.connection = connect(url)
        self.money, self.sequence, self.number = "", 1, 0
        self.now = FIRST_DAY

    def run(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """One statement, committed at once. Tables are in braces: their case differs."""
        with self.connection.cursor() as cursor:
            cursor.execute(self.spelled(sql), parameters or None)
            return list(cursor.fetchall()) if cursor.description else []

    def leave(self) -> None:
        """Close the program's connection."""
        self.connection.close()

    def spelled(self, sql: str) -> str:
        """A statement with the tables as this generation writes them."""
        return re.sub(r"\{(\w+)\}", lambda it: it[1].upper() if self.generation.is_upper else it[1], sql)

    def make(self) -> None:
        """The tables, and what is sold."""
        schema = (_SCHEMAS / self.generation.schema).read_text("utf-8")
        if not self.is_mysql:
            for mysql, postgresql in _POSTGRESQL_TYPES.items():
                schema = re.sub(rf"\b{mysql}(?!\w)", postgresql, schema)
        for statement in filter(str.strip, re.sub("--.*", "", schema).split(";")):
            self.run(statement)
        self.run("INSERT INTO {applications} VALUES ('pos', %s, '1.2')", self.generation.name)
        for tax, (name, category, rate) in TAXES.items():
            self.run("INSERT INTO {taxcategories} VALUES (%s, %s)", category, name)
            self.run(
                "INSERT INTO {taxes} (id, name, category, rate, ratecascade, rateorder)"
                f" VALUES (%s, %s, %s, %s, {self.flag(False)}, 1)",
                *(tax, name, category, rate),
            )
        for category, name in CATEGORIES.items():
            self.run("INSERT INTO {categories} (id, name) VALUES (%s, %s)", category, name)
        for person, name in PEOPLE.items():
            self.run(
                f"INSERT INTO {{people}} (id, name, role, visible) VALUES (%s, %s, '1', {self.flag(True)})",
                *(person, name),
            )
        for product in PRODUCTS:
            self.add_product(product)

    def add_product(self, product: str) -> None:
        """An article of the list."""
        reference, name, price, tax, category = PRODUCTS[product]
        _tax_name, tax_category, rate = TAXES[tax]
        catalogued = self.generation.schema == "chromis.sql"
        extra, flag = (", iscatalog", f", {self.flag(True)}") if catalogued else ("", "")
        self.run(
            "INSERT INTO {products} (id, reference, code, name, pricesell, category, taxcat, isvprice"
            f"{extra}) VALUES (%s, %s, %s, %s, %s, %s, %s, {self.flag(False)}{flag})",
            *(product, reference, f"code-{reference}", name, price / (1 + rate), category, tax_category),
        )
        if not catalogued:
            self.run("INSERT INTO {products_cat} (product) VALUES (%s)", product)

    def flag(self, value: bool) -> str:
        """A bit(1), or a boolean."""
        return f"b'{int(value)}'" if self.is_mysql else str(value).upper()

    def open(self, money: str, sequence: int, at: datetime, host: str = HOST) -> None:
        """Open a period."""
        self.run(
            "INSERT INTO {closedcash} (money, host, hostsequence, datestart) VALUES (%s, %s, %s, %s)",
            *(money, host, sequence, at),
        )
        self.money, self.sequence = money, sequence

    def end(self, at: datetime) -> None:
        """The first statement of a close."""
        self.run("UPDATE {closedcash} SET dateend = %s WHERE money = %s AND dateend IS NULL", at, self.money)

    def close(self, at: datetime, following: str | None = None) -> None:
        """Close the day, as the program does it: the next one follows."""
        self.end(at)
        self.open(following or str(uuid4()), self.sequence + 1, at)

    def sell(
        self,
        lines: Sequence[Line],
        payments: Sequence[tuple[str, float]],
        *,
        id_: str | None = None,
        at: datetime | None = None,
        number: int | None = None,
        kind: int = 0,
        person: str = "u-ana",
    ) -> str:
        """A receipt, as the program saves it: nothing is rounded. Returns its id."""
        receipt = id_ or str(uuid4())
        self.now = at or self.now + timedelta(minutes=1)
        self.number = number or self.number + 1
        with self.transaction():
            self.run(
                "INSERT INTO {receipts} (id, money, datenew) VALUES (%s, %s, %s)",
                receipt,
                self.money,
                self.now,
            )
            self.run(
                "INSERT INTO {tickets} (id, tickettype, ticketid, person) VALUES (%s, %s, %s, %s)",
                *(receipt, kind, self.number, person),
            )
            for place, (product, units, price, tax, name) in enumerate(lines):
                self.run(
                    "INSERT INTO {ticketlines} (ticket, line, product, units, price, taxid, attributes)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    *(receipt, place, product, units, price, tax, as_sold(product, name)),
                )
            for tax in sorted({line[3] for line in lines}):
                base = sum(line[2] * line[1] for line in lines if line[3] == tax)
                self.tax(receipt, tax, base, base * TAXES[tax][2])
            for code, total in payments:
                self.pay(receipt, code, total)
        return receipt

    def tax(self, receipt: str, tax: str, base: float, amount: float) -> None:
        """A line of taxes."""
        sql = "INSERT INTO {taxlines} (id, receipt, taxid, base, amount) VALUES (%s, %s, %s, %s, %s)"
        self.run(sql, str(uuid4()), receipt, tax, base, amount)

    def pay(self, receipt: str, code: str, total: float) -> None:
        """A payment, by its code in KriolOS."""
        sql = "INSERT INTO {payments} (id, receipt, payment, total) VALUES (%s, %s, %s, %s)"
        self.run(sql, str(uuid4()), receipt, self.generation.codes.get(code, code), total)

    def move_cash(self, code: str, total: float, at: datetime, id_: str | None = None) -> None:
        """Cash in or out: a receipt without a ticket."""
        receipt = id_ or str(uuid4())
        self.run("INSERT INTO {receipts} (id, money, datenew) VALUES (%s, %s, %s)", receipt, self.money, at)
        self.pay(receipt, code, total)

    def delete(self, receipt: str) -> None:
        """Delete a receipt, as the program does before it saves an edited one."""
        for table, column in (("ticketlines", "ticket"), ("taxlines", "receipt"), ("payments", "receipt")):
            self.run(f"DELETE FROM {{{table}}} WHERE {column} = %s", receipt)
        self.run("DELETE FROM {tickets} WHERE id = %s", receipt)
        self.run("DELETE FROM {receipts} WHERE id = %s", receipt)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing."""
        self.run("BEGIN")
        try:
            yield
        except BaseException:
            self.run("ROLLBACK")
            raise
        self.run("COMMIT")


def as_sold(product: str | None, name: str) -> bytes:
    """The properties of a line, as Java writes them."""
    entries = {"product.name": name}
    if product:
        reference, *_others, category = PRODUCTS[product]
        entries |= {"product.reference": reference, "product.categoryid": category}
    body = "".join(f'<entry key="{key}">{value}</entry>\n' for key, value in entries.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    doctype = '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
    return f"{head}{doctype}<properties>\n<comment>POS</comment>\n{body}</properties>\n".encode()


def connect(url: str) -> Any:
    """A connection of the till's own program."""
    if not url.startswith("mysql"):
        return psycopg.connect(url, autocommit=True)
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=parts.username,
        password=parts.password or "",
        database=parts.path[1:],
        charset="utf8mb4",
        autocommit=True,
    )
