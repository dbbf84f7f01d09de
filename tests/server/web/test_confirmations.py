"""An e-mail is confirmed by whoever reads its mails; until then the account works and gets no other mail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from factorypos_tui.server.domain.confirmations import confirm
from factorypos_tui.server.errors import TooOften, Unreadable
from factorypos_tui.server.ops import users
from factorypos_tui.server.security.throttle import Limit
from factorypos_tui.server.storage.tables import Account, AuditEntry
from tests.server.conftest import KINDS, at_work, opened
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem
from tests.server.test_resets import code_in
from tests.server.web.browser import Browser, Page
from tests.server.web.conftest import Browsers

DAY = 24 * 60 * 60


@pytest.fixture(scope="session")
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """Apart from that of the other tests: the postman of their server would carry letters away."""
    return new_postgres()


@pytest.fixture(scope="module", params=KINDS)
def mailing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A server whose letters reach people."""
    folder = tmp_path_factory.mktemp("cloud")
    with opened(request.param, request, folder) as database, at_work(database, confirms=True) as shop:
        yield shop


@pytest.fixture
def shop(mailing: Shop) -> Shop:
    return mailing


@pytest.fixture
def new(shop: Shop) -> Owner:
    """Who has just registered, and has not read the mail yet."""
    return shop.owner()


def link_to(owner: Owner) -> str:
    """Path and token of the link in the next mail."""
    text = owner.next_letter().get_content()
    found = re.search(r"^https://cloud\.example\.com(/confirm\?token=[A-Za-z0-9_-]{32})$", text, re.MULTILINE)
    assert found, text
    return found[1]


def press(browser: Browser, link: str) -> Page:
    """What the button of the page leads to, in a browser without scripts."""
    assert browser.open(link).status == 200
    return browser.send({"en": "Confirm the e-mail", "es": "Confirmar el correo"}[browser.language])


def is_confirmed(owner: Owner) -> bool:
    return owner.call("GET", "/sessions/current").json()["confirmed_at"] is not None


def contradict(owner: Owner) -> None:
    till = owner.assign(owner.store())
    assert till.send(till.z(1)).status_code == 201
    assert till.send(till.z(1, net=2420)).status_code == 409


def test_the_button_behind_the_link_confirms_and_opening_it_does_not(
    shop: Shop, new: Owner, browser: Browser
) -> None:
    link = link_to(new)
    for _ in range(3):
        assert shop.http.get(link).status_code == 200
    assert not is_confirmed(new)
    page = press(browser, link)
    assert (page.path, page.notice) == ("/login", "The e-mail is confirmed.")
    assert is_confirmed(new)
    assert press(browser, link).status == 200, "who presses twice is not frightened"


def test_who_has_not_confirmed_works_and_gets_no_letter_until_then(
    shop: Shop, new: Owner, browser: Browser
) -> None:
    link = link_to(new)
    contradict(new)
    shop.clock.advance(1)  # letters leave in the order in which they were written
    form = {"current_password": PASSWORD, "password": f"{PASSWORD} again"}
    assert new.call("PUT", "/users/current/password", json=form).status_code == 204
    assert new.call("POST", "/users/current/confirmation").status_code == 202
    assert new.next_letter()["Subject"] == "Confirm your e-mail"
    assert press(browser, link).status == 200
    contradict(new)
    assert new.next_letter()["Subject"] == "Two different reports for one close"


def test_a_new_link_is_mailed_and_the_one_before_stays_good(shop: Shop, new: Owner, browser: Browser) -> None:
    first = link_to(new)
    assert new.call("POST", "/users/current/confirmation").status_code == 202
    assert link_to(new) != first
    assert press(browser, first).status == 200
    answer = new.call("POST", "/users/current/confirmation")
    assert_problem(answer, 409, "email_confirmed")


def test_links_are_mailed_five_times_in_a_quarter_of_an_hour(shop: Shop, new: Owner) -> None:
    answers = [new.call("POST", "/users/current/confirmation") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_link_is_good_for_three_days(shop: Shop, new: Owner, browser: Browser) -> None:
    link = link_to(new)
    noon = shop.clock.now()
    shop.clock.advance(3 * DAY)
    late = press(browser, link)
    shop.clock.jump(noon)
    assert late.status == 400
    assert "ask for a new mail" in late.refused
    assert not is_confirmed(new)


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "<b>"])
def test_a_link_that_nobody_mailed_confirms_nothing(shop: Shop, token: str, browser: Browser) -> None:
    browser.open("/confirm")
    page = browser.send("Confirm the e-mail", token=token)
    assert page.status == 400
    assert "too old or not whole" in page.refused
    assert browser.open(str(httpx.URL("/confirm", params={"token": token}))).status == 200


def test_who_is_logged_in_is_told_and_asks_for_a_new_mail(shop: Shop, new: Owner, browser: Browser) -> None:
    link_to(new)
    browser.log_in(new)
    assert "Your e-mail is not confirmed" in browser.page.text
    assert browser.send("Send a new mail").notice == "A mail with a link is on its way."
    browser.open(link_to(new))
    page = browser.send("Confirm the e-mail")
    assert (page.path, page.notice) == ("/", "The e-mail is confirmed.")
    assert "not confirmed" not in page.text


def test_the_page_and_the_mail_speak_spanish(shop: Shop, browsers: Browsers) -> None:
    owner = shop.owner("es-ES")
    letter = owner.next_letter()
    assert letter["Subject"] == "Confirme su correo"
    link = re.findall(r"/confirm\?token=\S+", letter.get_content())[0]
    assert press(browsers("es"), link).notice == "El correo está confirmado."


def test_a_new_password_by_mail_confirms_too(shop: Shop, new: Owner) -> None:
    link_to(new)
    assert shop.http.post("/v1/password-resets", json={"email": new.email}).status_code == 202
    code = code_in(new.next_letter().get_content())
    form = {"email": new.email, "code": code, "password": f"{PASSWORD} again"}
    assert shop.http.post("/v1/password-resets/confirm", json=form).status_code == 204
    assert "password was changed" in new.next_letter()["Subject"]
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == new.email).get(database)
        noted = AuditEntry.select().where(AuditEntry.subject == account.id).bind(database)
        assert account.confirmed_at
        assert [entry.action for entry in noted].count("account.confirmed") == 1


def test_an_invitation_confirms_when_it_is_used_and_the_host_answers_for_who_is_created(shop: Shop) -> None:
    database = shop.cloud.database
    invitation = users.invite_user(database, "invited@example.com", "Eva", days=7)
    users.create_user(database, "created@example.com", "Eva", PASSWORD)
    before = {user.email: user.confirmed_at for user in users.list_users(database)}
    assert before["created@example.com"]
    assert before["invited@example.com"] is None
    form = {"token": invitation.token, "password": PASSWORD}
    assert shop.http.post("/v1/password-resets/confirm", json=form).status_code == 204
    after = {user.email: user.confirmed_at for user in users.list_users(database)}
    assert after["invited@example.com"]


def test_the_host_confirms(shop: Shop, new: Owner) -> None:
    users.confirm_user(shop.cloud.database, new.email)
    assert is_confirmed(new)


def test_a_stranger_is_held_back_who_tries_links(shop: Shop) -> None:
    codes = replace(shop.cloud.limits.codes, of_network=Limit(2, 900))
    cloud = replace(shop.cloud, limits=replace(shop.cloud.limits, codes=codes))
    for wanted in (Unreadable, Unreadable, TooOften):
        with pytest.raises(wanted):
            confirm(cloud, "guessed", "192.0.2.77")
