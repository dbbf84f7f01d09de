"""The tables of an export: CSV, a journal, Norwegian SAF-T. They prove no day, but their sums must hold."""

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from factorypos_tui.archive.verify.announced import Announced
from factorypos_tui.archive.verify.directory import EXPORT, MANIFEST, SEAL, Directory
from factorypos_tui.archive.verify.faults import N_, Amount, Kind, found

SAFT = re.compile(r"SAF-T Cash Register_.+\.xml|saft-unknown\.csv")
FILES: Mapping[str, re.Pattern[str]] = {
    "json": re.compile(r"keys\.json|(?:reports|acknowledgements|closings)/.+"),
    "csv": re.compile(r"(?:days|taxes|payments|departments|hours|dictionary)\.csv"),
    "journal": re.compile(r"journal\.csv|chart\.toml"),
    "saft-cash-register": SAFT,
}
"""What each format has beside export.json and the MANIFEST."""
_PARTS = (("taxes", "gross"), ("departments", "amount"), ("hours", "amount"), ("payments", "amount"))
_DAY = ("net", "tax", "rounding", "tips", "gross", "discounts", "refunds")
_WHOLE = re.compile(r"-?[0-9]{1,16}")
_DECIMAL = re.compile(r"[0-9]{1,16}([.,][0-9]{1,3})?")
_ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "iso-8859-1", "iso-8859-15", "cp850")
_LONGEST_ROW = 1 << 20
Row = Mapping[str, str]
Key = tuple[str, int]
"""Terminal and Z number."""


def check_files(directory: Directory, announced: Announced) -> None:
    """Raises `FaultFound` where a file is not of the format that the export says it has."""
    for path in directory.paths():
        belongs = path in (EXPORT, MANIFEST, SEAL) or FILES[announced.format].fullmatch(path)
        if not belongs:
            words = N_("It does not belong into an export of the format {format}.")
            raise found(Kind.NOT_AS_ANNOUNCED, path, words, format=announced.format)


def check_tables(directory: Directory, announced: Announced) -> None:
    """Raises `FaultFound` where the sums of an export's tables do not hold."""
    checks: Mapping[str, Callable[[Directory, Announced], None]] = {
        "csv": _check_csv,
        "journal": _check_journal,
        "saft-cash-register": _check_saft,
    }
    checks[announced.format](directory, announced)


def _check_csv(directory: Directory, announced: Announced) -> None:
    days: dict[Key, tuple[str, dict[str, int]]] = {}
    for row in _rows(directory, "days.csv"):
        key = _key(row, "days.csv")
        if key in days:
            raise found(Kind.UNREADABLE, "days.csv", N_("Z {z_number} is there twice."), z_number=key[1])
        days[key] = row.get("currency", ""), {name: _whole(row, name, "days.csv") for name in _DAY}
        _check_day(key, *days[key])
    _check_counts(announced, days)
    for table, column in _PARTS:
        sums = _sums(directory, table, column)
        for key in days.keys() | sums.keys():
            currency, day = days.get(key, ("", dict.fromkeys(_DAY, 0)))
            total = day["net"] + (day["rounding"] + day["tips"] if table == "payments" else 0)
            if sums.get(key, 0) != total:
                raise _not_the_sum(f"{table}.csv", key, sums.get(key, 0), total, currency)
    taxes = _sums(directory, "taxes", "tax")
    for key, (currency, day) in days.items():
        if taxes.get(key, 0) != day["tax"]:
            raise _not_the_sum("taxes.csv", key, taxes.get(key, 0), day["tax"], currency)


def _check_day(key: Key, currency: str, day: Mapping[str, int]) -> None:
    net = day["gross"] - day["discounts"] - day["refunds"]
    if net != day["net"]:
        raise _not_the_sum("days.csv", key, net, day["net"], currency)


def _check_counts(announced: Announced, days: Mapping[Key, object]) -> None:
    for told in announced.terminals:
        numbers = [number for terminal_id, number in days if terminal_id == told.terminal_id]
        here = (min(numbers, default=0), max(numbers, default=0), len(numbers))
        if here != (told.first_z_number, told.last_z_number, told.count):
            words = N_("It names {told} Zs of the terminal {terminal_id}; here are {here}.")
            values = (told.count, told.terminal_id, len(numbers))
            raise found(
                Kind.NOT_AS_ANNOUNCED, EXPORT, words, told=values[0], terminal_id=values[1], here=values[2]
            )


def _not_the_sum(path: str, key: Key, added: int, total: int, currency: str) -> Exception:
    words = N_("The rows of Z {z_number} of terminal {terminal_id} add up to {sum}, not {total}.")
    amounts = {"sum": Amount(added, currency or "XXX"), "total": Amount(total, currency or "XXX")}
    return found(Kind.DOES_NOT_ADD_UP, path, words, z_number=key[1], terminal_id=key[0], **amounts)


def _sums(directory: Directory, table: str, column: str) -> dict[Key, int]:
    sums: dict[Key, int] = defaultdict(int)
    for row in _rows(directory, f"{table}.csv"):
        sums[_key(row, f"{table}.csv")] += _whole(row, column, f"{table}.csv")
    return sums


def _key(row: Row, path: str) -> Key:
    return row.get("terminal_id", ""), _whole(row, "z_number", path)


def _whole(row: Row, name: str, path: str) -> int:
    if not _WHOLE.fullmatch(row.get(name, "")):
        raise found(
            Kind.UNREADABLE, path, N_("The field {field} is missing, or not of its kind."), field=name
        )
    return int(row[name])


def _rows(
    directory: Directory, path: str, delimiter: str = ",", encoding: str = "utf-8"
) -> Iterator[dict[str, str]]:
    """The rows of a table, by the names of its heading; none is longer than 1 MiB."""

    def lines() -> Iterator[str]:
        for n, line in enumerate(directory.lines(path)):
            if len(line) >= _LONGEST_ROW:
                raise ValueError("a row that is too long")
            yield line.decode(
                "utf-8-sig" if encoding == "utf-8-sig" and not n else encoding.removesuffix("-sig")
            )

    try:
        rows = csv.reader(lines(), delimiter=delimiter, strict=True)
        heading = next(rows, [])
        for cells in rows:
            yield dict(zip(heading, cells, strict=True))
    except (ValueError, csv.Error) as error:
        raise found(Kind.UNREADABLE, path, N_("It is no table as our program writes it.")) from error


def _check_journal(directory: Directory, _announced: Announced) -> None:
    chart = _chart(directory)
    balance: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in _rows(directory, "journal.csv", chart["delimiter"], chart["encoding"]):
        entry = (row.get("terminal_id", ""), row.get("z_number", ""), row.get("currency", ""))
        balance[entry] += _amount(row, "debit") - _amount(row, "credit")
    for (terminal_id, z_number, currency), left in balance.items():
        if left:
            words = N_("The debits of Z {z_number} of terminal {terminal_id} are {left} {currency} off.")
            values = {
                "z_number": z_number,
                "terminal_id": terminal_id,
                "left": str(left),
                "currency": currency,
            }
            raise found(Kind.DOES_NOT_ADD_UP, "journal.csv", words, **values)


def _chart(directory: Directory) -> dict[str, Any]:
    try:
        chart = tomllib.loads(directory.read("chart.toml").decode())
    except (ValueError, RecursionError) as error:
        raise found(Kind.UNREADABLE, "chart.toml", N_("It is no chart of accounts.")) from error
    if chart.get("encoding") not in _ENCODINGS or chart.get("delimiter") not in (";", ",", "\t"):
        raise found(Kind.UNREADABLE, "chart.toml", N_("It is no chart of accounts."))
    return chart


def _amount(row: Row, name: str) -> Decimal:
    text = row.get(name, "")
    if text and not _DECIMAL.fullmatch(text):
        words = N_("The field {field} is missing, or not of its kind.")
        raise found(Kind.UNREADABLE, "journal.csv", words, field=name)
    return Decimal(text.replace(",", ".") or 0)


def _check_saft(directory: Directory, announced: Announced) -> None:
    zs = 0
    for path in directory.paths():
        if path.endswith(".xml"):
            reader = _SaftReader(path)
            reader.read(directory.lines(path))
            zs += reader.zs
    if zs != (told := sum(it.count for it in announced.terminals)):
        words = N_("It names {told} Zs; here are {here}.")
        raise found(Kind.NOT_AS_ANNOUNCED, EXPORT, words, told=told, here=zs)


class _SaftReader:
    """Counts the Z events of a file, and checks their totals since the first sale."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.zs = 0
        self._report: dict[str, str] = {}
        self._text = ""

    def read(self, pieces: Iterator[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.StartDoctypeDeclHandler = self._refuse  # so nothing can be defined that grows
        try:
            for piece in pieces:
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise found(Kind.UNREADABLE, self._path, N_("It is not well-formed XML.")) from error

    def _begin(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._text = ""
        if name.endswith("eventReport"):
            self._report = {}

    def _add(self, text: str) -> None:
        self._text = (self._text + text)[:100]

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "reportType" or local.startswith("reportGrandTotal"):
            self._report[local] = self._text.strip()
        elif local == "eventReport":
            self._check_report()

    def _check_report(self) -> None:
        self.zs += self._report.get("reportType") == "Z report"
        try:
            sales, back, net = (
                Decimal(self._report[f"reportGrandTotal{name}"]) for name in ("Sales", "Return", "SalesNet")
            )
        except (KeyError, ArithmeticError) as error:
            words = N_("An event lacks its totals since the first sale.")
            raise found(Kind.UNREADABLE, self._path, words) from error
        if sales - back != net:
            words = N_("The total since the first sale is not sales less refunds.")
            raise found(Kind.DOES_NOT_ADD_UP, self._path, words)

    def _refuse(self, *_declared: object) -> None:
        raise found(Kind.UNREADABLE, self._path, N_("It defines names of its own, which no export does."))
