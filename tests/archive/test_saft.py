"""Exports as Norwegian SAF-T Cash Register keep to the format, and say what they do not know."""

import json
import os
import tempfile
from dataclasses import replace
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
from factorypos_tui.core.reports.sales import Cash
from tests.archive.exports import COMPANY, STORE, chained, exported, write
from tests.archive.saft_rules import faults_of
from tests.support.csv_files import rows_of
from tests.support.sales import OPENED, days, period

_XSD = os.environ.get("FACTORYPOS_SAFT_XSD")
_IN = "{urn:StandardAuditFile-Taxation-CashRegister:NO}"


@given(st.lists(days(), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_any_days_keep_to_the_format(sold: list) -> None:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        (file,) = _files(write(Path(folder) / "out", Format.SAFT_CASH_REGISTER, chained(sold)))
        assert faults_of(_root(file)) == []


@pytest.mark.skipif(
    _XSD is None,
    reason="the official schema names no licence, so it is not kept here: get"
    " Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd from github.com/Skatteetaten/saf-t,"
    " and name it in FACTORYPOS_SAFT_XSD",
)
def test_the_official_schema_takes_it(tmp_path: Path) -> None:
    assert _XSD is not None
    zs = [*chained([(_with_drawer(), []), (period(), [])]), _x(), _hostile()]
    (file,) = _files(write(tmp_path / "out", Format.SAFT_CASH_REGISTER, zs))
    xmlschema.XMLSchema(_XSD).validate(str(file))


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


def test_zero_stands_for_unknown_only_beside_its_name(tmp_path: Path) -> None:
    (z,) = chained([(_with_drawer(), [])])
    document = {name: value for name, value in json.loads(z.document).items() if name != "counts"}
    document["totals"] |= {"gross": 500, "discounts": 500}
    old = replace(z, document=json.dumps(document).encode())
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
    assert {"companyIdent", "vatPerc", "reportReceiptNum"} <= unknown


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
    document["departments"] = [{"code": name, "name": name, "quantity": "-1.123456789", "amount": -(2**53)}]
    document["taxes"] = [{"code": name, "name": name, "rate": "-3.14159", "base": 0, "tax": 0, "gross": 0}]
    document["payments"] = [
        {"code": name, "name": name, "type": name, "sales_count": 1, "sales_amount": 2, "amount": 2}
    ]
    store = replace(STORE, name=name, company=replace(COMPANY, name=name, tax_id=None))
    return ExportedReport(json.dumps(document).encode(), None, store)
