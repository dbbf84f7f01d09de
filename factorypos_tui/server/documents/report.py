"""The report document, schema version 1: its shape, and the sums that hold in every report. Pure."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.faults import MOST_FAULTS, fault, field_problems
from factorypos_tui.server.words import told


def _real_date(text: str) -> str:
    date.fromisoformat(text)
    return text


def _real_instant(text: str) -> str:
    datetime.fromisoformat(text[:19])
    return text


_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _canonical_uuid(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise ValueError("an id is a UUID in lower-case text")
    return text


Money = Annotated[int, Field(ge=-canonical.MAX_INTEGER, le=canonical.MAX_INTEGER)]
"""Minor units of the report's currency."""
Count = Annotated[int, Field(ge=0, le=canonical.MAX_INTEGER)]
Decimal = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", max_length=40)]
Uuid = Annotated[str, Field(max_length=36), AfterValidator(_canonical_uuid)]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_date)]
Instant = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$"),
    AfterValidator(_real_instant),
]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Faults = Iterator[tuple[str, str]]
"""Fields, and what is wrong with them."""
MOST_ROWS, MOST_WAYS, MOST_HOURS = 50_000, 1_000, 48
"""How many rows a list of a report may have: of what is sold and of who sells it; of taxes and of payments;
of hours."""


class Group(BaseModel):
    """Every field must be there with its own type; fields the server does not know are kept."""

    model_config = ConfigDict(strict=True, extra="allow")


class Receipts(Group):
    count: Count
    first: str | None
    last: str | None


class Totals(Group):
    gross: Money
    discounts: Money
    refunds: Money
    net: Money
    tax: Money
    rounding: Money
    tips: Money


class Tax(Group):
    code: str
    name: str
    rate: Decimal
    base: Money
    tax: Money
    gross: Money


class Payment(Group):
    code: str
    name: str
    type: str
    sales_count: Count
    sales_amount: Money
    refund_count: Count
    refund_amount: Money
    tips: Money
    amount: Money


class Cash(Group):
    opening_float: Money
    paid_in: Money
    paid_out: Money
    expected: Money
    counted: Money | None
    over_short: Money | None


class Sold(Group):
    code: str
    name: str
    quantity: Decimal
    amount: Money


Rows = Annotated[list[Sold], Field(max_length=MOST_ROWS), FailFast()]
"""The first row at fault ends the look at a list: faults in thousands of rows would fill the memory."""


class Hour(Group):
    hour: Annotated[int, Field(ge=0, le=23)]
    receipts: Count
    amount: Money


class Counted(Group):
    count: Count


class CountedAmount(Counted):
    amount: Money


class Control(Group):
    voided_lines: CountedAmount
    cancelled_receipts: CountedAmount
    comps: CountedAmount
    no_sale_opens: Counted
    reprints: Counted
    open_tickets: CountedAmount


class Perpetual(Group):
    sales: Money
    refunds: Money
    net: Money


class ReportDocument(Group):
    """An X or Z report. `closed_at` belongs to a Z, `taken_at` to an X. `late`: receipts that were sold
    before the period was opened; absent where there are none."""

    schema_version: Annotated[int, Field(ge=1, le=1)]
    report_id: Uuid
    kind: Literal["X", "Z"]
    revision: Count
    terminal_id: Uuid
    terminal_name: str
    z_number: Annotated[int, Field(ge=1, le=canonical.MAX_INTEGER)] | None
    period_id: Uuid
    business_date: Date
    timezone: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    opened_at: Instant
    closed_at: Instant | None = None
    taken_at: Instant | None = None
    close_reason: Literal["manual", "auto", "late"] | None
    software: str
    receipts: Receipts
    totals: Totals
    taxes: Annotated[list[Tax], Field(max_length=MOST_WAYS), FailFast()]
    payments: Annotated[list[Payment], Field(max_length=MOST_WAYS), FailFast()]
    cash: Cash
    departments: Rows
    items: Rows
    users: Rows
    hours: Annotated[list[Hour], Field(max_length=MOST_HOURS), FailFast()]
    control: Control
    perpetual: Perpetual
    late: CountedAmount | None = None
    previous_hash: Hash | None
    content_hash: Hash


def checked_report(document: Any, terminal_id: str, path_id: str | None = None) -> ReportDocument:
    """The report in a parsed document from this terminal; raises `Invalid`, naming each field at fault."""
    try:
        report = ReportDocument.model_validate(document)
    except ValidationError as error:
        raise errors.Invalid(field_problems(error.errors(include_url=False))) from error
    no_floats = told("Only texts, exact integers, lists and objects travel; no floats.")
    odd = islice(canonical.without_canonical_form(document), MOST_FAULTS)
    faults = [fault(path, no_floats) for path in odd]
    if not faults:
        found = islice(contradictions(report, canonical.digest(document)), MOST_FAULTS)
        faults = [fault(*one) for one in found]
    faults += [fault(*one) for one in wrong_for_call(report, terminal_id, path_id)]
    if faults:
        raise errors.Invalid(faults[:MOST_FAULTS], told("The report contradicts itself or its sender."))
    return report


def wrong_for_call(report: ReportDocument, terminal_id: str, path_id: str | None) -> Faults:
    """The fields that do not fit the terminal that sends it, or the address."""
    if report.terminal_id != terminal_id:
        yield "terminal_id", told("The report is another terminal's.")
    if path_id not in (None, report.report_id):
        yield "report_id", told("The address names another report.")


def id_of(terminal_id: str, kind: str, period_id: str) -> str:
    """The id of the report of a period: a UUIDv5 (RFC 9562, 5.5), which Python's uuid takes ten times as long
    to make."""
    name = bytes.fromhex(terminal_id.replace("-", "")) + f"{kind}:{period_id}".encode()
    digest = bytearray(hashlib.sha1(name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def contradictions(report: ReportDocument, digest: str) -> Faults:
    """The fields that contradict others, and why. `digest`: of its canonical form."""
    if report.report_id != id_of(report.terminal_id, report.kind, report.period_id):
        yield "report_id", told("It is not the UUIDv5 of the terminal and the period.")
    yield from _wrong_for_kind(report)
    yield from _wrong_sums(report)
    yield from _wrong_rows(report)
    if report.content_hash != digest:
        yield "content_hash", told("It is not the SHA-256 of the canonical document.")


def _wrong_for_kind(report: ReportDocument) -> Faults:
    if report.kind == "Z":
        for field in ("z_number", "closed_at", "close_reason"):
            if getattr(report, field) is None:
                yield field, told("A Z report needs it.")
        if report.revision != 0:
            yield "revision", told("A Z report is final: its revision is 0.")
    else:
        if report.taken_at is None:
            yield "taken_at", told("An X report needs it.")
        for field in ("z_number", "close_reason", "previous_hash"):
            if getattr(report, field) is not None:
                yield field, told("An X report has none.")


def _wrong_sums(report: ReportDocument) -> Faults:
    totals = report.totals
    if totals.gross - totals.discounts - totals.refunds != totals.net:
        yield "totals.net", told("It is not gross less discounts less refunds.")
    paid = totals.net + totals.rounding + totals.tips
    if sum(row.amount for row in report.departments) != totals.net:
        yield "departments", _adds_up_to(told("the net total"))
    if sum(row.amount for row in report.hours) != totals.net:
        yield "hours", _adds_up_to(told("the net total"))
    if sum(row.gross for row in report.taxes) != totals.net:
        yield "taxes", _adds_up_to(told("the net total"))
    if sum(row.tax for row in report.taxes) != totals.tax:
        yield "totals.tax", _adds_up_to(told("the sum of the taxes"))
    if sum(row.amount for row in report.payments) != paid:
        yield "payments", _adds_up_to(told("net plus rounding plus tips"))


def _wrong_rows(report: ReportDocument) -> Faults:
    for index, row in enumerate(report.payments):
        if row.amount != row.sales_amount - row.refund_amount + row.tips:
            yield f"payments.{index}.amount", told("It is not sales less refunds plus tips.")
    for index, tax in enumerate(report.taxes):
        if tax.gross != tax.base + tax.tax:
            yield f"taxes.{index}.gross", told("It is not base plus tax.")
    cash, perpetual = report.cash, report.perpetual
    if cash.over_short != (None if cash.counted is None else cash.counted - cash.expected):
        yield "cash.over_short", told("It is not counted less expected, or null where nothing was counted.")
    if perpetual.net != perpetual.sales - perpetual.refunds:
        yield "perpetual.net", told("It is not sales less refunds.")


def _adds_up_to(meaning: str) -> str:
    return told("It does not add up to {meaning}.").format(meaning=meaning)
