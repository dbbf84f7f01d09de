"""The tables of an export agree with the reports, with each other, and with their dictionary."""

import json
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.core.reports.reports import build_z
from tests.archive.exports import STORE, Days, chained, exported, write
from tests.support.csv_files import rows_of
from tests.support.sales import days, period

_TABLES = ("days", "taxes", "payments", "departments", "hours")


@given(st.lists(days(), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_the_tables_add_up_to_the_days(sold: Days) -> None:
    zs = chained(sold)
    with tempfile.TemporaryDirectory() as folder:
        there = write(Path(folder) / "out", Format.CSV, zs)
        tables = {name: rows_of(there / f"{name}.csv") for name in _TABLES}
    sums: dict[str, dict[str, int]] = {name: defaultdict(int) for name in _TABLES}
    for name, column in (("taxes", "gross"), ("payments", "amount"), ("departments", "amount")):
        for row in tables[name]:
            sums[name][row["z_number"]] += int(row[column])
    for row in tables["hours"]:
        sums["hours"][row["z_number"]] += int(row["amount"])
    assert [int(day["z_number"]) for day in tables["days"]] == list(range(1, len(zs) + 1))
    for day in tables["days"]:
        number, net = day["z_number"], int(day["net"])
        assert sums["taxes"][number] == sums["departments"][number] == sums["hours"][number] == net
        assert sums["payments"][number] == net + int(day["rounding"]) + int(day["tips"])
        assert float(day["net_decimal"]) == net / 100


def test_each_column_is_in_the_dictionary(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.CSV, [exported(build_z(period(), [], None))])
    told = rows_of(there / "dictionary.csv")
    assert {row["table"] for row in told} == set(_TABLES)
    for table in _TABLES:
        heading = (there / f"{table}.csv").read_text("utf-8").splitlines()[0].split(",")
        assert [row["column"] for row in told if row["table"] == table] == heading
    assert all(row["type"] in ("text", "integer", "decimal") and row["meaning"] for row in told)


def test_a_name_is_no_formula_no_second_line_and_not_endless(tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://x")\r\n+1;@cmd\u202egnp.exe\x1b[2J' + "é" * 10_000
    report = exported(build_z(period(), [], None), replace(STORE, name=hostile))
    there = write(tmp_path / "out", Format.CSV, [report])
    (day,) = rows_of(there / "days.csv")
    assert day["store"].startswith("'=HYPERLINK")
    assert len(day["store"]) < 1_100
    assert ";'@cmd" in day["store"]
    assert not set("\r\n\u202e\x1b") & set(day["store"])


def test_a_drawer_that_nobody_counted_is_empty_and_not_zero(tmp_path: Path) -> None:
    (day,) = rows_of(write(tmp_path / "out", Format.CSV, chained([(period(), [])])) / "days.csv")
    assert (day["counted"], day["counted_decimal"], day["over_short"], day["expected"]) == ("", "", "", "0")


def test_export_json_tells_what_is_in_it(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.CSV, chained([(period(), []), (period(), [])]))
    told = json.loads((there / "export.json").read_bytes())
    assert told["format"] == "csv"
    assert told["stores"] == [
        {
            "id": STORE.id,
            "name": "Bar Maritim",
            "timezone": "Europe/Madrid",
            "company": {
                "id": "8c1d0a77-55a1-4ad8-8a3e-0d52b8d4c001",
                "name": "Maritim SL",
                "tax_id": "B12345678",
                "country": "ES",
                "currency": "EUR",
            },
        }
    ]
    (terminal,) = told["terminals"]
    assert (terminal["first_z_number"], terminal["last_z_number"], terminal["count"]) == (1, 2, 2)
