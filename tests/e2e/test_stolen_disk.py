"""A till's disk is stolen: its home is copied, and the copy is used against a real FactoryCLOUD, before and
after the owner revokes the till."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.e2e.stores import EMAIL, Store, open_store, words
from tests.e2e.test_enrolling import make_code, new_till
from tests.support.terminals import PASSWORD, Terminal

READING = (
    "/companies",
    "/sessions/current",
    "/sessions",
    "/stores/{store}/figures",
    "/stores/{store}/terminals",
    "/stores/{store}/reports",
    "/stores/{store}/enrolment-codes",
)
"""What an owner may read of a store, and no terminal."""


@dataclass(frozen=True)
class Disk:
    """A copy of what lies in the home of a till."""

    copy: Terminal
    tokens: dict[str, str]
    """By the names under which they are kept: `terminal`, and `user` where somebody is logged in."""

    @classmethod
    def of(cls, till: Terminal) -> "Disk":
        home = till.home.with_name(f"stolen-{till.home.name}")
        shutil.copytree(till.home, home, copy_function=shutil.copy2)
        home.chmod(0o700)
        kept = json.loads((home / "credentials.json").read_text("utf-8"))
        return cls(Terminal(home, till.cloud_url), {name: text.split()[-1] for name, text in kept.items()})

    def ask(self, token: str, path: str) -> int:
        with httpx.Client(base_url=f"{self.copy.cloud_url}/v1", trust_env=False) as http:
            return http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code

    def opens(self, token: str, store: str) -> set[int]:
        """The answers to whoever asks with a token for what an owner may read."""
        return {self.ask(token, path.format(store=store)) for path in READING}


def revoke(store: Store, till: Terminal, query: str = "") -> None:
    terminal = till.json("status")["terminal"]["id"]
    with store.owner() as http:
        assert http.delete(f"/terminals/{terminal}{query}").status_code == 204


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_until_it_is_revoked_the_copy_sends_as_this_till_and_reads_nothing_of_the_owners(
    tmp_path: Path, store: Store
) -> None:
    till = new_till(tmp_path, "till", store.first.cloud_url)
    till.run("enrol", make_code(store, 2)["code"])
    disk = Disk.of(till)
    assert set(disk.tokens) == {"terminal"}
    assert disk.opens(disk.tokens["terminal"], store.id) == {401}
    disk.copy.run("till", "sale", "--item", "CAFE*7")
    disk.copy.run("till", "close", "--yes")
    disk.copy.run("worker", "--once")
    with store.owner() as http:
        sent = http.get(f"/stores/{store.id}/reports").json()["items"]
    assert sorted(report["z_number"] for report in sent) == [1, 2]


def test_once_it_is_revoked_neither_token_nor_code_of_the_disk_is_good(tmp_path: Path, store: Store) -> None:
    made = make_code(store, 3)
    till = new_till(tmp_path, "till", store.first.cloud_url)
    till.run("enrol", made["code"])
    disk = Disk.of(till)
    revoke(store, till, "?keep_codes=true")
    token = disk.tokens["terminal"]
    for path in ("/terminals/current", "/reports", "/configuration"):
        assert disk.ask(token, path) == 401
    assert disk.opens(token, store.id) == {401}
    disk.copy.run("till", "sale", "--item", "CAFE")
    disk.copy.run("till", "close", "--yes")
    disk.copy.try_to("worker", "--once")
    said = words(disk.copy, "enrol", made["code"], code=5)
    assert "older than the revocation of this terminal" in said
    assert "Ask the owner of the store for a new one." in said
    with store.owner() as http:
        assert http.get(f"/stores/{store.id}/reports").json()["items"] == []
    assert disk.copy.json("status")["queue"]["pending"] == 2, "nothing at the till is lost"
    assert "now sends to" in words(disk.copy, "enrol", make_code(store, 1)["code"], code=0)


def test_a_code_that_is_good_for_more_lets_a_thief_in_under_another_number_until_it_is_revoked(
    tmp_path: Path, store: Store
) -> None:
    made = make_code(store, 9)
    till = new_till(tmp_path, "till", store.first.cloud_url)
    till.run("enrol", made["code"])
    disk = Disk.of(till)
    revoke(store, till, "?keep_codes=true")
    form = {"code": made["code"], "name": "Thief", "software": "another program"}
    with httpx.Client(base_url=f"{disk.copy.cloud_url}/v1", trust_env=False) as http:
        for status in (201, 400):
            answer = http.post("/enrolments", json={**form, "terminal_id": str(uuid.uuid4())})
            assert answer.status_code == status
            with store.owner() as owner:
                listed = owner.get(f"/stores/{store.id}/terminals").json()["items"]
                assert "Thief" in [terminal["name"] for terminal in listed]
                owner.delete(f"/stores/{store.id}/enrolment-codes/{made['id']}")


def test_a_log_in_that_was_left_open_is_the_owners_until_the_till_is_revoked(store: Store) -> None:
    disk = Disk.of(store.second)
    assert set(disk.tokens) == {"terminal", "user"}
    assert disk.opens(disk.tokens["user"], store.id) == {200}
    assert disk.copy.json("companies")
    revoke(store, store.second)
    assert disk.opens(disk.tokens["user"], store.id) == {401}
    assert "Log in" in words(disk.copy, "companies", code=3)
    assert "log in" in words(disk.copy, "assign", code=3).lower()
    assert store.first.json("companies"), "a log-in at another till goes on"


def test_the_owner_brings_the_till_back_and_the_copy_stays_out(store: Store) -> None:
    disk = Disk.of(store.second)
    revoke(store, store.second)
    store.second.run("login", "--email", EMAIL, "--password-stdin", stdin=PASSWORD)
    store.second.run("assign", "--store", store.id)
    store.second.run("worker", "--once")
    assert {disk.ask(token, "/terminals/current") for token in disk.tokens.values()} == {401}
    assert store.second.json("status")["connected"] is True
