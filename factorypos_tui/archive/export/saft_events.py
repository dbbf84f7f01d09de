"""An X or Z report as an event of Norwegian SAF-T Cash Register 1.00.

The format demands numbers that not every report has. Such an element is 0, and is named (`Unknown`): what is
not known is never shown as if it were."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factorypos_tui.archive.export import saft_elements as saft
from factorypos_tui.archive.export.amounts import decimal_of
from factorypos_tui.archive.export.inputs import Company, Read
from factorypos_tui.archive.export.saft_elements import element, group

NOT_TOLD = "the report does not tell it"
Note = Callable[[str, str], None]
"""Takes an element's name, and why it is 0 or not what it should be."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An element of an event that the format demands and the report lacks."""

    element: str
    why: str


def identity_of(company: Company | None) -> tuple[str, str]:
    """`companyIdent` and `companyName`."""
    if company is None:
        return "-", "-"
    return saft.identifier(company.tax_id or saft.compact(company.id)), saft.text(company.name, 100)


def event_of(report: Read) -> tuple[str, list[Unknown]]:
    """The event as XML, and what in it is not known."""
    unknown: list[Unknown] = []

    def note(name: str, why: str = NOT_TOLD) -> None:
        unknown.append(Unknown(name, why))

    company = report.store.company
    if company is None or not company.tax_id:
        note("companyIdent", "no tax number is known: it is an id of ours")
    kind = report["kind"]
    day, time = saft.local(report["closed_at" if report.is_z else "taken_at"], report["timezone"])
    event = group(
        "event",
        (
            element("eventID", saft.compact(report["report_id"])),
            element("eventType", saft.EVENTS[kind][0]),
            element("eventDate", day),
            element("eventTime", time),
            group("eventReport", _report(report, day, time, note)),
        ),
    )
    return event, unknown


def _report(report: Read, day: str, time: str, note: Note) -> Iterator[str]:
    ident, name = identity_of(report.store.company)
    yield element("reportID", saft.compact(report["report_id"]))
    yield element("reportType", saft.EVENTS[report["kind"]][1])
    yield element("companyIdent", ident)
    yield element("companyName", name)
    yield element("reportDate", day)
    yield element("reportTime", time)
    yield element("registerID", report["terminal_id"])
    figures = _Figures(report, note)
    yield from figures.sold()
    yield from figures.drawer()
    yield from figures.receipts()
    yield from figures.corrections()
    yield from figures.training()
    yield from figures.on_account()
    yield from figures.paid_in_and_out()
    yield from figures.since_the_first_sale()


class _Figures:
    """The figures of a report, in the order of the format."""

    def __init__(self, report: Read, note: Note) -> None:
        self._report, self._note = report, note
        self._counts: Mapping[str, Any] = report.document.get("counts") or {}
        self._currency: str = report["currency"]

    def sold(self) -> Iterator[str]:
        """As in the administration's example file: all with tax and less refunds, but the sale of each rate,
        which is without its tax."""
        credit = sum(row["sales_amount"] - row["refund_amount"] for row in self._credit_rows())
        sales = self._money("totalCashSaleAmnt", self._report["totals"]["net"] - credit)
        yield group("reportTotalCashSales", [sales])
        yield group("reportArtGroups", self._departments())
        yield group("reportPayments", self._payments())
        yield from self._tips()
        yield group("reportCashSalesVat", self._taxes())

    def _departments(self) -> Iterator[str]:
        none: list[dict[str, Any]] = [{"code": "none", "quantity": "0", "amount": 0}]
        for row in self._report["departments"] or none:
            quantity = saft.quantity(row["quantity"])
            if quantity is None:
                self._note("artGroupNum", f"the quantity is {row['quantity']}")
            yield group(
                "reportArtGroup",
                (
                    element("artGroupID", saft.identifier(row["code"])),
                    element("artGroupNum", quantity or "0"),
                    self._money("artGroupAmnt", row["amount"]),
                ),
            )

    def _payments(self) -> Iterator[str]:
        together: dict[str, tuple[int, int]] = {}
        for row in self._report["payments"]:
            count, amount = together.get(row["type"], (0, 0))
            together[row["type"]] = count + row["sales_count"], amount + row["amount"]
        for kind, (count, amount) in sorted(together.items()) or [("other", (0, 0))]:
            yield group(
                "reportPayment",
                (
                    element("paymentType", saft.payment(kind)),
                    self._number("paymentNum", count),
                    self._money("paymentAmnt", amount),
                ),
            )

    def _tips(self) -> Iterator[str]:
        amount, count = self._report["totals"]["tips"], self._counts.get("tips")
        if amount or count:
            yield group("reportTip", (self._number("tipNum", count), self._money("tipAmnt", amount)))

    def _taxes(self) -> Iterator[str]:
        for row in self._report["taxes"] or [{"code": "none", "rate": "0", "base": 0, "tax": 0}]:
            rate = saft.rate(row["rate"])
            if rate is None:
                self._note("vatPerc", f"the rate is {row['rate']}")
            yield group(
                "reportCashSaleVat",
                (
                    element("vatCode", saft.text(row["code"], 20)),
                    element("vatPerc", rate or "0"),
                    self._money("cashSaleAmnt", row["base"]),
                    self._money("vatAmnt", row["tax"]),
                    element("vatAmntTp", "D" if row["tax"] < 0 else "C"),
                ),
            )

    def drawer(self) -> Iterator[str]:
        yield self._money("reportOpeningChangeFloat", self._report["cash"]["opening_float"])

    def receipts(self) -> Iterator[str]:
        control, totals = self._report["control"], self._report["totals"]
        yield self._number("reportReceiptNum", self._report["receipts"]["count"])
        yield self._number("reportOpenCashBoxNum", control["no_sale_opens"]["count"])
        copies = control["reprints"]["count"]
        yield self._number("reportReceiptCopyNum", copies)
        yield self._money("reportReceiptCopyAmnt", None if copies else 0)
        yield self._number("reportReceiptProformaNum", None)
        yield self._money("reportReceiptProformaAmnt", None)
        yield self._number("reportReturnNum", self._count_of("refunds", totals["refunds"]))
        yield self._money("reportReturnAmnt", totals["refunds"])
        yield self._number("reportDiscountNum", self._count_of("discounts", totals["discounts"]))
        yield self._money("reportDiscountAmnt", totals["discounts"])
        yield self._number("reportVoidTransNum", control["cancelled_receipts"]["count"])
        yield self._money("reportVoidTransAmnt", control["cancelled_receipts"]["amount"])

    def corrections(self) -> Iterator[str]:
        control = self._report["control"]
        lines = control["voided_lines"]
        yield group("reportCorrLines", [self._correction("corrLine", "voided_lines", lines)])
        unknown = {"count": None, "amount": None}
        yield group("reportPriceInquiries", [self._correction("priceInquiry", "unknown", unknown)])
        yield group("reportOtherCorrs", [self._correction("otherCorr", "comps", control["comps"])])

    def _correction(self, name: str, kind: str, entry: Mapping[str, Any]) -> str:
        capital = name[0].upper() + name[1:]
        ending = "Group" if name == "priceInquiry" else "Type"
        parts = (
            element(f"{name}{ending}", kind),
            self._number(f"{name}Num", entry["count"]),
            self._money(f"{name}Amnt", entry["amount"]),
        )
        return group(f"report{capital}", parts)

    def training(self) -> Iterator[str]:
        trained = self._counts.get("training") or {}
        yield self._number("reportReceiptDeliveryNum", None)
        yield self._money("reportReceiptDeliveryAmnt", None)
        yield self._number("reportTrainingNum", trained.get("count"))
        yield self._money("reportTrainingAmnt", trained.get("amount"))

    def on_account(self) -> Iterator[str]:
        rows = list(self._credit_rows())
        for name, start in (("CreditSales", "sales"), ("CreditMemos", "refund")):
            count, amount = (sum(row[f"{start}_{it}"] for row in rows) for it in ("count", "amount"))
            if count or amount:
                number = self._number(f"c{name[1:]}Num", count)
                yield group(f"report{name}", (number, self._money(f"c{name[1:]}Amnt", amount)))

    def paid_in_and_out(self) -> Iterator[str]:
        for name, title in (("paid_in", "PayIn"), ("paid_out", "PayOut")):
            if amount := self._report["cash"][name]:
                start = title[0].lower() + title[1:]
                parts = (
                    element(f"{start}Type", name),
                    self._number(f"{start}Num", self._counts.get(name)),
                    self._money(f"{start}Amnt", amount),
                )
                yield group(f"report{title}s", [group(f"report{title}", parts)])

    def since_the_first_sale(self) -> Iterator[str]:
        perpetual = self._report["perpetual"]
        yield self._money("reportGrandTotalSales", perpetual["sales"])
        yield self._money("reportGrandTotalReturn", perpetual["refunds"])
        yield self._money("reportGrandTotalSalesNet", perpetual["net"])

    def _credit_rows(self) -> Iterator[Mapping[str, Any]]:
        return (row for row in self._report["payments"] if row["type"] == saft.ON_ACCOUNT)

    def _count_of(self, name: str, amount: int) -> int | None:
        """How often; where there was no money in it, a report that does not count tells 0."""
        counted: int | None = self._counts.get(name)
        return 0 if counted is None and amount == 0 else counted

    def _number(self, name: str, count: int | None) -> str:
        if count is None:
            self._note(name, NOT_TOLD)
        elif count > saft.MOST_COUNTED:
            self._note(name, f"{count} has no place in the format")
            count = None
        return element(name, count or 0)

    def _money(self, name: str, amount: int | None) -> str:
        if amount is None:
            self._note(name, NOT_TOLD)
        return element(name, decimal_of(amount or 0, self._currency))
