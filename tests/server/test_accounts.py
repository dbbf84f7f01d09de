"""Accounts: who gets in, who does not, and what a stranger can learn."""

import re
import uuid

import pytest

from factorypos_tui.server.tables import Account, AuditEntry, PasswordReset, Session
from tests.server.conftest import Clock
from tests.server.shop import PASSWORD, Shop, assert_problem, fields_of


def form(**changes: object) -> dict[str, object]:
    email = f"{uuid.uuid4().hex}@example.com"
    return {"email": email, "password": PASSWORD, "name": "Ana", "language": "en", **changes}


def test_an_account_is_made_and_used(shop: Shop) -> None:
    email = f"Ana.{uuid.uuid4().hex[:8]}@Example.COM"
    created = shop.http.post("/v1/users", json=form(email=f" {email} "))
    assert created.status_code == 201
    user = created.json()
    assert user["email"] == email.replace("Example.COM", "example.com")
    assert user.keys() == {"id", "email", "name", "language", "created_at"}
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
        ("password", "too_common", "Password123"),
        ("password", "too_common", "aaaaaaaaaa"),
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


def test_a_session_ends_by_itself(shop: Shop, clock: Clock) -> None:
    owner = shop.owner()
    clock.pass_by(hours=7, minutes=59)
    assert owner.call("GET", "/sessions/current").status_code == 200
    clock.pass_by(minutes=1)
    assert_problem(owner.call("GET", "/sessions/current"), 401, "unauthorized")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer ÿ"])
def test_a_call_without_a_good_token_is_refused(shop: Shop, header: str) -> None:
    headers = [(b"Authorization", header.encode("latin-1"))]
    answer = shop.http.get("/v1/companies", headers=headers)
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def code_in(text: str) -> str:
    found = re.search(r"^[A-Za-z0-9_-]{32}$", text, re.MULTILINE)
    assert found, text
    return found.group()


@pytest.mark.parametrize(("language", "subject"), [("en", "new password"), ("es-ES", "contraseña nueva")])
def test_a_forgotten_password_is_replaced_once(shop: Shop, language: str, subject: str) -> None:
    owner = shop.owner(language)
    till = owner.assign(owner.store())
    assert shop.http.post("/v1/password-resets", json={"email": owner.email.upper()}).status_code == 202
    letter = shop.mail.get(timeout=10)
    assert letter["To"] == owner.email
    assert subject in letter["Subject"]
    code = code_in(letter.get_content())
    assert f"https://cloud.example.com/reset#{code}" in letter.get_content()
    change = {"token": code, "password": "password"}
    problem = assert_problem(shop.http.post("/v1/password-resets/confirm", json=change), 422, "invalid")
    assert fields_of(problem) == {"password": "too_common"}
    change["password"] = "a different walk"
    assert shop.http.post("/v1/password-resets/confirm", json=change).status_code == 204
    used = shop.http.post("/v1/password-resets/confirm", json=change)
    assert_problem(used, 400, "reset_token_invalid")
    assert_problem(owner.call("GET", "/companies"), 401, "unauthorized")
    assert till.call("GET", "/terminals/current").status_code == 200
    old = {"email": owner.email, "password": PASSWORD}
    assert_problem(shop.http.post("/v1/sessions", json=old), 401, "invalid_credentials")
    new = {"email": owner.email, "password": "a different walk"}
    assert shop.http.post("/v1/sessions", json=new).status_code == 201
    assert shop.mail.get(timeout=10)["To"] == owner.email


def test_a_reset_code_is_good_for_ten_minutes(shop: Shop, clock: Clock) -> None:
    owner = shop.owner()
    shop.http.post("/v1/password-resets", json={"email": owner.email})
    code = code_in(shop.mail.get(timeout=10).get_content())
    clock.pass_by(minutes=10)
    answer = shop.http.post(
        "/v1/password-resets/confirm", json={"token": code, "password": "a different walk"}
    )
    assert_problem(answer, 400, "reset_token_invalid")


def test_asking_for_a_reset_tells_nobody_who_has_an_account(shop: Shop) -> None:
    owner = shop.owner()
    known = shop.http.post("/v1/password-resets", json={"email": owner.email})
    unknown = shop.http.post("/v1/password-resets", json={"email": "no@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    for _ in range(4):
        shop.http.post("/v1/password-resets", json={"email": "no@example.com"})
    answer = shop.http.post("/v1/password-resets", json={"email": "no@example.com"})
    assert_problem(answer, 429, "too_many_attempts")
    assert int(answer.headers["retry-after"]) > 0


def test_the_database_holds_no_password_and_no_token(shop: Shop) -> None:
    owner = shop.owner()
    shop.http.post("/v1/password-resets", json={"email": owner.email})
    code = code_in(shop.mail.get(timeout=10).get_content())
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)
        assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        stored = {
            row.token_hash for table in (Session, PasswordReset) for row in table.select().bind(database)
        }
    assert stored
    assert not stored & {owner.token, code}


def test_log_ins_and_their_refusals_are_audited(shop: Shop) -> None:
    owner = shop.owner()
    shop.http.post("/v1/sessions", json={"email": owner.email, "password": "not the password"})
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)
        query = AuditEntry.select().where(AuditEntry.subject == account.id).order_by(AuditEntry.id)
        actions = [entry.action for entry in query.bind(database)]
    assert actions == ["account.created", "log_in", "log_in.refused"]
