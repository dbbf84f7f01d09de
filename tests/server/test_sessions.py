"""Where a person is logged in, how it ends, and a new password."""

import unicodedata
import uuid

import pytest
from argon2 import PasswordHasher

from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Account
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem, fields_of
from tests.support.fakes import FrozenClock

NEW = "another long password"


def again(owner: Owner, place: str) -> Owner:
    """The same person, logged in from another place."""
    form = {"email": owner.email, "password": PASSWORD}
    opened = owner.shop.http.post("/v1/sessions", json=form, headers={"X-Forwarded-For": place})
    return Owner(owner.shop, owner.email, opened.json()["token"])


def is_in(owner: Owner) -> bool:
    return owner.call("GET", "/sessions/current").status_code == 200


def test_sessions_are_listed_and_one_is_ended(owner: Owner) -> None:
    elsewhere = again(owner, "2001:db8::7")
    listed = owner.call("GET", "/sessions").json()["items"]
    assert {one["device"].partition("/")[0] for one in listed} == {"python-httpx"}
    places = {(one["network"], one["current"]) for one in listed}
    assert places == {("127.0.0.1", True), ("2001:db8::/64", False)}
    (other,) = [one["id"] for one in listed if not one["current"]]
    assert_problem(owner.shop.owner().call("DELETE", f"/sessions/{other}"), 404, "not_found")
    assert_problem(owner.call("DELETE", "/sessions/nonsense"), 404, "not_found")
    assert is_in(elsewhere)
    assert owner.call("DELETE", f"/sessions/{other}").status_code == 204
    assert (is_in(elsewhere), is_in(owner)) == (False, True)
    assert_problem(owner.call("DELETE", f"/sessions/{other}"), 404, "not_found")


def test_an_account_keeps_its_newest_fifty_sessions(owner: Owner, clock: FrozenClock) -> None:
    later = []
    for _ in range(52):
        clock.advance(1)
        later.append(again(owner, "192.0.2.1"))
    assert [is_in(one) for one in (owner, *later[:3], later[-1])] == [False, False, False, True, True]
    items = later[-1].call("GET", "/sessions", params={"limit": 200}).json()["items"]
    assert len(items) == 50
    assert_problem(later[-1].call("DELETE", f"/sessions/{'_' * 32}"), 404, "not_found")


def test_all_sessions_of_one_person_end_at_once(owner: Owner) -> None:
    elsewhere, stranger = again(owner, "192.0.2.1"), owner.shop.owner()
    assert owner.call("DELETE", "/sessions").status_code == 204
    assert [is_in(one) for one in (owner, elsewhere, stranger)] == [False, False, True]


def test_a_new_password_ends_every_other_session_and_is_told_by_mail(owner: Owner) -> None:
    elsewhere = again(owner, "192.0.2.1")
    form = {"current_password": PASSWORD, "password": NEW}
    assert owner.call("PUT", "/users/current/password", json=form).status_code == 204
    assert (is_in(owner), is_in(elsewhere)) == (True, False)
    for password, status in ((PASSWORD, 401), (NEW, 201)):
        log_in = {"email": owner.email, "password": password}
        assert owner.shop.http.post("/v1/sessions", json=log_in).status_code == status
    assert owner.next_letter()


def test_a_wrong_present_password_changes_nothing_and_is_slowed(owner: Owner) -> None:
    form = {"current_password": "not the password", "password": NEW}
    for _ in range(10):
        answer = owner.call("PUT", "/users/current/password", json=form)
        assert_problem(answer, 403, "wrong_password")
    answer = owner.call("PUT", "/users/current/password", json={**form, "current_password": PASSWORD})
    assert_problem(answer, 429, "too_many_attempts")
    assert is_in(again(owner, "127.0.0.1"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "too_short"),
        ("x" * 257, "too_long"),
        ("Password12345", "too_common"),
        ("CONTRASEN\u0303A123", "too_common"),
        ("contrase\u00f1a123", "too_common"),
        ("abcabcabcabc", "too_common"),
        ("qwertyuiopas", "too_common"),
        ("210987654321", "too_common"),
        ("aaaaaaaaaaaa", "too_common"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(owner: Owner, password: str, code: str) -> None:
    form = {"current_password": PASSWORD, "password": password}
    answer = owner.call("PUT", "/users/current/password", json=form)
    assert fields_of(assert_problem(answer, 422, "invalid")) == {"password": code}


def test_a_phrase_that_contains_a_common_password_is_good(shop: Shop) -> None:
    phrase = "Password12345 y una piña"
    spellings = [unicodedata.normalize("NFC", phrase), unicodedata.normalize("NFD", phrase)]
    for spelled in spellings:
        account = {"email": f"{uuid.uuid4().hex}@example.com", "password": spelled, "name": "Ana"}
        assert shop.http.post("/v1/users", json=account).status_code == 201
        for typed in spellings:
            assert shop.http.post("/v1/sessions", json={**account, "password": typed}).status_code == 201


def test_a_password_of_before_logs_in_and_its_hash_grows(owner: Owner) -> None:
    database, short = owner.shop.cloud.database, "eight888"
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(short)
    mine = Account.email == owner.email
    with database.connection_context():
        Account.update(password_hash=old).where(mine).execute(database)
    log_in = {"email": owner.email, "password": short}
    for _ in range(2):
        assert owner.shop.http.post("/v1/sessions", json=log_in).status_code == 201
        with database.connection_context():
            stored = Account.select().where(mine).get(database).password_hash
        assert stored != old
        assert not passwords.is_outgrown(stored)
