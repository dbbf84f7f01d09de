"""Registering, and a new password for a forgotten one, as a person does it in a browser without scripts."""

import re

import pytest

from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.shop import PASSWORD, Owner, Shop
from tests.server.test_resets import code_in
from tests.server.web.browser import SITE, Browser
from tests.server.web.conftest import Browsers

NEW = "a different walk"


def link_in(text: str) -> str:
    """The path of the link of a mail."""
    found = re.search(rf"^{SITE}(/\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def mail_to(browser: Browser, owner: Owner) -> str:
    """Ask for a new password; the text of the mail."""
    browser.open("/login")
    browser.follow("I forgot the password")
    page = browser.send("Send the mail", email=owner.email.upper())
    assert page.path == "/recover/code"
    assert page.notice == "If there is an account with this e-mail, a code is on its way."
    return str(owner.next_letter().get_content())


def test_a_stranger_registers_and_is_logged_in(shop: Shop, browsers: Browsers) -> None:
    email = f"new-{shop.owner().email}"
    browser = browsers("es")
    browser.open("/login")
    browser.follow("No tengo cuenta")
    page = browser.send("Alta", name="Ñandú <i>", email=email, password="short")
    assert (page.status, page.faults) == (422, {"password"})
    assert page.fields("Alta") | {"csrf": ""} == {
        "csrf": "",
        "language": "es",
        "name": "Ñandú <i>",
        "email": email,
        "password": "",
    }
    page = browser.send("Alta", password=PASSWORD)
    assert (page.path, page.notice) == ("/", "Su cuenta está creada.")
    assert browser.open("/").notice == "", "it is said once"
    account = shop.log_in(email).call("GET", "/sessions/current").json()
    assert (account["name"], account["language"]) == ("Ñandú <i>", "es")
    again = browsers("en")
    again.open("/register")
    page = again.send("Register", name="Eva", email=email, password=PASSWORD)
    assert page.status == 409
    assert page.refused.startswith("There is an account with this e-mail")


def test_where_registration_is_by_invitation_the_page_says_whom_to_ask(
    shop: Shop, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.open("/register")
    closed = type(shop.cloud)
    monkeypatch.setattr(closed, "is_open", False)
    monkeypatch.setattr(closed, "contact", "Eva <600 123 123>")
    page = browser.send("Register", name="Eva", email="eva@example.com", password=PASSWORD)
    assert page.status == 403
    page = browser.open("/register")
    assert "Ask Eva <600 123 123> for an account" in page.text
    assert not list(page.tree.iter("form"))


def test_a_forgotten_password_is_replaced_by_the_link_once(browser: Browser, owner: Owner) -> None:
    link = link_in(mail_to(browser, owner))
    for _ in range(3):  # a program that reads mails opens it first
        page = browser.open(link)
        assert page.answer.headers["referrer-policy"] == "no-referrer"
    page = browser.send("Change password", password="passwordpassword")
    assert (page.status, page.faults) == (422, {"password"})
    page = browser.send("Change password", password=NEW)
    assert (page.path, page.notice[:24]) == ("/login", "Your new password is set")
    browser.send("Log in", email=owner.email, password=NEW)
    assert browser.page.path == "/"
    browser.open(link)
    page = browser.send("Change password", password=NEW)
    assert page.status == 400
    assert page.refused == "This code is used up, too old or mistyped. Ask for a new one."


def test_a_forgotten_password_is_replaced_by_the_code(browser: Browser, owner: Owner) -> None:
    code = code_in(mail_to(browser, owner))
    assert browser.page.fields("Change password")["email"].casefold() == owner.email
    page = browser.send("Change password", code="ZZZZZZZZ", password=NEW)
    assert (page.status, page.refused[:19]) == (400, "This code is used u")
    page = browser.send("Change password", code=f" {code.lower()}", password=NEW)
    assert page.path == "/login"
    browser.send("Log in", email=owner.email, password=NEW)
    assert browser.page.path == "/"


def test_a_link_of_before_still_serves_without_a_script(browser: Browser, owner: Owner) -> None:
    token = link_in(mail_to(browser, owner)).partition("=")[2]
    browser.open(f"/reset#{token}")
    assert browser.send("Change password", token=token, password=NEW).path == "/login"


def test_asking_for_a_mail_tells_nobody_who_has_an_account(browser: Browser, owner: Owner) -> None:
    answers = []
    for email in (owner.email, f"nobody-{owner.email}"):
        browser.open("/recover")
        page = browser.send("Send the mail", email=email)
        answers.append((page.status, page.path, page.text))
    assert answers[0] == answers[1]
    browser.open("/recover")
    for _ in range(5):
        page = browser.send("Send the mail", email=owner.email) if browser.page.path == "/recover" else page
        browser.open("/recover")
    page = browser.send("Send the mail", email=owner.email)
    assert (page.status, page.fields("Send the mail")["email"]) == (429, owner.email)


def test_what_happens_at_the_door_is_noted_as_by_the_api(browser: Browser, owner: Owner, shop: Shop) -> None:
    account = owner.call("GET", "/sessions/current").json()["id"]
    browser.log_in(owner)
    browser.send("Log out")
    link = link_in(mail_to(browser, owner))
    browser.open(link)
    browser.send("Change password", password=NEW)
    with shop.cloud.database.connection_context():
        rows = AuditEntry.select().where(AuditEntry.subject == account).order_by(AuditEntry.id)
        actions = [row.action for row in rows.bind(shop.cloud.database)]
    assert actions == ["account.created", "log_in", "log_in", "log_out", "password.changed"]
