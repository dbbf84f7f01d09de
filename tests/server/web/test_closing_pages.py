"""What an owner reads of closed months and years."""

import csv
import io
from datetime import datetime

import pytest

from factorypos_tui.server.domain.closings.making import Scope, close_due
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.web import closings
from tests.server.closing_days import at, chained
from tests.server.shop import Owner, Shop, Till
from tests.server.web.browser import Browser, words
from tests.server.web.conftest import Browsers


def close(shop: Shop, scope: Scope, now: datetime) -> None:
    database = shop.cloud.database
    with database.connection_context():
        signer = current_signer(database)
        assert signer is not None
        close_due(database, now, signer, scope, 100)


@pytest.fixture
def corrected(shop: Shop, till: Till) -> Till:
    """A till of whose January a day came late, after it was closed."""
    early, late, newer = chained(till, "2026-01-05", "2026-01-06", "2026-02-02")
    till.send_all([early, newer])
    close(shop, Scope("store", till.store), at("2026-03-02"))
    till.send_all([late])
    close(shop, Scope("store", till.store), at("2026-03-03"))
    return till


def table(browser: Browser, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.http.get(f"{path}.csv").text)))


def test_an_owner_reads_a_month_and_its_correction(
    owner: Owner, owners_browser: Browser, corrected: Till
) -> None:
    path = f"/stores/{corrected.store}/closings"
    assert path in owners_browser.open("/").links
    page = owners_browser.open(path)
    correction, first = (it.replace("\u00a0", " ") for it in words(page, "tr")[1:])
    assert correction.startswith("Jan 2026, correction 1 corrects the first closing 3.00 EUR")
    assert "Cash: 4.00" in correction
    assert "2 Till 1: Z 1 – Z 2" in correction
    assert first.startswith("Jan 2026 ▲ corrected by correction 1 1.00 EUR")
    of_correction, of_first = table(owners_browser, path)
    assert (of_correction["net"], of_correction["corrects"], of_correction["z_numbers"]) == (
        "300",
        "0",
        "Till 1: 1-2",
    )
    assert (of_first["net"], of_first["corrected_by"]) == ("100", "1")

    one = next(it for it in page.links if it.startswith(f"{path}/"))
    printed = owners_browser.open(one)
    assert printed.title == "Closing of Jan 2026, correction 1"
    assert of_correction["content_hash"] in printed.text
    assert of_correction["key_id"] in printed.text
    _first, signed = owner.call("GET", f"{path}?period=month").json()["items"]
    assert owners_browser.http.get(f"{one}.json").json() == signed
    pdf = owners_browser.http.get(f"{one}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "closing-2026-01.1.pdf" in pdf.headers["content-disposition"]


def test_the_oldest_are_on_the_next_page(
    owners_browser: Browser, corrected: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closings, "AT_ONCE", 1)
    page = owners_browser.open(f"/stores/{corrected.store}/closings")
    assert len(words(page, "tr")) == 2
    assert "corrected by correction 1" in words(owners_browser.follow("Older closings"), "tr")[1]


def test_who_sees_another_store_only_sees_no_closing_of_this_one(
    shop: Shop, owner: Owner, browsers: Browsers, corrected: Till
) -> None:
    company = owner.call("GET", f"/stores/{corrected.store}").json()["company_id"]
    close(shop, Scope("company", company), at("2026-03-02"))
    (of_all,) = owner.call("GET", f"/companies/{company}/closings?period=month").json()["items"]
    browser = browsers("en")
    browser.log_in(owner.admit(shop.owner(), company, Role.VIEWER, owner.store(company, name="Puerto")))
    for path in (
        f"/stores/{corrected.store}/closings",
        f"/stores/{corrected.store}/closings.csv",
        f"/companies/{company}/closings/{of_all['closing_id']}",
    ):
        assert browser.http.get(path).status_code == 404, path
    assert "stores that you do not see" in browser.open(f"/companies/{company}/closings").text
    assert table(browser, f"/companies/{company}/closings") == []


def test_an_empty_list_says_why_and_what_to_do(
    owners_browser: Browser, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/stores/{till.store}/closings"
    assert "No day was closed at a till yet." in owners_browser.open(path).text
    till.send_all(chained(till, "2026-03-01"))
    assert "None is closed yet." in owners_browser.open(path).text
    monkeypatch.setattr(closings, "current_signer", lambda _: None)
    assert "Tell the person who runs it: cloud key list." in owners_browser.open(path).text


def test_a_manager_closes_the_month_that_is_over_and_a_viewer_is_not_offered_it(
    shop: Shop, owner: Owner, owners_browser: Browser, browsers: Browsers, till: Till
) -> None:
    path = f"/stores/{till.store}/closings"
    till.send_all(chained(till, "2026-02-05"))
    viewer = browsers("en")
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    viewer.log_in(owner.admit(shop.owner(), company, Role.VIEWER))
    assert "now" not in " ".join(words(viewer.open(path), "button"))
    owners_browser.open(path)
    page = owners_browser.send("Close Feb 2026 now")
    assert page.notice == "Feb 2026 is closed."
    assert words(page, "tr")[1].startswith("Feb 2026 1.00 EUR")
    assert "now" not in " ".join(words(page, "button"))
