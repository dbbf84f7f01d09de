"""A section of a catalogue as a table in CSV, for spreadsheets: written in the caller's language, read in
any that this program knows.

A cell that a spreadsheet would take for a formula has an apostrophe before it, which reading takes away."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factorypos_tui.server.catalogue.checking import MOST_FAULTS, Document, RecordFault
from factorypos_tui.server.catalogue.editing import Wrong, merged
from factorypos_tui.server.catalogue.fields import SECTIONS, TYPE_NAMES, Field, price_fault
from factorypos_tui.server.documents.configuration import MOST_RECORDS
from factorypos_tui.server.documents.money import decimal_mark, decimal_text, read_decimal
from factorypos_tui.server.words import LANGUAGES, marked, told, told_in

LARGEST = 4 << 20
"""Bytes of a file."""
MOST_COLUMNS = 300
_PRICE = marked("price {level}")
_FORMULA = r"(?='*(?:[^\S\t\r\n]|\")*[=+\-@\t\r＝＋－＠])"
_BEGIN = re.compile(rf"(^|[;,\t\r\n]){_FORMULA}")
"""Where a spreadsheet may begin a cell, whichever sign parts cells in its country, and a formula follows."""
_ESCAPED = re.compile(rf"(^|[;,\t\r\n])'{_FORMULA}")
_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+")
_FLAGS = {"true": True, "1": True, "x": True, "false": None, "0": None, "": None}
_YES, _NO = marked("yes"), marked("no")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a file, and where."""

    line: int
    """From 1, the heading."""
    column: str
    """Its heading; empty where the whole line is wrong."""
    message: str


class FileWrong(ValueError):
    """A file that cannot be taken; nothing of it is."""

    def __init__(self, *faults: CellFault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults[:MOST_FAULTS]


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    field: Field | None
    level: str = ""
    """Of a column of prices."""

    @property
    def path(self) -> str:
        return self.field.name if self.field else f"prices.{self.level}"


def written(document: Document, section: str, currency: str) -> str:
    """The section as CSV, with a mark by which spreadsheets know UTF-8. Lists and decimals are parted as the
    spreadsheets of the caller's language expect it."""
    columns = [_Column(told(field.label), field) for field in SECTIONS[section]]
    if section == "items":
        columns += [
            _Column(told(_PRICE).format(level=level["code"]), None, level["code"])
            for level in document["price_levels"]
        ]
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";" if decimal_mark() == "," else ",")
    table.writerow(_escaped(column.heading) for column in columns)
    for record in document[section]:
        table.writerow(_escaped(_cell(record, column, currency)) for column in columns)
    return f"\ufeff{out.getvalue()}"


def _cell(record: Document, column: _Column, currency: str) -> str:
    if column.field is None:
        price = (record.get("prices") or {}).get(column.level)
        return decimal_text(price, currency) if type(price) is int else ""
    value: Any = record.get(column.field.name)
    if column.field.is_flag:
        return told(_YES) if value else told(_NO)
    if column.field.choices and value in TYPE_NAMES:
        return told(TYPE_NAMES[value])
    text = "" if value is None else str(value)
    return text.replace(".", decimal_mark()) if column.field.name == "rate" else text


def _escaped(text: str) -> str:
    return _BEGIN.sub(r"\1'", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def taken(document: Document, section: str, raw: bytes, currency: str, *, whole: bool) -> Document:
    """The catalogue with the records of a file added or changed; `whole`: without those that it lacks. A
    column that the file lacks stays as it is; an empty cell empties its field.

    Raises `FileWrong`: then nothing is taken."""
    rows = _rows(raw)
    line, headings = next(rows, (1, []))
    columns = _columns(document, section, line, headings)
    records: dict[str, Mapping[str, Any]] = {}
    lines: dict[str, int] = {}
    faults: list[CellFault] = []
    for line, cells in rows:
        if len(cells) > len(columns):
            faults.append(CellFault(line, "", told("It has more cells than the heading.")))
        values, wrong = _record(line, cells, columns, currency)
        faults += wrong
        code = str(values.get("code") or "")
        if code in records:
            words = told("Line {n} has the same code.").format(n=lines[code])
            faults.append(CellFault(line, columns[0].heading, words))
        records[code], lines[code] = values, line
        if len(records) > MOST_RECORDS or len(faults) >= MOST_FAULTS:
            words = told("It may have at most {max_length} entries.").format(max_length=MOST_RECORDS)
            raise FileWrong(*(faults or [CellFault(line, "", words)]))
    if faults:
        raise FileWrong(*faults)
    try:
        return merged(document, section, list(records.values()), whole=whole)
    except Wrong as wrong_records:
        raise FileWrong(*_located(wrong_records.faults, section, lines, columns)) from None


def _rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold anything, each with its number."""
    if len(raw) > LARGEST:
        raise FileWrong(CellFault(1, "", told("The file is larger than {n} MiB.").format(n=LARGEST >> 20)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = told("This is no text in UTF-8. Save the file as “CSV UTF-8”.")
        raise FileWrong(CellFault(raw.count(b"\n", 0, error.start) + 1, "", words)) from error
    first = re.search("[;,\n]", text)
    delimiter = ";" if first and first[0] == ";" else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for cells in reader:
            if any(cells):
                yield begun, cells
            begun = reader.line_num + 1
    except csv.Error as error:
        words = told("The quotation marks of this line do not fit together, or a cell is very long.")
        raise FileWrong(CellFault(begun, "", words)) from error


def _columns(document: Document, section: str, line: int, headings: list[str]) -> list[_Column]:
    levels = {level["code"] for level in document["price_levels"]} if section == "items" else set()
    columns: list[_Column] = []
    faults = []
    for heading in map(_unescaped, headings[:MOST_COLUMNS]):
        column = _column(section, heading.strip(), levels)
        if column is None:
            faults.append(CellFault(line, heading, told("There is no such column.")))
        elif column.path in {known.path for known in columns}:
            faults.append(CellFault(line, heading, told("This column is there twice.")))
        else:
            columns.append(column)
    if not faults and "code" not in {column.path for column in columns}:
        words = told("The first line has to name the columns, among them “{code}”.")
        faults.append(CellFault(line, "", words.format(code=told("code"))))
    if faults:
        raise FileWrong(*faults)
    return columns


def _column(section: str, heading: str, levels: set[str]) -> _Column | None:
    wanted = heading.casefold()
    for field in SECTIONS[section]:
        if wanted in {field.name, *(told_in(language, field.label).casefold() for language in LANGUAGES)}:
            return _Column(heading, field)
    for language in LANGUAGES:
        before = told_in(language, _PRICE).partition("{level}")[0]
        level = heading[len(before) :]
        if wanted.startswith(before.casefold()) and level in levels:
            return _Column(heading, None, level)
    return None


def _record(
    line: int, cells: list[str], columns: list[_Column], currency: str
) -> tuple[Mapping[str, Any], list[CellFault]]:
    values: dict[str, Any] = {}
    prices: dict[str, int | None] = {}
    faults = []
    for column, cell in zip(columns, [*cells, *[""] * len(columns)], strict=False):
        text = _unescaped(cell)
        try:
            if column.field is None:
                prices[column.level] = _price(text.strip(), currency)
            else:
                values[column.field.name] = _value(column.field, text)
        except ValueError as error:
            faults.append(CellFault(line, column.heading, str(error)))
    return ({**values, "prices": prices} if prices else values), faults


def _price(text: str, currency: str) -> int | None:
    if not text:
        return None
    price = read_decimal(text, currency)
    if price is None or price_fault(price):
        example = decimal_text(1250, currency)
        raise ValueError(told("This is no price. Write it as in {example}.").format(example=example))
    return price


def _value(field: Field, text: str) -> Any:
    if field.is_flag:
        return _flag(text.strip().casefold())
    if field.name in ("code", "barcode"):
        if _SHORTENED.fullmatch(text):
            raise ValueError(
                told("A spreadsheet has shortened this number. Give the column the format “text” there.")
            )
        if field.required and not text:
            raise ValueError(told("It is needed."))
    if field.choices:
        return _choice(text.strip())
    if field.name == "rate":
        text = text.strip().replace(",", ".")
    return text or None


def _flag(word: str) -> bool | None:
    """None for no: a flag that is not set need not be said."""
    words = dict(_FLAGS)
    for language in LANGUAGES:
        words |= {told_in(language, _YES).casefold(): True, told_in(language, _NO).casefold(): None}
    if word not in words:
        raise ValueError(told("It has to be yes or no."))
    return words[word]


def _choice(word: str) -> str | None:
    """The word for programs of a type of payment, which may be given in any language."""
    for name, label in TYPE_NAMES.items():
        if word.casefold() in {told_in(language, label).casefold() for language in LANGUAGES}:
            return name
    return word or None


def _located(
    faults: tuple[RecordFault, ...], section: str, lines: Mapping[str, int], columns: list[_Column]
) -> list[CellFault]:
    """Faults of records, each at its line. One of a record that the file lacks is told with the record."""
    headings = {column.path: column.heading for column in columns}
    located = []
    for fault in faults:
        is_here = fault.section == section and fault.code in lines
        column = headings.get(fault.field, fault.field)
        message = fault.message if is_here else f"{fault.code} {column}: {fault.message}"
        located.append(CellFault(lines[fault.code] if is_here else 0, column if is_here else "", message))
    return sorted(located, key=lambda fault: fault.line)
