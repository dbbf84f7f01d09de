"""What a stranger would have to guess, and what of it a caller has any say in."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator

import pytest

from tests.server.shop import PASSWORD, Owner, Shop, assert_problem, fields_of
from tests.server.test_device_authorizations import ask
from tests.server.test_resets import link_in, mailed_to

BITS = 128
FORGED = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com", "Forwarded": "host=evil"}
LONGEST = 256
COMPANY = {"name": "Bar Ana", "country": "ES", "currency": "EUR"}


def bits_of(token: str) -> int:
    """How much a token of base64url letters can hold."""
    return len(urlsafe_b64decode(token + "=" * (-len(token) % 4))) * 8


def tokens_of(shop: Shop, owner: Owner, store: str) -> Iterator[str]:
    """One of each kind that the server hands out."""
    yield owner.token
    yield owner.assign(store).token
    yield link_in(mailed_to(shop, owner))
    yield ask(shop)["device_code"]


def test_every_token_holds_128_bits_or_more_and_none_comes_twice(shop: Shop) -> None:
    owner = shop.owner()
    store = owner.store()
    found = [token for _time in range(3) for token in tokens_of(shop, shop.log_in(owner.email), store)]
    assert len(set(found)) == len(found) == 12
    assert [token for token in found if bits_of(token) < BITS] == []


def test_the_link_of_a_new_password_leads_to_the_configured_host(shop: Shop) -> None:
    owner = shop.owner()
    asked = shop.http.post("/v1/password-resets", json={"email": owner.email}, headers=FORGED)
    assert asked.status_code == 202
    text = str(owner.next_letter().get_content())
    assert set(re.findall(r"https?://[^/\s]+", text)) == {"https://cloud.example.com"}
    assert "evil" not in text


@pytest.mark.parametrize("length", [12, 64, 73, LONGEST])
def test_a_password_counts_to_its_last_character(shop: Shop, length: int) -> None:
    """Also where another way of hashing takes 72 bytes and no more."""
    password = ("a long walk along the sea " * 10)[: length - 1] + "ñ"
    form = {"email": f"{length}@long.example.com", "name": "Ana", "password": password}
    assert shop.http.post("/v1/users", json=form).status_code == 201
    for typed, status in ((password[:-1] + "m", 401), (password[:-1], 401), (password, 201)):
        answer = shop.http.post("/v1/sessions", json={**form, "password": typed})
        assert answer.status_code == status


@pytest.mark.parametrize(("length", "code"), [(11, "too_short"), (LONGEST + 1, "too_long")])
def test_a_password_that_is_too_short_or_too_long_is_refused_and_never_cut(
    owner: Owner, length: int, code: str
) -> None:
    new = ("a long walk along the sea " * 10)[:length]
    form = {"current_password": PASSWORD, "password": new}
    problem = assert_problem(owner.call("PUT", "/users/current/password", json=form), 422, "invalid")
    assert fields_of(problem) == {"password": code}


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_an_idempotency_key_that_can_be_none_makes_nothing(owner: Owner, key: str) -> None:
    answer = owner.call("POST", "/companies", json=COMPANY, headers={"Idempotency-Key": key})
    assert_problem(answer, 422, "invalid")
    assert owner.call("GET", "/companies").json()["items"] == []
    longest = {"Idempotency-Key": "k" * 200}
    assert owner.call("POST", "/companies", json=COMPANY, headers=longest).status_code == 201
