"""Exports from a FactoryCLOUD: the same files whoever asks, by whatever way."""

import io
import json
import zipfile
from pathlib import Path

import httpx
import pytest
from peewee import Database

from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.server.domain import exported
from factorypos_tui.server.domain.exported import Choice
from factorypos_tui.server.ops import archiving
from factorypos_tui.server.storage.report_tables import ZBody
from tests.server.shop import Json, Owner, Till, assert_problem, canonical
from tests.support.csv_files import rows_of

FORMS = [form.value for form in Format]


@pytest.fixture
def zs(till: Till) -> list[Json]:
    """Three days of a till."""
    made: list[Json] = []
    for number, day in enumerate(("2026-03-02", "2026-03-03", "2026-04-01"), 1):
        before = made[-1]["content_hash"] if made else None
        made.append(till.z(number, net=100 * number, business_date=day, previous_hash=before))
    assert till.send_all(made).status_code == 200
    return made


def unpacked(answer: httpx.Response, folder: Path) -> Path:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        packed.extractall(folder)
    (there,) = folder.iterdir()
    assert f'filename="{there.name}.zip"' in answer.headers["content-disposition"]
    return there


def test_the_reports_are_as_they_arrived(owner: Owner, till: Till, zs: list[Json], tmp_path: Path) -> None:
    there = unpacked(owner.call("GET", f"/stores/{till.store}/archive?format=json"), tmp_path)
    for z in zs:
        file = there / "reports" / till.id / f"Z{z['z_number']:08}.json"
        assert file.read_bytes() == canonical(z)
    told = json.loads((there / "export.json").read_bytes())
    assert [it["id"] for it in told["stores"]] == [till.store]
    assert told["stores"][0]["company"]["country"] == "ES"
    assert told["terminals"][0]["count"] == 3


def test_each_report_has_what_is_answered_to_it_signed(
    owner: Owner, till: Till, zs: list[Json], tmp_path: Path
) -> None:
    there = unpacked(owner.call("GET", f"/stores/{till.store}/archive"), tmp_path)
    keys = owner.call("GET", "/keys").json()["items"]
    assert json.loads((there / "keys.json").read_bytes()) == {"items": keys}
    for z in zs:
        file = there / "acknowledgements" / till.id / f"Z{z['z_number']:08}.json"
        again = till.send(z).json()
        del again["missing_z_numbers"]
        assert file.read_bytes() == canonical(again)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_some_days(owner: Owner, till: Till, zs: list[Json], tmp_path: Path, form: str) -> None:
    days = "from=2026-03-01&to=2026-03-31"
    there = unpacked(owner.call("GET", f"/stores/{till.store}/archive?format={form}&{days}"), tmp_path)
    told = json.loads((there / "export.json").read_bytes())
    assert (told["format"], told["from"], told["to"]) == (form, "2026-03-01", "2026-03-31")
    assert told["terminals"][0]["last_z_number"] == 2


def test_a_company_has_the_reports_of_all_its_stores(owner: Owner, tmp_path: Path) -> None:
    company = owner.company()
    for name in ("Centro", "Puerto"):
        till = owner.assign(owner.store(company, name=name))
        till.send_all([till.z(1), till.z(2)])
    there = unpacked(owner.call("GET", f"/companies/{company}/archive?format=csv"), tmp_path)
    assert sorted(row["store"] for row in rows_of(there / "days.csv")) == ["Centro"] * 2 + ["Puerto"] * 2


def test_a_till_that_was_at_two_stores_is_told_in_the_export_of_one(
    owner: Owner, till: Till, zs: list[Json], tmp_path: Path
) -> None:
    other = owner.assign(owner.store(), till.id, move=True)
    there = other.z(4, business_date="2026-04-02", previous_hash=zs[-1]["content_hash"])
    assert other.send(there).status_code == 201
    back = owner.assign(till.store, till.id, move=True)
    last = back.z(5, business_date="2026-04-03", previous_hash=there["content_hash"])
    assert back.send(last).status_code == 201
    exported = unpacked(
        owner.call("GET", f"/stores/{till.store}/archive?format=json&from=2026-03-03"), tmp_path
    )
    (told,) = json.loads((exported / "export.json").read_bytes())["terminals"]
    hidden = {"z_number": 4, "content_hash": there["content_hash"], "why": "store"}
    assert (told["count"], told["not_here"]) == (3, [hidden])


def test_a_running_day_is_an_event_of_the_norwegian_format(owner: Owner, till: Till, tmp_path: Path) -> None:
    till.send(till.x(1, "0d8c3f0a-0000-4000-8000-000000000001"))
    answer = owner.call("GET", f"/stores/{till.store}/archive?format=saft-cash-register")
    (file,) = unpacked(answer, tmp_path).glob("*.xml")
    assert "<reportType>X report</reportType>" in file.read_text("utf-8")


def test_what_is_too_large_or_wrong_is_refused(
    owner: Owner, till: Till, zs: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/stores/{till.store}/archive"
    assert_problem(owner.call("GET", f"{path}?from=2026-04-01&to=2026-03-01"), 422, "invalid")
    assert_problem(owner.call("GET", f"{path}?format=pdf"), 422, "invalid")
    monkeypatch.setattr(exported, "MOST_ZS", 2)
    refused = owner.call("GET", path)
    assert_problem(refused, 422, "invalid")
    assert "at most 2" in refused.json()["detail"]
    monkeypatch.undo()
    with exported._turns, exported._turns:
        assert_problem(owner.call("GET", path), 503, "busy")
    assert owner.call("GET", path).status_code == 200


def test_a_document_that_is_not_here_is_no_silent_gap(
    owner: Owner, till: Till, zs: list[Json], tmp_path: Path
) -> None:
    database = till.shop.cloud.database
    _lose(database, zs[1])
    assert owner.call("GET", f"/stores/{till.store}/archive").status_code == 410
    lost: list[int] = []
    stores = archiving.stores_named(database, None, till.store)
    choice = Choice(Format.CSV, None, None, "neutral")
    archiving.export_archive(database, tmp_path / "out", choice, stores, None, lost.append)
    assert lost == [2]
    assert [row["z_number"] for row in rows_of(tmp_path / "out" / "days.csv")] == ["1", "3"]


def _lose(database: Database, z: Json) -> None:
    with database.connection_context():
        ZBody.delete().where(ZBody.report_id == z["report_id"]).execute(database)
