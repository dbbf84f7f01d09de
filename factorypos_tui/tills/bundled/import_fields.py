"""One receipt of an import file. A reader for each field says what is wrong with it."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from factorypos_tui.core.configuration.fields import FieldWrong, flag
from factorypos_tui.core.configuration.strict_json import shown
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.tills.bundled.selling import MAX_AMOUNT, GivenTax, Sale, SaleLine, Tender, parse_quantity

_MAX_LINES = 500
_MAX_PAYMENTS = 50
_MAX_TAXES = 50
_MAX_ROUNDING = 1_000_000
_RECEIPT_FIELDS = frozenset(
    (
        "receipt_uid",
        "sold_at",
        "lines",
        "payments",
        "taxes",
        "user",
        "number",
        "rounding",
        "discount",
        "level",
    )
)
_LINE_FIELDS = frozenset(("item", "quantity", "unit_price", "total", "tax", "discount", "refund", "comp"))
_PAYMENT_FIELDS = frozenset(("code", "amount", "tendered", "change", "tip"))
_TAX_FIELDS = frozenset(("code", "base", "tax"))
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_Read = TypeVar("_Read")


def read_sale(receipt: Mapping[str, object]) -> Sale:
    """What a receipt of the file asks for; raises `FieldWrong`."""
    fields = _Fields(receipt, "")
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
        taxes=[_tax(tax) for tax in fields.records("taxes", _MAX_TAXES)] if "taxes" in receipt else [],
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one object of the file; each reader names the field that is wrong."""

    values: Mapping[str, object]
    path: str

    def only(self, known: frozenset[str]) -> None:
        for name in self.values:
            if name not in known:
                raise FieldWrong(f"{self.path}{shown(name)}", _("there is no such field"))

    def read(self, name: str, reader: Callable[[object], _Read], default: _Read | None = None) -> _Read:
        value = self.values.get(name)
        if value is None:
            if default is None:
                raise FieldWrong(f"{self.path}{name}", _("this is missing"))
            return default
        try:
            return reader(value)
        except (ValueError, UsageError) as error:
            raise FieldWrong(f"{self.path}{name}", str(error)) from error

    def optional(self, name: str, reader: Callable[[object], _Read]) -> _Read | None:
        return None if self.values.get(name) is None else self.read(name, reader)

    def records(self, name: str, most: int) -> list["_Fields"]:
        values = self.read(name, _list)
        if len(values) > most:
            raise FieldWrong(f"{self.path}{name}", _("more than {most}").format(most=most))
        records = []
        for place, value in enumerate(values):
            path = f"{self.path}{name}[{place}]"
            if not isinstance(value, dict):
                raise FieldWrong(path, _("this is not a JSON object"))
            records.append(_Fields(value, f"{path}."))
        return records


def _line(fields: _Fields) -> SaleLine:
    fields.only(_LINE_FIELDS)
    return SaleLine(
        item=fields.read("item", _text),
        quantity=fields.read("quantity", lambda value: parse_quantity(_digits(value))),
        unit_price=fields.optional("unit_price", _amount),
        total=fields.optional("total", _amount),
        tax=fields.optional("tax", _amount),
        discount=fields.read("discount", _amount, 0),
        is_refund=fields.read("refund", flag, default=False),
        is_comp=fields.read("comp", flag, default=False),
    )


def _tender(fields: _Fields) -> Tender:
    fields.only(_PAYMENT_FIELDS)
    code, tip = fields.read("code", _text), fields.read("tip", _amount, 0)
    tendered, change = fields.optional("tendered", _amount), fields.optional("change", _amount)
    if tendered is None:
        if change is not None:
            raise FieldWrong(f"{fields.path}tendered", _("this is missing beside change"))
        return Tender(code, fields.read("amount", _signed_amount), tip)
    amount = tendered - (change or 0)
    if fields.read("amount", _signed_amount, amount) != amount:
        raise FieldWrong(
            f"{fields.path}amount",
            _("this is not tendered less change, which is {amount}").format(amount=amount),
        )
    return Tender(code, amount, tip)


def _tax(fields: _Fields) -> GivenTax:
    fields.only(_TAX_FIELDS)
    return GivenTax(
        code=fields.read("code", _text),
        base=fields.read("base", _signed_amount),
        tax=fields.read("tax", _signed_amount),
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


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(_("this must be a list"))
    return value
