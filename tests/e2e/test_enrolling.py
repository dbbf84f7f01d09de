"""A script binds the tills of a shop with one code, and no till has ever seen a password."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.e2e.stores import EMAIL, Store, open_store, words
from tests.support.terminals import PASSWORD, Terminal

TILLS = 5


def new_till(folder: Path, name: str, address: str, *, closes: bool = True) -> Terminal:
    terminal = Terminal(folder / name, address)
    terminal.run("till", "init", "--catalogue", "demo")
    if closes:
        terminal.run("till", "sale", "--item", "CAFE", "--pay", "CASH")
        terminal.run("till", "close")
    return terminal


def make_code(store: Store, uses: int) -> dict[str, str]:
    with store.owner() as http:
        made = http.post(f"/stores/{store.id}/enrolment-codes", json={"uses": uses}).raise_for_status()
    found: dict[str, str] = made.json()
    return found


def test_one_code_binds_five_tills_which_send_their_days_and_refuses_the_sixth(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        made = make_code(store, TILLS)
        code, address = made["code"], store.first.cloud_url
        tills = [new_till(tmp_path, f"till-{n}", address) for n in range(TILLS)]
        for till in tills[1:]:
            said = words(till, "enrol", code, code=0)
            assert "This terminal now sends to Bar Maritim (Maritim SL)." in said
        piped = tills[0].json("enrol", "-", "--history", "all", stdin=f"{code}\n")
        assert (piped["store"]["id"], piped["first_z_number"]) == (store.id, 1)
        for till in tills:
            assert "Nothing was changed" in words(till, "enrol", code.lower(), code=0)
            till.run("worker", "--once")
            status = json.loads(till.run("status", "--json"))
            assert (status["connected"], status["account"], status["assigned_by"]) == (True, None, None)
            assert status["queue"]["delivered"] == 1
            assert status["last_z"]["delivered_at"]
        sixth = new_till(tmp_path, "sixth", address)
        said = words(sixth, "enrol", code, code=5)
        assert "mistyped, used up, too old or revoked" in said
        assert "Nothing was changed." in said
        assert json.loads(sixth.run("status", "--json"))["connected"] is False
        with store.owner() as http:
            (listed,) = http.get(f"/stores/{store.id}/enrolment-codes").json()["items"]
            assert (listed["used"], len(listed["terminals"])) == (TILLS, TILLS)
            days = http.get(f"/stores/{store.id}/reports").json()["items"]
        assert len(days) == TILLS
        assert_is_nowhere(code, tills[1])


def assert_is_nowhere(code: str, till: Terminal) -> None:
    """In no file of the home, and in no bundle."""
    till.try_to("doctor", "--bundle", str(till.home / "bundle.zip"))
    held = {file: file.read_bytes() for file in till.home.rglob("*") if file.is_file()}
    with zipfile.ZipFile(till.home / "bundle.zip") as bundle:
        held |= {Path(name): bundle.read(name) for name in bundle.namelist()}
    assert held
    for written in (code, code.replace("-", "")):
        assert [file for file, content in held.items() if written.encode() in content.upper()] == []


def test_a_code_moves_no_till_until_it_is_disconnected(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.owner() as http:
            mine = http.get("/companies").json()["items"][-1]["id"]
            form = {"name": "Kiosk", "timezone": "Europe/Madrid"}
            kiosk = http.post(f"/companies/{mine}/stores", json=form).json()["id"]
            made = http.post(f"/stores/{kiosk}/enrolment-codes", json={}).json()["code"]
        said = words(store.second, "enrol", made, code=5)
        assert "a code moves no terminal. Nothing was changed." in said
        assert store.second.json("status")["store"]["id"] == store.id
        store.second.run("disconnect", "--yes")
        store.second.run("login", "--email", EMAIL, "--password-stdin", stdin=PASSWORD)
        said = words(store.second, "enrol", made, code=0)
        assert "now sends to Kiosk" in said
        assert "Your log-in has ended" in said
        assert store.second.json("status")["account"] is None
        store.second.run("login", "--email", EMAIL, "--password-stdin", stdin=PASSWORD)
        assert "Kiosk" in words(store.second, "assign", "--store", kiosk, code=0)
        assert store.second.json("status")["assigned_by"] == EMAIL


@pytest.mark.parametrize("code", ["", " ", "B" * 201])
def test_what_can_be_no_code_is_sent_nowhere(tmp_path: Path, code: str) -> None:
    till = new_till(tmp_path, "till", "http://127.0.0.1:9", closes=False)
    for said in (words(till, "enrol", code, code=2), words(till, "enrol", "-", code=2, stdin=code)):
        assert "This is no enrolment code. Nothing was sent." in said
        assert "BBB" not in said
    assert "cannot be reached" in words(till, "enrol", "BCDF-GHJK", code=4)


def test_without_a_till_no_code_is_used(tmp_path: Path) -> None:
    words(Terminal(tmp_path / "none", "http://127.0.0.1:9"), "enrol", "BCDF-GHJK", code=1)
