"""`archive export` as a shop types it: its own Zs become a directory of files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.csv_files import rows_of
from tests.support.terminals import Terminal, serve_cloud
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A till with three delivered days, one after the other."""
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path_factory.mktemp("home") / "till", cloud.address)
        terminal.run("till", "init", "--catalogue", "demo")
        terminal.run("till", "seed", "--receipts", "6", "--days", "3")
        terminal.connect()
        terminal.run("worker", "--once")
        yield terminal


def test_the_reports_are_the_frozen_bytes(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.try_to("archive", "export", "--format", "json", "--out", str(tmp_path / "out")).stderr
    assert said.startswith("3 Z reports are in ")
    files = sorted((tmp_path / "out" / "reports").rglob("*.json"))
    assert [file.name for file in files] == ["Z00000001.json", "Z00000002.json", "Z00000003.json"]
    queued = [json.loads(line) for line in terminal.run("queue", "list", "--json").splitlines()]
    hashes = {row["z_number"]: row["content_hash"] for row in queued}
    for file in files:
        document = json.loads(file.read_bytes())
        assert document["content_hash"] == hashes[document["z_number"]]
    (told,) = json.loads((tmp_path / "out" / "export.json").read_bytes())["stores"]
    assert told["company"]["tax_id"]


def test_a_shop_proves_its_delivery_with_what_the_till_kept(tmp_path: Path) -> None:
    """Each Z lies beside what FactoryCLOUD signed of it: it is checked offline, without that cloud."""
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        terminal.run("till", "seed", "--receipts", "3", "--days", "2")
        terminal.connect()
        terminal.run("worker", "--once")
    out = tmp_path / "out"
    terminal.run("archive", "export", "--format", "json", "--out", str(out))
    checked = json.loads(terminal.run("archive", "verify", str(out), "--json"))
    assert checked["ok"] is True
    assert len(list((out / "acknowledgements").rglob("*.json"))) == 2
    assert "signed" in terminal.run("archive", "verify", str(out))


@pytest.mark.parametrize("form", ["csv", "json", "journal", "saft-cash-register"])
def test_what_was_exported_can_be_verified(terminal: Terminal, tmp_path: Path, form: str) -> None:
    terminal.run("archive", "export", "--format", form, "--out", str(tmp_path / "out"))
    terminal.run("archive", "verify", str(tmp_path / "out"))
    (tmp_path / "out" / "export.json").write_bytes(b"{}")
    terminal.run("archive", "verify", str(tmp_path / "out"), code=1)


@pytest.mark.parametrize("form", ["csv", "journal", "saft-cash-register"])
def test_the_other_forms_name_the_store(terminal: Terminal, tmp_path: Path, form: str) -> None:
    terminal.run("archive", "export", "--format", form, "--out", str(tmp_path / "out"))
    told = json.loads((tmp_path / "out" / "export.json").read_bytes())
    (store,) = told["stores"]
    tables = {"csv": "days.csv", "journal": "journal.csv"}
    if form in tables:
        rows = rows_of(tmp_path / "out" / tables[form], ";" if form == "journal" else ",")
        assert {row["store"] for row in rows} == {store["name"]}
    else:
        (file,) = (tmp_path / "out").glob("*.xml")
        assert file.read_text("utf-8").count("<reportType>Z report</reportType>") == 3


def test_days_and_stores_are_chosen(terminal: Terminal, tmp_path: Path) -> None:
    export = ("archive", "export", "--format", "csv", "--out")
    terminal.run(*export, str(tmp_path / "all"))
    days = [row["business_date"] for row in rows_of(tmp_path / "all" / "days.csv")]
    terminal.run(*export, str(tmp_path / "one"), "--from", days[1], "--to", days[1])
    assert [row["z_number"] for row in rows_of(tmp_path / "one" / "days.csv")] == ["2"]
    unknown = terminal.try_to(*export, str(tmp_path / "none"), "--store", "Nowhere")
    assert unknown.returncode == 2
    assert "It knows: " in unknown.stderr
    assert not (tmp_path / "none").exists()


def test_a_directory_in_use_and_a_place_that_takes_none_stay_as_they_were(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("mine")
    refused = terminal.try_to("archive", "export", "--format", "csv", "--out", str(tmp_path / "mine"))
    assert refused.returncode == 2
    assert "Nothing was changed" in refused.stderr
    inside = str(tmp_path / "mine" / "letter" / "out")
    nowhere = terminal.try_to("archive", "export", "--format", "json", "--out", inside)
    assert nowhere.returncode == 1
    assert "Nothing is left of it" in nowhere.stderr
    assert (tmp_path / "mine" / "letter").read_text() == "mine"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["mine"]


def test_a_shop_edits_a_chart_of_accounts(terminal: Terminal, tmp_path: Path) -> None:
    chart = tmp_path / "chart.toml"
    assert "skr03" in terminal.run("archive", "chart", "list")
    terminal.run("archive", "chart", "write", "pgc", str(chart))
    chart.write_text(chart.read_text("utf-8").replace('"570"', '"5700001"'), "utf-8")
    export = ("archive", "export", "--format", "journal", "--chart", str(chart), "--out")
    terminal.run(*export, str(tmp_path / "out"))
    rows = rows_of(tmp_path / "out" / "journal.csv", ";", "windows-1252")
    assert "5700001" in {row["account"] for row in rows}
    chart.write_text('name = "x"\n')
    refused = terminal.try_to(*export, str(tmp_path / "again"))
    assert refused.returncode == 2
    assert "The account for [cash] is missing." in refused.stderr


def test_days_without_a_store_are_told(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "home", "http://127.0.0.1:9")
    terminal.run("till", "init", "--catalogue", "demo")
    terminal.run("till", "seed", "--receipts", "2", "--days", "2")
    said = terminal.try_to("archive", "export", "--format", "json", "--out", str(tmp_path / "out")).stderr
    assert "0 Z reports are in " in said
    assert "2 closed days of the till are not in it" in said


def test_a_report_is_a_pdf(terminal: Terminal, tmp_path: Path) -> None:
    paper = ("archive", "paper", "Z2", "--out")
    terminal.run(*paper, str(tmp_path / "Z2.pdf"))
    assert (tmp_path / "Z2.pdf").read_bytes().startswith(b"%PDF-")
    assert terminal.try_to(*paper, str(tmp_path / "Z2.pdf")).returncode == 2, "it is there already"
    (tmp_path / "font.ttf").write_text("no font")
    refused = terminal.try_to(*paper, str(tmp_path / "other.pdf"), "--font", str(tmp_path / "font.ttf"))
    assert refused.returncode == 2
    assert not (tmp_path / "other.pdf").exists()


def test_till_and_cloud_export_the_same_reports(tmp_path: Path) -> None:
    export = ("archive", "export", "--format", "json", "--out")
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        terminal.run("till", "init", "--catalogue", "demo")
        terminal.run("till", "seed", "--receipts", "6", "--days", "3")
        terminal.connect()
        terminal.run("worker", "--once")
        terminal.run(*export, str(tmp_path / "ours"))
        cloud = Terminal(tmp_path / "cloud", address)
        cloud.run("cloud", *export, str(tmp_path / "theirs"))
    assert cloud.json("archive", "verify", str(tmp_path / "theirs"))["terminals"][0]["signed"] == 3
    assert _files(tmp_path / "ours" / "reports") == _files(tmp_path / "theirs" / "reports")
    assert len(_files(tmp_path / "ours" / "reports")) == 3
    refused = cloud.try_to("cloud", *export, str(tmp_path / "theirs"))
    assert refused.returncode == 2


def _files(folder: Path) -> dict[str, bytes]:
    return {str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()}
