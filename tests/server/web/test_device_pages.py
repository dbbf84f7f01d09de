"""A person approves a till that shows a code, with a browser that runs no script."""

import uuid
from collections.abc import Mapping
from typing import Any

from tests.server.shop import PASSWORD, Owner, assert_problem
from tests.server.test_device_authorizations import ask, fetch, fetch_later
from tests.server.web.browser import Browser

HOSTILE = '"><script>alert(1)</script>'
BEWARE = "Only approve it if you stand before this till, or know who does"


def scanned(asked: Mapping[str, Any]) -> str:
    """The path in the QR code: in capitals."""
    return str(asked["verification_uri_complete"]).removeprefix("https://cloud.example.com").upper()


def to_the_choice(browser: Browser, asked: Mapping[str, Any]) -> None:
    """Whoever approves proves who it is."""
    browser.open(scanned(asked))
    browser.follow("Yes, my till shows this code")
    if browser.page.path == "/prove":
        browser.send("Go on", password=PASSWORD)
    assert browser.page.path.endswith("/approve")


def test_who_scans_the_code_logs_in_compares_and_approves(browser: Browser, owner: Owner) -> None:
    shop, store = owner.shop, owner.store(name="Puerto")
    asked = ask(shop, headers={"X-Forwarded-For": "203.0.113.9"})
    page = browser.open(scanned(asked))
    assert page.path == "/login"
    page = browser.send("Log in", email=owner.email, password=PASSWORD)
    assert (page.title, page.path) == ("Does your till show this code?", scanned(asked).replace("/D/", "/d/"))
    assert asked["user_code"] in page.text
    assert (
        "Till Till 1 Program a till Network address 203.0.113.9: you call from another network" in page.text
    )
    assert "less than a minute ago" in page.text
    assert BEWARE in page.text
    shop.clock.advance(120)
    assert "2 min ago" in browser.open(scanned(asked)).text
    to_the_choice(browser, asked)
    assert browser.page.fields("Approve")["history"] == "missing"
    page = browser.send("Approve", store_id=store, history="all")
    words = "Till 1 is approved for Puerto. It goes on by itself within a few seconds."
    assert (page.path, page.notice) == ("/terminals", words)
    bound = fetch(shop, asked).json()
    assert (bound["store"]["id"], bound["history"]) == (store, "all")
    assert "No till shows this code now" in browser.open(scanned(asked)).refused


def test_a_till_of_the_same_network_is_said_to_be_near(owners_browser: Browser, owner: Owner) -> None:
    assert "you call from the same network" in owners_browser.open(scanned(ask(owner.shop))).text


def test_no_store_of_several_is_chosen_before_the_person_does(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company()
    for name in ("Norte", "Puerto"):
        owner.store(company, name=name)
    to_the_choice(owners_browser, asked := ask(owner.shop))
    assert owners_browser.page.fields("Approve")["store_id"] == ""
    page = owners_browser.send("Approve", history="none")
    assert (page.status, page.fields("Approve")["history"]) == (422, "none")
    assert page.faults == {"store_id"}
    assert_problem(fetch(owner.shop, asked), 400, "authorization_pending")


def test_a_code_is_typed_and_the_till_denied(owners_browser: Browser, owner: Owner) -> None:
    asked = ask(owner.shop)
    owners_browser.open("/terminals")
    owners_browser.follow("Assign a till that shows a code")
    page = owners_browser.send("Look for the till", code=f" {asked['user_code'].lower()} ")
    assert asked["user_code"] in page.text
    page = owners_browser.send("No: deny it")
    assert (page.path, page.notice) == ("/d", "Till 1 was denied: it gets nothing.")
    assert_problem(fetch(owner.shop, asked), 400, "access_denied")


def test_what_no_till_shows_is_said_and_kept_in_its_field(owners_browser: Browser, owner: Owner) -> None:
    owners_browser.open("/d")
    assert owners_browser.send("Look for the till", code="").path == "/d"
    for typed in ("bcdf-ghjk", HOSTILE, "é/../../login?next=x", "B" * 3000):
        page = owners_browser.send("Look for the till", code=typed)
        assert (page.status, page.title) == (400, "Assign a till that shows a code")
        assert "No till shows this code now" in page.refused
        assert "<script>alert" not in page.answer.text
    owners_browser.send("Look for the till", code="BCDF-GHJL")
    page = owners_browser.open(scanned(ask(owner.shop)))
    assert (page.status, page.answer.headers["retry-after"]) == (429, "120")


def test_what_a_till_calls_itself_is_no_markup(owners_browser: Browser, owner: Owner) -> None:
    form = {"terminal_id": str(uuid.uuid4()), "name": HOSTILE, "software": HOSTILE}
    asked = owner.shop.http.post("/v1/device-authorizations", json=form).json()
    page = owners_browser.open(scanned(asked))
    assert HOSTILE in page.text
    assert "<script>alert" not in page.answer.text


def test_a_till_of_another_store_moves_once_that_is_ticked(owners_browser: Browser, owner: Owner) -> None:
    shop, till = owner.shop, owner.assign(owner.store(name="Uno"))
    other, asked = owner.store(name="Dos"), ask(owner.shop, till.id)
    to_the_choice(owners_browser, asked)
    assert owners_browser.page.fields("Approve")["store_id"] == till.store
    assert "It sends to Uno now. Yes, it may move to another store." in owners_browser.page.text
    page = owners_browser.send("Approve", store_id=other)
    assert (page.status, "Confirm that it moves" in page.refused) == (409, True)
    assert page.fields("Approve")["store_id"] == other
    page = owners_browser.send("Approve", store_id=other, move="true")
    assert "is approved for Dos" in page.notice
    assert fetch_later(shop, asked).json()["store"]["id"] == other


def test_a_till_of_another_account_is_not_approved(owners_browser: Browser, owner: Owner) -> None:
    stranger = owner.shop.owner()
    strange, store = stranger.assign(stranger.store(name="Elsewhere")), owner.store()
    asked = ask(owner.shop, strange.id)
    to_the_choice(owners_browser, asked)
    assert "Elsewhere" not in owners_browser.page.text
    page = owners_browser.send("Approve", store_id=store, move="true")
    assert (page.status, "Its owner has to release it first" in page.refused) == (409, True)
    page = owners_browser.send("Approve", store_id=strange.store)
    assert page.status == 404, "a store of somebody else"
    assert_problem(fetch(owner.shop, asked), 400, "authorization_pending")


def test_who_has_no_store_makes_one_first(owners_browser: Browser, owner: Owner) -> None:
    to_the_choice(owners_browser, ask(owner.shop))
    assert "You have no store yet" in owners_browser.page.text
    assert owners_browser.follow("Make a company").path == "/companies/new"
