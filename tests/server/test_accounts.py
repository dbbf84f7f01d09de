"""Accounts: who gets in, who does not, and what a stranger can learn."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Account, AuditEntry
from tests.server.shop import PASSWORD, Shop, assert_problem, fields_of
from tests.support.fakes import FrozenClock


def form(**changes: object) -> dict[str, object]:
    email = f"{uuid.uuid4().hex}@example.com"
    return {"email": email, "password": PASSWORD, "name": "Ana", "language": "en", **changes}


def test_an_account_is_made_and_used(shop: Shop) -> None:
    email = f"Ana.{uuid.uuid4().hex[:8]}@Example.COM"
    created = shop.http.post("/v1/users", json=form(email=f" {email} "))
    assert created.status_code == 201
    user = created.json()
    assert user["email"] == email.replace("Example.COM", "example.com")
    assert user.keys() == {"id", "email", "name", "language", "created_at", "confirmed_at"}
    opened = shop.http.post("/v1/sessions", json={"email": email.upper(), "password": PASSWORD})
    assert opened.status_code == 201
    assert opened.json()["user"] == user
    assert opened.json()["expires_at"] == "2026-03-02T20:00:00.000Z"
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    assert shop.http.get("/v1/sessions/current", headers=headers).json() == user
    assert shop.http.delete("/v1/sessions/current", headers=headers).status_code == 204
    assert_problem(shop.http.get("/v1/sessions/current", headers=headers), 401, "unauthorized")


def test_an_email_is_taken_whatever_its_case(shop: Shop) -> None:
    first = form()
    assert shop.http.post("/v1/users", json=first).status_code == 201
    again = shop.http.post("/v1/users", json=form(email=str(first["email"]).upper()))
    assert_problem(again, 409, "email_taken")


@pytest.mark.parametrize(
    ("field", "code", "value"),
    [
        ("password", "too_short", "seven77"),
        ("password", "too_long", "x" * 257),
        ("password", "too_common", "Password12345"),
        ("password", "too_common", "aaaaaaaaaaaa"),
        ("password", "invalid", 1234567890),
        ("email", "invalid", "no at sign"),
        ("email", "invalid", "a@b\r\nBcc: everyone@example.com"),
        ("email", "control_characters", "a\x01b@example.com"),
        ("name", "control_characters", "Ana\x1b[2J"),
        ("name", "too_short", "   "),
        ("name", "invalid", None),
        ("language", "invalid", "¡es!"),
    ],
)
def test_a_wrong_form_names_its_field(shop: Shop, field: str, code: str, value: object) -> None:
    problem = assert_problem(shop.http.post("/v1/users", json=form(**{field: value})), 422, "invalid")
    assert fields_of(problem) == {field: code}


def test_null_for_an_optional_field_counts_as_left_out(shop: Shop) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    without = form()
    del without["language"]
    created = shop.http.post("/v1/users", json={**without, "language": None}, headers=headers)
    assert created.status_code == 201
    assert created.json()["language"] == "en"
    assert shop.http.post("/v1/users", json=without, headers=headers).json() == created.json()


def test_every_missing_field_is_named(shop: Shop) -> None:
    problem = assert_problem(shop.http.post("/v1/users", json={}), 422, "invalid")
    assert fields_of(problem) == {"email": "required", "password": "required", "name": "required"}


def test_a_repeated_registration_is_answered_alike_and_a_changed_one_refused(shop: Shop) -> None:
    first, headers = form(), {"Idempotency-Key": str(uuid.uuid4())}
    created = shop.http.post("/v1/users", json=first, headers=headers)
    again = shop.http.post("/v1/users", json=first, headers=headers)
    assert (again.status_code, again.json()) == (201, created.json())
    for change in ({"name": "Eva"}, {"password": "another long password"}):
        answer = shop.http.post("/v1/users", json={**first, **change}, headers=headers)
        assert_problem(answer, 422, "idempotency_key_reused")


def test_a_password_is_the_same_however_a_keyboard_spells_its_accents(shop: Shop) -> None:
    created = form(password="una contrase\u00f1a larga")
    assert shop.http.post("/v1/users", json=created).status_code == 201
    spelled = {"email": created["email"], "password": "una contrasen\u0303a larga"}
    assert shop.http.post("/v1/sessions", json=spelled).status_code == 201


def test_a_wrong_password_and_an_unknown_email_look_the_same(shop: Shop) -> None:
    owner = shop.owner()
    wrong = shop.http.post("/v1/sessions", json={"email": owner.email, "password": "not the password"})
    unknown = shop.http.post("/v1/sessions", json={"email": "no@example.com", "password": "not the password"})
    assert assert_problem(wrong, 401, "invalid_credentials") == unknown.json()


def test_guessing_is_slowed_for_the_guesser_alone(shop: Shop) -> None:
    owner, other = shop.owner(), shop.owner()
    guess = {"email": owner.email, "password": "not the password"}
    for _ in range(10):
        assert shop.http.post("/v1/sessions", json=guess).status_code == 401
    right = {"email": owner.email.upper(), "password": PASSWORD}
    answer = shop.http.post("/v1/sessions", json=right)
    assert_problem(answer, 429, "too_many_attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}
    assert shop.http.post("/v1/sessions", json=right, headers=elsewhere).status_code == 201
    assert (
        shop.http.post("/v1/sessions", json={"email": other.email, "password": PASSWORD}).status_code == 201
    )


def test_a_session_ends_by_itself(shop: Shop, clock: FrozenClock) -> None:
    owner = shop.owner()
    clock.advance(479 * 60)
    assert owner.call("GET", "/sessions/current").status_code == 200
    clock.advance(60)
    assert_problem(owner.call("GET", "/sessions/current"), 401, "unauthorized")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer ÿ"])
def test_a_call_without_a_good_token_is_refused(shop: Shop, header: str) -> None:
    headers = [(b"Authorization", header.encode("latin-1"))]
    answer = shop.http.get("/v1/companies", headers=headers)
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_log_ins_and_their_refusals_are_audited(shop: Shop) -> None:
    owner = shop.owner()
    shop.http.post("/v1/sessions", json={"email": owner.email, "password": "not the password"})
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)
        query = AuditEntry.select().where(AuditEntry.subject == account.id).order_by(AuditEntry.id)
        actions = [entry.action for entry in query.bind(database)]
    assert actions == ["account.created", "log_in", "log_in.refused"]


def test_no_connection_is_held_while_a_password_is_hashed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, open_ones = shop.owner(), []
    for name in ("matches", "hash_password"):
        hashing = getattr(passwords, name)

        def looked_at(*given: Any, hashing: Callable[..., Any] = hashing) -> Any:
            open_ones.append(not shop.cloud.database.is_closed())
            return hashing(*given)

        monkeypatch.setattr(passwords, name, looked_at)
    assert shop.http.post("/v1/users", json=form()).status_code == 201
    for password, status in (("not the password", 401), (PASSWORD, 201)):
        answer = shop.http.post("/v1/sessions", json={"email": owner.email, "password": password})
        assert answer.status_code == status
    assert shop.http.post("/v1/password-resets", json={"email": owner.email}).status_code == 202
    code = re.findall(r"^[B-Z]{8}$", owner.next_letter().get_content(), re.MULTILINE)[0]
    confirmation = {"email": owner.email, "code": code, "password": "another long password"}
    assert shop.http.post("/v1/password-resets/confirm", json=confirmation).status_code == 204
    assert open_ones == [False] * 6


def test_a_known_and_an_unknown_account_are_refused_with_the_same_work(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, done = shop.owner(), list[str]()
    database = shop.cloud.database
    execute: Any = database.execute_sql

    def noted(sql: str, *given: Any, **more: Any) -> Any:
        done.append(sql)
        return execute(sql, *given, **more)

    monkeypatch.setattr(database, "execute_sql", noted)
    work = []
    for email in (owner.email, f"{uuid.uuid4().hex}@example.com"):
        done.clear()
        answers = [
            shop.http.post("/v1/sessions", json={"email": email, "password": "not the password"}),
            shop.http.post(
                "/v1/password-resets/confirm", json={"email": email, "code": "ZZZZZZZZ", "password": PASSWORD}
            ),
        ]
        assert [answer.status_code for answer in answers] == [401, 400]
        unnamed = [sql.partition("SAVEPOINT")[0] for sql in done]
        work.append([sql for sql in unnamed if 'DELETE FROM "bucket"' not in sql])
    assert work[0] == work[1]
    assert any("audit_entry" in sql for sql in work[0])


def test_an_owner_who_recovered_is_at_a_known_place_from_then_on(shop: Shop) -> None:
    owner, place = shop.owner(), {"X-Forwarded-For": "203.0.113.77"}
    for number in range(40):
        guess = {"email": owner.email, "password": "not the password"}
        shop.http.post("/v1/sessions", json=guess, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    right = {"email": owner.email, "password": "another long password"}
    assert shop.http.post("/v1/sessions", json=right, headers=place).status_code == 429
    shop.http.post("/v1/password-resets", json={"email": owner.email}, headers=place)
    code = re.findall(r"^[B-Z]{8}$", owner.next_letter().get_content(), re.MULTILINE)[0]
    confirmation = {**right, "code": code}
    answer = shop.http.post("/v1/password-resets/confirm", json=confirmation, headers=place)
    assert answer.status_code == 204
    assert shop.http.post("/v1/sessions", json=right, headers=place).status_code == 201
