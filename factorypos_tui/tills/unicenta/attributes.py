"""The names as sold: a line keeps them as Java properties in XML, which is text from outside."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat

from factorypos_tui.core.configuration.fields import LONGEST_CODE, LONGEST_NAME
from factorypos_tui.core.language.text import plain

MOST_BYTES = 1 << 16
"""Of the properties of a line; more is not read."""
_MOST_REMEMBERED = 1 << 11
_LONGEST_VALUE = 400
_NONE: Mapping[str, str] = MappingProxyType({})


def properties_of(attributes: bytes | None) -> Mapping[str, str] | None:
    """The properties of a line; None where they cannot be read."""
    if not attributes:
        return _NONE
    if len(attributes) > MOST_BYTES:
        return None
    return _remembered(attributes) if len(attributes) <= _MOST_REMEMBERED else _parsed(attributes)


@lru_cache(4096)
def code_of(text: str, otherwise: str) -> str:
    """A code that a report can carry. A longer one is cut, and keeps a hash of the whole: two that begin
    alike stay two."""
    code = plain(text, 4 * LONGEST_CODE)
    if len(code) <= LONGEST_CODE:
        return code or otherwise
    return f"{code[: LONGEST_CODE - 9]}~{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


@lru_cache(4096)
def name_of(*texts: str) -> str:
    """The first of the texts that says something, as a name that a report can carry."""
    return next(filter(None, (plain(text, LONGEST_NAME) for text in texts)), "-")


def _parsed(attributes: bytes) -> Mapping[str, str] | None:
    """Java names a DTD of its own, which is never fetched; a DTD inside, with entities, is refused."""
    found: dict[str, str] = {}
    key: str | None = None

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal key
        key = values.get("key") if tag == "entry" else None
        if key is not None:
            found[key] = ""

    def text(part: str) -> None:
        if key is not None:
            found[key] += part

    def end(_tag: str) -> None:
        nonlocal key
        key = None

    def doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            refuse()

    def refuse(*_: object) -> NoReturn:
        raise ValueError("a DTD of its own")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, refuse
    try:
        parser.Parse(attributes, True)
    except (expat.ExpatError, ValueError, LookupError):
        return None
    return MappingProxyType({key: value[:_LONGEST_VALUE] for key, value in found.items()})


_remembered = lru_cache(4096)(_parsed)
"""Each sale of an item has the same bytes."""
