"""A company is handed over and closed with a browser that runs no script."""

from factorypos_tui.server.domain.members import Role
from tests.server.shop import PASSWORD, Owner
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


def test_who_is_about_to_close_a_company_is_led_to_its_archive(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company(name="Bar Ana")
    browser = proved(owners_browser)
    browser.open(f"/companies/{company}/close")
    browser.follow("Archive")
    assert browser.page.status == 200
    assert browser.page.path == f"/companies/{company}/archive"
