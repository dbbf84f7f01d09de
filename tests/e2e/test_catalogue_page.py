"""An owner changes a price on the page, and a real till downloads it; an owner revokes a terminal, and the
till says so. Processes, sockets and Chromium are real."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.e2e.stores import EMAIL, Store, open_store, price
from tests.support.terminals import PASSWORD


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("store")) as store:
        store.first.run("config", "push", "--yes")
        yield store


@pytest.fixture
def page(chromium: Chromium, store: Store) -> Iterator[Page]:
    """The owner's browser, without scripts, on a phone."""
    view = {"width": 360, "height": 740}
    with chromium.new_context(
        base_url=store.first.cloud_url,
        java_script_enabled=False,
        viewport=view,  # type: ignore[arg-type]  # its fields
    ) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        yield page


def test_a_price_of_the_page_is_downloaded_at_a_till(store: Store, page: Page) -> None:
    assert store.second.json("config", "pull", "--yes")["applied"] is False, "both are alike"
    page.get_by_role("link", name="Catalogue").click()
    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_role("searchbox").fill("cafe solo")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Bar (EUR)").first.fill("1.65")
    page.get_by_role("button", name="Save CAFE", exact=True).click()
    said = page.get_by_role("status").inner_text()
    assert said == "Saved: CAFE Café solo: BARRA 1.40 EUR → 1.65 EUR. Tills can download it."
    assert store.second.json("config", "status")["changed_there"] is True
    assert store.second.json("config", "diff")["counts"] == {"prices": {"changed": 1}}
    assert store.second.json("config", "pull", "--yes")["applied"] is True
    assert price(store.second, "CAFE") == 165


def test_a_terminal_that_was_revoked_on_the_page_says_so(store: Store, page: Page) -> None:
    store.second.run("worker", "--once")
    terminal = store.second.json("status")["terminal"]["id"]
    page.goto(f"/terminals/{terminal}/end")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Revoke or release").click()
    assert "Its screen says so within 5 minutes." in page.get_by_role("status").inner_text()
    store.second.try_to("worker", "--once")
    assert store.second.json("status")["link"]["reason"] == "terminal_revoked"
