"""JSON of reports and configurations: read strictly, and written in the one form that is hashed."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from factorypos_tui.server.words import told

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
"""What every JSON reader holds exactly (RFC 7493)."""


class UnreadableJsonError(ValueError):
    """The bytes are no JSON that every program reads alike."""


def parse(raw: bytes) -> Any:
    """The value in `raw`; raises `UnreadableJsonError` on bad UTF-8, a name given twice or deep nesting."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError(told("it is not JSON in UTF-8 with unique names")) from error
    if _deeper_than(value, MAX_DEPTH):
        raise UnreadableJsonError(told("it is nested deeper than {levels} levels").format(levels=MAX_DEPTH))
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _deeper_than(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper_than(child, levels - 1) for child in children)


def encode(value: Any) -> bytes:
    """Canonical JSON: names sorted by code point, no white space, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(document: dict[str, Any]) -> str:
    """SHA-256, hex, of the canonical document without its own `content_hash`."""
    rest = {name: value for name, value in document.items() if name != "content_hash"}
    return hashlib.sha256(encode(rest)).hexdigest()


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
    if isinstance(value, str):
        return value.isascii() or value.encode(errors="replace").decode() == value
    if isinstance(value, dict):
        return all(map(_has_canonical_form, value)) and all(map(_has_canonical_form, value.values()))
    if isinstance(value, list):
        return all(map(_has_canonical_form, value))
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) > MAX_INTEGER)
