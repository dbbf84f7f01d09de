"""Exports as Norwegian SAF-T Cash Register keep to the format, and say what they do not know."""

import json
import os
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.archive.export.inputs import ExportedReport, Format
from factorypos_tui.archive.export.saft import NoPlaceError
from factorypos_tui.core.reports.reports import build_x
from factorypos_tui.core.reports.sales import Cash, Line, Payment, Receipt, ReceiptTax
from tests.archive.exports import COMPANY, STORE, Days, chained, exported, write
from tests.archive.saft_rules import faults_of, sums_that_differ
from tests.support.csv_files import rows_of
from tests.support.sales import OPENED, days, period

_XSD = os.environ.get("FACTORYPOS_SAFT_XSD")
_IN = "{urn:StandardAuditFile-Taxation-CashRegister:NO}"


@given(st.lists(days(), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_any_days_keep_to_the_format(sold: Days) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (file,) = _files(write(Path(folder) / "out", Format.SAFT_CASH_REGISTER, chained(sold)))
        assert faults_of(_root(file)) == []
        assert sums_that_differ(_root(file)) == []


@pytest.mark.skipif(
    _XSD is None,
    reason="the official schema names no licence, so it is not kept here: get"
    " Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd from github.com/Skatteetaten/saf-t,"
    " and name it in FACTORYPOS_SAFT_XSD",
)
def test_the_official_schema_takes_it(tmp_path: Path) -> None:
    assert _XSD is not None
    empty, busy, old, kroner = chained(
        [
            (_with_drawer(), []),
            (_with_drawer(), _on_account_and_back()),
            (period(), _on_account_and_back()),
            (replace(period(), currency="NOK"), _on_account_and_back()),
        ]
    )
    zs = [empty, busy, _without_counts(old), kroner, _x(), _hostile()]
    schema = xmlschema.XMLSchema(_XSD)
    for file in _files(write(tmp_path / "out", Format.SAFT_CASH_REGISTER, zs)):
        schema.validate(str(file))


def test_z_and_x_are_events_of_their_till(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.SAFT_CASH_REGISTER, [*chained([(_with_drawer(), [])]), _x()])
    (file,) = _files(there)
    assert file.name == "SAF-T Cash Register_B12345678_20261130230000.xml"
    root = _root(file)
    assert faults_of(root) == []
    assert [it.text for it in root.iter(f"{_IN}reportType")] == ["Z report", "X report"]
    assert _texts(root, "eventTime") == ["22:58:00", "20:58:00"]  # in Madrid
    assert _texts(root, "artGroupID") == ["none", "none"]
    assert _texts(root, "payInAmnt") == ["20.00"]
    assert _texts(root, "reportOpeningChangeFloat") == ["100.00", "0.00"]
    assert _texts(root, "fiscalYear") == ["2026"]


def test_figures_mean_what_they_mean_in_the_example_of_the_tax_administration(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.SAFT_CASH_REGISTER, chained([(period(), _on_account_and_back())]))
    (file,) = _files(there)
    root = _root(file)
    assert faults_of(root) == []
    assert sums_that_differ(root) == []
    told = {
        "totalCashSaleAmnt": ["79.90"],
        "cashSaleAmnt": ["100.00", "10.00"],
        "vatAmnt": ["21.00", "1.00"],
        "vatAmntTp": ["C", "C"],
        "creditSalesAmnt": ["53.10"],
        "creditMemosAmnt": ["1.00"],
    }
    assert {name: _texts(root, name) for name in told} == told


def test_zero_stands_for_unknown_only_beside_its_name(tmp_path: Path) -> None:
    (z,) = chained([(_with_drawer(), [])])
    document = json.loads(z.document)
    document["totals"] |= {"gross": 500, "discounts": 500}
    old = _without_counts(replace(z, document=json.dumps(document).encode()))
    there = write(tmp_path / "out", Format.SAFT_CASH_REGISTER, [old])
    (file,) = _files(there)
    assert _texts(_root(file), "reportDiscountNum") == ["0"]
    unknown = {row["element"]: row for row in rows_of(there / "saft-unknown.csv")}
    assert unknown["reportDiscountNum"]["report"] == "Z1"
    assert unknown["reportDiscountNum"]["file"] == file.name
    assert {"payInNum", "reportTrainingNum", "reportReceiptProformaNum"} <= set(unknown)
    assert not {"reportReturnNum", "reportReceiptNum", "reportReceiptCopyAmnt", "companyIdent"} & set(unknown)


def test_what_a_newer_report_tells_is_not_unknown(tmp_path: Path) -> None:
    (z,) = chained([(period(), [])])
    document = json.loads(z.document)
    document["counts"] = {"tips": 3, "discounts": 2, "refunds": 1, "training": {"count": 4, "amount": 900}}
    there = write(
        tmp_path / "out", Format.SAFT_CASH_REGISTER, [replace(z, document=json.dumps(document).encode())]
    )
    (file,) = _files(there)
    root = _root(file)
    assert faults_of(root) == []
    names = ("tipNum", "reportDiscountNum", "reportReturnNum", "reportTrainingNum", "reportTrainingAmnt")
    assert [_texts(root, name) for name in names] == [["3"], ["2"], ["1"], ["4"], ["9.00"]]
    unknown = {row["element"] for row in rows_of(there / "saft-unknown.csv")}
    assert not set(names) & unknown


def test_hostile_names_and_numbers_stay_within_the_format(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.SAFT_CASH_REGISTER, [_hostile()])
    (file,) = _files(there)
    assert faults_of(_root(file)) == []
    unknown = {row["element"] for row in rows_of(there / "saft-unknown.csv")}
    assert {"companyIdent", "vatPerc", "artGroupNum", "reportReceiptNum"} <= unknown


def test_companies_and_currencies_get_files_of_their_own(tmp_path: Path) -> None:
    other = replace(STORE, id=STORE.id[:-1] + "9", company=replace(COMPANY, id=COMPANY.id[:-1] + "9"))
    first, second = chained([(period(), []), (replace(period(), currency="NOK"), [])])
    zs = [first, second, replace(chained([(period(), [])])[0], store=other)]
    files = _files(write(tmp_path / "out", Format.SAFT_CASH_REGISTER, zs))
    assert [_texts(_root(file), "curCode") for file in files] == [["EUR"], ["NOK"], ["EUR"]]


def test_a_currency_that_the_format_lacks_is_refused(tmp_path: Path) -> None:
    zs = chained([(replace(period(), currency="KWD"), [])])
    with pytest.raises(NoPlaceError, match="KWD"):
        write(tmp_path / "out", Format.SAFT_CASH_REGISTER, zs)
    assert list(tmp_path.iterdir()) == []


def _files(there: Path) -> list[Path]:
    return sorted(there.glob("*.xml"), key=lambda file: (len(file.name), file.name))


def _root(file: Path) -> ElementTree.Element:
    return ElementTree.fromstring(file.read_bytes())  # noqa: S314 - we wrote it


def _texts(root: ElementTree.Element, name: str) -> list[str | None]:
    return [it.text for it in root.iter(f"{_IN}{name}")]


def _with_drawer() -> Any:
    return replace(period(), cash=Cash(10_000, paid_in=2_000, paid_out=500))


def _on_account_and_back() -> list[Receipt]:
    """A sale with a discount and a tip at two rates, by three payments, and a part of it given back."""
    food = Line("1", "Menú", "D1", "Food", "RED", Decimal(1), 1_100)
    drinks = Line("2", "Vino", "D2", "Drinks", "GEN", Decimal("2.5"), 14_000, discount=690)
    returned = Line("2", "Vino", "D2", "Drinks", "GEN", Decimal("0.5"), 1_210, is_refund=True)
    low, high = ReceiptTax("RED", "IVA", "10", 1_000, 100), ReceiptTax("GEN", "IVA", "21", 11_000, 2_310)
    paid = (_paid("debt", 5_310), _paid("cash", 5_000), replace(_paid("card", 4_100), tip=200))
    sale = Receipt("r1", "T-1", OPENED, "1", "Ana", [food, drinks], [low, high], paid)
    back = (_paid("debt", -100), _paid("cash", -1_110))
    taxes = [replace(high, base=-1_000, tax=-210)]
    return [sale, replace(sale, uid="r2", number="T-2", lines=[returned], taxes=taxes, payments=back)]


def _paid(kind: str, amount: int) -> Payment:
    return Payment(kind.upper(), kind, kind, amount)


def _without_counts(z: ExportedReport) -> ExportedReport:
    """As those that were made before reports had counts."""
    document = json.loads(z.document)
    document.pop("counts", None)
    return replace(z, document=json.dumps(document).encode())


def _x() -> ExportedReport:
    return exported(build_x(replace(period(9), closed_at=None), [], 1, OPENED.replace(hour=19)))


def _hostile() -> ExportedReport:
    """Names, rates and counts that no format expects."""
    (z,) = chained([(period(), [])])
    document = json.loads(z.document)
    document["report_id"] = "99999999-0000-4000-8000-000000000001"
    document["terminal_name"] = "\x00\u202e" * 600
    document["receipts"]["count"] = 2**53 - 1
    name = "<&\x1b\u202e]]>" * 2_000
    document["departments"] = [
        {"code": name, "name": name, "quantity": quantity, "amount": -(2**53)}
        for quantity in ("-1.123456789", "123456789012345.123456", "9" * 33 + ".123456")
    ]
    document["taxes"] = [
        {"code": name, "name": name, "rate": rate, "base": 0, "tax": 0, "gross": 0}
        for rate in ("-3.14159", "-0", "99999.9999", "9" * 33 + ".123456")
    ]
    document["payments"] = [
        {"code": kind, "name": kind, "type": kind, "sales_count": 1, "sales_amount": 2, "amount": 2}
        for kind in (name, "13009")
    ]
    store = replace(STORE, name=name, company=replace(COMPANY, name=name, tax_id=None))
    return ExportedReport(json.dumps(document).encode(), None, store)
