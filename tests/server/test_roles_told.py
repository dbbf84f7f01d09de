"""The table of docs/owners.md that says what each role may do is what the server does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.server.domain.members import Role
from tests.server.premises import premises
from tests.server.shop import Shop, assert_problem
from tests.server.test_every_role import People
from tests.server.test_every_route import CALLS
from tests.server.web.test_every_role_on_pages import CHANGED, READ

PAGE = Path(__file__).parents[2] / "docs" / "owners.md"
COMPANY, STORE = r"(/v1)?/companies/\{company_id\}", r"(/v1)?/stores/\{store_id\}"
CODES = "Assign, rename and revoke terminals; enrolment codes; approve a till that shows a code"
RELEASE = "Release a terminal for another account"
KEEPING = "Keep whole reports for a shorter time"

ROWS = {
    "Read today, days, reports, closings, exports, alarms, and how the terminals are": (
        rf"GET ({COMPANY}(/(days|today|archive|chart|figures|closings|stores$).*)?|/events"
        rf"|{STORE}(/(days|reports|archive|figures|closings|alarms|terminals$).*)?)"
    ),
    "See the owners and oneself among the members; leave": (
        rf"(GET /companies/\{{company_id\}}/members|(GET|POST) {COMPANY}/leave)"
    ),
    "Read and change the catalogue, and bring a version back": (
        rf"(GET|PUT|POST) {STORE}/(catalogue|configuration).*"
    ),
    CODES: (
        rf"(\w+ (/v1)?/terminals/\{{.*|\w+ {STORE}/enrolment-codes.*"
        r"|(GET|PUT) /v1/stores/\{store_id\}/terminals/\{terminal_id\})"
    ),
    "Say what is an alarm, and accept one": r"(GET|POST) /alarms/(settings.*|\{alarm_id\}/accept)",
    "Have a month or a year closed now": rf"POST {STORE}/closings",
    "Change a store; make one, or the company's chart of accounts, for a manager who sees all stores": (
        rf"(PUT {STORE}|(GET|POST) {STORE}/settings|(GET|POST) {COMPANY}/stores/new|POST {COMPANY}/stores"
        rf"|(PUT|POST) {COMPANY}/chart)"
    ),
    "Change the company, its members and invitations; hand it over or close it": (
        rf"(PUT|POST) {COMPANY}|\w+ {COMPANY}/((members/|invitations|hand-over|owner|closed?$).*)"
        r"|GET /v1/companies/\{company_id\}/members"
    ),
    "Decide which of two contradicting reports counts": r".*/settlement",
    "Say who needs a second factor; read who did what (the audit)": (
        rf"(PUT {COMPANY}|(GET|POST) {COMPANY}/second-factor|GET {COMPANY}/audit.*)"
    ),
}
"""Which routes each row is about. Rows without a route of their own have a test below."""


def told() -> dict[str, list[bool]]:
    """The table: for each thing that can be done, whether a viewer, a manager and an owner may."""
    section = PAGE.read_text("utf-8").partition("## Who may do what")[2].partition("\n#")[0]
    rows = [
        [it.strip() for it in line.strip("|").split("|")] for line in re.findall(r"^\|.*$", section, re.M)
    ]
    assert rows[0] == ["What", *(role.value for role in Role)]
    return {what: [it == "yes" for it in marks] for what, *marks in rows[2:]}


def leasts() -> Iterator[tuple[str, Role]]:
    yield from ((route, call.least) for route, call in CALLS.items() if call.least)
    yield from ((f"GET {path}", least) for path, least in READ.items())
    yield from ((f"POST {path}", least) for path, least in CHANGED.items())


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_what_each_of_its_calls_and_pages_takes(row: str) -> None:
    about = {route: least for route, least in leasts() if re.fullmatch(ROWS[row], route)}
    assert about
    for route, least in about.items():
        assert told()[row] == [role.reaches(least) for role in Role], route


def test_each_call_and_page_of_a_company_is_in_a_row_and_each_row_is_tested() -> None:
    assert [it for it, _ in leasts() if not any(re.fullmatch(row, it) for row in ROWS.values())] == []
    assert set(told()) == {*ROWS, RELEASE, KEEPING}
    assert told()[RELEASE] == told()[KEEPING] == [False, False, True]


def test_a_manager_releases_no_terminal_and_shortens_no_keeping(shop: Shop) -> None:
    its = premises(shop)
    manager = People(its).member("manager")
    store = manager.call("GET", f"/stores/{its.till.store}").json()
    longer, shorter = {**store, "keep_years": 12}, {**store, "keep_years": 11}
    seen = {"If-Match": "*"}
    assert manager.call("PUT", f"/stores/{its.till.store}", json=longer, headers=seen).status_code == 200
    for answer in (
        manager.call("DELETE", f"/terminals/{its.till.id}?release=true"),
        manager.call("PUT", f"/stores/{its.till.store}", json=shorter, headers=seen),
    ):
        assert_problem(answer, 403, "role_too_low")
