"""The directory of an export: closed, private, whole or not there."""

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.archive.export.folders import FolderTakenError
from factorypos_tui.archive.export.inputs import ExportedReport, Format
from factorypos_tui.archive.export.writing import write_export
from tests.archive.exports import asked, chained, write
from tests.support.sales import period

_ZS = chained([(period(), []), (period(), [])])


def test_the_manifest_closes_the_directory(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.JSON, _ZS)
    found = {str(it.relative_to(there)): it for it in there.rglob("*") if it.is_file()}
    manifest = found.pop("MANIFEST").read_bytes()
    digest = hashlib.sha256(manifest).hexdigest()
    assert found.pop("MANIFEST.sha256").read_bytes() == f"{digest}  MANIFEST\n".encode()
    lines = [f"{hashlib.sha256(it.read_bytes()).hexdigest()}  {name}\n" for name, it in found.items()]
    assert manifest.decode() == "".join(sorted(lines, key=lambda line: line[66:].encode()))
    terminal = "5b9d7d0c-1f60-4f3e-9a53-7f1f9c8d1a11"
    assert found[f"reports/{terminal}/Z00000002.json"].read_bytes() == _ZS[1].document


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    there = write(tmp_path / "out", Format.CSV, _ZS)
    assert stat.S_IMODE(there.stat().st_mode) == 0o700
    assert {stat.S_IMODE(it.stat().st_mode) for it in there.iterdir()} == {0o600}


def test_an_empty_directory_is_taken_and_a_full_one_refused(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    write(place, Format.CSV, _ZS)
    before = sorted(it.name for it in place.iterdir())
    with pytest.raises(FolderTakenError):
        write(place, Format.JSON, _ZS)
    assert sorted(it.name for it in place.iterdir()) == before
    assert [it.name for it in tmp_path.iterdir()] == ["out"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(FolderTakenError):
        write(tmp_path / "out", Format.JSON, _ZS)
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("form", Format)
def test_nothing_is_left_where_it_ends_too_early(tmp_path: Path, form: Format) -> None:
    def torn() -> Iterator[ExportedReport]:
        yield _ZS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_export(tmp_path / "out", asked(form), torn())
    assert list(tmp_path.iterdir()) == []
