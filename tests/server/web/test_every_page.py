"""Each page there is: for whom, valid, in both languages, and at most two links from the first."""

import re
import uuid

import pytest
from fastapi.routing import iter_route_contexts
from peewee import Database, Model, SqliteDatabase

from factorypos_tui.server.app import build_app
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.storage import (
    alarm_tables,
    chart_tables,
    device_tables,
    enrolment_tables,
    factor_tables,
    member_tables,
    people_tables,
    report_tables,
    session_tables,
    tables,
)
from tests.server.conftest import on_sqlite_and_at_length_on_both
from tests.server.premises import Premises, premises
from tests.server.shop import PASSWORD, Shop
from tests.server.test_device_authorizations import ask
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

FOR_ANYBODY = {
    "GET /confirm",
    "GET /invitation",
    "GET /login",
    "GET /register",
    "GET /recover",
    "GET /recover/code",
    "GET /reset",
}
NO_PAGES = {
    "GET /static/{stem}.{digest}.{suffix}",
    "GET /stores/{store_id}/catalogue/{section}/table.csv",
    "GET /events",
}
"""Files, and the stream of events; tables of figures as files end as those do."""
LED_TO = {
    "GET /prove",
    "GET /login/second",
    "GET /D",
    "GET /D/{user_code}",
    "GET /d/{user_code}",
    "GET /d/{user_code}/approve",
}
"""What stands before other pages, or is what a till shows, and is linked from none."""
MOST_LINKS = 2


def addresses(method: str) -> set[str]:
    """All paths that are none of the API."""
    app = build_app(Cloud(SqliteDatabase(None), Postman(lambda _: None, "")))
    return {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        if method in (route.methods or set()) and not str(route.path).startswith("/v1/")
    }


def routes(method: str) -> list[str]:
    """The paths of all pages, or of all forms."""
    return sorted(
        it
        for it in addresses(method) - NO_PAGES
        if not it.endswith((".{form}", ".json", ".pdf", ".toml", ".zip"))
    )


PAGES, FORMS = routes("GET"), routes("POST")
FILES = sorted(addresses("GET") - {*PAGES, "GET /static/{stem}.{digest}.{suffix}", "GET /events"})


@pytest.fixture(scope="session")
def lasting(running_shop: Shop) -> Premises:
    """An account for pages that change nothing of it."""
    return premises(running_shop)


def path_of(route: str, its: Premises) -> str:
    ids = {**its.ids, "form": "csv"}
    if "{user_code}" in route:  # a till shows one for a few minutes only
        ids["user_code"] = ask(its.owner.shop)["user_code"]
    if "{company_id}" in route:
        ids["closing_id"] = its.closing_of_all
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: ids[found[1]], route.partition(" ")[2])


def elsewhere(path: str) -> str:
    """The path with ids that there are not."""
    return re.sub(r"[0-9a-f-]{36}", lambda _: str(uuid.uuid4()), path)


def is_for_anybody(browser: Browser, path: str) -> bool:
    """Whether the page can be read without a log-in."""
    return browser.open(path).path == path


@on_sqlite_and_at_length_on_both
@pytest.mark.parametrize("route", PAGES)
def test_a_page_is_for_those_that_it_is_for_and_whole_in_both_languages(
    shop: Shop, lasting: Premises, browsers: Browsers, route: str
) -> None:
    path, stranger = path_of(route, lasting), browsers("es")
    assert is_for_anybody(stranger, path) == (route in FOR_ANYBODY)
    assert stranger.page.status == 200
    owners = stranger if route in FOR_ANYBODY else browsers("en")
    if route not in FOR_ANYBODY:
        owners.log_in(lasting.owner)
    page = owners.open(path)
    assert page.status == 200
    assert page.title
    assert "{" not in page.text
    policy = page.answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")


@on_sqlite_and_at_length_on_both
def test_the_pages_of_another_account_are_not_there(
    shop: Shop, lasting: Premises, browsers: Browsers
) -> None:
    browser = browsers("en")
    browser.log_in(shop.owner())
    browser.open("/prove")
    browser.send("Go on", password=PASSWORD)
    named = [path_of(route, lasting) for route in [*PAGES, *FILES] if "_id}" in route]
    for path in [*named, f"/events?store={lasting.till.store}", f"/events?company={lasting.company}"]:
        theirs, nowhere = (browser.http.get(it) for it in (path, elsewhere(path)))
        assert (path, theirs.status_code, theirs.text) == (path, 404, nowhere.text)


@on_sqlite_and_at_length_on_both
@pytest.mark.parametrize("route", FORMS)
def test_a_form_is_taken_from_a_page_of_ours_alone(lasting: Premises, browsers: Browsers, route: str) -> None:
    path, browser = path_of(route, lasting), browsers("en")
    assert browser.http.post(path, data={"csrf": ""}).status_code == 403
    browser.log_in(lasting.owner)
    assert browser.http.post(path, data={"csrf": "0" * 32}).status_code == 403
    assert browser.open("/").path == "/", "still logged in"


@on_sqlite_and_at_length_on_both
def test_every_page_is_at_most_two_links_from_the_first(lasting: Premises, browsers: Browsers) -> None:
    browser = browsers("en")
    browser.log_in(lasting.owner)
    reached, latest = {"/"}, {"/"}
    for _ in range(MOST_LINKS):
        found = {link for path in sorted(latest) for link in browser.open(path).links}
        latest = {link for link in found if not link.endswith((".csv", ".json"))} - reached
        reached |= latest
    missing = [
        route
        for route in PAGES
        if route not in FOR_ANYBODY | LED_TO
        and not any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route[4:]), path) for path in reached)
    ]
    assert missing == []


def everything(database: Database) -> list[object]:
    """All rows but those of letters, which leave by themselves, and of the rounds of this server."""
    by_themselves = {tables.StoredLetter, alarm_tables.AlarmRound}
    rooms = (
        tables,
        report_tables,
        alarm_tables,
        chart_tables,
        device_tables,
        enrolment_tables,
        factor_tables,
        member_tables,
        people_tables,
        session_tables,
    )
    modules = {it.__name__ for it in rooms}
    kinds = [kind for kind in Model.__subclasses__() if kind.__module__ in modules]
    with database.connection_context():
        return [
            sorted(kind.select().dicts().bind(database), key=repr)
            for kind in kinds
            if kind not in by_themselves
        ]


def test_no_page_changes_anything(shop: Shop, lasting: Premises, browsers: Browsers) -> None:
    browser = browsers("en")
    browser.log_in(lasting.owner)
    paths = [path_of(route, lasting) for route in [*PAGES, *FILES]]
    before = everything(shop.cloud.database)
    for path in paths:
        assert browser.http.get(path).status_code == 200
    assert everything(shop.cloud.database) == before
