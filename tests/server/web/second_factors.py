"""What a person does with a second factor in a browser."""

import re

import httpx
import pyotp

from tests.server.authenticator import Authenticator
from tests.server.shop import PASSWORD, Json, Owner, Shop
from tests.server.web.browser import Browser, Page, words

PAGE = "/account/second-factor"
STEP = 30


def code_of(secret: str, shop: Shop, steps: int = 0) -> str:
    """What an app shows now, or some steps later."""
    return pyotp.TOTP(secret).at(int(shop.clock.now().timestamp()) + STEP * steps)


def set_up_app(browser: Browser, shop: Shop) -> tuple[str, list[str]]:
    """Set an app up; its secret, and the recovery codes. The next code is one step later."""
    browser.open(f"{PAGE}/app")
    if browser.page.path == "/prove":
        browser.send("Go on", password=PASSWORD)
    secret = browser.page.fields("Set it up")["secret"]
    page = browser.send("Set it up", code=code_of(secret, shop))
    assert page.path == PAGE, page.text
    return secret, recovery_codes(page)


def recovery_codes(page: Page) -> list[str]:
    return [it for it in words(page, "code") if re.fullmatch("[B-Z]{4}(-[B-Z]{4}){3}", it)]


def first_step(browser: Browser, owner: Owner, wanted: str = "/login", password: str = PASSWORD) -> Page:
    browser.open(wanted)
    return browser.send("Log in", email=owner.email, password=password)


def add_passkey(browser: Browser, device: Authenticator, name: str = "Ana's phone") -> Page:
    browser.open(f"{PAGE}/passkey")
    if browser.page.path == "/prove":
        browser.send("Go on", password=PASSWORD)
    asked = asked_of(browser, "Make the passkey")
    return browser.send("Make the passkey", name=name, credential=device.make(asked))


def asked_of(browser: Browser, button: str) -> Json:
    """What the script of the form of this button gets from the server."""
    form = browser.page.form(button)
    address = httpx.URL(str(browser.page.url)).join(str(form.get("data-ask")))
    answer = browser.http.post(address, data={"csrf": browser.page.fields(button)["csrf"]})
    assert answer.status_code == 200, answer.text
    asked: Json = answer.json()
    return asked


def use_passkey(browser: Browser, device: Authenticator) -> Page:
    asked = asked_of(browser, "Use a passkey")
    return browser.send("Use a passkey", credential=device.sign(asked))
