"""Rows of a CSV table that a spreadsheet takes for nothing but text and numbers. Pure."""

import re
from functools import lru_cache

_BEGIN_OF_FORMULA = re.compile(
    r'^(?=[\t\r\n])|(^|(?<=[;,\t\r\n]))(?=(?:[^\S\t\r\n]|")*[=+\-@＝＋－＠])',
)
"""Also within a text: a spreadsheet that parts cells elsewhere than we do begins a new cell there."""
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of a text, and halves of characters."""
_LONGEST = 1000


def cell(value: object) -> str:
    """A value as a cell: null is empty, a formula is marked as text by an apostrophe, a text has no line
    break and no character that changes how the rest of the line is read. The longest have 1,000
    characters."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else _cell_of(str(value))


@lru_cache(maxsize=4096)
def _cell_of(text: str) -> str:
    """Names and days stand in thousands of rows."""
    return text if _NUMBER.fullmatch(text) else _BEGIN_OF_FORMULA.sub("'", one_line(text))


def one_line(text: str, longest: int = _LONGEST) -> str:
    """A text on one line without what cannot be shown; a longer one is cut, which an ellipsis says."""
    line = " ".join(_UNREADABLE.sub("\ufffd", text.replace("\r\n", " ").replace("\n", " ")).splitlines())
    return line if len(line) <= longest else line[: longest - 1] + "…"
