"""An owner changes a price with a real browser, and a real till charges it."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.stores import EMAIL, open_store, price
from tests.support.chromium import chromium
from tests.support.terminals import PASSWORD

__all__ = ["chromium"]


def test_a_price_that_its_owner_changes_is_charged_at_a_real_till(chromium: Browser, tmp_path: Path) -> None:
    with open_store(tmp_path) as store, chromium.new_context(base_url=store.first.cloud_url) as window:
        till = store.first
        till.run("config", "push", "--yes")
        page = window.new_page()
        page.goto("/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name="Catalogue of Bar Maritim").click()
        page.get_by_role("link", name="Items", exact=True).click()
        page.get_by_label("Search by code").fill("café")
        page.get_by_role("button", name="Search").click()
        row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="CAFE", exact=True))
        row.locator("[name='prices.BARRA']").fill("9.85")
        row.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("9.85 EUR")
        assert price(till, "CAFE") != 985
        assert till.json("config", "diff")["counts"] == {"prices": {"changed": 1}}
        assert till.json("config", "pull", "--yes")["applied"] is True
        assert price(till, "CAFE") == 985
