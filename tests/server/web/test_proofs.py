"""Before what cannot be taken back, who is logged in proves once more who it is."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import APIRouter, Response

from factorypos_tui.server import app
from factorypos_tui.server.storage.tables import Account, AuditEntry
from factorypos_tui.server.web.visits import Proved
from tests.server.conftest import KINDS, at_work, opened
from tests.server.shop import PASSWORD, Owner, Shop
from tests.server.test_resets import code_in
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

DANGER = "/danger"
HALF_AN_HOUR = 30 * 60


class DangerousPage:
    """A page that another room may have: what it does cannot be taken back."""

    router = APIRouter(include_in_schema=False)


@DangerousPage.router.get(DANGER)
def look(visit: Proved) -> Response:
    return visit.page("refusal.html", title="Danger", words="Do it?")


@DangerousPage.router.post(DANGER)
def do(visit: Proved) -> Response:
    return visit.page("refusal.html", title="Done", words="It is done.")


@pytest.fixture(scope="session")
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """Apart from that of the other tests: the postman of their server would carry letters away."""
    return new_postgres()


@pytest.fixture(scope="module", params=KINDS)
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Shop]]:
    """One without mail, and one whose mails reach people."""
    folders = tmp_path_factory.mktemp("quiet"), tmp_path_factory.mktemp("mailing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "PAGES", (*app.PAGES, DangerousPage))
        with (
            opened("sqlite", request, folders[0]) as without,
            at_work(without) as quiet,
            opened(request.param, request, folders[1]) as database,
            at_work(database, confirms=True) as mailing,
        ):
            yield {"quiet": quiet, "mailing": mailing}


@pytest.fixture
def shop(servers: dict[str, Shop], request: pytest.FixtureRequest) -> Shop:
    return servers["mailing" if "mail" in request.node.name else "quiet"]


def try_it(browser: Browser) -> int:
    """Whether the dangerous thing is done, by its status."""
    browser.http.follow_redirects = False
    proof = browser.page.fields("Log out")
    answer = browser.http.post(DANGER, data=proof)
    browser.http.follow_redirects = True
    return answer.status_code


def test_the_password_is_asked_for_where_no_code_reaches_anybody(
    owners_browser: Browser, owner: Owner, shop: Shop
) -> None:
    assert try_it(owners_browser) == 303
    page = owners_browser.open(f"{DANGER}?kept=1")
    assert (page.path, page.title) == ("/prove", "Is it you?")
    page = owners_browser.send("Go on", password="wrong")
    assert (page.status, page.refused[:34]) == (403, "The present password is not right.")
    assert try_it(owners_browser) == 303
    page = owners_browser.send("Go on", password=PASSWORD)
    assert (page.title, page.url.query) == ("Danger", b"kept=1")
    assert try_it(owners_browser) == 200
    shop.clock.advance(HALF_AN_HOUR)
    assert try_it(owners_browser) == 303


def test_a_proof_is_of_one_session_alone(owners_browser: Browser, owner: Owner, browsers: Browsers) -> None:
    other = browsers("en")
    other.log_in(owner)
    owners_browser.open(DANGER)
    owners_browser.send("Go on", password=PASSWORD)
    assert owners_browser.page.title == "Danger"
    assert other.open(DANGER).path == "/prove"


@pytest.fixture
def confirmed(owners_browser: Browser, owner: Owner, shop: Shop) -> Browser:
    """A browser of an owner whose e-mail is confirmed."""
    database = shop.cloud.database
    with database.connection_context():
        Account.update(confirmed_at=shop.cloud.now()).where(Account.email == owner.email).execute(database)
    return owners_browser


def mailed_code(browser: Browser, owner: Owner, button: str = "Mail me a code") -> str:
    browser.send(button)
    assert browser.page.notice == "A code is on its way to your e-mail."
    while "Your code" not in (letter := owner.next_letter())["Subject"]:
        pass
    return code_in(str(letter.get_content()))


def test_a_mailed_code_proves_it(confirmed: Browser, owner: Owner, shop: Shop) -> None:
    confirmed.open(f"{DANGER}?kept=1")
    code = mailed_code(confirmed, owner)
    page = confirmed.send("Go on", code="ZZZZZZZZ")
    assert (page.status, page.refused[:24]) == (403, "This code is used up, to")
    page = confirmed.send("Go on", code=f"{code[:4].lower()} {code[4:]}")
    assert (page.title, page.url.query) == ("Danger", b"kept=1")
    assert try_it(confirmed) == 200
    shop.clock.advance(HALF_AN_HOUR)
    confirmed.open(DANGER)
    assert "Go on" not in confirmed.page.text, "a code is good once"


def test_a_mailed_code_has_five_tries_and_is_replaced_by_the_next(confirmed: Browser, owner: Owner) -> None:
    confirmed.open(DANGER)
    first = mailed_code(confirmed, owner)
    for _ in range(5):
        confirmed.send("Go on", code="ZZZZZZZZ")
    assert confirmed.send("Go on", code=first).status == 403
    second = mailed_code(confirmed, owner, "Mail me a new code")
    assert confirmed.send("Go on", code=first).status == 403
    assert confirmed.send("Go on", code=second).title == "Danger"


def test_codes_by_mail_are_not_endless_and_what_is_tried_is_noted(
    confirmed: Browser, owner: Owner, shop: Shop
) -> None:
    confirmed.open(DANGER)
    statuses = [confirmed.send("Mail me a code" if n == 0 else "Mail me a new code").status for n in range(6)]
    assert statuses == [200] * 5 + [429]
    confirmed.send("Go on", code="ZZZZZZZZ")
    database = shop.cloud.database
    with database.connection_context():
        actions = {row.action for row in AuditEntry.select().bind(database)}
    assert "proof.refused" in actions


def test_who_has_not_confirmed_the_mail_gives_the_password(owners_browser: Browser) -> None:
    owners_browser.open(DANGER)
    assert owners_browser.send("Go on", password=PASSWORD).title == "Danger"
