"""One bad letter harms no other, a mail server that is slow or gone holds nothing up, and none is lost."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from factorypos_tui.server.ops.users import create_user
from factorypos_tui.server.storage.database import close, sqlite_database
from tests.server.attacks.victim import Victim, attacked
from tests.server.post_office import PostOffice, post_office
from tests.server.shop import PASSWORD, Owner, Shop


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office() as office:
        monkeypatch.setenv("FACTORYPOS_MAIL_URL", office.url)
        yield office


def new_owner(victim: Victim, http: httpx.Client, address: str | None = None) -> Owner:
    """One whose e-mail the host answers for; `address`: another one, which no form takes."""
    database = sqlite_database(victim.home / "cloud.db")
    create_user(database, email := f"{uuid.uuid4().hex}@example.com", "Ana", PASSWORD)
    close(database)
    owner = Shop.of_another_process(http).log_in(email)
    if address is not None:
        with closing(sqlite3.connect(victim.home / "cloud.db", timeout=30)) as rows, rows:
            values = [address, address, email]
            rows.execute("UPDATE account SET email = ?, email_key = ? WHERE email = ?", values)
    return Owner(owner.shop, address or email, owner.token)


def contradict(owner: Owner, times: int = 1) -> None:
    """Reports that fight for one place, so that the owner is written to."""
    till = owner.assign(owner.store())
    assert till.send(till.z(1)).status_code == 201
    answers = till.send_all([till.z(1, net=1210 + number) for number in range(times)]).json()["results"]
    assert {answer["code"] for answer in answers} == {"report_conflict"}


def ask_for_reset(owner: Owner) -> None:
    answer = owner.shop.http.post("/v1/password-resets", json={"email": owner.email})
    assert answer.status_code == 202


@pytest.mark.parametrize("address", ["a@[x", "a@b@c", "a b@c", "@"])
def test_an_address_that_no_mail_can_have_stops_no_other_letter(
    office: PostOffice, victim: Victim, http: httpx.Client, address: str
) -> None:
    bad, good = new_owner(victim, http, address), new_owner(victim, http)
    contradict(bad)
    ask_for_reset(good)
    assert office.next_letter()["To"] == good.email


@pytest.mark.parametrize("said", [b"550 5.1.1 no such user", b"451 4.7.1 greylisted"])
def test_a_recipient_that_is_refused_delays_nobody(
    office: PostOffice, victim: Victim, http: httpx.Client, said: bytes
) -> None:
    bad, good = new_owner(victim, http), new_owner(victim, http)
    office.answers[bad.email] = said
    contradict(bad)
    ask_for_reset(good)
    assert office.next_letter()["To"] == good.email
    assert office.tries(bad.email) == 1


def test_letters_outlive_a_server_that_stops_before_a_dumb_mail_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "cloud"
    with post_office(is_open=False) as dumb:
        monkeypatch.setenv("FACTORYPOS_MAIL_URL", dumb.url)
        with attacked(home) as victim, victim.client() as http:
            owners = [new_owner(victim, http) for _ in range(3)]
            for owner in owners:
                ask_for_reset(owner)
                contradict(owner)
        with post_office() as office:
            monkeypatch.setenv("FACTORYPOS_MAIL_URL", office.url)
            with attacked(home):
                told = [office.next_letter()["To"] for _ in range(6)]
    assert sorted(told) == sorted(2 * [owner.email for owner in owners])


def test_a_batch_of_contradictions_is_one_letter_that_says_how_many(
    office: PostOffice, victim: Victim, http: httpx.Client
) -> None:
    owner, other = new_owner(victim, http), new_owner(victim, http)
    contradict(owner, 400)
    ask_for_reset(other)
    letters = [office.next_letter()]
    while letters[-1]["To"] != other.email:
        letters.append(office.next_letter())
    (conflicts,) = letters[:-1]
    assert "400" in conflicts.get_content()


def test_who_registers_with_the_e_mail_of_somebody_else_brings_that_person_one_mail(
    office: PostOffice, victim: Victim, http: httpx.Client
) -> None:
    """The link leads to the listening address, as there is no other."""
    stranger, other = Shop.of_another_process(http).owner(), new_owner(victim, http)
    contradict(stranger, 3)
    ask_for_reset(other)
    first, last = office.next_letter(), office.next_letter()
    assert [first["To"], last["To"]] == [stranger.email, other.email]
    link = f"{victim.address}/confirm?token="
    assert link in first.get_payload(decode=True).decode()  # type: ignore[union-attr]  # it has one part


def test_without_a_mail_server_nobody_has_to_confirm(http: httpx.Client) -> None:
    owner = Shop.of_another_process(http).owner()
    assert owner.call("GET", "/sessions/current").json()["confirmed_at"]
