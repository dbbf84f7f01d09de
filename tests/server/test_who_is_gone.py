"""Whoever is shut out, taken away or less than before: nothing that they began lets anybody in."""

import pytest

from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.ops import users
from tests.server.shop import Owner, Shop, assert_problem
from tests.server.test_device_authorizations import approve, ask, fetch_later
from tests.server.test_enrolments import enrol, make_code
from tests.server.test_factor_by_role import ask_from, set_up


def id_of(owner: Owner) -> str:
    return str(owner.call("GET", "/sessions/current").json()["id"])


def invite(inviter: Owner, company: str, email: str) -> str:
    """The token of an invitation, whose link is shown where no mail is set up."""
    form = {"email": email, "role": "viewer"}
    answer = inviter.call("POST", f"/companies/{company}/invitations", json=form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"].rpartition("=")[2])


def test_an_invitation_of_whom_the_host_shut_out_lets_nobody_in(shop: Shop, owner: Owner) -> None:
    company, eva = owner.company(), shop.owner()
    bea = owner.admit(shop.owner(), company, Role.OWNER)
    token = invite(bea, company, eva.email)
    users.disable_user(shop.cloud.database, bea.email)
    refused = eva.call("POST", "/invitations/accept", json={"token": token})
    assert_problem(refused, 400, "invitation_invalid")
    users.enable_user(shop.cloud.database, bea.email)
    assert eva.call("POST", "/invitations/accept", json={"token": token}).status_code == 200


def access(owner: Owner, company: str, member: str, role: str, *stores: str) -> None:
    form = {"role": role, "store_ids": list(stores) or None}
    answer = owner.call("PUT", f"/companies/{company}/members/{member}", json=form)
    assert answer.status_code == 200, answer.text


def test_a_code_is_good_while_its_maker_may_assign_terminals_there(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    store, other = owner.store(company), owner.store(company)
    bea = owner.admit(shop.owner(), company, Role.MANAGER)
    her = id_of(bea)
    code = make_code(bea, store, uses=9)["code"]
    access(owner, company, her, "viewer")
    assert_problem(enrol(shop, code), 400, "code_invalid")
    access(owner, company, her, "manager", other)
    assert_problem(enrol(shop, code), 400, "code_invalid")
    access(owner, company, her, "manager", store, other)
    assert enrol(shop, code).status_code == 201
    users.disable_user(shop.cloud.database, bea.email)
    assert_problem(enrol(shop, code), 400, "code_invalid")
    users.enable_user(shop.cloud.database, bea.email)
    assert enrol(shop, code).status_code == 201
    assert owner.call("DELETE", f"/companies/{company}/members/{her}").status_code == 204
    assert_problem(enrol(shop, code), 400, "code_invalid")


def test_an_approval_by_phone_ends_with_its_company(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    store, asked = owner.store(company), ask(shop)
    approve(owner, asked, store)
    path = f"/companies/{company}/closed"
    assert owner.call("PUT", path, json={"name": "Bar Ana"}).status_code == 204
    assert_problem(fetch_later(shop, asked), 400, "access_denied")
    assert owner.call("DELETE", path).status_code == 204
    assert_problem(fetch_later(shop, asked), 400, "access_denied")


def test_whom_the_host_shut_out_hears_of_no_assignment(shop: Shop, owner: Owner) -> None:
    company, asked = owner.company(), ask(shop)
    bea = owner.admit(shop.owner(), company, Role.OWNER)
    her = id_of(bea)
    users.disable_user(shop.cloud.database, bea.email)
    approve(owner, asked, owner.store(company))
    assert fetch_later(shop, asked).status_code == 201
    with shop.cloud.database.connection_context():
        found = [outbox.newest(shop.cloud.database, it, "terminal_assigned") for it in (id_of(owner), her)]
    assert [letter is not None for letter in found] == [True, False]


def test_who_lacks_the_second_factor_leaves_all_the_same(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    bea, eva = (owner.admit(shop.owner(), company, Role.OWNER) for _ in range(2))
    set_up(owner)
    assert ask_from(owner, company, "owner").status_code == 200
    theirs = f"/companies/{company}/members"
    assert_problem(bea.call("DELETE", f"{theirs}/{id_of(eva)}"), 403, "second_factor_required")
    assert bea.call("DELETE", f"{theirs}/{id_of(bea)}").status_code == 204
    assert_problem(bea.call("DELETE", f"{theirs}/{id_of(bea)}"), 404, "not_found")
    assert len(owner.call("GET", theirs).json()["items"]) == 2


def test_nobody_answers_for_more_than_they_have_room_for_because_another_leaves(
    shop: Shop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = owner.company()
    bea = owner.admit(shop.owner(), company, Role.OWNER)
    bea.company()
    mine = f"/companies/{company}/members/{id_of(owner)}"
    monkeypatch.setattr(limits, "COMPANIES", 1)
    for answer in (owner.call("DELETE", mine), owner.call("PUT", mine, json={"role": "viewer"})):
        assert "may have no more" in assert_problem(answer, 403, "quota_reached")["detail"]
    monkeypatch.setattr(limits, "COMPANIES", 2)
    assert owner.call("DELETE", mine).status_code == 204
