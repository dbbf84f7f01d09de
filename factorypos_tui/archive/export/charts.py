"""A chart of accounts: which account a payment, a tax or a tip of a Z is booked on, and in what form a
bookkeeping program wants the rows. A shop keeps it in a file (TOML).

What it does not map is booked on its account `clearing`, never left out."""

import codecs
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

Entry = TypeVar("Entry")

PACKAGED = ("neutral", "pgc", "skr03", "skr04")
"""The charts that come with the program: one that names no country's accounts, Spain's, Germany's two."""
MOST_BYTES = 256 << 10
MOST_TEXT = 200
"""Characters of a text in a chart."""
ROLES = ("cash", "rounding", "tips", "over_short", "paid_in", "paid_out", "clearing")
"""What each chart has one account for."""
DELIMITERS = (";", ",", "\t")
DECIMAL_SIGNS = (".", ",")
ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "iso-8859-1", "iso-8859-15", "cp850")
DATES = {"YYYY-MM-DD": "{y}-{m}-{d}", "DD/MM/YYYY": "{d}/{m}/{y}", "DD.MM.YYYY": "{d}.{m}.{y}"}


class ChartFault(StrEnum):
    """What is wrong with a chart."""

    NO_TOML = "no_toml"
    NO_TEXT = "no_text"
    NO_CHOICE = "no_choice"
    NO_GROUP = "no_group"
    NO_LIST = "no_list"
    TOO_LARGE = "too_large"
    TWICE = "twice"


class ChartRefusedError(Exception):
    """A chart cannot be used."""

    def __init__(self, where: str, fault: ChartFault, detail: str = "") -> None:
        super().__init__(f"{where}: {fault} {detail}".rstrip())
        self.where = where
        """A key of the file."""
        self.fault = fault
        self.detail = detail
        """The name of what must be a text, the choices, or where the file is no TOML."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a chart."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class TaxAccounts:
    """Where what was sold at a rate is booked."""

    revenue: Account
    tax: Account
    vat_code: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of accounts, and the form of the rows."""

    name: str
    source: bytes
    """The file as it was read, which goes into the export."""
    delimiter: str
    decimal_sign: str
    encoding: str
    date_form: str
    single: Mapping[str, Account]
    payments: Mapping[str, Account]
    """By `code CODE`, `type TYPE`, and `` for every other."""
    taxes: Mapping[str, TaxAccounts]
    """By `code CODE`, `rate RATE`, and `` for every other."""

    def payment(self, code: str, kind: str) -> Account | None:
        """The account of a payment; None where it is not mapped."""
        places = (f"code {code}", f"type {kind}", "")
        return next((self.payments[it] for it in places if it in self.payments), None)

    def tax(self, code: str, rate: str) -> TaxAccounts | None:
        """The accounts of a tax row; None where it is not mapped."""
        places = (f"code {code}", f"rate {_rate(rate)}", "")
        return next((self.taxes[it] for it in places if it in self.taxes), None)

    def date(self, day: str) -> str:
        """`2026-11-30` as the program wants it."""
        year, month, number = day.split("-")
        return self.date_form.format(y=year, m=month, d=number)


def packaged(name: str) -> bytes:
    """The file of a chart that comes with the program."""
    return resources.files(__package__).joinpath("charts", f"{name}.toml").read_bytes()


def chart_in(path: Path) -> Chart:
    """The chart in a shop's file; raises `ChartRefusedError` and `OSError`."""
    with path.open("rb") as file:
        return read_chart(file.read(MOST_BYTES + 1))


def read_chart(source: bytes) -> Chart:
    """The chart in the bytes of a file; raises `ChartRefusedError` with what is wrong first."""
    if len(source) > MOST_BYTES:
        raise ChartRefusedError("", ChartFault.TOO_LARGE)
    try:
        table = tomllib.loads(source.decode())
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise ChartRefusedError("TOML", ChartFault.NO_TOML, str(error)) from error
    return Chart(
        name=_text(table, "name", "name"),
        source=source,
        delimiter=_choice(table, "delimiter", DELIMITERS, ";"),
        decimal_sign=_choice(table, "decimal", DECIMAL_SIGNS, "."),
        encoding=_encoding(table),
        date_form=DATES[_choice(table, "date", tuple(DATES), "YYYY-MM-DD")],
        single={it: _account(_group(table, it), it, "account", "name") for it in ROLES},
        payments=_each_once("payments", _payments(table)),
        taxes=_each_once("taxes", _taxes(table)),
    )


def _each_once(name: str, entries: Iterator[tuple[str, Entry]]) -> dict[str, Entry]:
    """By the place of each; of two for one place nobody knows which was meant."""
    found: dict[str, Entry] = {}
    for n, (place, accounts) in enumerate(entries, 1):
        if place in found:
            raise ChartRefusedError(f"{name}, entry {n}", ChartFault.TWICE)
        found[place] = accounts
    return found


def _payments(table: Mapping[str, Any]) -> Iterator[tuple[str, Account]]:
    for entry, where in _entries(table, "payments"):
        yield _place(entry, where, "code", "type"), _account(entry, where, "account", "name")


def _taxes(table: Mapping[str, Any]) -> Iterator[tuple[str, TaxAccounts]]:
    for entry, where in _entries(table, "taxes"):
        revenue = _account(entry, where, "revenue", "revenue_name")
        tax = _account(entry, where, "tax", "tax_name")
        vat_code = _text(entry, "vat_code", where, "")
        yield _place(entry, where, "code", "rate"), TaxAccounts(revenue, tax, vat_code)


def _place(entry: Mapping[str, Any], where: str, first: str, second: str) -> str:
    if first in entry:
        return f"{first} {_text(entry, first, where)}"
    if second in entry:
        said = _text(entry, second, where)
        return f"{second} {_rate(said) if second == 'rate' else said}"
    return ""


def _rate(rate: str) -> str:
    """`21.0` and `21` are one rate."""
    try:
        return format(Decimal(rate).normalize(), "f")
    except InvalidOperation:
        return rate


def _account(entry: Mapping[str, Any], where: str, number: str, name: str) -> Account:
    return Account(_text(entry, number, where), _text(entry, name, where, ""))


def _entries(table: Mapping[str, Any], name: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ChartRefusedError(name, ChartFault.NO_LIST)
    yield from ((entry, f"{name}, entry {n}") for n, entry in enumerate(entries, 1))


def _group(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    group = table.get(name)
    if not isinstance(group, dict):
        raise ChartRefusedError(name, ChartFault.NO_GROUP)
    return group


def _text(entry: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = entry.get(name, default)
    if not isinstance(value, str) or len(value) > MOST_TEXT or (default is None and not value.strip()):
        raise ChartRefusedError(where, ChartFault.NO_TEXT, name)
    return value


def _choice(table: Mapping[str, Any], name: str, choices: tuple[str, ...], default: str) -> str:
    value = table.get(name, default)
    if value not in choices:
        raise ChartRefusedError(name, ChartFault.NO_CHOICE, " ".join(repr(it) for it in choices))
    return str(value)


def _encoding(table: Mapping[str, Any]) -> str:
    return codecs.lookup(_choice(table, "encoding", ENCODINGS, "utf-8")).name
