"""The form of a chart of accounts: its fields from a document, and a document from what was typed. Pure.

Fields are named after the keys of the document: `cash.account`; those of lists have the place of their row in
between: `taxes.2.revenue`. What a row is of stands in two: `by` says of what kind `of` is."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from factorypos_tui.archive.export.chart_text import Entry, chart_text
from factorypos_tui.archive.export.charts import DATES, DECIMAL_SIGNS, DELIMITERS, ENCODINGS, MOST_TEXT, ROLES
from factorypos_tui.server import errors
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.words import told

BLANK_ROWS = 2
"""So many are offered after the last one that is filled in."""
LISTS = {
    "payments": ("account", "name"),
    "taxes": ("revenue", "revenue_name", "tax", "tax_name", "vat_code"),
}
"""What each entry of a list has beside what it is of."""
KINDS = {"payments": ("type", "code"), "taxes": ("rate", "code")}
"""Of what kinds an entry is; of none it takes every other."""
OTHER = "other"
NUMBERS = ("account", "revenue", "tax")
"""What must not be empty."""
CHOICES = {
    "delimiter": DELIMITERS,
    "decimal": DECIMAL_SIGNS,
    "encoding": ENCODINGS,
    "date": tuple(DATES),
}
"""What a bookkeeping program reads; the first of each is what goes without saying, but for the date."""
TAB = "tab"

Fields = Mapping[str, str]


def fields_of(document: str) -> dict[str, str]:
    """The fields of a chart that was checked."""
    table = tomllib.loads(document)
    fields = {"name": table["name"]}
    defaults = {"delimiter": ";", "decimal": ".", "encoding": "utf-8", "date": "YYYY-MM-DD"}
    for name, default in defaults.items():
        chosen = table.get(name, default)
        fields[name] = TAB if chosen == "\t" else chosen
    for role in ROLES:
        fields[f"{role}.account"], fields[f"{role}.name"] = (
            table[role]["account"],
            table[role].get("name", ""),
        )
    for name in LISTS:
        for n, entry in enumerate(table.get(name, ()), 1):
            fields.update(_row(name, n, entry))
    return fields


def _row(name: str, n: int, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    by = next((it for it in ("code", *KINDS[name]) if it in entry), OTHER)
    yield f"{name}.{n}.by", by
    yield f"{name}.{n}.of", entry.get(by, "")
    for key in LISTS[name]:
        yield f"{name}.{n}.{key}", entry.get(key, "")


def rows_in(fields: Fields, name: str) -> list[int]:
    """The places of the rows of a list, in order."""
    places = {it.split(".")[1] for it in fields if it.startswith(f"{name}.") and it.endswith(".by")}
    return sorted(int(it) for it in places if it.isdecimal() and len(it) <= len("9999"))


def document_of(fields: Fields) -> str:
    """The document of what was typed; a row in which nothing stands is left out. Raises `Invalid` with each
    field that is empty or wrong."""
    faults: list[FieldProblem] = []
    table: dict[str, str | Entry | list[Entry]] = {"name": _text(fields, "name", faults)}
    for name in CHOICES:
        chosen = fields.get(name, "")
        table[name] = "\t" if chosen == TAB else chosen
    for role in ROLES:
        table[role] = {key: _text(fields, f"{role}.{key}", faults) for key in ("account", "name")}
    for name in LISTS:
        table[name] = list(_entries(fields, name, faults))
    if faults:
        raise errors.Invalid(faults)
    return chart_text(table)


def _entries(fields: Fields, name: str, faults: list[FieldProblem]) -> Iterator[Entry]:
    known = set()
    for n in (it for it in rows_in(fields, name) if is_filled(fields, name, it)):
        entry = _entry(fields, name, n, faults)
        place = tuple(entry.get(kind) for kind in KINDS[name])
        if place in known:
            words = told("It is about the same as one before it.")
            faults.append(FieldProblem(f"{name}.{n}.of", "invalid", words))
        known.add(place)
        yield entry


def is_filled(fields: Fields, name: str, n: int) -> bool:
    """Whether anything stands in a row."""
    return any(fields.get(f"{name}.{n}.{key}", "").strip() for key in ("of", *LISTS[name]))


def _entry(fields: Fields, name: str, n: int, faults: list[FieldProblem]) -> Entry:
    entry, by = {}, fields.get(f"{name}.{n}.by", "")
    if by in KINDS[name]:
        entry[by] = _text(fields, f"{name}.{n}.of", faults)
        if by == "rate":
            entry[by] = _rate(entry[by], f"{name}.{n}.of", faults)
    elif fields.get(f"{name}.{n}.of", "").strip():
        words = told("Every other one has nothing here. Empty this, or choose what it is.")
        faults.append(FieldProblem(f"{name}.{n}.of", "invalid", words))
    for key in LISTS[name]:
        entry[key] = _text(fields, f"{name}.{n}.{key}", faults)
    return entry


def _rate(typed: str, field: str, faults: list[FieldProblem]) -> str:
    rate = typed.replace(",", ".").removesuffix("%").strip()
    try:
        is_number = Decimal(rate).is_finite() if rate else True  # that it is empty is a fault already
    except InvalidOperation:
        is_number = False
    if not is_number:
        faults.append(FieldProblem(field, "invalid", told("Write the rate as a number, such as 21.")))
    return rate


def _text(fields: Fields, field: str, faults: list[FieldProblem]) -> str:
    text, key = fields.get(field, "").strip(), field.rpartition(".")[2]
    may_be_empty = field != "name" and key not in (*NUMBERS, "of")
    if not text and not may_be_empty:
        faults.append(FieldProblem(field, "missing", told("This is missing.")))
    if len(text) > MOST_TEXT:
        words = told("It has more than {n} characters.").format(n=MOST_TEXT)
        faults.append(FieldProblem(field, "invalid", words))
    return text
