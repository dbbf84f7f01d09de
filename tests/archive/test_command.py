"""`archive verify` as a process: what it prints, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive import by_hand
from tests.archive.a_shop import a_shop, without_signatures
from tests.archive.by_hand import BAR, ByHand
from tests.support.terminals import Terminal

NO_LIBRARY = (
    "import sys; sys.modules['cryptography'] = None\nfrom factorypos_tui.cli.main import main; main()"
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "home", "http://127.0.0.1:1")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return by_hand.written(tmp_path / "export", a_shop().files())


def test_it_says_what_an_export_holds_and_what_nobody_can_tell(terminal: Terminal, export: Path) -> None:
    said = terminal.run("archive", "verify", str(export))
    assert said.splitlines()[0] == "All is well in this export."
    assert "10 Z reports, Z 1 to Z 11, 29 Dec 2025 to 2 Feb 2026, 10 of them signed." in said
    assert "7 signatures of the key old" in said
    assert "3 reports are not signed by a cloud." in said
    assert not terminal.home.exists()


def test_an_export_of_nothing_is_not_called_well(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.run("archive", "verify", str(by_hand.written(tmp_path / "export", ByHand().files())))
    assert said.splitlines()[0] == "There is no Z report in this export: it proves nothing."
    assert "well" not in said


def test_who_names_the_zip_is_told_to_unpack_it(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK")
    failed = terminal.try_to("archive", "verify", str(tmp_path / "export.zip"))
    assert failed.returncode == 2
    assert "Unpack the zip" in failed.stderr


def test_without_signatures_it_says_so_and_ends_well(terminal: Terminal, tmp_path: Path) -> None:
    export = by_hand.written(tmp_path / "export", without_signatures(a_shop()).files())
    assert "not signed by a cloud" in terminal.run("archive", "verify", str(export))


def test_it_names_the_first_fault_and_what_it_means(terminal: Terminal, export: Path) -> None:
    report = export / "reports" / BAR / "Z00000003.json"
    report.write_bytes(report.read_bytes().replace(b'"rounding":2', b'"rounding":3'))
    failed = terminal.try_to("archive", "verify", str(export))
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert f"reports/{BAR}/Z00000003.json (Z 3 of terminal {BAR}): " in failed.stderr
    assert "other bytes than MANIFEST says" in failed.stderr
    by_hand.seal(export)
    assert "Its content does not fit its hash." in terminal.try_to("archive", "verify", str(export)).stderr


def test_json_is_one_document_also_of_a_fault(terminal: Terminal, export: Path) -> None:
    found = json.loads(terminal.run("archive", "verify", "--json", str(export)))
    assert (found["ok"], found["fault"], found["closings"]) == (True, None, {"count": 6, "signed": 6})
    assert [it["left_out"] for it in found["terminals"]] == [[{"first": 9, "last": 9}], []]
    (export / "keys.json").unlink()
    found = json.loads(terminal.run("archive", "verify", "--json", str(export), code=1))
    assert (found["ok"], found["fault"]["code"], found["fault"]["path"]) == (False, "not_closed", "keys.json")


def test_a_money_amount_is_said_as_people_write_it(terminal: Terminal, tmp_path: Path) -> None:
    shop = without_signatures(a_shop())
    totals = shop.reports[9]["totals"]
    shop.reports[9] = by_hand.with_hash(shop.reports[9] | {"totals": totals | {"net": totals["net"] + 1}})
    shop.acknowledgements.clear()
    export = by_hand.written(tmp_path / "export", shop.files())
    assert "is 39.85 EUR, net is 39.86 EUR." in terminal.try_to("archive", "verify", str(export)).stderr


@pytest.mark.parametrize("wrong", ["missing", "file"])
def test_what_is_no_directory_is_wrong_usage(terminal: Terminal, tmp_path: Path, wrong: str) -> None:
    (tmp_path / "file").write_text("")
    assert terminal.try_to("archive", "verify", str(tmp_path / wrong)).returncode == 2


def without_the_library(export: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", NO_LIBRARY, "archive", "verify", str(export)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_the_library_all_else_is_checked_and_it_says_so(export: Path, tmp_path: Path) -> None:
    failed = without_the_library(export)
    assert failed.returncode == 1
    assert "Signatures that were not checked: 16." in failed.stderr
    assert "factorypos-tui[archive]" in failed.stderr
    assert "10 Z reports" in failed.stdout
    assert "All is well" not in failed.stdout
    unsigned = by_hand.written(tmp_path / "unsigned", without_signatures(a_shop()).files())
    assert without_the_library(unsigned).returncode == 0
    shop = a_shop()
    shop.reports.pop(2)
    shop.acknowledgements.pop(2)
    torn = by_hand.written(tmp_path / "torn", shop.files())
    assert "Z 3 before it is missing" in without_the_library(torn).stderr
