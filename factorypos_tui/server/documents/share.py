"""What a report adds to the figures of its day: the part of it that is added up. Pure."""

from typing import Any, Literal

import msgspec
from pydantic import BaseModel

from factorypos_tui.server.documents.report import Count, Hour, Payment, Sold, Tax, Totals
from factorypos_tui.server.documents.swift import shape


class _Receipts(BaseModel):
    count: Count


class _Share(BaseModel):
    business_date: str
    currency: str
    kind: Literal["X", "Z"]
    receipts: _Receipts
    totals: Totals
    taxes: list[Tax]
    payments: list[Payment]
    departments: list[Sold]
    hours: list[Hour]


class ReceiptCount(msgspec.Struct, gc=False):
    count: int


class Amounts(msgspec.Struct, gc=False):
    """Minor units."""

    gross: int
    discounts: int
    refunds: int
    net: int
    tax: int
    rounding: int
    tips: int


class Brief(msgspec.Struct, gc=False):
    """The totals in a share, read without what they are made of: that takes a tenth of the time."""

    kind: Literal["X", "Z"]
    currency: str
    receipts: ReceiptCount
    totals: Amounts


_DECODER = msgspec.json.Decoder(shape(_Share))
_BRIEF = msgspec.json.Decoder(Brief)


def share_of(raw: bytes) -> bytes:
    """The share in a report that was read before, as JSON."""
    return msgspec.json.encode(_DECODER.decode(raw))


def share_if_any(raw: bytes) -> bytes | None:
    """The share in a report, None where the report is damaged: that adds nothing."""
    try:
        return share_of(raw)
    except msgspec.DecodeError:
        return None


def read_share(share: bytes) -> dict[str, Any]:
    """Its values."""
    values: dict[str, Any] = msgspec.json.decode(share)
    return values


def read_brief(share: bytes) -> Brief:
    """Its totals."""
    return _BRIEF.decode(share)
