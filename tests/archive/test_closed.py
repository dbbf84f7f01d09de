"""The closed directory: any changed byte, missing, added or swapped file is found, also where MANIFEST was
made again; and input that means harm is refused in words, with little memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import Kind
from tests.archive import by_hand
from tests.archive.a_shop import a_shop, without_signatures
from tests.archive.by_hand import BAR, Files

FILES = a_shop().files()
PATHS = sorted(FILES)
UNSIGNED = without_signatures(a_shop()).files()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every example writes anew."""
    return tmp_path_factory.mktemp("exports") / "export"


def sealed_bytes(folder: Path) -> Files:
    by_hand.written(folder, FILES)
    return {it.relative_to(folder).as_posix(): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


@given(data=st.data())
def test_any_changed_byte_is_found(folder: Path, data: st.DataObject) -> None:
    files = sealed_bytes(folder)
    path = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[path]) - 1))
    flip = data.draw(st.integers(1, 255))
    raw = bytearray(files[path])
    raw[at] ^= flip
    (folder / path).write_bytes(raw)
    fault = verify(folder).fault
    assert fault
    assert fault.path in (path, "MANIFEST") if path.startswith("MANIFEST") else fault.path == path


@given(path=st.sampled_from(PATHS), raw=st.binary(max_size=40), seals=st.booleans())
def test_any_missing_truncated_or_longer_file_is_found(
    folder: Path, path: str, raw: bytes, seals: bool
) -> None:
    for changed in (None, FILES[path][: len(raw)], FILES[path] + (raw or b"\n")):
        by_hand.written(folder, FILES)
        if changed is None:
            (folder / path).unlink()
        else:
            (folder / path).write_bytes(changed)
        if seals and changed is not None:
            by_hand.seal(folder)
        assert verify(folder).fault, (path, changed)


@given(st.lists(st.sampled_from(PATHS), min_size=2, max_size=2, unique=True), st.booleans())
def test_any_two_files_that_were_swapped_are_found(folder: Path, pair: list[str], seals: bool) -> None:
    one, other = pair
    by_hand.written(folder, FILES)
    (folder / one).write_bytes(FILES[other])
    (folder / other).write_bytes(FILES[one])
    if seals:
        by_hand.seal(folder)
    assert verify(folder).fault


@given(data=st.data())
def test_any_byte_of_a_report_that_was_changed_is_found_though_all_hashes_of_files_were_made_again(
    folder: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([it for it in PATHS if not it.startswith(("export", "keys"))]))
    signs_all = path.startswith("acknowledgements") and b"signature" not in FILES[path]
    raw = bytearray(FILES[path])
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    by_hand.written(folder, FILES | {path: bytes(raw)})
    # Of an acknowledgement that nobody signed, the instant and the store are vouched for by nobody.
    assert verify(folder).fault or signs_all


@given(
    path=st.sampled_from([it for it in PATHS if it.startswith("reports/")]),
    group=st.sampled_from(["totals", "perpetual", "receipts"]),
    more=st.integers(1, 10**9),
    data=st.data(),
)
def test_a_figure_that_was_changed_with_its_hash_is_found_where_a_cloud_signed(
    folder: Path, path: str, group: str, more: int, data: st.DataObject
) -> None:
    document = json.loads(FILES[path])
    named = data.draw(st.sampled_from(sorted(it for it, v in document[group].items() if type(v) is int)))
    document[group][named] += more
    changed = by_hand.canonical(by_hand.with_hash(document))
    answer = json.loads(FILES[path.replace("reports", "acknowledgements")])
    answer["content_hash"] = json.loads(changed)["content_hash"]
    by_hand.written(
        folder,
        FILES | {path: changed, path.replace("reports", "acknowledgements"): by_hand.canonical(answer)},
    )
    verdict = verify(folder)
    is_newest_of_the_kiosk = path.endswith("Z00000042.json")
    assert verdict.fault or is_newest_of_the_kiosk  # nobody signed it, and nothing names it


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt2",
        ".DS_Store",
        "reports/readme.txt",
        f"reports/{BAR}/Z00000012.JSON",
        f"reports/{BAR}/z00000012.json",
        f"reports/{BAR.upper()}/Z00000001.json",
        f"reports/{BAR}/Z12.json",
        f"reports/{BAR}/Z00000000.json",
        f"reports/{BAR}/deep/er/Z00000012.json",
        "closings/terminal/x/EUR/2026.json",
        "a" * 255,
        "new\nline.csv",
        "Days.csv",
        "\udcff.csv",
        "MANIFEST2",
    ],
)
def test_a_file_that_no_export_has_is_found_though_manifest_lists_it(tmp_path: Path, name: str) -> None:
    export = by_hand.written(tmp_path / "export", FILES)
    (export / name).parent.mkdir(parents=True, exist_ok=True)
    (export / name).write_bytes(b"{}")
    if "\udcff" not in name:
        by_hand.seal(export)
    fault = verify(export).fault
    assert fault
    assert fault.kind is Kind.NOT_CLOSED


def test_a_file_that_manifest_does_not_list_is_found(tmp_path: Path) -> None:
    export = by_hand.written(tmp_path / "export", FILES)
    (export / "days.csv").write_text("")
    fault = verify(export).fault
    assert fault
    assert (fault.kind, fault.path) == (Kind.NOT_CLOSED, "days.csv")


@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe", "empty folder", "folder"])
def test_what_is_no_plain_file_is_found_and_not_opened(tmp_path: Path, kind: str) -> None:
    export = by_hand.written(tmp_path / "export", FILES)
    report = export / PATHS[-1]
    if kind == "link":
        report.rename(tmp_path / "elsewhere.json")
        report.symlink_to(tmp_path / "elsewhere.json")
    elif kind == "link to a folder":
        report.parent.rename(tmp_path / "elsewhere")
        report.parent.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        report.unlink()
        os.mkfifo(report)
    elif kind == "folder":
        report.unlink()
        report.mkdir()
    else:
        (export / "closings" / "empty").mkdir()
    fault = verify(export).fault
    assert fault
    assert fault.kind is Kind.NOT_CLOSED


def test_a_manifest_that_is_a_link_is_found(tmp_path: Path) -> None:
    export = by_hand.written(tmp_path / "export", FILES)
    (export / "MANIFEST").rename(tmp_path / "elsewhere")
    (export / "MANIFEST").symlink_to(tmp_path / "elsewhere")
    assert verify(export).fault


def test_a_directory_without_a_manifest_is_no_export(tmp_path: Path) -> None:
    fault = verify(tmp_path).fault
    assert fault
    assert fault.kind is Kind.NOT_AN_EXPORT


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"a":1,"a":1}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1.0}',
        b'{"a":1e400}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":9007199254740993}',
        b'{"a":-0}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":"\\u0061"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b"\xef\xbb\xbf{}",
        b"\x00",
        b"{}\n",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_json_that_is_not_ours_is_refused_in_words(tmp_path: Path, raw: bytes) -> None:
    for path in ("export.json", "keys.json", PATHS[-1], by_hand.path_of_closing(a_shop().closings[0])):
        fault = verify(by_hand.written(tmp_path / "export", FILES | {path: raw})).fault
        assert fault
        assert (fault.kind, fault.path) == (Kind.UNREADABLE, path)


VALUES: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=5), st.just([]), st.just({})
)


@given(path=st.sampled_from(PATHS), data=st.data())
def test_a_field_of_another_kind_ends_in_words(folder: Path, path: str, data: st.DataObject) -> None:
    document = json.loads(UNSIGNED.get(path, FILES[path]))
    place, name = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(place[name], dict | list) and place[name] and data.draw(st.booleans()):
        place = place[name]
        name = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[name] = data.draw(VALUES)
    if "content_hash" in document and name != "content_hash":
        try:
            document = by_hand.with_hash(document)
        except UnicodeEncodeError:
            return
    by_hand.written(folder, UNSIGNED | {path: by_hand.canonical(document)})
    verify(folder)  # a fault or none, but never an exception


def test_a_file_of_gigabytes_is_refused_with_little_memory(tmp_path: Path) -> None:
    for path in (PATHS[-1], "MANIFEST", "MANIFEST.sha256", "export.json", "keys.json"):
        export = by_hand.written(tmp_path / "export", FILES)
        os.truncate(export / path, 10 << 30)
        code = (
            "import resource, sys; from pathlib import Path;"
            "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20));"
            "from factorypos_tui.archive.verify.checking import verify;"
            "fault = verify(Path(sys.argv[1])).fault;"
            "print(fault.kind, fault.path)"
        )
        result = subprocess.run(
            [sys.executable, "-c", code, export], capture_output=True, text=True, check=True
        )
        assert result.stdout.split() == ["unreadable", path]
