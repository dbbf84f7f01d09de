"""Receipts of other programs, as JSON Lines, one receipt a line: read whole and checked before any is kept.

The format is in docs/till-schema.md. Everything in the file is hostile until checked: lengths, counts and
numbers are bounded, and what we would have to guess about (doubled keys, floats, unknown fields) is refused.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, TypeVar

from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import StorageError, TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.sales import Receipt
from factorypos_tui.core.strict_json import NotStrict, read_object, shown
from factorypos_tui.core.system_words import system_words
from factorypos_tui.pos.catalogue import Catalogue, load_catalogue
from factorypos_tui.pos.recording import known_uids, record_receipts
from factorypos_tui.pos.selling import (
    MAX_AMOUNT,
    Sale,
    SaleLine,
    Tender,
    Unsellable,
    make_receipt,
    parse_quantity,
)

MAX_LINE_BYTES = 64 * 1024
MAX_RECEIPTS = 200_000
_MAX_LINES = 500
_MAX_PAYMENTS = 50
_MAX_ROUNDING = 1_000_000
_RECEIPT_FIELDS = frozenset(
    ("receipt_uid", "sold_at", "lines", "payments", "user", "number", "rounding", "discount", "level")
)
_LINE_FIELDS = frozenset(("item", "quantity", "unit_price", "discount", "refund", "comp"))
_PAYMENT_FIELDS = frozenset(("code", "amount", "tip"))
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: receipts taken up, practice sales kept apart, receipts seen before."""

    receipts: int
    training: int
    skipped: int
    net: int


def import_receipts(database: Database, file: BinaryIO) -> Imported:
    """Take up all receipts of `file` in the open period, in one transaction.

    Raises `TillError` naming line and field, and nothing is kept; `StorageError` where the file
    cannot be read or nothing can be kept.
    """
    catalogue = load_catalogue(database)
    try:
        receipts = read_receipts(file, catalogue)
    except OSError as error:
        problem = _("The file cannot be read: {detail}. Nothing was imported.").format(
            detail=system_words(error.strerror)
        )
        raise StorageError(problem) from error
    with database.transaction():
        if load_catalogue(database) != catalogue:
            raise TillError(
                _("The till's items or prices changed meanwhile. Nothing was imported. Import it again.")
            )
        seen = known_uids(database, (receipt.uid for receipt in receipts))
        fresh = []
        for receipt in receipts:
            if receipt.uid not in seen:
                seen.add(receipt.uid)
                fresh.append(receipt)
        recorded = record_receipts(database, catalogue, fresh)
    return Imported(
        receipts=len(recorded),
        training=len(fresh) - len(recorded),
        skipped=len(receipts) - len(fresh),
        net=sum(line.net for receipt in recorded for line in receipt.lines),
    )


def read_receipts(file: BinaryIO, catalogue: Catalogue) -> list[Receipt]:
    """All receipts of `file`, checked; raises `TillError` naming line and field."""
    receipts: list[Receipt] = []
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        try:
            if len(raw) > MAX_LINE_BYTES:
                raise _Bad("", _("the line is longer than {most} bytes").format(most=MAX_LINE_BYTES))
            if len(receipts) == MAX_RECEIPTS:
                raise _Bad("", _("more than {most} receipts; split the file").format(most=MAX_RECEIPTS))
            if raw.strip():
                receipts.append(make_receipt(catalogue, _sale(_Fields(read_object(raw), ""))))
        except (_Bad, NotStrict, Unsellable) as error:
            place = f"{number}, {error.field}" if error.field else str(number)
            raise TillError(
                _("line {place}: {problem}. Nothing was imported.").format(
                    place=place, problem=str(error).removesuffix(".")
                )
            ) from error
    return receipts


class _Bad(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one object of the file; each reader says which one is at fault."""

    values: Mapping[str, object]
    path: str

    def only(self, known: frozenset[str]) -> None:
        for name in self.values:
            if name not in known:
                raise _Bad(f"{self.path}{shown(name)}", _("there is no such field"))

    def read(self, name: str, reader: Callable[[object], _Read], default: _Read | None = None) -> _Read:
        value = self.values.get(name)
        if value is None:
            if default is None:
                raise _Bad(f"{self.path}{name}", _("this is missing"))
            return default
        try:
            return reader(value)
        except (ValueError, UsageError) as error:
            raise _Bad(f"{self.path}{name}", str(error)) from error

    def optional(self, name: str, reader: Callable[[object], _Read]) -> _Read | None:
        return None if self.values.get(name) is None else self.read(name, reader)

    def records(self, name: str, most: int) -> list["_Fields"]:
        values = self.read(name, _list)
        if len(values) > most:
            raise _Bad(f"{self.path}{name}", _("more than {most}").format(most=most))
        records = []
        for place, value in enumerate(values):
            path = f"{self.path}{name}[{place}]"
            if not isinstance(value, dict):
                raise _Bad(path, _("this is not a JSON object"))
            records.append(_Fields(value, f"{path}."))
        return records


def _sale(fields: _Fields) -> Sale:
    fields.only(_RECEIPT_FIELDS)
    return Sale(
        uid=fields.read("receipt_uid", _uid),
        sold_at=fields.read("sold_at", _instant),
        lines=[_line(line) for line in fields.records("lines", _MAX_LINES)],
        tenders=[_tender(payment) for payment in fields.records("payments", _MAX_PAYMENTS)],
        user=fields.optional("user", _text),
        level=fields.optional("level", _text),
        discount=fields.read("discount", _amount, 0),
        rounding=fields.read("rounding", _rounding, 0),
        number=fields.read("number", _text, ""),
    )


def _line(fields: _Fields) -> SaleLine:
    fields.only(_LINE_FIELDS)
    return SaleLine(
        item=fields.read("item", _text),
        quantity=fields.read("quantity", lambda value: parse_quantity(_digits(value))),
        unit_price=fields.optional("unit_price", _amount),
        discount=fields.read("discount", _amount, 0),
        is_refund=fields.read("refund", _flag, default=False),
        is_comp=fields.read("comp", _flag, default=False),
    )


def _tender(fields: _Fields) -> Tender:
    fields.only(_PAYMENT_FIELDS)
    return Tender(
        code=fields.read("code", _text),
        amount=fields.read("amount", _signed_amount),
        tip=fields.read("tip", _amount, 0),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 40 or not value.isprintable():
        raise ValueError(_("this must be a text of 1 to 40 printable characters"))
    return value


def _digits(value: object) -> str:
    return str(value) if type(value) is int else _text(value)


def _uid(value: object) -> str:
    text = _text(value)
    try:
        uid = str(uuid.UUID(text))
    except ValueError:
        uid = ""
    if uid != text.lower():
        raise ValueError(_("this must be a UUID like 3f2b8c1e-5d4a-4e7b-9a60-1c2d3e4f5a6b"))
    return uid


def _instant(value: object) -> datetime:
    text = _text(value)
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC) if _RFC_3339.fullmatch(text) else None
    except (ValueError, OverflowError):
        instant = None
    if instant is None or not 2000 <= instant.year < 2200:
        raise ValueError(_("this must be an instant with its offset, like 2026-11-23T21:30:00+01:00"))
    return instant


def _whole(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(_("this must be a whole number from {low} to {high}").format(low=low, high=high))
    return value


def _amount(value: object) -> int:
    return _whole(value, 0, MAX_AMOUNT)


def _signed_amount(value: object) -> int:
    return _whole(value, -MAX_AMOUNT, MAX_AMOUNT)


def _rounding(value: object) -> int:
    return _whole(value, -_MAX_ROUNDING, _MAX_ROUNDING)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("this must be true or false"))
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(_("this must be a list"))
    return value
