"""The pages in a browser as people have them: whether everybody can use them, on a phone and on a desk, and
the main ways with a real click and a real key."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from tests.server.conftest import at_work, opened
from tests.server.post_office import post_office
from tests.server.premises import Premises, premises
from tests.server.servers import server
from tests.server.shop import PASSWORD, Shop
from tests.server.watch import watch
from tests.server.web.test_every_page import FOR_ANYBODY, PAGES, path_of

HARD_NAME = "Ñandú & <b>Söhne</b> " + "W" * 60


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """On this machine alone, as `cloud serve` is without options: plain http."""
    with (
        opened("sqlite", request, tmp_path_factory.mktemp("cloud")) as database,
        at_work(database, public_url=None) as shop,
    ):
        yield shop


@pytest.fixture(scope="module")
def its(shop: Shop) -> Premises:
    found = premises(shop, name=HARD_NAME)
    watch(shop)  # there is a conflict now
    return found


@pytest.fixture
def window(chromium: Chromium, shop: Shop) -> Iterator[BrowserContext]:
    with chromium.new_context(base_url=str(shop.http.base_url)) as context:
        yield context


def session_of(its: Premises) -> dict[str, str]:
    return {"name": "session", "value": its.owner.token, "url": str(its.owner.shop.http.base_url)}


MUTE_SCROLLERS = """[...document.querySelectorAll("main *")]
    .filter(it => it.scrollWidth > it.clientWidth && getComputedStyle(it).overflowX === "auto")
    .filter(it => it.tabIndex < 0 || !it.getAttribute("aria-label"))
    .map(it => it.outerHTML.slice(0, 80))"""
"""Boxes that scroll sideways, but that no key reaches or that have no name."""


def findings(page: Page) -> list[str]:
    """What axe-core says, and whether the page itself scrolls sideways, or a box in it that keys or readers
    do not find."""
    found = [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("it scrolls sideways")
    return found + [f"scrolls unnamed: {box}" for box in page.evaluate(MUTE_SCROLLERS)]


@pytest.mark.parametrize(("width", "colours"), [(360, "dark"), (1280, "light")])
def test_everybody_can_use_every_page(
    window: BrowserContext, its: Premises, width: int, colours: str
) -> None:
    page = window.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of two words
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    found = {}
    for route in sorted(PAGES, key=lambda route: route not in FOR_ANYBODY):
        if route not in FOR_ANYBODY:
            window.add_cookies([session_of(its)])  # type: ignore[list-item]  # the fields that are needed
        complaints.clear()
        page.goto(path_of(route, its))
        found[route] = findings(page) + complaints
    assert {route: faults for route, faults in found.items() if faults} == {}


def test_the_amounts_of_a_large_currency_fit_on_a_telephone(window: BrowserContext, shop: Shop) -> None:
    owner = shop.owner()
    till = owner.assign(owner.store())
    running, before = till.x(1, str(uuid.uuid4()), net=98_765_432_101), till.z(1, net=123_456_789_012)
    till.send_all([before, running])
    window.add_cookies([{"name": "session", "value": owner.token, "url": str(shop.http.base_url)}])
    page = window.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    store, day = f"/stores/{till.store}", before["business_date"]
    found = {}
    for path in (
        "/",
        store,
        f"{store}/days",
        f"{store}/days/{day}",
        f"{store}/reports/{before['report_id']}",
    ):
        page.goto(path)
        found[path] = findings(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_person_logs_in_with_keys_alone_and_stays_so(window: BrowserContext, its: Premises) -> None:
    page = window.new_page()
    page.goto("/account")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("E-mail").press_sequentially(its.owner.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    (cookie,) = [cookie for cookie in window.cookies() if cookie["name"] == "session"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", False)
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")


def test_a_link_of_before_brings_its_token_along(window: BrowserContext, shop: Shop, its: Premises) -> None:
    owner = shop.owner()
    assert shop.http.post("/v1/password-resets", json={"email": owner.email}).status_code == 202
    found = re.search(r"recover\?token=(\S+)", str(owner.next_letter().get_content()))
    assert found
    page = window.new_page()
    page.goto(f"/reset#{found[1]}")
    page.get_by_label("New password").fill("a different walk")
    assert not page.get_by_label("End of the link").is_visible()
    page.get_by_role("button", name="Change password").click()
    page.wait_for_url("**/login")
    assert page.get_by_role("status").inner_text().startswith("Your new password is set")


def test_the_first_page_needs_one_request_and_one_stylesheet(window: BrowserContext, its: Premises) -> None:
    window.add_cookies([session_of(its)])  # type: ignore[list-item]  # the fields that are needed
    page, asked = window.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto("/")
    assert asked[:2] == ["document", "stylesheet"]
    assert set(asked[2:]) <= {"other", "script", "eventsource"}, "an icon, and what is live"


def test_a_forgotten_password_is_replaced_by_what_a_mail_server_brings(
    chromium: Chromium, tmp_path: Path
) -> None:
    with (
        post_office() as office,
        server(tmp_path, "--mail", office.url) as address,
        chromium.new_context(base_url=address) as window,
    ):
        page = window.new_page()
        page.goto("/register")
        page.get_by_label("Your name").fill("Ana")
        page.get_by_label("E-mail").fill("ana@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Register").click()
        expect(page.get_by_role("status")).to_contain_text("it confirms your e-mail")
        page.get_by_role("button", name="Log out", exact=True).click()
        page.get_by_role("link", name="I forgot the password").click()
        page.get_by_label("E-mail").fill("ana@example.com")
        page.get_by_role("button", name="Send the mail").click()
        page.wait_for_url("**/recover/code")
        letters = (str(office.next_letter().get_content()) for _ in range(2))
        (link,) = [found[0] for text in letters if (found := re.search(r"http\S+/recover\S+", text))]
        page.goto(link)
        page.get_by_label("New password").fill("a different walk")
        page.get_by_role("button", name="Change password").click()
        page.wait_for_url("**/login")
        page.get_by_label("E-mail").fill("ana@example.com")
        page.get_by_label("Password").fill("a different walk")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("button", name="Log out", exact=True).wait_for()


def test_a_z_shows_on_the_first_page_without_a_reload(window: BrowserContext, shop: Shop) -> None:
    owner = shop.owner()
    till = owner.assign(owner.store(name="Centro"))
    window.add_cookies([{"name": "session", "value": owner.token, "url": str(shop.http.base_url)}])
    page = window.new_page()
    with page.expect_request(re.compile("/events$")):
        page.goto("/")
    page.evaluate("window.here = true")
    assert till.send(till.z(1, net=123456)).status_code == 201
    expect(page.get_by_role("article").get_by_text("1,234.56 EUR").first).to_be_visible()
    assert page.evaluate("window.here"), "the page is the same one"


def test_a_conflict_is_settled_by_looking_at_both_sides(window: BrowserContext, shop: Shop) -> None:
    its = premises(shop)
    watch(shop)
    window.add_cookies([session_of(its)])  # type: ignore[list-item]  # the fields that are needed
    page = window.new_page()
    page.goto("/alarms")
    expect(page.get_by_role("link", name="Alarms 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Counts now")).to_be_visible()
    kept = page.locator(".side", has_text="Kept beside it")
    kept.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("That report counts now.")
    expect(page.get_by_role("heading", name="Two reports for one close")).to_have_count(0)
