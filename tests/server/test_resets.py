"""A forgotten password: a link and a short code by mail, and what a stranger can learn and try."""

import re
import runpy
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.tables import Account, PasswordReset, Session
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem, fields_of
from tests.support.fakes import FrozenClock


def link_in(text: str) -> str:
    """The token of the link."""
    found = re.search(r"^https://cloud\.example\.com/recover\?token=([A-Za-z0-9_-]{32})$", text, re.MULTILINE)
    assert found, text
    return found.group(1)


def code_in(text: str) -> str:
    found = re.search(r"^[BCDFGHJKLMNPQRSTVWXZ]{8}$", text, re.MULTILINE)
    assert found, text
    return found.group()


def mailed_to(shop: Shop, owner: Owner) -> str:
    """The text of the mail that a forgotten password brings."""
    assert shop.http.post("/v1/password-resets", json={"email": owner.email.upper()}).status_code == 202
    return str(owner.next_letter().get_content())


def confirm(shop: Shop, **form: str) -> httpx.Response:
    return shop.http.post("/v1/password-resets/confirm", json={"password": "a different walk", **form})


@pytest.mark.parametrize("way", ["link", "code", "code in small letters"])
def test_a_forgotten_password_is_replaced_once(shop: Shop, way: str) -> None:
    owner = shop.owner()
    till = owner.assign(owner.store())
    text = mailed_to(shop, owner)
    code = code_in(text).lower() if "small" in way else code_in(text)
    form = {"token": link_in(text)} if way == "link" else {"email": owner.email.upper(), "code": code}
    if "small" in way:
        form["code"] = f" {code[:4]}-{code[4:]} "
    problem = assert_problem(confirm(shop, **form, password="passwordpassword"), 422, "invalid")
    assert fields_of(problem) == {"password": "too_common"}
    assert confirm(shop, **form).status_code == 204
    assert_problem(confirm(shop, **form), 400, "reset_token_invalid")
    assert_problem(owner.call("GET", "/companies"), 401, "unauthorized")
    assert till.call("GET", "/terminals/current").status_code == 200
    old = {"email": owner.email, "password": PASSWORD}
    assert_problem(shop.http.post("/v1/sessions", json=old), 401, "invalid_credentials")
    new = {"email": owner.email, "password": "a different walk"}
    assert shop.http.post("/v1/sessions", json=new).status_code == 201
    assert owner.next_letter()


@pytest.mark.parametrize(("language", "subject"), [("en", "new password"), ("es-ES", "contraseña nueva")])
def test_a_mail_speaks_the_language_of_the_account(shop: Shop, language: str, subject: str) -> None:
    owner = shop.owner(language)
    shop.http.post("/v1/password-resets", json={"email": owner.email}, headers={"Accept-Language": "en"})
    assert subject in owner.next_letter()["Subject"]


@pytest.mark.parametrize("minutes", [9, 10])
def test_link_and_code_are_good_for_ten_minutes(shop: Shop, clock: FrozenClock, minutes: int) -> None:
    owner = shop.owner()
    text = mailed_to(shop, owner)
    clock.advance(60 * minutes)
    if minutes == 9:
        assert confirm(shop, email=owner.email, code=code_in(text)).status_code == 204
        return
    assert_problem(confirm(shop, email=owner.email, code=code_in(text)), 400, "reset_token_invalid")
    assert_problem(confirm(shop, token=link_in(text)), 400, "reset_token_invalid")


def test_a_code_has_five_tries_and_then_only_the_link_is_left(shop: Shop) -> None:
    owner, other = shop.owner(), shop.owner()
    text, others = mailed_to(shop, owner), mailed_to(shop, other)
    for _ in range(5):
        assert_problem(confirm(shop, email=owner.email, code="ZZZZZZZZ"), 400, "reset_token_invalid")
    assert_problem(confirm(shop, email=owner.email, code=code_in(text)), 400, "reset_token_invalid")
    assert confirm(shop, email=other.email, code=code_in(others)).status_code == 204
    assert confirm(shop, token=link_in(text)).status_code == 204


def test_many_tries_at_once_are_no_more_than_five(shop: Shop) -> None:
    owner = shop.owner()
    text = mailed_to(shop, owner)
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _n: confirm(shop, email=owner.email, code="ZZZZZZZZ"), range(9)))
    database = shop.cloud.database
    with database.connection_context():
        hashed = token_hash(link_in(text))
        assert PasswordReset.select().where(PasswordReset.token_hash == hashed).get(database).tries == 5
    assert_problem(confirm(shop, email=owner.email, code=code_in(text)), 400, "reset_token_invalid")


def test_the_right_code_is_good_at_the_fifth_try(shop: Shop) -> None:
    owner = shop.owner()
    text = mailed_to(shop, owner)
    for _ in range(4):
        confirm(shop, email=owner.email, code="ZZZZZZZZ")
    assert confirm(shop, email=owner.email, code=code_in(text)).status_code == 204


def test_a_new_mail_ends_the_code_of_the_one_before_but_not_its_link(shop: Shop, clock: FrozenClock) -> None:
    owner = shop.owner()
    first = mailed_to(shop, owner)
    clock.advance(60)
    second = mailed_to(shop, owner)
    assert_problem(confirm(shop, email=owner.email, code=code_in(first)), 400, "reset_token_invalid")
    assert confirm(shop, token=link_in(first)).status_code == 204
    assert_problem(confirm(shop, email=owner.email, code=code_in(second)), 400, "reset_token_invalid")


def test_a_code_tells_nobody_who_has_an_account_or_a_mail(shop: Shop) -> None:
    owner, without_mail = shop.owner(), shop.owner()
    mailed_to(shop, owner)
    answers = [
        confirm(shop, email=email, code="ZZZZZZZZ")
        for email in (owner.email, without_mail.email, "no@example.com", "no address")
    ]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1


def test_a_confirmation_that_names_no_mail_says_what_is_missing(shop: Shop) -> None:
    problem = assert_problem(confirm(shop), 422, "invalid")
    assert fields_of(problem) == {"email": "required", "code": "required"}
    assert fields_of(assert_problem(confirm(shop, email="a@b.c"), 422, "invalid")) == {"code": "required"}


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


def test_a_password_is_hashed_at_its_full_cost_where_no_test_makes_it_cheap() -> None:
    hash_password = runpy.run_path(str(passwords.__file__))["hash_password"]
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_database_holds_no_password_and_no_token(shop: Shop) -> None:
    owner = shop.owner()
    shop.http.post("/v1/password-resets", json={"email": owner.email})
    text = owner.next_letter().get_content()
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)
        assert account.password_hash.startswith("$argon2id$")
        stored = {
            row.token_hash for table in (Session, PasswordReset) for row in table.select().bind(database)
        }
        stored |= {row.code_hash or "" for row in PasswordReset.select().bind(database)}
    assert stored
    assert not stored & {owner.token, link_in(text), code_in(text)}
