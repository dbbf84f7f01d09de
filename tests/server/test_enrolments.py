"""Enrolment codes: terminals that show one are assigned to its store without an account, so many of them."""

import uuid
from functools import partial
from typing import Any

import httpx
import pytest

from factorypos_tui.server.domain import limits
from factorypos_tui.server.ops import users
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.tables import AuditEntry, FirstAnswer
from tests.server.racing import at_once
from tests.server.shop import Owner, Shop, Till, assert_problem, fields_of

TILL = {"name": "Till 1", "software": "a till"}


def make_code(owner: Owner, store: str, **form: Any) -> dict[str, Any]:
    answer = owner.call("POST", f"/stores/{store}/enrolment-codes", json=form)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def enrol(shop: Shop, code: str, terminal: str | None = None) -> httpx.Response:
    form = {"code": code, "terminal_id": terminal or str(uuid.uuid4()), **TILL}
    return shop.http.post("/v1/enrolments", json=form)


def codes(owner: Owner, store: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = owner.call("GET", f"/stores/{store}/enrolment-codes").json()["items"]
    return listed


def test_a_terminal_with_a_code_is_assigned_to_its_store_and_sends(owner: Owner) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    made = make_code(owner, store, expires_in_s=3600, uses=2, name="Opening")
    assert (made["uses"], made["used"], made["name"], made["store_id"]) == (2, 0, "Opening", store)
    assert (made["created_at"], made["expires_at"]) == (
        "2026-03-02T12:00:00.000Z",
        "2026-03-02T13:00:00.000Z",
    )
    answer = enrol(owner.shop, made["code"], terminal)
    assert answer.status_code == 201
    bound = answer.json()
    assert (bound["store"]["id"], bound["last_z_number"]) == (store, None)
    assert bound["company"]["name"] == "Bar Ana"
    till = Till(owner.shop, terminal, store, bound["terminal_token"])
    assert till.send(till.z(1)).status_code == 201
    (code,) = codes(owner, store)
    assert (code["used"], [came["id"] for came in code["terminals"]]) == (1, [terminal])
    assert "code" not in code


def test_a_code_is_typed_as_people_type(owner: Owner) -> None:
    code = make_code(owner, owner.store())["code"]
    assert len(code.replace("-", "")) == 20
    assert enrol(owner.shop, f" {code.lower().replace('-', ' ')}").status_code == 201


def test_a_code_is_good_for_so_many_terminals_also_at_once(owner: Owner) -> None:
    store = owner.store()
    code = make_code(owner, store, uses=3)["code"]
    answers = at_once([partial(enrol, owner.shop, code) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [400] * 5
    (shown,) = codes(owner, store)
    assert (shown["used"], len(shown["terminals"])) == (3, 3)
    assert len(owner.call("GET", f"/stores/{store}/terminals").json()["items"]) == 3


def test_a_terminal_that_had_no_answer_shows_its_code_again_and_counts_once(owner: Owner) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    code = make_code(owner, store)["code"]
    first, second = (enrol(owner.shop, code, terminal).json()["terminal_token"] for _ in range(2))
    assert Till(owner.shop, terminal, store, second).call("GET", "/terminals/current").status_code == 200
    assert Till(owner.shop, terminal, store, first).call("GET", "/terminals/current").status_code == 401
    assert codes(owner, store)[0]["used"] == 1
    owner.shop.clock.advance(16 * 60)
    assert_problem(enrol(owner.shop, code, terminal), 400, "code_invalid")


def test_unknown_old_used_and_revoked_codes_are_answered_alike(owner: Owner) -> None:
    store = owner.store()
    old, used, revoked = (make_code(owner, store, expires_in_s=60) for _ in range(3))
    assert enrol(owner.shop, used["code"]).status_code == 201
    path = f"/stores/{store}/enrolment-codes/{revoked['id']}"
    assert [owner.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    refused = [enrol(owner.shop, code) for code in ("BCDF", used["code"], revoked["code"], "é" * 20)]
    owner.shop.clock.advance(120)
    refused.append(enrol(owner.shop, old["code"]))
    problems = [assert_problem(answer, 400, "code_invalid") for answer in refused]
    assert len({problem["detail"] for problem in problems}) == 1


def test_a_code_takes_no_terminal_from_elsewhere(owner: Owner, shop: Shop) -> None:
    store = owner.store()
    sister, stranger = owner.assign(owner.store()), shop.owner()
    strange = stranger.assign(stranger.store())
    code = make_code(owner, store, uses=5)["code"]
    assert_problem(enrol(shop, code, sister.id), 409, "terminal_elsewhere")
    assert_problem(enrol(shop, code, strange.id), 409, "terminal_elsewhere")
    for till in (sister, strange):
        assert till.call("GET", "/terminals/current").status_code == 200
    assert codes(owner, store)[0]["used"] == 0


def test_a_code_of_a_disabled_account_is_good_for_nothing(owner: Owner, shop: Shop) -> None:
    code = make_code(owner, owner.store())["code"]
    users.disable_user(shop.cloud.database, owner.email)
    assert_problem(enrol(shop, code), 400, "code_invalid")


def test_a_code_is_kept_nowhere_and_comes_again_with_its_key(owner: Owner, shop: Shop) -> None:
    store, key = owner.store(), {"Idempotency-Key": str(uuid.uuid4())}
    ask = partial(owner.call, "POST", f"/stores/{store}/enrolment-codes", json={"uses": 2}, headers=key)
    first, second = ask(), ask()
    assert (first.status_code, first.json()) == (201, second.json())
    code = first.json()["code"]
    with shop.cloud.database.connection_context():
        kept = [*FirstAnswer.select().dicts().execute(shop.cloud.database)]
        kept += [*EnrolmentCode.select().dicts().execute(shop.cloud.database)]
        told = [*AuditEntry.select().dicts().execute(shop.cloud.database)]
    for written in (code, code.replace("-", "")):
        assert written not in str(kept) + str(told)
    assert enrol(shop, code).status_code == 201


def test_what_a_code_may_be(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    store = owner.store()
    path = f"/stores/{store}/enrolment-codes"
    for form, field in (
        ({"uses": 0}, "uses"),
        ({"uses": 2_001}, "uses"),
        ({"uses": "3"}, "uses"),
        ({"expires_in_s": 59}, "expires_in_s"),
        ({"expires_in_s": 400 * 86_400}, "expires_in_s"),
        ({"name": "a\nb"}, "name"),
    ):
        problem = assert_problem(owner.call("POST", path, json=form), 422, "invalid")
        assert list(fields_of(problem)) == [field]
    monkeypatch.setattr(limits, "ENROLMENT_CODES", 1)
    made = make_code(owner, store)
    assert_problem(owner.call("POST", path, json={}), 403, "quota_reached")
    owner.call("DELETE", f"{path}/{made['id']}")
    make_code(owner, store)
    bad = {"code": made["code"], **TILL, "terminal_id": "no id", "name": ""}
    problem = assert_problem(owner.shop.http.post("/v1/enrolments", json=bad), 422, "invalid")
    assert set(fields_of(problem)) == {"terminal_id", "name"}
