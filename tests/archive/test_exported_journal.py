"""Each Z is one entry of the journal: debits as much as credits, and nothing left out."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.archive.export.charts import PACKAGED, ChartRefusedError, packaged, read_chart
from factorypos_tui.archive.export.inputs import ExportedReport, Format, read
from factorypos_tui.archive.export.journal import entries_of
from factorypos_tui.archive.export.writing import write_export
from tests.archive.exports import STORE, Days, asked, chained, write
from tests.support.csv_files import rows_of
from tests.support.sales import days, period

_BARE = """name = "bare"
"""
for _group in ("cash", "rounding", "tips", "over_short", "paid_in", "paid_out", "clearing"):
    _BARE += f'[{_group}]\naccount = "{_group}"\n'


@given(st.lists(days(), min_size=1, max_size=3), st.sampled_from([*PACKAGED, "bare"]))
@settings(max_examples=20, deadline=None)
def test_debits_are_as_much_as_credits(sold: Days, name: str) -> None:
    chart = read_chart(_BARE.encode() if name == "bare" else packaged(name))
    zs = chained(sold)
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder) / "out", asked(Format.JOURNAL), zs, chart)
        rows = rows_of(Path(folder) / "out" / "journal.csv", chart.delimiter, chart.encoding)
    balance: dict[str, Decimal] = defaultdict(Decimal)
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        debit, credit = (_number(row[side], chart.decimal_sign) for side in ("debit", "credit"))
        assert (debit > 0) != (credit > 0)
        assert row["chart"] == chart.name
        balance[row["z_number"]] += debit - credit
        taken[row["z_number"]] += debit
    assert set(balance.values()) <= {Decimal(0)}
    for z in zs:
        document = json.loads(z.document)
        if document["totals"]["net"]:
            assert taken[str(document["z_number"])] > 0


def test_each_amount_of_a_day_is_on_its_account() -> None:
    chart = read_chart(packaged("pgc"))
    balance: dict[str, int] = defaultdict(int)
    for entry in entries_of(read(_day(counted=11_900)), chart):
        balance[entry.account.number] += entry.debit
    # 121.00 in cash with 1.00 tip, 20.00 paid in, 5.00 paid out, 1.00 short
    assert balance == {"570": 12_100 + 2_000 - 500 - 100, "700": -10_000, "477": -2_000, **_MOVED}


_MOVED = {"465": -100, "555": -2_000 + 500, "659": 100}


def test_what_is_not_mapped_is_named_on_the_clearing_account(tmp_path: Path) -> None:
    write_export(tmp_path / "out", asked(Format.JOURNAL), [_day()], read_chart(_BARE.encode()))
    rows = rows_of(tmp_path / "out" / "journal.csv", ";")
    named = [(row["account"], row["debit"], row["credit"], row["text"]) for row in rows]
    assert ("clearing", "121.00", "", "Z1 not mapped: payment EF Efectivo") in named
    assert ("clearing", "", "120.00", "Z1 not mapped: tax GEN IVA 20 %") in named


def test_a_report_that_contradicts_itself_is_evened_out_in_words() -> None:
    chart = read_chart(packaged("neutral"))
    document = json.loads(_day().document) | {"taxes": []}
    entries = entries_of(read(ExportedReport(json.dumps(document).encode(), None, STORE)), chart)
    assert sum(entry.debit for entry in entries) == 0
    assert (entries[-1].account.number, entries[-1].debit) == ("CLEARING", -12_000)


def test_the_neutral_chart_is_named_and_kept(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.JOURNAL, [_day()])
    assert {row["chart"] for row in rows_of(there / "journal.csv", ";")} == {
        "neutral (packaged, no country's accounts)"
    }
    assert (there / "chart.toml").read_bytes() == packaged("neutral")


def test_rows_are_as_the_program_of_the_chart_reads_them(tmp_path: Path) -> None:
    store = replace(STORE, name='Café "Łódź"; =1+1')
    zs = [replace(_day(), store=store)]
    write_export(tmp_path / "out", asked(Format.JOURNAL), zs, read_chart(packaged("pgc")))
    text = (tmp_path / "out" / "journal.csv").read_bytes().decode("windows-1252")
    assert "22/11/2026;" in text
    assert ";121,00;" in text
    assert '"Café ""?ód?"";\' =1+1"' in text  # windows-1252 has no Ł


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("name = 1", "name"),
        ('name = "x"\ndelimiter = "|"', "delimiter"),
        ('name = "x"\nencoding = "utf-7"', "encoding"),
        ('name = "x"\n', "cash"),
        ("name = ", "TOML"),
        (_BARE + "[[payments]]\naccount = 430\n", "payments, entry 1"),
        (_BARE + '[[taxes]]\nrate = "21"\nrevenue = "700"\n', "taxes, entry 1"),
        (_BARE.replace("[clearing]", "[clear]"), "clearing"),
    ],
)
def test_a_chart_that_cannot_be_used_says_where(source: str, where: str) -> None:
    with pytest.raises(ChartRefusedError) as refused:
        read_chart(source.encode())
    assert refused.value.where == where


def _number(text: str, sign: str) -> Decimal:
    return Decimal(text.replace(sign, ".") or "0")


def _day(counted: int | None = None) -> ExportedReport:
    """One sale of 120.00 with 1.00 tip, in cash; 20.00 paid in, 5.00 paid out."""
    (empty,) = chained([(period(), [])])
    document: dict[str, Any] = json.loads(empty.document)
    document["totals"] |= {"gross": 12_000, "net": 12_000, "tax": 2_000, "tips": 100}
    document["taxes"] = [
        {"code": "GEN", "name": "IVA", "rate": "20", "base": 10_000, "tax": 2_000, "gross": 12_000}
    ]
    document["payments"] = [_payment(12_100)]
    document["cash"] |= {"paid_in": 2_000, "paid_out": 500, "counted": counted}
    if counted is not None:
        document["cash"]["over_short"] = -100
        document["taxes"][0] |= {"rate": "21"}
    return ExportedReport(json.dumps(document).encode(), None, STORE)


def _payment(amount: int) -> Mapping[str, object]:
    return {"code": "EF", "name": "Efectivo", "type": "cash", "amount": amount}
