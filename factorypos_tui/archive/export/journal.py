"""Z reports as bookkeeping rows: each Z is one entry, and its debits are as much as its credits."""

from collections.abc import Iterator
from dataclasses import dataclass

from factorypos_tui.archive.export.amounts import decimal_of
from factorypos_tui.archive.export.cells import cell, one_line
from factorypos_tui.archive.export.charts import Account, Chart
from factorypos_tui.archive.export.folders import Folder
from factorypos_tui.archive.export.inputs import Read
from factorypos_tui.archive.export.tables import quoted

COLUMNS = (
    *("date", "store", "z_number", "account", "account_name", "vat_code", "debit", "credit", "text"),
    *("currency", "store_id", "terminal_id", "chart"),
)
_CASH = "cash"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, before it has a side: a negative debit is a credit."""

    account: Account
    debit: int
    """Minor units."""
    text: str
    vat_code: str = ""


class Journal:
    """Writes `journal.csv` as the chart wants it, and the chart beside it."""

    def __init__(self, folder: Folder, chart: Chart) -> None:
        self._folder, self._chart = folder, chart
        self._part = folder.begin("journal.csv")
        self._part.write(_line(chart, COLUMNS, begins=True))

    def add(self, report: Read) -> None:
        """The rows of a Z."""
        if not report.is_z:
            return
        for entry in entries_of(report, self._chart):
            if entry.debit:
                self._part.write(_line(self._chart, _cells(report, entry, self._chart)))

    def finish(self) -> None:
        """End the journal, and keep the chart."""
        self._folder.end(self._part)
        self._folder.write("chart.toml", self._chart.source)


def entries_of(report: Read, chart: Chart) -> list[Entry]:
    """All that a Z moves, in the chart's accounts: their debits add up to nothing. What the chart does not
    map, and what a report that contradicts itself has too much of, is on the account `clearing`."""
    entries = [*_paid(report, chart), *_sold(report, chart), *_beside(report, chart), *_drawer(report, chart)]
    if left := sum(entry.debit for entry in entries):
        entries.append(Entry(chart.single["clearing"], -left, "difference in the report"))
    return entries


def _paid(report: Read, chart: Chart) -> Iterator[Entry]:
    for row in report["payments"]:
        account = chart.payment(row["code"], row["type"])
        text = row["name"] if account else f"not mapped: payment {row['code']} {row['name']}"
        yield Entry(account or chart.single["clearing"], row["amount"], text)


def _sold(report: Read, chart: Chart) -> Iterator[Entry]:
    clearing = chart.single["clearing"]
    for row in report["taxes"]:
        accounts = chart.tax(row["code"], row["rate"])
        text = f"{row['name']} {row['rate']} %"
        if accounts is None:
            yield Entry(clearing, -row["gross"], f"not mapped: tax {row['code']} {text}")
            continue
        yield Entry(accounts.revenue, -row["base"], text, accounts.vat_code)
        yield Entry(accounts.tax, -row["tax"], text, accounts.vat_code)


def _beside(report: Read, chart: Chart) -> Iterator[Entry]:
    """What was paid and is no sale."""
    for name in ("rounding", "tips"):
        yield Entry(chart.single[name], -report["totals"][name], name)


def _drawer(report: Read, chart: Chart) -> Iterator[Entry]:
    cash = report["cash"]
    for name, amount in (
        ("paid_in", cash["paid_in"]),
        ("paid_out", -cash["paid_out"]),
        ("over_short", cash["over_short"] or 0),
    ):
        text = name.replace("_", " ")
        yield Entry(chart.single[_CASH], amount, text)
        yield Entry(chart.single[name], -amount, text)


def _cells(report: Read, entry: Entry, chart: Chart) -> tuple[object, ...]:
    amount = decimal_of(abs(entry.debit), report["currency"], chart.decimal_sign)
    return (
        chart.date(report["business_date"]),
        report.store.name,
        report["z_number"],
        entry.account.number,
        entry.account.name,
        entry.vat_code,
        *((amount, "") if entry.debit > 0 else ("", amount)),
        one_line(f"Z{report['z_number']} {entry.text}", 200),
        report["currency"],
        report.store.id,
        report["terminal_id"],
        chart.name,
    )


def _line(chart: Chart, cells: tuple[object, ...], *, begins: bool = False) -> bytes:
    """A line in the chart's encoding, where a question mark stands for each character that it lacks."""
    text = chart.delimiter.join(quoted(cell(it), chart.delimiter) for it in cells) + "\r\n"
    mark = b"\xef\xbb\xbf" if begins and chart.encoding == "utf-8-sig" else b""
    encoding = "utf-8" if chart.encoding == "utf-8-sig" else chart.encoding
    return mark + text.encode(encoding, errors="replace")
