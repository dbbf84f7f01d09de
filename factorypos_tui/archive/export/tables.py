"""The five tables of an export as CSV, and the dictionary that says what each column means.

Money stands twice: in minor units, as everywhere, and as a decimal for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from factorypos_tui.archive.export.amounts import decimal_of
from factorypos_tui.archive.export.cells import cell
from factorypos_tui.archive.export.folders import Folder, Part
from factorypos_tui.archive.export.inputs import Read

_TEXT, _WHOLE, _DECIMAL, _MONEY = "text", "integer", "decimal", "money"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    unit: str
    meaning: str


def _money(name: str, meaning: str) -> Column:
    return Column(name, _MONEY, "minor units of currency", meaning)


_DAY = (
    Column("store_id", _TEXT, "UUID", "the store that the report was made for"),
    Column("store", _TEXT, "", "its name"),
    Column("terminal_id", _TEXT, "UUID", "the till"),
    Column("terminal", _TEXT, "", "its name when the day was closed"),
    Column("z_number", _WHOLE, "", "number of the Z report; ascending for each till"),
    Column("business_date", _TEXT, "YYYY-MM-DD", "the day that was closed"),
    Column("currency", _TEXT, "ISO 4217", "of each amount in the row"),
)
_NAMED = (
    Column("code", _TEXT, "", "code at the till"),
    Column("name", _TEXT, "", "its name when it was sold"),
)
_TABLES: Mapping[str, tuple[Column, ...]] = {
    "days": (
        Column("report_id", _TEXT, "UUID", "id of the report"),
        Column("opened_at", _TEXT, "RFC 3339 UTC", "when the period began"),
        Column("closed_at", _TEXT, "RFC 3339 UTC", "when it was closed"),
        Column("close_reason", _TEXT, "", "manual, auto or late"),
        Column("receipts", _WHOLE, "receipts", "how many sales and refunds"),
        _money("gross", "sold, tax included, before discounts and refunds"),
        _money("discounts", "given away from it"),
        _money("refunds", "taken back"),
        _money("net", "gross less discounts less refunds, tax included"),
        _money("tax", "the tax in net"),
        _money("rounding", "payments less net less tips"),
        _money("tips", "given on top"),
        _money("opening_float", "in the drawer at first"),
        _money("paid_in", "put into the drawer"),
        _money("paid_out", "taken out of the drawer"),
        _money("expected", "what should be in the drawer"),
        _money("counted", "what was in the drawer; empty where it was not counted"),
        _money("over_short", "counted less expected; empty where it was not counted"),
        _money("perpetual_sales", "sales since the first sale of the till; never reset"),
        _money("perpetual_refunds", "refunds since the first sale of the till"),
        _money("perpetual_net", "perpetual_sales less perpetual_refunds"),
        Column("previous_hash", _TEXT, "SHA-256", "hash of the Z before; empty at the first"),
        Column("content_hash", _TEXT, "SHA-256", "hash of this Z"),
    ),
    "taxes": (
        *_NAMED,
        Column("rate", _DECIMAL, "per cent", "tax rate"),
        _money("base", "sold at this rate, without tax"),
        _money("tax", "the tax of it"),
        _money("gross", "base plus tax; all rows of a Z add up to its net"),
    ),
    "payments": (
        *_NAMED,
        Column("type", _TEXT, "", "cash, card, mobile …"),
        Column("sales_count", _WHOLE, "payments", "how many were taken"),
        _money("sales_amount", "what was taken, without tips"),
        Column("refund_count", _WHOLE, "payments", "how many were paid back"),
        _money("refund_amount", "what was paid back"),
        _money("tips", "tips in it"),
        _money("amount", "sales less refunds plus tips; all rows of a Z add up to net + rounding + tips"),
    ),
    "departments": (
        *_NAMED,
        Column("quantity", _DECIMAL, "units of the items", "how much was sold, less what came back"),
        _money("amount", "sold, tax included; all rows of a Z add up to its net"),
    ),
    "hours": (
        Column("hour", _WHOLE, "0 to 23, in timezone", "hour of the sale"),
        Column("timezone", _TEXT, "IANA", "where the hour is counted"),
        Column("receipts", _WHOLE, "receipts", "how many sales and refunds"),
        _money("amount", "sold, tax included; all rows of a Z add up to its net"),
    ),
}
_DICTIONARY = ("table", "column", "type", "unit", "meaning")
Row = Mapping[str, Any]


class Tables:
    """Writes the tables side by side, a row at a time."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._parts: dict[str, Part] = {}
        for name in _TABLES:
            self._parts[name] = folder.begin(f"{name}.csv")
            self._parts[name].write(line(column.name for column in _columns(name)))

    def add(self, report: Read) -> None:
        """The rows of a Z."""
        if not report.is_z:
            return
        for name, part in self._parts.items():
            for row in _rows(report, name):
                part.write(line(_cells(_columns(name), row, report["currency"])))

    def finish(self) -> None:
        """End the tables, and write the dictionary."""
        for part in self._parts.values():
            self._folder.end(part)
        self._folder.write("dictionary.csv", b"".join(_dictionary()))


def line(cells: Iterable[object], delimiter: str = ",") -> bytes:
    """One line of a table as RFC 4180 has it, in UTF-8."""
    return (delimiter.join(quoted(cell(value), delimiter) for value in cells) + "\r\n").encode()


def quoted(text: str, delimiter: str) -> str:
    """A cell between quotation marks where it needs them."""
    plain = not any(mark in text for mark in (delimiter, '"', "\r", "\n"))
    return text if plain else '"' + text.replace('"', '""') + '"'


@cache
def _columns(table: str) -> Sequence[Column]:
    return tuple(_with_decimals(table))


def _with_decimals(table: str) -> Iterator[Column]:
    for column in (*_DAY, *_TABLES[table]):
        yield column
        if column.type == _MONEY:
            meaning = f"{column.name} as a decimal with a point"
            yield Column(_as_decimal(column.name), _DECIMAL, "currency", meaning)


def _as_decimal(name: str) -> str:
    return f"{name}_decimal"


def _dictionary() -> Iterator[bytes]:
    yield line(_DICTIONARY)
    for table in _TABLES:
        for it in _columns(table):
            kind = _WHOLE if it.type == _MONEY else it.type
            yield line((table, it.name, kind, it.unit, it.meaning))


def _rows(report: Read, table: str) -> Iterator[Row]:
    day = {
        "store_id": report.store.id,
        "store": report.store.name,
        "terminal_id": report["terminal_id"],
        "terminal": report["terminal_name"],
        "z_number": report["z_number"],
        "business_date": report["business_date"],
        "currency": report["currency"],
        "timezone": report["timezone"],
    }
    if table != "days":
        yield from ({**row, **day} for row in report[table])
        return
    perpetual = {f"perpetual_{name}": value for name, value in report["perpetual"].items()}
    of_day = {name: report[name] for name in ("report_id", "opened_at", "closed_at", "close_reason")}
    hashes = {name: report[name] for name in ("previous_hash", "content_hash")}
    receipts = {"receipts": report["receipts"]["count"]}
    yield report["totals"] | report["cash"] | perpetual | of_day | hashes | receipts | day


def _cells(columns: Iterable[Column], row: Row, currency: str) -> Sequence[object]:
    amount: int | None = None
    cells: list[object] = []
    for column in columns:
        if column.type == _MONEY:
            amount = row[column.name]
            cells.append(amount)
        elif column.name in row:
            cells.append(row[column.name])
        else:  # the decimal of the amount before it
            cells.append(None if amount is None else decimal_of(amount, currency))
    return cells
