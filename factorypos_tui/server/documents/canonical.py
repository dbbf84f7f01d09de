"""JSON of reports and configurations: read strictly, and written in the one form that is hashed."""

import hashlib
import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from factorypos_tui.server.words import told

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
"""What every JSON reader holds exactly (RFC 7493)."""


class UnreadableJsonError(ValueError):
    """The bytes are no JSON that every program reads alike."""


def parse(raw: bytes) -> Any:
    """The value in `raw`; raises `UnreadableJsonError` on bad UTF-8, a name given twice or deep nesting."""
    try:
        value = msgspec.json.decode(raw)
        is_canonical = encode(value) == raw
    except (ValueError, RecursionError):
        is_canonical = False
    if not is_canonical:  # of two equal names the last was taken; what is written again as it came had none
        value = _parse_slowly(raw)
    if any(type(it) in (dict, list) for level in islice(_levels(value), MAX_DEPTH, None) for it in level):
        raise UnreadableJsonError(told("it is nested deeper than {levels} levels").format(levels=MAX_DEPTH))
    return value


def parse_stored(raw: bytes) -> Any:
    """The value in bytes that were looked at when they arrived; several times as fast."""
    return msgspec.json.decode(raw)


def _parse_slowly(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError(told("it is not JSON in UTF-8 with unique names")) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _levels(value: Any) -> Iterator[list[Any]]:
    """The value, what lies in it, what lies in that, and so on."""
    level = [value]
    while level:
        yield level
        nested = [it.values() if type(it) is dict else it for it in level if type(it) in (dict, list)]
        level = list(chain.from_iterable(nested))


def encode(value: Any) -> bytes:
    """Canonical JSON: names sorted by code point, no white space, UTF-8."""
    return msgspec.json.encode(value, order="sorted")


def digest(document: dict[str, Any]) -> str:
    """SHA-256, hex, of the canonical document without its own `content_hash`."""
    rest = {name: value for name, value in document.items() if name != "content_hash"}
    return hashlib.sha256(encode(rest)).hexdigest()


def digest_of(raw: bytes, content_hash: str) -> str:
    """The same from canonical bytes that hold this `content_hash` once, and a name after it."""
    member = f'"content_hash":"{content_hash}",'.encode()
    return hashlib.sha256(raw.replace(member, b"", 1)).hexdigest()


def without_canonical_form(value: Any) -> Iterator[str]:
    """The paths of values that canonical JSON cannot hold: floats, integers beyond 53 bits, halves of
    characters."""
    return iter(()) if _has_canonical_form(value) else _paths_without(value, "")


def _paths_without(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _paths_without(name, f"{path}{name}".encode(errors="replace").decode())
            yield from _paths_without(child, f"{path}{name}.".encode(errors="replace").decode())
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _paths_without(child, f"{path}{index}.")
    elif not _has_canonical_form(value):
        yield path.rstrip(".")


def _has_canonical_form(value: Any) -> bool:
    odd = (
        type(it) is float or (type(it) is int and abs(it) > MAX_INTEGER)
        for level in _levels(value)
        for it in level
    )
    if any(odd):
        return False
    try:
        encode(value)
    except UnicodeEncodeError:  # half of a character
        return False
    return True
