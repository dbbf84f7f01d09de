"""A report as people read it: sections of rows, made from an unchecked document.

Amounts are shown in the report's currency, instants in its time zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.reports.unchecked import MOST_ROWS, UNREADABLE, Document, Unchecked

_CLOSE_REASONS = {"manual": N_("by hand"), "auto": N_("by itself"), "late": N_("late")}


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row."""

    key: str
    """Names the row in any report."""
    label: str
    value: str
    note: str = ""
    """Shown before the value."""
    share: int | None = None
    """Minor units, for a bar."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title."""

    title: str
    rows: tuple[PaperRow, ...]
    heads: tuple[str, str] = ("", "")
    """Names of the note and of the value, where they need one."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One report; all but `sections` is shown at the head of the page."""

    title: str
    terminal: str
    day: str
    currency: str
    sections: tuple[Section, ...]


def paper_of(document: Document) -> Paper:
    """The report in full, in the operator's language."""
    read = Unchecked(document).in_its_currency()
    kind = (
        _("Z Report {n}").format(n=read.number("z_number") or UNREADABLE)
        if read.text("kind") == "Z"
        else _("X Report")
    )
    sections = (
        _day(read),
        totals_section(read),
        taxes_section(read),
        payments_section(read),
        _cash(read),
        _breakdown(read, "departments", _("Departments")),
        _breakdown(read, "items", _("Items")),
        _breakdown(read, "users", _("Users")),
        _hours(read),
        _control(read),
        perpetual_section(read),
        _identity(read),
    )
    head = (read.text("terminal_name"), read.day("business_date"), read.text("currency"))
    return Paper(kind, *head, tuple(section for section in sections if section.rows))


def _day(report: Unchecked) -> Section:
    zone, receipts = report.zone(), report.group("receipts")
    rows = [PaperRow("opened_at", _("Opened"), report.moment("opened_at", zone))]
    if report.text("kind") == "Z":
        reason = report.text("close_reason")
        rows += [
            PaperRow("closed_at", _("Closed"), report.moment("closed_at", zone)),
            PaperRow("close_reason", _("How"), _(_CLOSE_REASONS.get(reason, UNREADABLE))),
        ]
    else:
        rows.append(PaperRow("taken_at", _("Read"), report.moment("taken_at", zone)))
    rows += [
        PaperRow("receipts", _("Receipts"), receipts.count("count")),
        PaperRow("first", _("First receipt"), receipts.text("first")),
        PaperRow("last", _("Last receipt"), receipts.text("last")),
    ]
    late = report.group("late")
    if late.values:
        rows.append(PaperRow("late", _("Late receipts"), late.money("amount"), late.count("count")))
    return Section("", tuple(rows))


def totals_section(report: Unchecked) -> Section:
    labels = {
        "gross": _("Gross"),
        "discounts": _("Discounts"),
        "refunds": _("Refunds"),
        "net": _("Net"),
        "tax": _("of which tax"),
        "rounding": _("Rounding"),
        "tips": _("Tips"),
    }
    return _amounts(_("Totals"), report.group("totals"), labels)


def taxes_section(report: Unchecked) -> Section:
    rows = [
        PaperRow(
            f"{tax.text('code')} {tax.text('rate')}",
            _tax_name(tax.text("name"), tax.quantity("rate")),
            tax.money("tax"),
            tax.money("base"),
        )
        for tax in report.groups("taxes")
    ]
    return Section(_("Taxes"), _cut(rows), (_("Base"), _("Tax")))


def _tax_name(name: str, rate: str) -> str:
    """The name of a tax row. Most names tell the rate already; the row for the difference between taxes and
    lines gets its name here."""
    if name == "unexplained":
        return _("Unexplained")
    return name if rate in name else f"{name} {rate} %"


def payments_section(report: Unchecked) -> Section:
    rows = []
    for payment in report.groups("payments"):
        code = payment.text("code")
        rows.append(
            PaperRow(code, payment.text("name"), payment.money("amount"), payment.count("sales_count"))
        )
        if payment.number("refund_count"):
            refunds = payment.count("refund_count"), payment.money("refund_amount")
            rows.append(PaperRow(f"{code} refunds", "  " + _("paid back"), refunds[1], refunds[0]))
        if payment.number("tips"):
            rows.append(PaperRow(f"{code} tips", "  " + _("tips in it"), payment.money("tips")))
    return Section(_("Payments"), _cut(rows), (_("Times"), _("Amount")))


def _cash(report: Unchecked) -> Section:
    labels = {
        "opening_float": _("In the drawer at first"),
        "paid_in": _("Paid in"),
        "paid_out": _("Paid out"),
        "expected": _("Expected"),
        "counted": _("Counted"),
        "over_short": _("Over or short"),
    }
    return _amounts(_("Cash"), report.group("cash"), labels)


def _breakdown(report: Unchecked, key: str, title: str) -> Section:
    rows = [
        PaperRow(entry.text("code"), entry.text("name"), entry.money("amount"), entry.quantity("quantity"))
        for entry in report.groups(key)
    ]
    return Section(title, _cut(rows), (_("Quantity"), _("Amount")))


def _hours(report: Unchecked) -> Section:
    rows = [
        PaperRow(
            entry.count("hour"),
            f"{entry.count('hour'):>2}",
            entry.money("amount"),
            entry.count("receipts"),
            entry.number("amount") or 0,
        )
        for entry in report.groups("hours")
    ]
    return Section(_("Hours"), _cut(rows), (_("Receipts"), _("Amount")))


def _control(report: Unchecked) -> Section:
    labels = {
        "voided_lines": _("Voided lines"),
        "cancelled_receipts": _("Cancelled receipts"),
        "comps": _("On the house"),
        "no_sale_opens": _("Drawer opened"),
        "reprints": _("Reprints"),
        "open_tickets": _("Open tickets"),
    }
    control = report.group("control")
    rows = []
    for key, label in labels.items():
        entry = control.group(key)
        if entry.values:
            amount = entry.money("amount") if "amount" in entry.values else ""
            rows.append(PaperRow(key, label, amount, entry.count("count")))
    return Section(_("Control"), tuple(rows), (_("Times"), _("Amount")))


def perpetual_section(report: Unchecked) -> Section:
    labels = {"sales": _("Sales"), "refunds": _("Refunds"), "net": _("Net")}
    return _amounts(_("Since the first sale"), report.group("perpetual"), labels)


def _identity(report: Unchecked) -> Section:
    labels = {
        "software": _("Program"),
        "timezone": _("Time zone"),
        "report_id": _("Report id"),
        "period_id": _("Period id"),
        "content_hash": _("Hash"),
        "previous_hash": _("Hash of the Z before"),
    }
    rows = [PaperRow(key, label, report.text(key)) for key, label in labels.items() if report.values.get(key)]
    return Section(_("Identity"), tuple(rows))


def _amounts(title: str, group: Unchecked, labels: Mapping[str, str]) -> Section:
    rows = (PaperRow(key, label, group.money(key)) for key, label in labels.items())
    return Section(title, tuple(rows) if group.values else ())


def _cut(rows: Iterable[PaperRow]) -> tuple[PaperRow, ...]:
    """At most 300 rows, and a line that says where the others are."""
    kept = tuple(rows)
    return kept if len(kept) <= MOST_ROWS else (*kept[:MOST_ROWS], PaperRow("more", _("and more"), "..."))
