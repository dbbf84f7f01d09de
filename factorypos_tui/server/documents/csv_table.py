"""A table as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

_BEGIN_OF_FORMULA = re.compile(
    r'^(?=[\t\r\n])|(^|(?<=[;\t\r\n]))(?=(?:[^\S\t\r\n]|")*[=+\-@＝＋－＠])',
)
"""Also within a text: where semicolons part cells, a spreadsheet begins a new cell there, and takes no
quotation mark after a comma for one."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A heading and the rows. Numbers are plain; null is empty; true and false are written so."""
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(columns)
    table.writerows([_cell(row[name]) for name in columns] for row in rows)
    return lines.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return _BEGIN_OF_FORMULA.sub("'", value)  # else a spreadsheet would carry out what a name says
    return value
