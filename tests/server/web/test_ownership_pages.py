"""A company is handed over and closed with a browser that runs no script."""

from datetime import timedelta

from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.tables import Session, StoredLetter
from tests.server.shop import PASSWORD, Owner
from tests.server.test_factor_by_role import ask_from, set_up
from tests.server.web.browser import Browser


def proved(browser: Browser) -> Browser:
    browser.open("/prove")
    browser.send("Go on", password=PASSWORD)
    return browser


def test_a_hand_over_that_was_refused_keeps_that_its_owner_wants_to_leave(
    owners_browser: Browser, owner: Owner
) -> None:
    company = owner.company(name="Bar Ana")
    owner.admit(owner.shop.owner(), company, Role.MANAGER)
    browser = proved(owners_browser)
    page = browser.open(f"/companies/{company}/hand-over")
    assert page.boxes("leave") == [("false", True), ("true", False)]
    mine = owner.call("GET", "/sessions/current").json()["id"]
    page = browser.send("Hand over", account_id=mine, leave="true")
    assert "Name another member." in page.text
    assert page.boxes("leave") == [("false", False), ("true", True)]


def test_who_needs_a_second_factor_is_changed_by_who_proves_it_alone_and_owners_hear_of_less(
    owners_browser: Browser, owner: Owner
) -> None:
    company = owner.company(name="Bar Ana")
    set_up(owner)
    other = owner.admit(owner.shop.owner(), company, Role.OWNER)
    set_up(other)
    assert ask_from(owner, company, "viewer").status_code == 200
    browser = owners_browser
    browser.open(f"/companies/{company}")
    assert "second_factor_from" not in browser.page.fields("Save")
    browser.send("Save", second_factor_from="nobody")
    assert rule_of(owner, company) == "viewer", "the form beside it does not change it"
    browser.open(f"/companies/{company}")
    assert browser.follow("Who needs a second factor").path == "/prove"
    count_as_proved(browser, owner)
    page = browser.open(f"/companies/{company}/second-factor")
    assert "everybody" in page.text
    assert browser.send("Save", second_factor_from="owner").notice == "Saved."
    assert rule_of(owner, company) == "owner"
    letters = letters_to(other)
    assert "Bar Ana asks fewer people for a second factor" in letters


def rule_of(owner: Owner, company: str) -> str:
    return str(owner.call("GET", f"/companies/{company}").json()["second_factor_from"])


def count_as_proved(browser: Browser, owner: Owner) -> None:
    """The proof itself has tests of its own."""
    cloud = owner.shop.cloud
    mine = Session.token_hash == token_hash(browser.token)
    with cloud.database.connection_context():
        Session.update(proved_until=cloud.now(timedelta(minutes=5))).where(mine).execute(cloud.database)


def letters_to(owner: Owner) -> list[str]:
    database = owner.shop.cloud.database
    with database.connection_context():
        told = StoredLetter.select().where(StoredLetter.recipient == owner.email).bind(database)
        return [letter.subject for letter in told]


def test_who_is_about_to_close_a_company_is_led_to_its_archive(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company(name="Bar Ana")
    browser = proved(owners_browser)
    browser.open(f"/companies/{company}/close")
    browser.follow("Archive")
    assert browser.page.status == 200
    assert browser.page.path == f"/companies/{company}/archive"
