"""Who guesses passwords is slowed, whatever he claims to be; the owner at a known place is not."""

import sqlite3
import uuid
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from tests.server.attacks.victim import Victim, attacked
from tests.server.shop import PASSWORD, Shop

_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP = {"security.passwords._hasher": _HASHER, "security.passwords._NOBODY": _HASHER.hash("nobody")}
"""Passwords that cost little: tries are counted, not hindered."""


def log_in(http: httpx.Client, email: str, password: str, place: str | None = None) -> httpx.Response:
    headers = {"X-Forwarded-For": place} if place else {}
    return http.post("/v1/sessions", json={"email": email, "password": password}, headers=headers)


def test_an_address_that_is_only_claimed_gives_no_further_tries(victim: Victim, http: httpx.Client) -> None:
    owner = Shop.of_another_process(http).owner()
    answers = [log_in(http, owner.email, "not the password", f"192.0.2.{n}") for n in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert "--trusted-proxies" in victim.log.read_text()


def test_who_guesses_enrolment_codes_is_held_back_and_who_enrols_many_tills_is_not(
    http: httpx.Client,
) -> None:
    owner = Shop.of_another_process(http).owner()
    store = owner.store()
    made = owner.call("POST", f"/stores/{store}/enrolment-codes", json={"uses": 100}).json()

    def enrol(code: str) -> int:
        form = {"code": code, "terminal_id": str(uuid.uuid4()), "name": "Till", "software": "a till"}
        return http.post("/v1/enrolments", json=form).status_code

    assert {enrol(made["code"]) for _ in range(100)} == {201}
    assert [enrol("BCDF-GHJK") for _ in range(61)] == [400] * 60 + [429]


def test_two_servers_on_one_database_count_together(tmp_path: Path, database_url: str | None) -> None:
    with (
        attacked(tmp_path / "cloud", database_url, constants=CHEAP) as one,
        attacked(tmp_path / "cloud", database_url, constants=CHEAP) as other,
        one.client() as http,
        other.client() as beside,
    ):
        owner = Shop.of_another_process(http).owner()
        for number in range(10):
            answer = log_in(http if number % 2 else beside, owner.email, "not the password")
            assert answer.status_code == 401
        assert log_in(http, owner.email, PASSWORD).status_code == 429
        assert log_in(beside, owner.email, PASSWORD).status_code == 429


def test_strangers_everywhere_slow_an_account_and_never_its_owner_at_a_known_place(tmp_path: Path) -> None:
    with (
        attacked(tmp_path / "cloud", None, "--trusted-proxies", "127.0.0.0/8,::1", constants=CHEAP) as victim,
        victim.client() as http,
    ):
        owner = Shop.of_another_process(http).owner()
        assert log_in(http, owner.email, PASSWORD, "198.51.100.7").status_code == 201
        guesses = [log_in(http, owner.email, "not the password", f"192.0.2.{n}") for n in range(40)]
        assert guesses[-1].status_code == 429
        assert log_in(http, owner.email, PASSWORD, "203.0.113.5").status_code == 429
        assert log_in(http, owner.email, PASSWORD, "198.51.100.7").status_code == 201
        claimed = "198.51.100.7, 192.0.2.99"
        assert log_in(http, owner.email, PASSWORD, claimed).status_code == 429


def test_the_audit_does_not_grow_with_the_tries_of_strangers(tmp_path: Path) -> None:
    with (
        attacked(tmp_path / "cloud", None, "--trusted-proxies", "127.0.0.1", constants=CHEAP) as victim,
        victim.client() as http,
    ):
        owner = Shop.of_another_process(http).owner()
        for number in range(120):
            log_in(http, owner.email, "not the password", f"192.0.2.{number}")
            log_in(http, f"nobody{number}@example.com", "not the password", f"198.51.100.{number % 3}")
        with sqlite3.connect(tmp_path / "cloud" / "cloud.db") as database:
            ((rows,),) = database.execute("SELECT count(*) FROM audit_entry WHERE action LIKE '%refused'")
        assert 0 < rows <= 100
        assert victim.log.read_text().count('"event": "log-in refused"') > rows
