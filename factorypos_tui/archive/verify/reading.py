"""JSON that nobody vouches for, read strictly: one form, whole numbers, each field of its own type."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from factorypos_tui.archive.verify.faults import N_, Kind, found

MAX_INTEGER = 2**53 - 1
_MOST_DIGITS = 16
_LONG_NUMBER = re.compile(rb"[:,\[]-?[0-9]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
Json = dict[str, Any]


def parse(raw: bytes, path: str) -> Json:
    """The object in canonical bytes; raises `FaultFound` where they are anything else."""
    whole_number = (
        _whole_number if _LONG_NUMBER.search(raw) else None
    )  # most files have none: three times as fast
    try:
        value = json.loads(
            raw.decode(), parse_int=whole_number, parse_float=_refused, parse_constant=_refused
        )
        is_canonical = isinstance(value, dict) and canonical(value) == raw
    except (ValueError, RecursionError) as error:
        words = N_("It is not JSON as our program writes it: no floats, no number beyond 53 bits, UTF-8.")
        raise found(Kind.UNREADABLE, path, words) from error
    if not is_canonical:  # a name that is given twice, white space, an order of its own, other escapes
        words = N_("It is JSON, but not in the one form that is hashed.")
        raise found(Kind.UNREADABLE, path, words)
    return value  # type: ignore[no-any-return]


def canonical(document: Mapping[str, Any], *without: str) -> bytes:
    """The one form that is hashed and signed, without some fields."""
    rest = {name: value for name, value in document.items() if name not in without}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def content_digest(document: Mapping[str, Any], raw: bytes) -> str:
    """SHA-256, hex, of the canonical JSON without `content_hash`; `raw`: its canonical bytes with it."""
    member = f'"content_hash":"{document.get("content_hash")}",'.encode()
    if raw.count(member) == 1:  # it can only be that of the document itself
        return hashlib.sha256(raw.replace(member, b"")).hexdigest()
    return digest(document, "content_hash")


def digest(document: Mapping[str, Any], *without: str) -> str:
    """SHA-256 of that, hex."""
    return hashlib.sha256(canonical(document, *without)).hexdigest()


def _whole_number(text: str) -> int:
    if len(text.lstrip("-")) > _MOST_DIGITS or abs(number := int(text)) > MAX_INTEGER:
        raise ValueError("a number beyond 53 bits")
    return number


def _refused(text: str) -> None:
    raise ValueError(f"no whole number: {text[:20]}")


class Fields:
    """The fields of one object of a file; a field that is missing or of another kind raises `FaultFound`."""

    def __init__(self, document: object, path: str, name: str = "") -> None:
        self.path, self._name = path, name
        if not isinstance(document, dict):
            raise self._wrong("")
        self._document: Json = document

    def whole(self, name: str, least: int = -MAX_INTEGER) -> int:
        value = self._document.get(name)
        if type(value) is not int or value < least:
            raise self._wrong(name)
        return value

    def text(self, name: str) -> str:
        value = self._document.get(name)
        if not isinstance(value, str):
            raise self._wrong(name)
        return value

    def shaped(self, name: str, shape: re.Pattern[str]) -> str:
        value = self.text(name)
        if not shape.fullmatch(value):
            raise self._wrong(name)
        return value

    def sha256(self, name: str) -> str:
        return self.shaped(name, _HASH)

    def uuid(self, name: str) -> str:
        return self.shaped(name, _UUID)

    def currency(self, name: str) -> str:
        return self.shaped(name, _CURRENCY)

    def day(self, name: str) -> str:
        value = self.shaped(name, _DATE)
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise self._wrong(name) from error
        return value

    def instant(self, name: str) -> str:
        value = self.shaped(name, _INSTANT)
        try:
            datetime.fromisoformat(value[:19])
        except ValueError as error:
            raise self._wrong(name) from error
        return value

    def one_of(self, name: str, *words: str) -> str:
        value = self.text(name)
        if value not in words:
            raise self._wrong(name)
        return value

    def is_null(self, name: str) -> bool:
        """Whether the field says that there is nothing; it must be there."""
        if name not in self._document:
            raise self._wrong(name)
        return self._document[name] is None

    def has(self, name: str) -> bool:
        return name in self._document

    def group(self, name: str) -> "Fields":
        return Fields(self._document.get(name), self.path, f"{self._name}{name}.")

    def rows(self, name: str) -> Iterator["Fields"]:
        value = self._document.get(name)
        if not isinstance(value, list):
            raise self._wrong(name)
        for index, row in enumerate(value):
            yield Fields(row, self.path, f"{self._name}{name}.{index}.")

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._document.get(name)
        if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
            raise self._wrong(name)
        return tuple(value)

    def _wrong(self, name: str) -> Exception:
        words = N_("The field {field} is missing, or not of its kind.")
        return found(Kind.UNREADABLE, self.path, words, field=f"{self._name}{name}".rstrip(".") or "-")
