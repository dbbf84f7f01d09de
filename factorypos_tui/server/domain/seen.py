"""Nobody changes what they have not seen as it is now: what a form or a call has seen of a row."""

import hashlib
import json
from typing import TypeAlias

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.words import told

Row: TypeAlias = Company | Store


def etag_of(row: Row, kind: type[Form]) -> str:
    """The ETag of what a form of this kind changes of a row: the same values have the same one."""
    values = json.dumps({name: getattr(row, name) for name in kind.model_fields}, sort_keys=True)
    return f'"{hashlib.sha256(values.encode()).hexdigest()}"'


def is_named(etag: str, if_match: str) -> bool:
    """Whether `If-Match` names this ETag, or any. A proxy that packs answers marks their tags as weak, so
    `W/"…"` counts as the tag that we gave."""
    return if_match == "*" or etag in [tag.strip().removeprefix("W/") for tag in if_match.split(",")]


def require_seen(if_match: str | None, etag: str) -> None:
    """Raises `NoCondition` where a call does not say what it replaces, `Outdated` where that is not there."""
    if if_match is None:
        raise errors.NoCondition(told("Say which version this replaces: If-Match with its ETag."))
    if not is_named(etag, if_match):
        raise errors.Outdated(etag)


def replace_seen(database: Database, seen: Row, form: Form) -> None:
    """Set the values of a form in a row, if it still has those that were seen; raises `Outdated`."""
    table = type(seen)
    unchanged = [getattr(table, name) == getattr(seen, name) for name in type(form).model_fields]
    is_there = table.update(**form.model_dump()).where(table.id == seen.id, *unchanged)
    if not is_there.execute(database):
        raise errors.Outdated(None)
