"""Passkeys as a second factor: made, used, refused where something does not fit."""

import pytest

from factorypos_tui.server.domain.second_factor.passkeys import Site, site_of
from tests.server.authenticator import Authenticator
from tests.server.shop import Owner, Shop
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers
from tests.server.web.second_factors import (
    PAGE,
    add_passkey,
    asked_of,
    first_step,
    recovery_codes,
    use_passkey,
)


@pytest.fixture
def device(owners_browser: Browser) -> Authenticator:
    """The phone of `owner`, with a passkey."""
    device = Authenticator()
    page = add_passkey(owners_browser, device)
    assert len(recovery_codes(page)) == 10, page.text
    return device


def waiting(browsers: Browsers, owner: Owner) -> Browser:
    """A browser that waits for the second step."""
    browser = browsers("en")
    assert first_step(browser, owner).path == "/login/second"
    return browser


def test_a_passkey_is_named_listed_used_and_removed(
    device: Authenticator, owners_browser: Browser, browsers: Browsers, owner: Owner
) -> None:
    browser, second = waiting(browsers, owner), Authenticator()
    assert use_passkey(browser, device).path == "/"
    page = add_passkey(owners_browser, second, "The stick")
    assert page.notice == "The passkey The stick is added."
    assert recovery_codes(page) == []
    assert "Ana's phone" in page.text
    owners_browser.send_named("Remove the passkey Ana's phone")
    browser = waiting(browsers, owner)
    asked = asked_of(browser, "Use a passkey")
    assert browser.send("Use a passkey", credential=device.sign(asked)).status == 403
    assert use_passkey(browser, second).path == "/"
    subjects = [owner.next_letter()["Subject"] for _ in range(3)]
    assert sorted(subjects) == ["A passkey is added", "A passkey is added", "A passkey is removed"]


def test_a_passkey_proves_who_it_is(device: Authenticator, browsers: Browsers, owner: Owner) -> None:
    browser = waiting(browsers, owner)
    use_passkey(browser, device)
    assert browser.open(f"{PAGE}/app").path == "/prove"
    assert use_passkey(browser, device).path == f"{PAGE}/app"


def test_an_answer_of_a_passkey_counts_once(device: Authenticator, browsers: Browsers, owner: Owner) -> None:
    browser, other = waiting(browsers, owner), waiting(browsers, owner)
    answer = device.sign(asked_of(browser, "Use a passkey"))
    asked_of(other, "Use a passkey")
    assert other.send("Use a passkey", credential=answer).status == 403, "it was asked of another log-in"
    assert browser.send("Use a passkey", credential=answer).path == "/"
    third = waiting(browsers, owner)
    assert third.send("Use a passkey", credential=answer).status == 403, "nothing was asked"


def test_a_passkey_that_does_not_count_on_is_a_copy(
    device: Authenticator, browsers: Browsers, owner: Owner
) -> None:
    copy = Authenticator(id=device.id, key=device.key, count=device.count)
    assert use_passkey(waiting(browsers, owner), device).path == "/"
    assert use_passkey(waiting(browsers, owner), copy).status == 403


@pytest.mark.parametrize("wrong", ["origin", "verifies", "key"])
def test_a_passkey_that_does_not_fit_is_refused(
    device: Authenticator, browsers: Browsers, owner: Owner, wrong: str
) -> None:
    browser, real_key = waiting(browsers, owner), device.key
    setattr(
        device,
        wrong,
        {"origin": "https://cloud.example.org", "verifies": False}.get(wrong, Authenticator().key),
    )
    assert use_passkey(browser, device).status == 403
    device.origin, device.verifies, device.key = "https://cloud.example.com", True, real_key
    assert use_passkey(browser, device).path == "/"


@pytest.mark.parametrize(
    "said", ["{}", "[]", "nothing", '{"id": 7}', "[" * 5000, '{"id":"AA","rawId":"AA","type":"public-key"}']
)
def test_what_is_no_answer_of_a_passkey_is_refused(
    device: Authenticator, owners_browser: Browser, browsers: Browsers, owner: Owner, said: str
) -> None:
    browser = waiting(browsers, owner)
    asked_of(browser, "Use a passkey")
    assert browser.send("Use a passkey", credential=said).status == 403
    owners_browser.open(f"{PAGE}/passkey")
    asked_of(owners_browser, "Make the passkey")
    assert owners_browser.send("Make the passkey", name="No", credential=said).status == 400


def test_a_passkey_is_made_once_and_by_who_asked(
    device: Authenticator, shop: Shop, browsers: Browsers, owners_browser: Browser
) -> None:
    assert add_passkey(owners_browser, device, "Twice").status == 409
    stranger = browsers("en")
    stranger.log_in(shop.owner())
    assert add_passkey(stranger, device, "Theirs").status == 409
    assert add_passkey(stranger, Authenticator(verifies=False)).status == 400


def test_passkeys_are_for_the_name_of_the_server_alone() -> None:
    assert site_of("https://Cloud.Example.com/shop/", "localhost", 80) == Site(
        "cloud.example.com", "https://cloud.example.com"
    )
    assert site_of("https://c.example.com:8443", "localhost", 1) == Site(
        "c.example.com", "https://c.example.com:8443"
    )
    assert site_of(None, "localhost", 8000) == Site("localhost", "http://localhost:8000")
    for public in ("https://192.0.2.1", "https://[2001:db8::1]", "http://cloud.example.com", "https://till"):
        assert site_of(public, "localhost", 80) is None
