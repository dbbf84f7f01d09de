"""The report document, schema version 1: its shape, and the sums that hold in every report. Pure."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.faults import field_problems
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.words import told


def _real_date(text: str) -> str:
    date.fromisoformat(text)
    return text


def _real_instant(text: str) -> str:
    datetime.fromisoformat(text[:19])
    return text


def _canonical_uuid(text: str) -> str:
    if str(uuid.UUID(text)) != text:
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
    taxes: list[Tax]
    payments: list[Payment]
    cash: Cash
    departments: list[Sold]
    items: list[Sold]
    users: list[Sold]
    hours: list[Hour]
    control: Control
    perpetual: Perpetual
    late: CountedAmount | None = None
    previous_hash: Hash | None
    content_hash: Hash


def read_report(document: Any, terminal_id: str, path_id: str | None = None) -> ReportDocument:
    """The report in a parsed document from this terminal; raises `Invalid`, naming each field at fault."""
    try:
        report = ReportDocument.model_validate(document)
    except ValidationError as error:
        raise errors.Invalid(field_problems(error.errors(include_url=False))[:100]) from error
    faults = [
        _fault(path, told("Only texts, exact integers, lists and objects travel; no floats."))
        for path in canonical.without_canonical_form(document)
    ]
    faults += faults or [_fault(*fault) for fault in _contradictions(report)]
    if not faults and report.content_hash != canonical.digest(document):
        faults.append(_fault("content_hash", told("It is not the SHA-256 of the canonical document.")))
    if report.terminal_id != terminal_id:
        faults.append(_fault("terminal_id", told("The report is another terminal's.")))
    if path_id not in (None, report.report_id):
        faults.append(_fault("report_id", told("The address names another report.")))
    if faults:
        raise errors.Invalid(faults[:100], told("The report contradicts itself or its sender."))
    return report


def _fault(field: str, message: str) -> FieldProblem:
    return FieldProblem(field=field, code="invalid", message=message)


def _contradictions(report: ReportDocument) -> Iterator[tuple[str, str]]:
    named = uuid.uuid5(uuid.UUID(report.terminal_id), f"{report.kind}:{report.period_id}")
    if report.report_id != str(named):
        yield "report_id", told("It is not the UUIDv5 of the terminal and the period.")
    yield from _wrong_for_kind(report)
    yield from _wrong_sums(report)


def _wrong_for_kind(report: ReportDocument) -> Iterator[tuple[str, str]]:
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


def _wrong_sums(report: ReportDocument) -> Iterator[tuple[str, str]]:
    totals = report.totals
    if totals.gross - totals.discounts - totals.refunds != totals.net:
        yield "totals.net", told("It is not gross less discounts less refunds.")
    sums = {
        "departments": (sum(row.amount for row in report.departments), totals.net, told("the net total")),
        "hours": (sum(row.amount for row in report.hours), totals.net, told("the net total")),
        "taxes": (sum(row.gross for row in report.taxes), totals.net, told("the net total")),
        "totals.tax": (sum(row.tax for row in report.taxes), totals.tax, told("the sum of the taxes")),
        "payments": (
            sum(row.amount for row in report.payments),
            totals.net + totals.rounding + totals.tips,
            told("net plus rounding plus tips"),
        ),
    }
    for field, (found, due, meaning) in sums.items():
        if found != due:
            yield field, told("It does not add up to {meaning}.").format(meaning=meaning)
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
