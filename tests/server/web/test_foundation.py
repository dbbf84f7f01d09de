"""What holds for every page: forms, cookies, refusals, addresses."""

import re
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import OperationalError

from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.web.rendering import Links
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem
from tests.server.web.browser import SITE, Browser
from tests.server.web.conftest import Browsers


def test_who_is_not_logged_in_comes_to_the_page_wanted_after_the_log_in(
    browser: Browser, owner: Owner
) -> None:
    owner.store(name="Puerto <b>&amp;")
    page = browser.open("/?kept=1")
    assert (page.path, page.title) == ("/login", "Log in")
    page = browser.send("Log in", email=owner.email, password=PASSWORD)
    assert str(page.url) == f"{SITE}/?kept=1"
    assert "Puerto <b>&amp;" in page.text
    assert browser.open("/login").path == "/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_the_log_in_leads_to_no_other_site(browser: Browser, owner: Owner, wanted: str) -> None:
    browser.http.follow_redirects = False
    browser.open("/login")
    fields = browser.page.fields("Log in") | {"email": owner.email, "password": PASSWORD, "next": wanted}
    answer = browser.http.post("/login", data=fields)
    assert answer.status_code == 303
    assert httpx.URL(SITE).join(answer.headers["location"]).host == "cloud.example.com"


def test_the_session_is_in_a_cookie_of_this_host_alone(browser: Browser, owner: Owner) -> None:
    browser.log_in(owner)
    cookie = browser.cookies()["__Host-session"]
    assert (cookie.secure, cookie.path, cookie.domain_specified) == (True, "/", False)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite").lower() == "lax"
    browser.send("Log out")
    assert browser.page.path == "/login"
    assert "__Host-session" not in browser.cookies()
    browser.http.cookies.set("__Host-session", cookie.value, domain="cloud.example.com", path="/")
    assert browser.open("/").path == "/login", "the session itself has ended"


def test_a_form_without_its_proof_changes_nothing(owners_browser: Browser, browsers: Browsers) -> None:
    stranger = browsers("en")
    stranger.open("/login")
    foreign = stranger.page.fields("Log in")["csrf"]
    for proof in ({}, {"csrf": ""}, {"csrf": foreign}, {"csrf": "é"}):
        answer = owners_browser.http.post("/logout", data=proof)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (403, True)
    assert owners_browser.open("/").path == "/"
    fields = {**stranger.page.fields("Log in"), "email": "a@b.example", "password": PASSWORD}
    stranger.http.cookies.clear()
    assert stranger.http.post("/login", data=fields).status_code == 403


def test_a_form_needs_no_origin_and_fears_none(browser: Browser, owner: Owner) -> None:
    browser.open("/login")
    fields = browser.page.fields("Log in") | {"email": owner.email, "password": PASSWORD}
    assert "origin" not in browser.http.headers
    assert browser.http.post("/login", data=fields, headers={"Origin": "null"}).status_code == 200


def test_what_was_typed_survives_a_refusal_but_for_the_password(browser: Browser, owner: Owner) -> None:
    browser.open("/login?next=/%3Fkept")
    page = browser.send("Log in", email=f"{owner.email}", password='"><b>wrong')
    assert (page.status, page.refused) == (403, "The e-mail or the password is not right.")
    assert page.fields("Log in")["email"] == owner.email
    assert page.fields("Log in")["password"] == ""
    assert "wrong" not in page.answer.text
    page = browser.send("Log in", email="", password="")
    assert page.status == 422
    assert page.faults == {"email", "password"}
    assert browser.send("Log in", email=owner.email, password=PASSWORD).url.query == b"kept"


def test_the_throttle_of_the_api_holds_here_too(browser: Browser, owner: Owner) -> None:
    wrong = {"email": owner.email, "password": "wrong"}
    for _ in range(5):
        browser.shop.http.post("/v1/sessions", json=wrong)
    browser.open("/login")
    for _ in range(6):
        page = browser.send("Log in", wrong)
    assert page.status == 429
    assert int(page.answer.headers["retry-after"]) > 0
    assert page.refused.startswith("Too many attempts")


@pytest.mark.parametrize(
    ("language", "title"), [("en", "There is no such page"), ("es", "Esta página no existe")]
)
def test_a_browser_reads_refusals_in_words_and_a_program_reads_problems(
    shop: Shop, browsers: Browsers, language: str, title: str
) -> None:
    browser = browsers(language)
    page = browser.open("/nowhere/at/all")
    assert (page.status, page.title) == (404, title)
    assert page.links == ["/"]
    assert_problem(browser.http.get("/v1/nowhere"), 404, "not_found")
    assert_problem(shop.http.get("/nowhere"), 404, "not_found")
    assert browser.http.post("/nowhere").status_code == 404
    assert browser.http.delete("/login").status_code == 405
    large = browser.http.post("/login", data={"email": "a" * 17_000})
    assert (large.status_code, "16 KiB" in large.text) == (413, True)


def test_a_mistake_of_the_server_is_told_in_words(
    browser: Browser, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.log_in(owner)
    monkeypatch.setattr("factorypos_tui.server.web.home.stores_by_company", lambda *_: 1 / 0)
    page = browser.open("/")
    assert (page.status, page.title) == (500, "The server made a mistake")
    assert page.answer.headers["x-request-id"] in page.text
    assert "division" not in page.answer.text


def test_a_page_speaks_the_language_of_the_account_then_of_the_browser(
    shop: Shop, browsers: Browsers
) -> None:
    spaniard, browser = shop.owner("es-ES"), browsers("en")
    assert browser.open("/").title == "Log in"
    assert browser.log_in(spaniard).title == "Hoy"
    assert next(browser.page.tree.iter("html")).get("lang") == "es"
    browser = browsers("es")
    assert browser.open("/").title == "Iniciar sesión"
    del browser.http.headers["accept-language"]
    assert browser.open("/").title == "Log in"


def test_a_page_loads_from_this_server_alone_and_runs_nothing(browser: Browser) -> None:
    page = browser.open("/login")
    policy = page.answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    loaded = [part for part in page.tree.iter() if part.tag in ("link", "script", "img")]
    sources = [str(part.get("href") or part.get("src")) for part in loaded]
    for source in sources:
        kept = browser.http.get(source)
        assert kept.status_code == 200
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert re.search(r"static/style\.[0-9a-f]{16}\.css$", sources[0])
    assert page.answer.headers["cache-control"] == "no-store"
    of_another_version = browser.http.get("/static/style.0123456789abcdef.css")
    assert (of_another_version.status_code, of_another_version.headers["cache-control"]) == (200, "no-store")
    assert browser.http.get("/static/style.css").status_code == 404
    assert browser.http.get("/static/..%2Fvisits.py").status_code == 404


def test_a_session_that_ended_leads_to_the_log_in_and_a_form_of_it_says_so(
    owners_browser: Browser, owner: Owner
) -> None:
    proof = owners_browser.page.fields("Log out")
    assert owner.call("DELETE", "/sessions").status_code == 204
    answer = owners_browser.http.post("/logout", data=proof)
    assert answer.status_code == 403
    assert owners_browser.open("/").path == "/login"


def test_a_disabled_account_sees_no_page(owners_browser: Browser, owner: Owner, shop: Shop) -> None:
    with shop.cloud.database.connection_context():
        mine = Account.update(disabled_at="2026-03-02T12:00:00.000Z").where(Account.email == owner.email)
        mine.execute(shop.cloud.database)
    assert owners_browser.open("/").path == "/login"


def test_a_proxy_may_put_any_path_before_all_pages(shop: Shop, owner: Owner) -> None:
    browser = Browser(shop, prefix="/shops/of/ours")
    with browser.http:
        page = browser.open("/account?kept=1")
        assert page.path == "/shops/of/ours/login"
        page = browser.send("Log in", email=owner.email, password=PASSWORD)
        assert str(page.url) == f"{SITE}/shops/of/ours/account?kept=1"
        assert {path.startswith("/shops/of/ours/") for path in page.links} == {True}
        style = str(next(page.tree.iter("link")).get("href"))
        assert browser.http.get(page.url.join(style)).status_code == 200
        page = browser.open("/no/such/page")
        assert (page.status, page.links) == (404, ["/shops/of/ours/"])
        assert browser.follow("To the first page").status == 200
        assert browser.send("Log out").path == "/shops/of/ours/login"


def test_a_database_that_does_not_answer_is_told_in_words(
    owners_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise OperationalError("no route to 10.0.0.7")

    monkeypatch.setattr("factorypos_tui.server.web.visits.visitor_behind", silent)
    page = owners_browser.open("/account")
    assert (page.status, page.title) == (503, "The server cannot answer now")
    assert int(page.answer.headers["retry-after"]) > 0
    assert "10.0.0.7" not in page.answer.text


def test_bytes_that_are_no_text_are_refused_and_shown_as_what_they_are_not(
    owners_browser: Browser,
) -> None:
    owners_browser.open("/account")
    proof = owners_browser.page.fields("Save")["csrf"]
    for fields in ({"csrf": b"\xff"}, {"csrf": proof.encode(), "name": b"\xff<", "language": b"en"}):
        files = {name: (None, content) for name, content in fields.items()}
        answer = owners_browser.http.post("/account", files=files)
        assert answer.status_code in (403, 422)


@given(
    st.lists(st.sampled_from(["/", "\\", ".", "..", ":", "?", "#", "@", "evil.example", "https", "\n", "é"])),
    st.sampled_from(["/", "/login", "/stores/1/days"]),
)
def test_no_address_leads_to_another_site(parts: list[str], here: str) -> None:
    address = Links(here).to("".join(parts))
    assert address.startswith(("./", "../")), "neither a scheme nor a host begins so"
    assert urlsplit(urljoin(SITE + here, address)).netloc == "cloud.example.com"
