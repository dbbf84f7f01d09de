"""A company asks for a second factor by role: who needs one and has none sees nothing of it until then."""

import httpx
import pytest

from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage.factor_tables import AuthenticatorApp
from tests.server.shop import Owner, Shop, Till, assert_problem
from tests.server.test_members import account
from tests.server.watch import letters, watch
from tests.server.watching import watching


def set_up(owner: Owner) -> None:
    """Give the account an app for codes; the pages that do it have tests of their own."""
    cloud = owner.shop.cloud
    with cloud.database.connection_context(), cloud.database.atomic():
        AuthenticatorApp.insert(
            account_id=account(owner).id, secret="JBSWY3DPEHPK3PXP", last_step=0, added_at=cloud.now()
        ).execute(cloud.database)


def ask_from(owner: Owner, company: str, rule: str | None) -> httpx.Response:
    form = {"name": "Bar Ana", "country": "ES", "currency": "EUR"}
    changed = form if rule is None else {**form, "second_factor_from": rule}
    return owner.call("PUT", f"/companies/{company}", json=changed, headers={"If-Match": "*"})


def company_of(owner: Owner, till: Till) -> str:
    company: str = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    return company


@pytest.mark.parametrize("rule", ["nobody", "owner", "manager", "viewer"])
def test_who_needs_one_and_has_none_sees_nothing_until_then(
    shop: Shop, owner: Owner, till: Till, rule: str
) -> None:
    company = company_of(owner, till)
    set_up(owner)
    people = {role: owner.admit(shop.owner(), company, role) for role in Role}
    assert ask_from(owner, company, rule).json()["second_factor_from"] == rule
    for role, member in people.items():
        needs = rule != "nobody" and role.reaches(Role(rule))
        answers = [member.call("GET", f"/companies/{company}"), member.call("GET", f"/stores/{till.store}")]
        listed = [it["id"] for it in member.call("GET", "/companies").json()["items"]]
        if not needs:
            assert [it.status_code for it in answers] == [200, 200]
            assert listed == [company]
            continue
        assert listed == []
        for answer in answers:
            assert (
                "asks for a second factor" in assert_problem(answer, 403, "second_factor_required")["detail"]
            )
        set_up(member)
        assert member.call("GET", f"/stores/{till.store}").status_code == 200
    assert till.send(till.z()).status_code == 201, "tills go on"


def test_an_owner_without_one_cannot_lock_the_company(owner: Owner) -> None:
    company = owner.company()
    problem = assert_problem(ask_from(owner, company, "owner"), 422, "invalid")
    assert problem["fields"][0]["field"] == "second_factor_from"
    assert "Set one up first" in problem["fields"][0]["message"]
    assert owner.call("GET", f"/companies/{company}").json()["second_factor_from"] == "nobody"


def test_programs_that_know_nothing_of_the_rule_leave_it_and_it_stands_in_the_audit(owner: Owner) -> None:
    company = owner.company()
    set_up(owner)
    assert ask_from(owner, company, "manager").status_code == 200
    assert ask_from(owner, company, None).json()["second_factor_from"] == "manager"
    entries = owner.call("GET", f"/companies/{company}/audit").json()["items"]
    assert [it["action"] for it in entries].count("company.second_factor_rule_set") == 1


def test_a_manager_does_not_set_the_rule(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    manager = owner.admit(shop.owner(), company, Role.MANAGER)
    set_up(manager)
    assert_problem(ask_from(manager, company, "viewer"), 403, "role_too_low")


@pytest.mark.parametrize("about", ["store", "company", "all"])
def test_the_stream_of_who_needs_one_ends(shop: Shop, owner: Owner, till: Till, about: str) -> None:
    company = company_of(owner, till)
    set_up(owner)
    viewer = owner.admit(shop.owner(), company, Role.VIEWER)
    asked = {"store": {"store": till.store}, "company": {"company": company}, "all": {}}[about]
    address = str(shop.http.base_url)
    with watching(address, owner.token, **asked) as stays, watching(address, viewer.token, **asked) as stream:
        assert ask_from(owner, company, "viewer").status_code == 200
        assert stream.next_event() is None
        till.send(till.z())
        assert stays.next_event() == "figures"


def test_alarms_are_not_mailed_to_who_needs_one(shop_apart: Shop) -> None:
    shop, owner = shop_apart, shop_apart.owner()
    company = owner.company()
    till = owner.assign(owner.store(company))
    set_up(owner)
    viewer = owner.admit(shop.owner(), company, Role.VIEWER)
    assert ask_from(owner, company, "viewer").status_code == 200
    till.send_all([till.z(1), till.z(3)])
    watch(shop, 40)
    assert [len(letters(shop, it)) for it in (owner, viewer)] == [1, 0]
