"""Long lists are read one page at a time. The place where a page ended is a text that the caller sends
back."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from peewee import Database, DataError, Expression, Field, Model, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.words import told

MAX_PAGE = 200
Row = TypeVar("Row", bound=Model)
Key: TypeAlias = "Field[Any]"


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page starts and how long it may be."""

    cursor: str | None
    limit: int

    def rows(self, database: Database, query: "ModelSelect[Row]", *keys: Key) -> tuple[list[Row], str | None]:
        """The rows of this page in the order of `keys`, which together are unique, and the next cursor."""
        if self.cursor is not None:
            query = query.where(_after(keys, self._values(len(keys))))
        return self._cut(database, query.order_by(*keys), keys)

    def newest(
        self, database: Database, query: "ModelSelect[Row]", *keys: Key
    ) -> tuple[list[Row], str | None]:
        """The same for a list in which the highest keys come first."""
        if self.cursor is not None:
            query = query.where(_before(keys, self._values(len(keys))))
        return self._cut(database, query.order_by(*(key.desc() for key in keys)), keys)

    def _cut(
        self, database: Database, query: "ModelSelect[Row]", keys: Sequence[Key]
    ) -> tuple[list[Row], str | None]:
        try:
            page = list(query.limit(self.limit + 1).bind(database))
        except (DataError, ValueError, OverflowError) as error:
            raise _not_our_cursor() from error
        if len(page) <= self.limit:
            return page, None
        last = page[self.limit - 1]
        return page[: self.limit], _cursor_at([getattr(last, key.name) for key in keys])

    def _values(self, length: int) -> list[str | int]:
        """The values in the cursor; raises `Invalid` when it is not one of ours."""
        try:
            values = json.loads(base64.urlsafe_b64decode((self.cursor or "").encode("ascii")))
        except (ValueError, RecursionError):
            values = None
        if (
            not isinstance(values, list)
            or len(values) != length
            or not all(type(value) in (str, int) for value in values)
        ):
            raise _not_our_cursor()
        return values


def _not_our_cursor() -> errors.Invalid:
    message = told("Take it from next_cursor.")
    return errors.Invalid([errors.FieldProblem(field="cursor", code="invalid", message=message)])


def _cursor_at(values: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode()


def _after(keys: Sequence[Key], values: Sequence[str | int]) -> Expression:
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key > value
    return (key > value) | ((key == value) & _after(keys[1:], values[1:]))


def _before(keys: Sequence[Key], values: Sequence[str | int]) -> Expression:
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key < value
    return (key < value) | ((key == value) & _before(keys[1:], values[1:]))
