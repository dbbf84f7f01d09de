"""Log in with a phone: a terminal shows a code, a person approves it, and the terminal fetches a token of its
own (RFC 8628)."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

import httpx
import pytest

from factorypos_tui.server.domain import device_approvals, device_authorizations
from factorypos_tui.server.domain.alarms.rounds import make_round
from factorypos_tui.server.domain.device_approvals import Approval
from factorypos_tui.server.errors import Unreadable
from factorypos_tui.server.ops import users
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.tables import Account
from tests.server.racing import at_once
from tests.server.shop import PASSWORD, Json, Owner, Shop, Till, assert_problem, fields_of

TILL = {"name": "Till 1", "software": "a till"}
ADDRESS = "192.0.2.7"


def ask(shop: Shop, terminal: str | None = None, **more: Any) -> Json:
    form = {"terminal_id": terminal or str(uuid.uuid4()), **TILL}
    answer = shop.http.post("/v1/device-authorizations", json=form, **more)
    assert answer.status_code == 200, answer.text
    asked: Json = answer.json()
    return asked


def fetch(shop: Shop, asked: Mapping[str, Any]) -> httpx.Response:
    return shop.http.post("/v1/device-tokens", json={"device_code": asked["device_code"]})


def fetch_later(shop: Shop, asked: Mapping[str, Any], seconds: int = 5) -> httpx.Response:
    shop.clock.advance(seconds)
    return fetch(shop, asked)


def account(owner: Owner) -> Account:
    database = owner.shop.cloud.database
    with database.connection_context():
        found: Account = Account.select().where(Account.email == owner.email).get(database)
    return found


def found(owner: Owner, code: str) -> DeviceAuthorization:
    return device_approvals.find(owner.shop.cloud, account(owner), code, ADDRESS)


def approve(owner: Owner, asked: Mapping[str, Any], store: str, **chosen: Any) -> None:
    """As the page does it."""
    form = Approval(store_id=uuid.UUID(store), **chosen)
    device_approvals.approve(
        owner.shop.cloud, account(owner), found(owner, asked["user_code"]), form, ADDRESS
    )


def test_a_terminal_that_a_person_approved_gets_a_token_of_its_own_and_sends(owner: Owner) -> None:
    shop, store, terminal = owner.shop, owner.store(), str(uuid.uuid4())
    asked = ask(shop, terminal)
    code = asked["user_code"].replace("-", "")
    assert asked == {
        "device_code": asked["device_code"],
        "user_code": f"{code[:4]}-{code[4:]}",
        "verification_uri": "https://cloud.example.com/d",
        "verification_uri_complete": f"https://cloud.example.com/d/{code}",
        "expires_in": 600,
        "interval": 5,
    }
    assert len(code) == 8
    assert set(code) <= set("BCDFGHJKLMNPQRSTVWXZ")
    assert len(asked["device_code"]) >= 22, "128 bits in base64"
    assert_problem(fetch(shop, asked), 400, "authorization_pending")
    approve(owner, asked, store, history="none")
    answer = fetch_later(shop, asked)
    assert answer.status_code == 201
    bound = answer.json()
    assert (bound["store"]["id"], bound["company"]["name"], bound["last_z_number"], bound["history"]) == (
        store,
        "Bar Ana",
        None,
        "none",
    )
    put = owner.ask_to_assign(store, str(uuid.uuid4())).json()
    assert set(bound) == {*put, "history"}, "as the assignment by a person answers"
    till = Till(shop, terminal, store, bound["terminal_token"])
    assert till.send(till.z(1)).status_code == 201
    assert till.call("GET", "/companies").status_code == 401, "nothing of the person's"


def test_the_address_is_never_what_the_caller_says(shop: Shop) -> None:
    forged = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com", "Forwarded": "host=evil"}
    assert ask(shop, headers=forged)["verification_uri"] == "https://cloud.example.com/d"


def test_a_code_is_typed_as_people_type(owner: Owner) -> None:
    asked = ask(owner.shop)
    for typed in (asked["user_code"].lower(), f" {asked['user_code'].replace('-', ' ')} "):
        assert found(owner, typed).name == "Till 1"


def test_who_asks_too_soon_waits_five_seconds_longer_each_time(shop: Shop) -> None:
    asked = ask(shop)
    codes = []
    for seconds in (0, 0, 1, 14, 16, 9, 0):
        shop.clock.advance(seconds)
        codes.append(fetch(shop, asked).json()["code"])
    pending, slower = "authorization_pending", "slow_down"
    assert codes == [pending, slower, slower, pending, pending, slower, slower]


def test_many_questions_at_once_get_one_token(owner: Owner) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    asked = ask(owner.shop, terminal)
    approve(owner, asked, store)
    answers = at_once([partial(fetch, owner.shop, asked) for _ in range(8)])
    assert sorted(it.status_code for it in answers) == [201] + [400] * 7
    assert {it.json()["code"] for it in answers if it.status_code == 400} == {"slow_down"}
    (bound,) = (it.json() for it in answers if it.status_code == 201)
    token = bound["terminal_token"]
    assert Till(owner.shop, terminal, store, token).call("GET", "/terminals/current").status_code == 200


def test_a_code_lives_for_ten_minutes(owner: Owner) -> None:
    shop, store = owner.shop, owner.store()
    asked = ask(shop)
    shop.clock.advance(599)
    approve(owner, asked, store)
    assert fetch_later(shop, asked, 30).status_code == 201, "approved in time"
    old, unseen = ask(shop), ask(shop)
    shop.clock.advance(599)
    row = found(owner, old["user_code"])
    shop.clock.advance(1)
    with pytest.raises(Unreadable):
        found(owner, old["user_code"])
    form = Approval(store_id=uuid.UUID(store))
    with pytest.raises(Unreadable):
        device_approvals.approve(shop.cloud, account(owner), row, form, ADDRESS)
    gone = fetch(shop, {"device_code": "not one of ours"})
    answers = [fetch(shop, old), fetch(shop, unseen), gone]
    assert len({assert_problem(it, 400, "expired_token")["detail"] for it in answers}) == 1


def test_a_terminal_that_had_no_answer_fetches_once_more_and_never_after_it_was_revoked(
    owner: Owner,
) -> None:
    shop, store, terminal = owner.shop, owner.store(), str(uuid.uuid4())
    asked = ask(shop, terminal)
    approve(owner, asked, store)
    first, second = (fetch_later(shop, asked).json()["terminal_token"] for _ in range(2))
    works = {
        token: Till(shop, terminal, store, token).call("GET", "/terminals/current").status_code
        for token in (first, second)
    }
    assert works == {first: 401, second: 200}
    shop.clock.advance(5)
    assert owner.call("DELETE", f"/terminals/{terminal}").status_code == 204
    assert_problem(fetch_later(shop, asked), 400, "access_denied")
    assert Till(shop, terminal, store, second).call("GET", "/terminals/current").status_code == 401


def test_a_token_is_fetched_no_more_once_there_is_another_or_after_a_while(owner: Owner) -> None:
    shop, store, terminal = owner.shop, owner.store(), str(uuid.uuid4())
    asked, other = ask(shop, terminal), ask(shop)
    for one in (asked, other):
        approve(owner, one, store)
        assert fetch(shop, one).status_code == 201
    till = owner.assign(store, terminal)
    assert_problem(fetch_later(shop, asked), 400, "expired_token")
    assert till.call("GET", "/terminals/current").status_code == 200
    assert_problem(fetch_later(shop, other, 120), 400, "expired_token")


def test_a_terminal_that_was_revoked_after_it_was_approved_gets_nothing(owner: Owner) -> None:
    shop, store = owner.shop, owner.store()
    till = owner.assign(store)
    asked = ask(shop, till.id)
    approve(owner, asked, store)
    shop.clock.advance(1)
    assert owner.call("DELETE", f"/terminals/{till.id}").status_code == 204
    assert_problem(fetch_later(shop, asked), 400, "access_denied")
    again = ask(shop, till.id)
    shop.clock.advance(1)
    approve(owner, again, store)
    assert fetch_later(shop, again).status_code == 201, "a person wants it back"


def test_what_a_disabled_account_approved_is_good_for_nothing(owner: Owner) -> None:
    asked = ask(owner.shop)
    approve(owner, asked, owner.store())
    users.disable_user(owner.shop.cloud.database, owner.email)
    assert_problem(fetch(owner.shop, asked), 400, "access_denied")


def test_a_terminal_that_went_elsewhere_after_it_was_approved_stays_there(owner: Owner, shop: Shop) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    asked = ask(shop, terminal)
    approve(owner, asked, store)
    till = owner.assign(owner.store(), terminal)
    assert_problem(fetch(shop, asked), 409, "terminal_elsewhere")
    assert till.call("GET", "/terminals/current").status_code == 200


def test_no_password_is_taken_for_a_token(owner: Owner, shop: Shop) -> None:
    form = {"grant_type": "password", "email": owner.email, "password": PASSWORD}
    problem = assert_problem(shop.http.post("/v1/device-tokens", json=form), 422, "invalid")
    assert set(fields_of(problem)) == {"device_code"}
    bad = {"terminal_id": "no id", "name": "", "software": "a\nb"}
    problem = assert_problem(shop.http.post("/v1/device-authorizations", json=bad), 422, "invalid")
    assert set(fields_of(problem)) == {"terminal_id", "name", "software"}


def test_old_ones_go_with_a_round(shop_apart: Shop) -> None:
    shop = shop_apart

    def count() -> int:
        with shop.cloud.database.connection_context():
            return int(DeviceAuthorization.select().count(shop.cloud.database))

    asked = ask(shop)
    shop.clock.advance(device_authorizations.LIFE.seconds + device_authorizations.KEPT.seconds)
    make_round(shop.cloud)
    assert count() == 1
    shop.clock.advance(1)
    make_round(shop.cloud)
    assert count() == 0
    assert_problem(fetch(shop, asked), 400, "expired_token")
