"""What is read of a report, or of many, without what was sold in it. Pure."""

from typing import Literal

import msgspec


class HourRow(msgspec.Struct, gc=False):
    """`hour`: 0 to 23 in the time zone of the report."""

    hour: int
    receipts: int
    amount: int


class CashRow(msgspec.Struct, gc=False):
    """Minor units; the last two are null where nobody counted."""

    opening_float: int
    paid_in: int
    paid_out: int
    expected: int
    counted: int | None
    over_short: int | None


class Heading(msgspec.Struct, gc=False):
    """A report that was checked when it arrived."""

    report_id: str
    kind: Literal["X", "Z"]
    terminal_id: str
    terminal_name: str
    z_number: int | None
    business_date: str
    timezone: str
    currency: str
    opened_at: str
    cash: CashRow
    hours: list[HourRow]
    content_hash: str
    previous_hash: str | None
    closed_at: str | None = None
    taken_at: str | None = None


_DECODER = msgspec.json.Decoder(Heading)


def heading_if_any(document: bytes) -> Heading | None:
    """The heading of a report, None where its document is damaged."""
    try:
        return _DECODER.decode(document)
    except msgspec.DecodeError:
        return None
