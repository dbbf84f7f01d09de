"""Each page and each form by members of each role: no page offers what would be refused, and what is asked
for all the same is refused in words. No page is without its role."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from factorypos_tui.server.domain.members import Role
from tests.server.conftest import on_sqlite_and_at_length_on_both
from tests.server.premises import Premises, premises
from tests.server.shop import PASSWORD, Owner, Shop
from tests.server.test_every_role import KINDS_OF_MEMBER, People, role_of
from tests.server.test_factor_by_role import ask_from, set_up
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers
from tests.server.web.test_every_page import FILES, FORMS, PAGES, path_of

READ = {
    "/companies/{company_id}": Role.VIEWER,
    "/companies/{company_id}/days": Role.VIEWER,
    "/companies/{company_id}/days.{form}": Role.VIEWER,
    "/companies/{company_id}/today": Role.VIEWER,
    "/companies/{company_id}/today.{form}": Role.VIEWER,
    "/companies/{company_id}/archive": Role.VIEWER,
    "/companies/{company_id}/archive.zip": Role.VIEWER,
    "/companies/{company_id}/chart": Role.VIEWER,
    "/companies/{company_id}/chart.toml": Role.VIEWER,
    "/companies/{company_id}/closings": Role.VIEWER,
    "/companies/{company_id}/closings.{form}": Role.VIEWER,
    "/companies/{company_id}/closings/{closing_id}": Role.VIEWER,
    "/companies/{company_id}/closings/{closing_id}.json": Role.VIEWER,
    "/companies/{company_id}/closings/{closing_id}.pdf": Role.VIEWER,
    "/companies/{company_id}/audit": Role.OWNER,
    "/companies/{company_id}/audit.{form}": Role.OWNER,
    "/companies/{company_id}/close": Role.OWNER,
    "/companies/{company_id}/hand-over": Role.OWNER,
    "/companies/{company_id}/second-factor": Role.OWNER,
    "/companies/{company_id}/invitations/new": Role.OWNER,
    "/companies/{company_id}/leave": Role.VIEWER,
    "/companies/{company_id}/members": Role.VIEWER,
    "/companies/{company_id}/members/{account_id}": Role.OWNER,
    "/companies/{company_id}/stores/new": Role.MANAGER,
    "/stores/{store_id}": Role.VIEWER,
    "/stores/{store_id}/archive": Role.VIEWER,
    "/stores/{store_id}/archive.zip": Role.VIEWER,
    "/stores/{store_id}/closings": Role.VIEWER,
    "/stores/{store_id}/closings.{form}": Role.VIEWER,
    "/stores/{store_id}/closings/{closing_id}": Role.VIEWER,
    "/stores/{store_id}/closings/{closing_id}.json": Role.VIEWER,
    "/stores/{store_id}/closings/{closing_id}.pdf": Role.VIEWER,
    "/stores/{store_id}/days": Role.VIEWER,
    "/stores/{store_id}/days.{form}": Role.VIEWER,
    "/stores/{store_id}/days/{day}": Role.VIEWER,
    "/stores/{store_id}/days/{day}.{form}": Role.VIEWER,
    "/stores/{store_id}/reports/{report_id}": Role.VIEWER,
    "/stores/{store_id}/reports/{report_id}.pdf": Role.VIEWER,
    "/stores/{store_id}/reports/{report_id}.json": Role.VIEWER,
    "/stores/{store_id}/settings": Role.MANAGER,
    "/stores/{store_id}/catalogue": Role.MANAGER,
    "/stores/{store_id}/catalogue/company": Role.MANAGER,
    "/stores/{store_id}/catalogue/prices": Role.MANAGER,
    "/stores/{store_id}/catalogue/versions": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/table": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/table.csv": Role.MANAGER,
    "/stores/{store_id}/enrolment-codes": Role.MANAGER,
    "/stores/{store_id}/enrolment-codes/new": Role.MANAGER,
    "/alarms/settings/stores/{store_id}": Role.MANAGER,
    "/terminals/{terminal_id}/end": Role.MANAGER,
}
CHANGED = {
    "/companies/{company_id}": Role.OWNER,
    "/companies/{company_id}/chart": Role.MANAGER,
    "/companies/{company_id}/close": Role.OWNER,
    "/companies/{company_id}/hand-over": Role.OWNER,
    "/companies/{company_id}/second-factor": Role.OWNER,
    "/companies/{company_id}/invitations/new": Role.OWNER,
    "/companies/{company_id}/invitations/{invitation_id}/revoke": Role.OWNER,
    "/companies/{company_id}/leave": Role.VIEWER,
    "/companies/{company_id}/members/{account_id}": Role.OWNER,
    "/companies/{company_id}/stores/new": Role.MANAGER,
    "/stores/{store_id}/closings": Role.MANAGER,
    "/stores/{store_id}/settings": Role.MANAGER,
    "/stores/{store_id}/catalogue/company": Role.MANAGER,
    "/stores/{store_id}/catalogue/price_levels/first": Role.MANAGER,
    "/stores/{store_id}/catalogue/prices": Role.MANAGER,
    "/stores/{store_id}/catalogue/prices/save": Role.MANAGER,
    "/stores/{store_id}/catalogue/start": Role.MANAGER,
    "/stores/{store_id}/catalogue/versions/restore": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/add": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/change": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/remove": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/table": Role.MANAGER,
    "/stores/{store_id}/catalogue/{section}/table/save": Role.MANAGER,
    "/stores/{store_id}/enrolment-codes/new": Role.MANAGER,
    "/stores/{store_id}/enrolment-codes/{code_id}/revoke": Role.MANAGER,
    "/alarms/settings/stores/{store_id}": Role.MANAGER,
    "/alarms/settings/terminals/{terminal_id}": Role.MANAGER,
    "/alarms/{alarm_id}/accept": Role.MANAGER,
    "/alarms/{alarm_id}/settlement": Role.OWNER,
    "/terminals/{terminal_id}/end": Role.MANAGER,
    "/terminals/{terminal_id}/name": Role.MANAGER,
}
OF_A_COMPANY = re.compile(r"\{(company|store|terminal|alarm)_id\}")
TYPED = {"name": "Bar", "limit": "10"}
"""What makes each form one that could be read."""


def path(route: str) -> str:
    return route.partition(" ")[2]


def test_each_page_about_a_company_says_which_role_it_takes() -> None:
    for routes, roles in (([*PAGES, *FILES], READ), (FORMS, CHANGED)):
        assert sorted(path(it) for it in routes if OF_A_COMPANY.search(it)) == sorted(roles)


@pytest.fixture(scope="session")
def lasting(running_shop: Shop) -> tuple[Premises, dict[str, Owner]]:
    """A company with a member of each kind, for pages that change nothing of it."""
    its = premises(running_shop)
    return its, {kind: People(its).member(kind) for kind in KINDS_OF_MEMBER}


@pytest.fixture(params=KINDS_OF_MEMBER)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(lasting: tuple[Premises, dict[str, Owner]], browsers: Browsers, kind: str) -> Browser:
    """A browser in which a member of this kind is logged in, and has proved who it is."""
    browser = browsers("en")
    browser.log_in(lasting[1][kind])
    browser.open("/prove")
    browser.send("Go on", password=PASSWORD)
    return browser


@on_sqlite_and_at_length_on_both
def test_a_page_is_shown_to_those_whose_role_reaches(
    lasting: tuple[Premises, dict[str, Owner]], visitor: Browser, kind: str
) -> None:
    for route in [it for it in [*PAGES, *FILES] if path(it) in READ]:
        role, answer = role_of(kind, route), visitor.http.get(path_of(route, lasting[0]))
        if role is None:
            assert answer.status_code == 404, route
        elif role.reaches(READ[path(route)]):
            assert answer.status_code == 200, route
        else:
            assert answer.status_code == 403, route
            assert "Ask an owner of Bar Ana." in answer.text


@on_sqlite_and_at_length_on_both
def test_a_form_is_refused_to_those_whose_role_does_not_reach(
    lasting: tuple[Premises, dict[str, Owner]], visitor: Browser, kind: str
) -> None:
    proof = visitor.open("/").fields("Log out")["csrf"]
    for route in [it for it in FORMS if path(it) in CHANGED]:
        role = role_of(kind, route)
        if role is not None and role.reaches(CHANGED[path(route)]):
            continue
        answer = visitor.http.post(path_of(route, lasting[0]), data={"csrf": proof, **TYPED})
        is_absent = role is None or "{alarm_id}" in route  # no alarm is open here
        assert answer.status_code == (404 if is_absent else 403), route
        assert is_absent or "Ask an owner of Bar Ana." in answer.text


def test_who_needs_a_second_factor_and_has_none_is_led_to_one(shop: Shop, browsers: Browsers) -> None:
    its = premises(shop)
    member = People(its).member("owner")
    set_up(its.owner)
    assert ask_from(its.owner, its.company, "owner").status_code == 200
    browser = browsers("en")
    browser.log_in(member)
    browser.open("/prove")
    browser.send("Go on", password=PASSWORD)
    page = browser.open("/")
    assert "asks for a second factor" in page.text
    leaves = f"/companies/{its.company}/leave"
    assert [it for it in page.links if its.company in it or its.till.store in it] == [leaves]
    proof = page.fields("Log out")["csrf"]
    for route in [it for it in [*PAGES, *FILES, *FORMS] if path(it) in {**READ, **CHANGED}]:
        if path(route).endswith("/leave"):
            continue
        place = path_of(route, its)
        asked = {"csrf": proof, **TYPED} if route in FORMS else None
        answer = browser.http.post(place, data=asked) if asked else browser.http.get(place)
        if "{alarm_id}" in route:  # no alarm is open here
            assert answer.status_code == 404
        else:
            assert (route, answer.url.path) == (route, "/account/second-factor")
            assert "Bar Ana asks for a second factor" in answer.text
    page = browser.open(leaves)
    assert [link for link in page.links if its.company in link] == []
    assert browser.send("Leave").notice == "You left Bar Ana."


def route_of(asked: str, routes: dict[str, Role]) -> str | None:
    """Which of these routes takes this path, the most literal one; None for one of no company."""
    fitting = [it for it in routes if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", it), asked)]
    return (
        min(fitting, key=lambda it: it.count("{"))
        if fitting and not asked.endswith("/companies/new")
        else None
    )


@on_sqlite_and_at_length_on_both
def test_no_page_offers_what_would_be_refused(visitor: Browser, kind: str) -> None:
    """Every link that is two links from the first page leads somewhere, and every form may be sent."""
    seen, latest = {"/"}, {"/"}
    for _ in range(3):
        found = set[str]()
        for place in sorted(latest):
            page = visitor.open(place)
            assert page.status == 200, f"{kind} is led to {place}, and refused there"
            for form in page.tree.iter("form"):
                route = route_of(urlsplit(urljoin(str(page.url), form.get("action") or "")).path, CHANGED)
                if route is not None and form.get("method") == "post":
                    role = role_of(kind, route) or Role(kind.partition(" ")[0])  # there, where it sees it
                    assert role.reaches(CHANGED[route]), f"{place} offers {kind} {route}"
            found |= {link for link in page.links if not link.endswith((".csv", ".json"))}
        latest = found - seen
        seen |= latest
    assert len(seen) > 8
