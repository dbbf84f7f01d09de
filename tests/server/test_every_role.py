"""Each route of the API by members of each role: who may not is refused in words, and no route is without
its role."""

from dataclasses import dataclass

import httpx
import pytest

from factorypos_tui.server.domain.members import Role
from tests.server.conftest import on_sqlite_and_at_length_on_both
from tests.server.premises import Premises, premises
from tests.server.shop import Owner, Shop, assert_problem
from tests.server.test_every_route import CALLS, ask
from tests.server.test_factor_by_role import ask_from, set_up

ROUTES = [route for route, call in CALLS.items() if call.least is not None]
KINDS_OF_MEMBER = [
    "owner",
    "manager",
    "viewer",
    "manager here",
    "viewer here",
    "manager there",
    "viewer there",
]
"""Of all stores; of the store of the premises' till alone; of another one alone."""


@dataclass(frozen=True, slots=True)
class People:
    """The members of a company, each made when it is needed."""

    its: Premises

    def member(self, kind: str) -> Owner:
        role, _, where = kind.partition(" ")
        stores = {"here": [self.its.till.store], "there": [self.its.sister.store], "": []}[where]
        return self.its.owner.admit(self.its.owner.shop.owner(), self.its.company, Role(role), *stores)


def role_of(kind: str, route: str) -> Role | None:
    """What a member of this kind is for this route; None where what it is about is not there for them."""
    role, _, where = kind.partition(" ")
    if "{company_id}/closings/{closing_id}" in route and where:
        return None  # it would tell figures of all stores
    if "{company_id}" in route:
        return Role.VIEWER if where else Role(role)
    return None if where == "there" else Role(role)


@pytest.fixture(scope="session")
def lasting(running_shop: Shop) -> tuple[Premises, dict[str, Owner]]:
    """A company with a member of each kind, for calls that change nothing of it."""
    its = premises(running_shop)
    return its, {kind: People(its).member(kind) for kind in KINDS_OF_MEMBER}


def test_each_call_about_a_company_says_which_role_it_takes() -> None:
    for route, call in CALLS.items():
        is_about_one = call.who in ("owner", "either") and call.other == 404 and "session" not in route
        assert is_about_one == (call.least is not None), route


def refused_or_absent(answer: httpx.Response, role: Role | None) -> None:
    if role is None:
        assert_problem(answer, 404, "not_found")
    else:
        words = assert_problem(answer, 403, "role_too_low")["detail"]
        assert "Bar Ana" in words
        assert "Ask an owner" in words


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("GET")])
def test_what_is_read_is_read_by_those_whose_role_reaches(
    shop: Shop, lasting: tuple[Premises, dict[str, Owner]], route: str
) -> None:
    its, members = lasting
    call = CALLS[route]
    assert call.least is not None
    for kind, member in members.items():
        role, answer = role_of(kind, route), ask(route, call, its, member)
        if role is not None and role.reaches(call.least):
            assert answer.status_code == call.right, kind
        elif not route.startswith("GET /events"):
            refused_or_absent(answer, role)
        else:
            assert answer.status_code == 404, kind


def test_who_needs_a_second_factor_and_has_none_is_refused_by_each_route(shop: Shop) -> None:
    its = premises(shop)
    member = People(its).member("owner")
    set_up(its.owner)
    assert ask_from(its.owner, its.company, "owner").status_code == 200
    for route in ROUTES:
        answer = ask(route, CALLS[route], its, member)
        code = answer.json()["code"]  # a report in conflict is looked for among what one sees
        wanted = "not_found" if "settlement" in route else "second_factor_required"
        assert code == wanted, (route, code)


@on_sqlite_and_at_length_on_both
@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith("GET")])
def test_what_is_changed_is_changed_by_those_whose_role_reaches(shop: Shop, route: str) -> None:
    """Each that may not is refused; then the one that may least of those that may does it."""
    its, call = premises(shop), CALLS[route]
    assert call.least is not None
    roles = {kind: role_of(kind, route) for kind in KINDS_OF_MEMBER}
    able = [kind for kind, role in roles.items() if role is not None and role.reaches(call.least)]
    for kind, role in roles.items():
        if kind not in able:
            refused_or_absent(ask(route, call, its, People(its).member(kind)), role)
    assert ask(route, call, its, People(its).member(able[-1])).status_code == call.right
