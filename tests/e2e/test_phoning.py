"""A till that never saw a password is assigned by a person with a phone, at a real FactoryCLOUD."""

import json
import re
from pathlib import Path

import pytest

from tests.e2e.stores import EMAIL, Store, open_store, words
from tests.e2e.test_enrolling import new_till
from tests.support.phone_page import decide_on_page
from tests.support.terminals import PASSWORD, Terminal

CODE = re.compile("^ *([BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4})$", re.MULTILINE)


def phoned(till: Terminal, store: Store, *, approves: bool, history: str = "missing") -> tuple[int, str, str]:
    """`enrol --phone --json`, while a person decides: exit code, standard output, what it told the person."""
    with till.start("enrol", "--phone", "--json") as running:
        assert running.stderr
        assert running.stdout
        told, code = "", None
        while code is None:
            line = running.stderr.readline()
            assert line, told
            told += line
            code = CODE.search(told)
        chosen = {"store": store.id, "history": history} if approves else {}
        decide_on_page(till.cloud_url, EMAIL, PASSWORD, code[1], **chosen)
        said, rest = running.communicate(timeout=60)
        return running.returncode, said, told + rest


def test_a_person_approves_it_and_its_days_go_up(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        till = new_till(tmp_path, "till", store.first.cloud_url)
        status, said, told = phoned(till, store, approves=True, history="all")
        assert status == 0, told
        assert f"Open {till.cloud_url}/d on a phone or a computer" in told
        assert "▀" not in told, "no terminal looks on"
        assert (json.loads(said)["store"]["id"], json.loads(said)["first_z_number"]) == (store.id, 1)
        till.run("worker", "--once")
        status_of_it = till.json("status")
        assert (status_of_it["connected"], status_of_it["account"]) == (True, None)
        assert (status_of_it["assigned_by"], status_of_it["queue"]["delivered"]) == (None, 1)


def test_a_person_denies_it_and_nothing_is_changed(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        till = new_till(tmp_path, "till", store.first.cloud_url)
        status, said, told = phoned(till, store, approves=False)
        assert (status, said) == (5, "")
        assert "This terminal was not approved. Nothing was changed." in told
        assert till.json("status")["connected"] is False


@pytest.mark.parametrize("more", [("BCDF-GHJK",), ("--history", "all")])
def test_what_the_person_with_the_phone_chooses_is_not_said_at_the_till(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    till = new_till(tmp_path, "till", "http://127.0.0.1:9", closes=False)
    assert "chooses store and days" in words(till, "enrol", "--phone", *more, code=2)
    assert "cannot be reached" in words(till, "enrol", "--phone", code=4)
