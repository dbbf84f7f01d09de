"""A terminal that its owner revoked comes back by nothing that lies on its disk."""

import uuid
from functools import partial
from typing import Any

import httpx
import pytest

from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.ops import terminals
from tests.server.racing import at_once
from tests.server.shop import PASSWORD, Owner, Shop, Till, assert_problem
from tests.server.test_enrolments import enrol, make_code

ROUNDS = 6


@pytest.fixture
def store(owner: Owner) -> str:
    return owner.store()


def enrolled(owner: Owner, store: str, code: str) -> Till:
    terminal = str(uuid.uuid4())
    answer = enrol(owner.shop, code, terminal)
    assert answer.status_code == 201, answer.text
    return Till(owner.shop, terminal, store, answer.json()["terminal_token"])


def is_in(till: Till) -> bool:
    return till.call("GET", "/terminals/current").status_code == 200


def log_in_at(owner: Owner, terminal: str | None) -> Owner:
    form = {"email": owner.email, "password": PASSWORD, "terminal_id": terminal}
    opened = owner.shop.http.post("/v1/sessions", json=form)
    assert opened.status_code == 201, opened.text
    return Owner(owner.shop, owner.email, opened.json()["token"])


def revoke(owner: Owner, till: Till) -> httpx.Response:
    """And let its codes be good for other terminals."""
    return owner.call("DELETE", f"/terminals/{till.id}?keep_codes=true")


def is_logged_in(person: Owner) -> bool:
    return person.call("GET", "/sessions/current").status_code == 200


@pytest.mark.parametrize("uses", [1, 5], ids=["used up", "still good"])
def test_a_revoked_terminal_does_not_come_back_by_its_code(owner: Owner, store: str, uses: int) -> None:
    code = make_code(owner, store, uses=uses)["code"]
    till = enrolled(owner, store, code)
    assert revoke(owner, till).status_code == 204
    for _try in range(2):
        problem = assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
        assert "older than the revocation of this terminal" in problem["detail"]
        assert not is_in(till)
        owner.shop.clock.advance(60)
    assert owner.call("GET", f"/stores/{store}/terminals").json()["items"] == []


@pytest.mark.parametrize("query", ["", "?release=true"])
def test_the_code_that_brought_it_brings_no_other_either_unless_that_is_said(
    owner: Owner, store: str, query: str
) -> None:
    codes = [make_code(owner, store, uses=5)["code"] for _ in range(3)]
    stolen, kept = (enrolled(owner, store, code) for code in codes[:2])
    assert owner.call("DELETE", f"/terminals/{stolen.id}{query}").status_code == 204
    assert revoke(owner, kept).status_code == 204
    assert [enrol(owner.shop, code).status_code for code in codes] == [400, 201, 201]
    company = owner.call("GET", "/companies").json()["items"][0]["id"]
    trail = owner.call("GET", f"/companies/{company}/audit").json()["items"]
    assert [entry["action"] for entry in trail].count("enrolment_code.revoked") == 1


def test_nor_by_another_code_that_was_made_before(owner: Owner, store: str) -> None:
    elsewhere = owner.store()
    codes = [make_code(owner, where, uses=5)["code"] for where in (store, store, elsewhere)]
    till = enrolled(owner, store, codes[0])
    revoke(owner, till)
    for code in codes:
        assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
        assert enrol(owner.shop, code).status_code == 201


def test_a_code_that_was_made_later_brings_it_back_until_it_is_revoked_again(
    owner: Owner, store: str
) -> None:
    """Within one millisecond: the clock of this server stands."""
    till = enrolled(owner, store, make_code(owner, store, uses=5)["code"])
    for _time in range(3):
        revoke(owner, till)
        code = make_code(owner, store, uses=5)["code"]
        till.token = enrol(owner.shop, code, till.id).json()["terminal_token"]
        assert is_in(till)
        revoke(owner, till)
        assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")


def test_a_clock_that_goes_back_lets_no_old_code_in(owner: Owner, store: str) -> None:
    code = make_code(owner, store, uses=5)["code"]
    till = enrolled(owner, store, code)
    owner.shop.clock.advance(-3600)
    revoke(owner, till)
    assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
    assert enrol(owner.shop, make_code(owner, store)["code"], till.id).status_code == 201


def test_a_person_brings_it_back_and_the_old_code_stays_useless(owner: Owner, store: str) -> None:
    """Whoever has a copy of the disk must not take the place of the terminal that the owner assigned anew."""
    code = make_code(owner, store, uses=5)["code"]
    till = enrolled(owner, store, code)
    revoke(owner, till)
    again = owner.assign(store, till.id)
    assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
    assert is_in(again)
    assert not is_in(till)


def test_one_that_was_released_comes_to_another_account_and_never_back(
    owner: Owner, shop: Shop, store: str
) -> None:
    code = make_code(owner, store, uses=5)["code"]
    till = enrolled(owner, store, code)
    buyer = shop.owner()
    theirs = make_code(buyer, buyer.store())["code"]
    assert_problem(enrol(shop, theirs, till.id), 409, "terminal_elsewhere")
    assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204
    assert_problem(enrol(shop, code, till.id), 400, "code_invalid")
    answers = [enrol(shop, theirs, till.id).status_code for _time in range(2)]
    assert answers == [201, 201], "the second one had no answer"
    assert buyer.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204
    assert_problem(enrol(shop, code, till.id), 400, "code_invalid")


def test_the_host_keeps_it_out_too(owner: Owner, store: str) -> None:
    code = make_code(owner, store, uses=5)["code"]
    till = enrolled(owner, store, code)
    terminals.revoke(owner.shop.cloud.database, till.id)
    assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")


def test_one_that_disconnected_itself_needs_one_more_use(owner: Owner, store: str) -> None:
    once, twice = (make_code(owner, store, uses=uses)["code"] for uses in (1, 2))
    for code, status in ((once, 400), (twice, 201)):
        till = enrolled(owner, store, code)
        assert till.call("DELETE", "/terminals/current").status_code == 204
        assert enrol(owner.shop, code, till.id).status_code == status
        assert not is_in(till)


def test_a_thief_who_disconnects_it_first_is_kept_out_all_the_same(owner: Owner, store: str) -> None:
    code = make_code(owner, store, uses=5)["code"]
    till = enrolled(owner, store, code)
    here = log_in_at(owner, till.id)
    assert till.call("DELETE", "/terminals/current").status_code == 204
    assert revoke(owner, till).status_code == 204
    assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
    assert not is_logged_in(here)


def test_to_revoke_a_terminal_ends_the_log_ins_that_lie_on_it(owner: Owner, shop: Shop, store: str) -> None:
    till, sister = owner.assign(store), owner.assign(store)
    here, there, nowhere = (log_in_at(owner, where) for where in (till.id, sister.id, None))
    company = owner.call("GET", f"/stores/{store}").json()["company_id"]
    colleague = log_in_at(owner.admit(shop.owner(), company, Role.MANAGER), till.id.upper())
    buyer = log_in_at(shop.owner(), till.id)
    assert revoke(owner, till).status_code == 204
    known = [is_logged_in(person) for person in (here, colleague, buyer, there, nowhere, owner)]
    assert known == [False, False, True, True, True, True]
    assert is_logged_in(log_in_at(owner, till.id))


def test_a_terminal_that_disconnects_itself_ends_nobody_s_log_in(owner: Owner, store: str) -> None:
    till = owner.assign(store)
    here = log_in_at(owner, till.id)
    assert till.call("DELETE", "/terminals/current").status_code == 204
    assert is_logged_in(here)


def test_who_enrols_at_the_moment_of_the_revocation_is_out_afterwards(owner: Owner, store: str) -> None:
    for _round in range(ROUNDS):
        code = make_code(owner, store, uses=50)["code"]
        till = enrolled(owner, store, code)
        calls: list[Any] = [partial(enrol, owner.shop, code, till.id) for _ in range(4)]
        calls.insert(2, partial(revoke, owner, till))
        answers: list[httpx.Response] = at_once(calls)
        assert {answer.status_code for answer in answers} <= {201, 204, 400}
        tokens = [answer.json()["terminal_token"] for answer in answers if answer.status_code == 201]
        for token in tokens:
            assert not is_in(Till(owner.shop, till.id, store, token))
        assert_problem(enrol(owner.shop, code, till.id), 400, "code_invalid")
    assert owner.call("GET", f"/stores/{store}/terminals").json()["items"] == []
