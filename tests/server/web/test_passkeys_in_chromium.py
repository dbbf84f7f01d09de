"""Passkeys in a browser as people have it, with an authenticator that Chromium plays: on this machine."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from tests.server.conftest import at_work, opened
from tests.server.shop import PASSWORD, Owner, Shop
from tests.server.web.second_factors import PAGE
from tests.server.web.test_in_chromium import findings


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """On this machine alone, as `cloud serve` is without options: plain http."""
    with (
        opened("sqlite", request, tmp_path_factory.mktemp("cloud")) as database,
        at_work(database, public_url=None) as shop,
    ):
        yield shop


@pytest.fixture
def window(chromium: Chromium, shop: Shop) -> Iterator[BrowserContext]:
    port = shop.http.base_url.port
    with chromium.new_context(base_url=f"http://localhost:{port}") as context:
        yield context


def with_an_authenticator(window: BrowserContext) -> Page:
    """A page whose browser has a key that its person opens each time."""
    page = window.new_page()
    devices = window.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    opens = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, **opens}})
    return page


def log_in(page: Page, owner: Owner) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_passkey_is_made_and_logs_in(window: BrowserContext, shop: Shop) -> None:
    page, owner, complaints = with_an_authenticator(window), shop.owner(), list[str]()
    page.on("console", lambda said: complaints.append(said.text))
    log_in(page, owner)
    page.get_by_role("button", name="Log out", exact=True).wait_for()
    page.goto(f"{PAGE}/passkey")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name", exact=True).fill("Ana's phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("status")).to_contain_text("Your recovery codes")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert findings(page) == []
    page.get_by_role("button", name="Log out", exact=True).click()
    log_in(page, owner)
    page.wait_for_url("**/login/second*")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert findings(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Log out", exact=True).wait_for()
    page.goto(f"{PAGE}/app")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**{PAGE}/app")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert findings(page) == []
    page.goto(PAGE)
    assert complaints == []
