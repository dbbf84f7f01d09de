"""A second factor by an authenticator app: set up, asked for at the log-in and before what can do harm."""

import pytest

from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.ops import users
from factorypos_tui.server.storage.tables import StoredLetter
from tests.server.racing import at_once
from tests.server.shop import PASSWORD, Owner, Shop
from tests.server.test_factor_by_role import ask_from, set_up
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers
from tests.server.web.second_factors import (
    PAGE,
    STEP,
    code_of,
    first_step,
    recovery_codes,
    set_up_app,
)

NEW = "a different walk"


@pytest.fixture
def app(owners_browser: Browser, shop: Shop) -> tuple[str, list[str]]:
    """The secret of an app of `owner`, whose first code was used just now; and the recovery codes."""
    made = set_up_app(owners_browser, shop)
    shop.clock.advance(STEP)
    return made


def test_an_app_is_set_up_by_its_first_code(owners_browser: Browser, owner: Owner, shop: Shop) -> None:
    owners_browser.open("/account")
    assert owners_browser.follow("Set up an authenticator app").path == "/prove"
    page = owners_browser.send("Go on", password=PASSWORD)
    secret = page.fields("Set it up")["secret"]
    assert secret in page.text.replace(" ", "")
    assert "<svg" in page.answer.text, "a QR code"
    page = owners_browser.send("Set it up", code="000000")
    assert (page.status, page.faults, page.fields("Set it up")["secret"]) == (422, {"code"}, secret)
    page = owners_browser.send("Set it up", code=f" {code_of(secret, shop)[:3]} {code_of(secret, shop)[3:]}")
    codes = recovery_codes(page)
    assert len(set(codes)) == 10
    assert "Codes left: 10" in page.text
    again = owners_browser.open(str(page.url.raw_path.decode()))
    assert recovery_codes(again) == [], "they are shown once"
    assert "An authenticator app is set up" in owner.next_letter()["Subject"]
    for path in (PAGE, f"{PAGE}/app", "/account"):
        assert secret not in owners_browser.open(path).text.replace(" ", ""), "the secret is shown once"


def test_a_log_in_has_two_steps_and_leads_where_one_wanted_to_go(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    browser = browsers("en")
    page = first_step(browser, owner, "/terminals")
    assert (page.path, page.title) == ("/login/second", "Second step")
    assert "__Host-session" not in browser.cookies()
    page = browser.send("Log in", code="000000")
    assert (page.status, page.fields("Log in")["code"]) == (403, "000000"), "it keeps what was typed"
    assert browser.send("Log in", code=code_of(app[0], shop)).path == "/terminals"
    assert "__Host-second_step" not in browser.cookies()


def test_a_code_counts_once_and_a_clock_may_be_a_step_off(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    def logs_in(code: str) -> bool:
        browser = browsers("en")
        first_step(browser, owner)
        return browser.send("Log in", code=code).path == "/"

    now = code_of(app[0], shop)
    assert not logs_in(code_of(app[0], shop, -1)), "it was used to set the app up"
    assert not logs_in(code_of(app[0], shop, 2)), "two steps are too much"
    assert logs_in(code_of(app[0], shop, 1)), "the clock of the phone is fast"
    assert not logs_in(now), "older than one that was used"
    shop.clock.advance(3 * STEP)
    assert logs_in(code_of(app[0], shop, -1)), "the clock of the phone is slow"


def test_a_code_that_many_send_at_once_logs_one_in(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    several = [browsers("en") for _ in range(4)]
    for browser in several:
        first_step(browser, owner)
    code = code_of(app[0], shop)

    def send(browser: Browser) -> str:
        return browser.send("Log in", code=code).path

    paths = at_once([lambda it=it: send(it) for it in several])  # type: ignore[misc]
    assert sorted(paths) == ["/", *["/login/second"] * 3]


def test_a_recovery_code_that_many_send_at_once_logs_one_in(
    app: tuple[str, list[str]], owner: Owner, shop: Shop
) -> None:
    form = {"email": owner.email, "password": PASSWORD, "code": app[1][0].lower().replace("-", " ")}
    answers = at_once([lambda: shop.http.post("/v1/sessions", json=form).status_code] * 4)
    assert sorted(answers) == [201, 401, 401, 401]


def test_a_recovery_code_is_told_by_mail_and_they_are_made_anew(
    app: tuple[str, list[str]], owners_browser: Browser, browsers: Browsers, owner: Owner
) -> None:
    browser = browsers("en")
    first_step(browser, owner)
    assert browser.send("Log in", code=app[1][3]).path == "/"
    while "A recovery code was used" not in (letter := owner.next_letter())["Subject"]:
        pass
    assert "Codes left: 9." in letter.get_content()
    page = browser.open(PAGE)
    assert "Codes left: 9." in page.text
    assert browser.send("Make new codes").path == "/prove"
    assert browser.send("Go on", code=app[1][4]).path == PAGE
    fresh = recovery_codes(browser.send("Make new codes"))
    assert len(fresh) == 10
    assert "New recovery codes" in [owner.next_letter()["Subject"] for _ in range(2)]
    other = browsers("en")
    first_step(other, owner)
    assert other.send("Log in", code=app[1][5]).status == 403
    assert other.send("Log in", code=fresh[0]).path == "/"


def test_nothing_is_open_between_the_steps(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner
) -> None:
    browser = browsers("en")
    first_step(browser, owner)
    for path in ("/", "/account", PAGE, "/terminals", "/prove"):
        assert browser.open(path).path == "/login"
    token = browser.cookies()["__Host-second_step"].value
    bearer = {"Authorization": f"Bearer {token}"}
    assert owner.shop.http.get("/v1/companies", headers=bearer).status_code == 401
    browser.http.cookies.set("__Host-session", token, domain="cloud.example.com", path="/")
    assert browser.open("/account").path == "/login"


def test_the_second_step_is_of_one_browser_and_its_session_is_new(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    browser, other = browsers("en"), browsers("en")
    browser.http.cookies.set("__Host-session", "planted", domain="cloud.example.com", path="/")
    first_step(browser, owner)
    assert other.open("/login/second").path == "/login"
    step = browser.cookies()["__Host-second_step"].value
    browser.send("Log in", code=code_of(app[0], shop))
    session = browser.cookies()["__Host-session"].value
    assert session not in ("planted", step)
    other.http.cookies.set("__Host-second_step", step, domain="cloud.example.com", path="/")
    assert other.open("/login/second").path == "/login", "it is used up"


def test_the_second_step_waits_for_five_minutes_and_five_tries(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    slow, guessing = browsers("en"), browsers("en")
    for browser in (slow, guessing):
        first_step(browser, owner)
    for _ in range(5):
        assert guessing.send("Log in", code="0000-0000-0000-0000").status == 403
    page = guessing.send("Log in", code=code_of(app[0], shop))
    assert (page.path, page.notice[:19]) == ("/login", "This took too long,")
    shop.clock.advance(5 * 60)
    assert slow.send("Log in", code=code_of(app[0], shop)).path == "/login"


def test_guessing_ends_and_does_not_lock_the_owner_out(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    """Somebody knows the password, and guesses from more and more networks."""

    def tries(place: str, code: str) -> int:
        form = {"email": owner.email, "password": PASSWORD, "code": code}
        forwarded = {"X-Forwarded-For": place}
        return shop.http.post("/v1/sessions", json=form, headers=forwarded).status_code

    right = code_of(app[0], shop)
    wrong = "000000" if right != "000000" else "000001"
    guesses = [tries(f"198.51.100.{n}", wrong) for n in range(21)]
    assert guesses == [401] * 20 + [429]
    assert tries("203.0.113.7", right) == 429, "also where it is right"
    assert tries("203.0.113.7", app[1][0]) == 201, "the owner, at a new place, has a recovery code"
    browser = browsers("en")
    first_step(browser, owner)
    assert browser.send("Log in", code=right).path == "/", "the owner, at a place of before"


def test_a_new_password_leaves_the_second_factor_and_ends_what_waits(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    waiting, browser = browsers("en"), browsers("en")
    first_step(waiting, owner)
    shop.http.post("/v1/password-resets", json={"email": owner.email})
    while "Choose a new password" not in (letter := owner.next_letter())["Subject"]:
        pass
    token = letter.get_content().partition("token=")[2].split()[0]
    form = {"token": token, "password": NEW}
    assert shop.http.post("/v1/password-resets/confirm", json=form).status_code == 204
    assert waiting.send("Log in", code=code_of(app[0], shop)).path == "/login"
    assert first_step(browser, owner, password=NEW).path == "/login/second"
    assert browser.send("Log in", code=code_of(app[0], shop)).path == "/"


def test_the_password_alone_proves_nothing_any_more(
    app: tuple[str, list[str]], owners_browser: Browser, browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    browser = browsers("en")
    first_step(browser, owner)
    browser.send("Log in", code=code_of(app[0], shop))
    browser.open(f"{PAGE}/passkey")
    assert browser.page.path == "/prove"
    csrf = {"csrf": browser.page.fields("Go on")["csrf"], "next": "/"}
    assert browser.http.post("/prove", data={**csrf, "password": PASSWORD}).status_code == 422
    assert browser.http.post("/prove/code", data=csrf).status_code == 403
    assert browser.send("Go on", code=code_of(app[0], shop)).status == 403, "it was used for the log-in"
    shop.clock.advance(STEP)
    assert browser.send("Go on", code=code_of(app[0], shop)).path == f"{PAGE}/passkey"


def test_log_ins_by_the_password_alone_end_once_there_is_a_second_factor(
    owners_browser: Browser, browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    thief = browsers("en")
    thief.log_in(owner)
    thief.open(f"{PAGE}/app")
    thief.send("Go on", password=PASSWORD)
    set_up_app(owners_browser, shop)
    assert thief.open(PAGE).path == "/login"
    assert owner.call("GET", "/sessions/current").status_code == 401, "that of a till or program, too"
    assert owners_browser.open(PAGE).text.count("Remove") == 1


def test_the_last_one_that_is_removed_turns_it_off(
    app: tuple[str, list[str]], owners_browser: Browser, browsers: Browsers, owner: Owner
) -> None:
    owners_browser.open(PAGE)
    page = owners_browser.send_named("Remove the authenticator app")
    assert "the password alone" in page.notice
    assert first_step(browsers("en"), owner).path == "/"
    subjects = [owner.next_letter()["Subject"] for _ in range(2)]
    assert subjects == ["An authenticator app is set up", "The authenticator app is removed"]


def test_the_host_takes_a_lost_second_factor_away(
    app: tuple[str, list[str]], browsers: Browsers, owner: Owner, shop: Shop
) -> None:
    assert users.take_second_factor_away(shop.cloud.database, owner.email)
    assert not users.take_second_factor_away(shop.cloud.database, owner.email)
    assert first_step(browsers("en"), owner).path == "/"
    database = shop.cloud.database
    with database.connection_context():
        told = StoredLetter.select().where(StoredLetter.recipient == owner.email).bind(database)
        assert "Your second factor was taken away" in [letter.subject for letter in told]


def test_who_needs_one_is_led_to_its_page_and_told_why(shop: Shop, owner: Owner, browsers: Browsers) -> None:
    company = owner.company()
    store = owner.store(company)
    set_up(owner)
    viewer = owner.admit(shop.owner(), company, Role.VIEWER)
    assert ask_from(owner, company, "viewer").status_code == 200
    browser = browsers("en")
    browser.log_in(viewer)
    home = browser.open("/")
    assert "Bar Ana" in home.text
    assert "asks for a second factor" in home.text
    assert store not in home.text
    for path in (f"/companies/{company}", f"/stores/{store}", f"/companies/{company}/today"):
        page = browser.open(path)
        assert page.path == PAGE
        assert "asks for a second factor" in page.text
