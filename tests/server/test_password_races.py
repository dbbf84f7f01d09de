"""What a stranger learns by the time of an answer, and what is under way while a password changes."""

import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from peewee import Database

from factorypos_tui.server.ops.users import disable_user
from factorypos_tui.server.ops.users import set_password as set_by_host
from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Account, Session
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem

NEW, THIRD = "another long password", "a third long password"


@pytest.fixture
def done(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The work of calls from now on: each hash, and each statement."""
    noted = list[str]()
    execute: Any = shop.cloud.database.execute_sql

    def note(sql: str, *given: Any, **more: Any) -> Any:
        if threading.current_thread().name != "postman" and 'DELETE FROM "bucket"' not in sql:
            noted.append(sql.partition("SAVEPOINT")[0])
        return execute(sql, *given, **more)

    monkeypatch.setattr(shop.cloud.database, "execute_sql", note)
    for name in ("matches", "hash_password"):
        hashing = getattr(passwords, name)

        def hashed(*given: Any, hashing: Callable[..., Any] = hashing) -> Any:
            noted.append(hashing.__name__)
            return hashing(*given)

        monkeypatch.setattr(passwords, name, hashed)
    return noted


def test_whether_a_code_is_mailed_takes_the_same_work(shop: Shop, owner: Owner, done: list[str]) -> None:
    gone = shop.owner()
    disable_user(shop.cloud.database, gone.email)
    work = []
    for email in (owner.email, gone.email, f"{uuid.uuid4().hex}@example.com"):
        done.clear()
        assert shop.http.post("/v1/password-resets", json={"email": email}).status_code == 202
        work.append([*done])
        done.clear()
        shop.http.get("/v1/health")
        assert not {"matches", "hash_password"} & {*done}, "nothing is hashed after the answer"
    assert work[0] == work[1] == work[2]
    assert work[0].count("hash_password") == 1
    assert owner.next_letter()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """Do something while the next password is compared (`matches`) or hashed (`hash_password`)."""

    def arrange(name: str, act: Callable[[], object]) -> None:
        hashing = getattr(passwords, name)

        def interrupted(*given: Any) -> Any:
            monkeypatch.setattr(passwords, name, hashing)
            answer = hashing(*given)
            act()
            return answer

        monkeypatch.setattr(passwords, name, interrupted)

    return arrange


Meanwhile = Callable[[str, Callable[[], object]], None]


def code_for(owner: Owner) -> str:
    owner.shop.http.post("/v1/password-resets", json={"email": owner.email})
    return str(re.findall(r"^[B-Z]{8}$", owner.next_letter().get_content(), re.MULTILINE)[0])


def recover(owner: Owner, code: str) -> None:
    form = {"email": owner.email, "code": code, "password": NEW}
    assert owner.shop.http.post("/v1/password-resets/confirm", json=form).status_code == 204


def sessions(database: Database, owner: Owner) -> int:
    with database.connection_context():
        query = Session.select().join(Account, on=(Account.id == Session.account_id))
        return query.where(Account.email == owner.email).count(database)


def test_a_log_in_under_way_does_not_survive_a_reset(owner: Owner, meanwhile: Meanwhile) -> None:
    code = code_for(owner)
    meanwhile("matches", lambda: recover(owner, code))
    old = {"email": owner.email, "password": PASSWORD}
    assert_problem(owner.shop.http.post("/v1/sessions", json=old), 401, "invalid_credentials")
    assert sessions(owner.shop.cloud.database, owner) == 0


def test_a_log_in_under_way_does_not_survive_the_end_of_the_account(
    owner: Owner, meanwhile: Meanwhile
) -> None:
    database = owner.shop.cloud.database
    meanwhile("matches", lambda: disable_user(database, owner.email))
    form = {"email": owner.email, "password": PASSWORD}
    assert_problem(owner.shop.http.post("/v1/sessions", json=form), 401, "invalid_credentials")
    assert sessions(database, owner) == 0


def test_a_change_under_way_does_not_survive_a_reset(owner: Owner, meanwhile: Meanwhile) -> None:
    code = code_for(owner)
    meanwhile("hash_password", lambda: recover(owner, code))
    form = {"current_password": PASSWORD, "password": THIRD}
    answer = owner.call("PUT", "/users/current/password", json=form)
    assert_problem(answer, 403, "wrong_password")
    for password, status in ((NEW, 201), (THIRD, 401)):
        again = {"email": owner.email, "password": password}
        assert owner.shop.http.post("/v1/sessions", json=again).status_code == status


def test_a_reset_under_way_does_not_survive_the_host_s_password(owner: Owner, meanwhile: Meanwhile) -> None:
    code = code_for(owner)
    meanwhile("hash_password", lambda: set_by_host(owner.shop.cloud.database, owner.email, THIRD))
    form = {"email": owner.email, "code": code, "password": NEW}
    answer = owner.shop.http.post("/v1/password-resets/confirm", json=form)
    assert_problem(answer, 400, "reset_token_invalid")


def test_two_log_ins_at_once_may_both_let_an_old_hash_grow(owner: Owner, meanwhile: Meanwhile) -> None:
    database, form = owner.shop.cloud.database, {"email": owner.email, "password": PASSWORD}
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    with database.connection_context():
        Account.update(password_hash=old).where(Account.email == owner.email).execute(database)

    def log_in() -> None:
        assert owner.shop.http.post("/v1/sessions", json=form).status_code == 201

    meanwhile("matches", log_in)
    log_in()


def test_who_changes_a_password_often_is_not_held_back(owner: Owner) -> None:
    now, new = PASSWORD, NEW
    for _ in range(12):
        form = {"current_password": now, "password": new}
        assert owner.call("PUT", "/users/current/password", json=form).status_code == 204
        now, new = new, now


def test_a_disabled_account_has_no_code_any_more(owner: Owner) -> None:
    database, code = owner.shop.cloud.database, code_for(owner)
    disable_user(database, owner.email)
    form = {"email": owner.email, "code": code, "password": NEW}
    for enabled in (None, True):
        with database.connection_context():
            change = Account.update(disabled_at=None) if enabled else Account.update(name="Ana")
            change.where(Account.email == owner.email).execute(database)
        answer = owner.shop.http.post("/v1/password-resets/confirm", json=form)
        assert_problem(answer, 400, "reset_token_invalid")
