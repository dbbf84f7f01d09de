"""What a member may, by role and stores: decided by one function, and the same wherever it is asked."""

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.domain import members
from factorypos_tui.server.domain.accounts import account_of
from factorypos_tui.server.domain.members import Membership, Role, Verdict, decide
from factorypos_tui.server.errors import NotYours, RoleTooLow
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account, Company, Store
from tests.server.shop import Owner, Shop, Till, assert_problem
from tests.server.watch import letters, watch
from tests.server.watching import watching

STORES = ["one", "two", "three"]
RANK = {"viewer": 1, "manager": 2, "owner": 3}
roles = st.sampled_from(list(Role))
limits = st.none() | st.frozensets(st.sampled_from(STORES))


@given(roles, limits, st.sampled_from([None, *STORES]), roles)
def test_a_member_may_what_the_role_reaches_at_the_stores_that_it_sees(
    role: Role, limit: frozenset[str] | None, store: str | None, least: Role
) -> None:
    verdict = decide(Membership(role, limit), store, least)
    if limit is not None and store is not None and store not in limit:
        assert verdict is Verdict.ABSENT
    elif limit is not None and store is None:
        assert (verdict is Verdict.GRANTED) == (least is Role.VIEWER), "the whole company is only looked at"
    else:
        assert (verdict is Verdict.GRANTED) == (RANK[role.value] >= RANK[least.value])


@given(roles, limits, st.sampled_from([None, *STORES]), roles, st.booleans())
def test_who_lacks_a_second_factor_may_nothing_at_all(
    role: Role, limit: frozenset[str] | None, store: str | None, least: Role, is_closed: bool
) -> None:
    verdict = decide(Membership(role, limit, is_closed, lacks_factor=True), store, least)
    is_outside = limit is not None and store is not None and store not in limit
    assert verdict is (Verdict.ABSENT if is_outside else Verdict.NO_FACTOR)


@given(st.sampled_from([None, *STORES]), roles)
def test_who_is_no_member_is_not_told_that_anything_is_there(store: str | None, least: Role) -> None:
    assert decide(None, store, least) is Verdict.ABSENT


def account(owner: Owner) -> Account:
    found = account_of(owner.shop.cloud.database, owner.email)
    assert found is not None
    return found


def leave(owner: Owner) -> None:
    database = owner.shop.cloud.database
    with database.connection_context(), database.atomic():
        Member.delete().where(Member.account_id == account(owner).id).execute(database)


@pytest.mark.parametrize("limit", [None, 0, 1])
@pytest.mark.parametrize("role", list(Role))
def test_lists_show_what_each_of_them_would_be_granted(
    shop: Shop, owner: Owner, role: Role, limit: int | None
) -> None:
    company, database = owner.company(), shop.cloud.database
    stores = [owner.store(company) for _ in range(2)]
    member = owner.admit(shop.owner(), company, role, *([] if limit is None else [stores[limit]]))
    with database.connection_context():
        who = account(member)
        for least in Role:
            listed = {row.id for row in members.stores_for(who.id, least).bind(database)}
            granted = {it for it in stores if is_granted(members.store_for, database, who, it, least)}
            assert listed == granted
            is_listed = members.companies_for(who.id, least).where(Company.id == company).exists(database)
            assert is_listed == is_granted(members.company_for, database, who, company, least)


def is_granted(ask: Callable[..., object], *about: object) -> bool:
    try:
        ask(*about)
    except (NotYours, RoleTooLow):
        return False
    return True


def test_each_sees_its_companies_its_role_and_its_stores(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    here, there = owner.store(company), owner.store(company)
    viewer = owner.admit(shop.owner(), company, Role.VIEWER, here)
    (found,) = viewer.call("GET", "/companies").json()["items"]
    assert (found["id"], found["role"], found["all_stores"]) == (company, "viewer", False)
    (found,) = owner.call("GET", "/companies").json()["items"]
    assert (found["role"], found["all_stores"]) == ("owner", True)
    (seen,) = viewer.call("GET", f"/companies/{company}/stores").json()["items"]
    assert seen["id"] == here
    assert_problem(viewer.call("GET", f"/stores/{there}"), 404, "not_found")


def test_a_company_s_figures_are_those_of_the_stores_that_one_sees(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    tills = [owner.assign(owner.store(company)) for _ in range(2)]
    for till in tills:
        assert till.send(till.z()).status_code == 201
    viewer = owner.admit(shop.owner(), company, Role.VIEWER, tills[0].store)
    path = f"/companies/{company}/figures?from=2026-03-02&to=2026-03-02"
    nets = [it.call("GET", path).json()["items"][0]["totals"]["net"] for it in (owner, viewer)]
    assert nets == [2420, 1210]


def test_a_manager_shortens_no_time_for_which_documents_are_kept(shop: Shop, owner: Owner) -> None:
    company = owner.company()
    store = owner.store(company)
    manager = owner.admit(shop.owner(), company, Role.MANAGER)
    form = {"name": "Centro", "timezone": "Europe/Madrid"}

    def put(who: Owner, years: int) -> int:
        headers = {"If-Match": "*"}
        return who.call(
            "PUT", f"/stores/{store}", json={**form, "keep_years": years}, headers=headers
        ).status_code

    assert put(manager, 12) == 200
    assert put(manager, 11) == 403
    assert put(owner, 11) == 200


def test_a_manager_revokes_a_terminal_and_an_owner_alone_releases_it(
    shop: Shop, owner: Owner, till: Till
) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    manager = owner.admit(shop.owner(), company, Role.MANAGER, till.store)
    assert_problem(manager.call("DELETE", f"/terminals/{till.id}?release=true"), 403, "role_too_low")
    assert manager.call("DELETE", f"/terminals/{till.id}").status_code == 204


def test_who_manages_one_store_takes_no_terminal_out_of_another(shop: Shop, owner: Owner, till: Till) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    other = owner.store(company)
    manager = owner.admit(shop.owner(), company, Role.MANAGER, other)
    assert till.send(till.z()).status_code == 201
    answer = manager.ask_to_assign(other, till.id, move=True)
    assert assert_problem(answer, 409, "terminal_elsewhere")["same_account"] is False
    known = manager.call("GET", f"/stores/{other}/terminals/{till.id}").json()
    assert known == {"store": None, "last_z_number": None, "missing_z_numbers": [], "same_account": False}
    assert owner.ask_to_assign(other, till.id, move=True).status_code == 200


def test_the_terminal_of_a_manager_is_of_the_account_that_answers_for_the_company(
    shop: Shop, owner: Owner
) -> None:
    company = owner.company()
    store = owner.store(company)
    manager = owner.admit(shop.owner(), company, Role.MANAGER)
    till = manager.assign(store)
    assert till.send(till.z()).status_code == 201
    leave(manager)
    assert till.send(till.z(2)).status_code == 201
    assert owner.ask_to_assign(store, till.id).json()["last_z_number"] == 2


@pytest.mark.parametrize("about", ["store", "company", "all"])
def test_the_stream_of_a_membership_that_is_over_ends(
    shop: Shop, owner: Owner, till: Till, about: str
) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    viewer = owner.admit(shop.owner(), company, Role.VIEWER)
    asked = {"store": {"store": till.store}, "company": {"company": company}, "all": {}}[about]
    address = str(shop.http.base_url)
    with watching(address, owner.token, **asked) as stays, watching(address, viewer.token, **asked) as stream:
        leave(viewer)
        assert stream.next_event() is None
        till.send(till.z())
        assert stays.next_event() == "figures"


def test_who_sees_one_store_hears_of_no_other(shop: Shop, owner: Owner, till: Till) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    other = owner.assign(owner.store(company))
    viewer = owner.admit(shop.owner(), company, Role.VIEWER, till.store)
    with watching(str(shop.http.base_url), viewer.token, company=company) as stream:
        assert other.send(other.z()).status_code == 201
        leave(viewer)
        assert stream.next_event() is None, "not a word of the other store before the end"


def test_alarms_are_mailed_to_those_who_see_their_store(shop_apart: Shop) -> None:
    shop, owner = shop_apart, shop_apart.owner()
    company = owner.company()
    till = owner.assign(owner.store(company))
    sees = owner.admit(shop.owner(), company, Role.VIEWER, till.store)
    elsewhere = owner.admit(shop.owner(), company, Role.MANAGER, owner.store(company))
    left = owner.admit(shop.owner(), company, Role.MANAGER)
    leave(left)
    till.send_all([till.z(1), till.z(3)])
    watch(shop, 40)
    told = {it.email: len(letters(shop, it)) for it in (owner, sees, elsewhere, left)}
    assert list(told.values()) == [1, 1, 0, 0]


def test_the_change_of_a_member_and_the_end_of_the_membership_come_one_after_the_other(
    shop: Shop, owner: Owner
) -> None:
    company, database = owner.company(), shop.cloud.database
    store = owner.store(company)
    manager = owner.admit(shop.owner(), company, Role.MANAGER)
    ended = threading.Event()

    def end() -> None:
        leave(manager)
        ended.set()

    ending = threading.Thread(target=end)
    with database.connection_context():
        with database.atomic():
            who = account(manager)
            members.store_for(database, who, store, Role.MANAGER)
            ending.start()
            assert not ended.wait(0.5), "it waits until what the membership allowed is done"
            Store.update(name="Norte").where(Store.id == store).execute(database)
        ending.join()
        assert ended.is_set()
        with pytest.raises(NotYours), database.atomic():
            members.store_for(database, who, store, Role.VIEWER)
        assert Store.select().where(Store.id == store).get(database).name == "Norte"
