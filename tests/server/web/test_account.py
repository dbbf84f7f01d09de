"""A person's account in a browser: name, language, password, and where it is logged in."""

from xml.etree.ElementTree import Element

import pytest

from factorypos_tui.server.web.devices import device_words
from tests.server.shop import PASSWORD, Owner, assert_problem
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 "
    "Mobile Safari/537.36"
)


def words_of(part: Element) -> str:
    return " ".join("".join(part.itertext()).split())


def button_of(form: Element) -> str:
    """What a screen reader says of the button."""
    return str(next(form.iter("button")).get("aria-label"))


def test_name_and_language_change(owners_browser: Browser, owner: Owner) -> None:
    owners_browser.open("/")
    owners_browser.follow("Account")
    page = owners_browser.send("Save", name="", language="es")
    assert (page.status, page.faults) == (422, {"name"})
    page = owners_browser.send("Save", name="Ana María", language="es")
    assert (page.title, page.notice) == ("Cuenta", "Su nombre y su idioma están guardados.")
    assert page.fields("Guardar")["name"] == "Ana María"
    account = owner.call("GET", "/sessions/current").json()
    assert (account["name"], account["language"]) == ("Ana María", "es")
    page = owners_browser.send("Guardar", name="Ana", language="<script>")
    assert page.status == 422


def test_a_new_password_ends_every_other_session(
    owners_browser: Browser, browsers: Browsers, owner: Owner
) -> None:
    other = browsers("en")
    other.log_in(owner)
    owners_browser.open("/account")
    new = {"current_password": "wrong", "password": "a different walk"}
    page = owners_browser.send("Change password", new)
    assert (page.status, page.refused[:34]) == (403, "The present password is not right.")
    page = owners_browser.send("Change password", new, current_password=PASSWORD)
    assert (page.path, page.status) == ("/account", 200)
    assert page.notice == "Your new password is set, and every other session was ended."
    assert other.open("/account").path == "/login"
    assert_problem(owner.call("GET", "/companies"), 401, "unauthorized")


def test_a_person_sees_its_sessions_and_ends_one(
    owners_browser: Browser, browsers: Browsers, owner: Owner
) -> None:
    phone = browsers("en")
    phone.http.headers["User-Agent"] = PHONE
    phone.log_in(owner)
    owners_browser.http.headers["User-Agent"] = FIREFOX
    owners_browser.send("Log out")
    owners_browser.log_in(owner)
    page = owners_browser.open("/account")
    rows = [[words_of(cell) for cell in row.iter("td")] for row in page.tree.iter("tr")][1:]
    programs = ["Chrome on Android", "Firefox on Linux", "python-httpx 0.28.1"]
    assert sorted(row[0] for row in rows) == programs
    assert ["Firefox on Linux", "127.0.0.1", "Mon 2 Mar 2026 12:00", "This one"] in rows
    (end,) = [form for form in page.tree.iter("form") if "Android" in button_of(form)]
    answer = owners_browser.http.post(str(end.get("action")), data={"csrf": page.fields("Save")["csrf"]})
    assert "The session was ended." in answer.text
    assert phone.open("/").path == "/login"
    assert owners_browser.open("/").path == "/"
    answer = owners_browser.http.post(str(end.get("action")), data={"csrf": page.fields("Save")["csrf"]})
    assert answer.status_code == 404


def test_a_person_logs_out_everywhere(owners_browser: Browser, browsers: Browsers, owner: Owner) -> None:
    till, other = owner.assign(owner.store()), browsers("en")
    other.log_in(owner)
    owners_browser.open("/account")
    page = owners_browser.send("Log out everywhere")
    assert (page.path, page.notice[:31]) == ("/login", "You are logged out everywhere. ")
    assert owners_browser.open("/").path == "/login"
    assert other.open("/").path == "/login"
    assert till.call("GET", "/terminals/current").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome on Android"),
        (f"{PHONE} Edg/143.0", "Edge on Android"),
        (f"{PHONE} OPR/120.0", "Opera on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) Version/18.5 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Lynx/2.9.0 libwww-FM/2.14", "Lynx 2.9.0"),
        ("factorypos-tui/0.5.0", "factorypos-tui 0.5.0"),
        ("x" * 500, "x" * 60),
        ("", "Unknown program"),
    ],
)
def test_a_program_is_told_in_words_that_people_know(agent: str, words: str) -> None:
    assert device_words(agent) == words
