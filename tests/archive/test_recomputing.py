"""docs/recompute.sh, a reader's own recomputation with bash, jq and openssl, finds what it says it finds."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.archive import by_hand
from tests.archive.a_shop import LATE, a_shop, leave_out
from tests.archive.by_hand import BAR

SCRIPT = Path(__file__).parents[2] / "docs" / "recompute.sh"
MOST_LINES = 60
REPORT, ANSWER = f"reports/{BAR}/Z00000011.json", f"acknowledgements/{BAR}/Z00000011.json"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "jq", "openssl"))), reason="needs bash, jq and openssl"
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return by_hand.written(tmp_path / "export", a_shop().files())


def recompute(export: Path) -> "subprocess.CompletedProcess[str]":
    command = ["bash", str(SCRIPT), str(export)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def changed(export: Path, path: str, before: bytes, after: bytes) -> "subprocess.CompletedProcess[str]":
    """Change a file and make MANIFEST again."""
    raw = (export / path).read_bytes()
    assert before in raw
    (export / path).write_bytes(raw.replace(before, after))
    by_hand.seal(export)
    return recompute(export)


def test_it_is_short() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= MOST_LINES


def test_an_export_that_is_well_is_found_well(export: Path) -> None:
    told = recompute(export)
    assert told.returncode == 0, told.stderr
    assert told.stdout == "13 reports are well; a cloud signed for 10 of them.\n"


def test_days_that_nobody_asked_for_are_no_gap(tmp_path: Path) -> None:
    shop = leave_out(a_shop(), 3, LATE, LATE + 1)
    there = by_hand.written(tmp_path, shop.files())
    assert recompute(there).returncode == 0
    shop.not_here[0]["content_hash"] = "ab" * 32
    assert "Z00000004.json: the Z before it" in recompute(by_hand.written(tmp_path, shop.files())).stderr


def test_a_file_that_was_changed_or_added_is_found(export: Path) -> None:
    (export / "days.csv").write_text("")
    assert "it lists other files than there are" in recompute(export).stderr
    (export / "days.csv").unlink()
    (export / REPORT).write_bytes((export / REPORT).read_bytes() + b"\n")
    assert "a file is missing, or has other bytes" in recompute(export).stderr


def test_a_report_that_was_changed_is_found(export: Path) -> None:
    assert f"{REPORT}: its hash" in changed(export, REPORT, b'"tips":30', b'"tips":31').stderr


def test_sums_that_do_not_hold_are_found(export: Path) -> None:
    shop = a_shop()
    shop.acknowledgements.clear()
    z = shop.reports[9]
    shop.reports[9] = by_hand.with_hash(z | {"totals": z["totals"] | {"tax": 1}})
    by_hand.written(export, shop.files())
    assert f"{REPORT}: its sums" in recompute(export).stderr


def test_a_day_that_was_taken_out_is_found(export: Path) -> None:
    for kind in ("reports", "acknowledgements"):
        (export / kind / BAR / "Z00000003.json").unlink()
    by_hand.seal(export)
    assert f"reports/{BAR}/Z00000004.json: the Z before it" in recompute(export).stderr


def test_a_forged_acknowledgement_is_found(export: Path) -> None:
    told = changed(export, ANSWER, b'"result":"created"', b'"result":"unchanged"')
    assert f"{ANSWER}: its signature" in told.stderr
    assert told.returncode == 1
