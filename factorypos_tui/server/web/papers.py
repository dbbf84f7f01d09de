"""A report as it prints: sections of rows, in the language of the call. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from factorypos_tui.server.documents.report import Payment, Perpetual, ReportDocument, Sold, Tax
from factorypos_tui.server.domain.closings.document import ClosingDocument
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.words import marked, told

MOST_ROWS = 300
_REASONS = {"manual": marked("by hand"), "auto": marked("by itself"), "late": marked("closed late")}
TOTALS_NAMES = {
    "gross": marked("Gross"),
    "discounts": marked("Discounts"),
    "refunds": marked("Refunds"),
    "net": marked("Net"),
    "tax": marked("of which tax"),
    "rounding": marked("Rounding"),
    "tips": marked("Tips"),
}
_CASH = {
    "opening_float": marked("In the drawer at first"),
    "paid_in": marked("Paid in"),
    "paid_out": marked("Paid out"),
    "expected": marked("Expected"),
    "counted": marked("Counted"),
    "over_short": marked("Over or short"),
}
_CONTROL = {
    "voided_lines": marked("Voided lines"),
    "cancelled_receipts": marked("Cancelled receipts"),
    "comps": marked("On the house"),
    "no_sale_opens": marked("Drawer opened"),
    "reprints": marked("Reprints"),
    "open_tickets": marked("Open tickets"),
}
_PERPETUAL = {"sales": marked("Sales"), "refunds": marked("Refunds"), "net": marked("Net")}
Rows = Sequence[tuple[str, Sequence[str]]]
Money = Callable[[int | None], str]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of a name and some values, under a title."""

    title: str
    rows: Rows
    heads: Sequence[str] = ()
    left_out: int = 0
    """How many more rows the report has."""
    is_folded: bool = False
    """Whether a page shows the rows only when they are asked for."""


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    head: Sequence[str]
    """Of what it is, and of when."""
    sections: Sequence[Section]
    proof: Rows


def paper_of(report: ReportDocument) -> Paper:
    """All that a report says."""

    def money(minor: int | None) -> str:
        return w.money(minor, report.currency)

    title = told("Z Report {n}").format(n=report.z_number) if report.kind == "Z" else told("X Report")
    sections = (
        Section("", _period(report, money)),
        *added_up(report, money),
        Section(told("Cash"), _amounts(report.cash, _CASH, money)),
        _sold(told("Departments"), report.departments, money),
        _sold(told("Items"), report.items, money),
        _sold(told("Users"), report.users, money),
        Section(
            told("Hours"),
            [(w.hour(it.hour), (w.number(it.receipts), money(it.amount))) for it in report.hours],
            (told("Receipts"), told("Amount")),
        ),
        Section(told("Control"), _control(report, money), (told("Times"), told("Amount"))),
        since_the_first_sale(report.perpetual, money),
    )
    proof = [(told("Hash"), (report.content_hash,))]
    if report.previous_hash:
        proof.append((told("Hash of the Z before"), (report.previous_hash,)))
    head = (report.terminal_name, w.day(date.fromisoformat(report.business_date)))
    return Paper(title, head, [it for it in sections if it.rows], proof)


def added_up(it: ReportDocument | ClosingDocument, money: Money) -> Sequence[Section]:
    """What a Z, or all Zs of a closing, come to."""
    return (
        Section(told("Totals"), _amounts(it.totals, TOTALS_NAMES, money)),
        Section(told("Taxes"), _taxes(it.taxes, money), (told("Base"), told("Tax"))),
        Section(told("Payments"), _payments(it.payments, money), (told("Times"), told("Amount"))),
    )


def since_the_first_sale(perpetual: Perpetual, money: Money) -> Section:
    return Section(told("Since the first sale"), _amounts(perpetual, _PERPETUAL, money))


def _period(report: ReportDocument, money: Money) -> Rows:
    zone, receipts = report.timezone, report.receipts
    rows = [(told("Opened"), (w.moment(report.opened_at, zone),))]
    if report.closed_at and report.close_reason:
        rows.append((told("Closed"), (w.moment(report.closed_at, zone),)))
        rows.append((told("How"), (told(_REASONS[report.close_reason]),)))
    if report.taken_at:
        rows.append((told("Read"), (w.moment(report.taken_at, zone),)))
    rows.append((told("Receipts"), (w.number(receipts.count),)))
    if receipts.first is not None and receipts.last is not None:
        rows.append((told("First receipt"), (receipts.first,)))
        rows.append((told("Last receipt"), (receipts.last,)))
    if report.late:
        rows.append((told("Late receipts"), (f"{w.number(report.late.count)}: {money(report.late.amount)}",)))
    rows += [(told("Program"), (report.software,)), (told("Time zone"), (zone,))]
    return rows


def _amounts(group: BaseModel, names: dict[str, str], money: Money) -> Rows:
    return [(told(words), (money(getattr(group, name)),)) for name, words in names.items()]


def _taxes(taxes: Sequence[Tax], money: Money) -> Rows:
    return [(tax_name(it.name, it.rate), (money(it.base), money(it.tax))) for it in taxes]


def tax_name(name: str, rate: str) -> str:
    """Most names tell the rate already."""
    if name == "unexplained":
        return told("Unexplained")
    return name if rate in name else f"{name} {rate} %"


def _payments(payments: Sequence[Payment], money: Money) -> Rows:
    rows = []
    for it in payments:
        rows.append((it.name, (w.number(it.sales_count), money(it.amount))))
        if it.refund_count:
            rows.append(("– " + told("paid back"), (w.number(it.refund_count), money(it.refund_amount))))
        if it.tips:
            rows.append(("– " + told("tips in it"), ("", money(it.tips))))
    return rows


def _sold(title: str, sold: Sequence[Sold], money: Money) -> Section:
    rows = [(it.name, (it.quantity, money(it.amount))) for it in sold[:MOST_ROWS]]
    return Section(title, rows, (told("Quantity"), told("Amount")), max(0, len(sold) - MOST_ROWS))


def _control(report: ReportDocument, money: Money) -> Rows:
    rows = []
    for name, words in _CONTROL.items():
        entry = getattr(report.control, name)
        amount = getattr(entry, "amount", None)
        rows.append((told(words), (w.number(entry.count), "" if amount is None else money(amount))))
    return rows
