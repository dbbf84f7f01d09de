"""What is wrong with a document or a form, field by field, in our own texts."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.words import LANGUAGES, marked, spoken, told

_CODES = {"missing": "required", "string_too_short": "too_short", "string_too_long": "too_long"}
_OUR_CODES = {"too_common", "control_characters", "unknown_timezone"}
_MESSAGES = {
    "missing": marked("It is needed."),
    "string_too_short": marked("It has to be at least {min_length} characters long."),
    "string_too_long": marked("It may be at most {max_length} characters long."),
    "too_long": marked("It may have at most {max_length} entries."),
    "string_type": marked("It has to be a text."),
    "string_pattern_mismatch": marked("It does not have the form that it has to have."),
    "bool_type": marked("It has to be true or false."),
    "int_type": marked("It has to be a whole number."),
    "int_parsing": marked("It has to be a whole number."),
    "greater_than_equal": marked("It has to be {ge} or more."),
    "less_than_equal": marked("It has to be {le} or less."),
}
MOST_FAULTS = 100
"""So many are named in one answer."""
_LONGEST_PATH = 200
_PLACES = ("body", "query", "path", "header")


def field_problems(errors: Iterable[Mapping[str, Any]]) -> list[FieldProblem]:
    """The first of pydantic's errors in our own texts; the input itself is never repeated."""
    return [
        fault(
            ".".join(str(part)[:_LONGEST_PATH] for part in error["loc"] if part not in _PLACES),
            _message(error),
            _code(error["type"]),
        )
        for error in islice(errors, MOST_FAULTS)
    ]


def fault(path: str, message: str, code: str = "invalid") -> FieldProblem:
    """What is wrong at a path, which is cut where a caller made it very long."""
    return FieldProblem(path[:_LONGEST_PATH], code, message)


def _message(error: Mapping[str, Any]) -> str:
    """Our text for errors that people meet in forms. For others pydantic's text in English, and the code of
    the error in other languages."""
    kind = error["type"]
    if kind in _MESSAGES:
        return told(_MESSAGES[kind]).format(**error.get("ctx", {}))
    if kind in _OUR_CODES or spoken() == LANGUAGES[0]:
        return str(error["msg"])
    return told("It is not as it has to be ({kind}).").format(kind=kind)


def _code(kind: str) -> str:
    return kind if kind in _OUR_CODES else _CODES.get(kind, "invalid")
