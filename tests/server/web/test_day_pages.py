"""One day step by step, and its reports as they print."""

import pytest

from factorypos_tui.server.ops import dropping
from tests.server.days import closed
from tests.server.shop import Owner, sealed
from tests.server.test_dropping import let_go
from tests.server.web.browser import Browser, words


def test_a_day_leads_step_by_step_to_the_drawer_and_to_its_reports(owner: Owner, browser: Browser) -> None:
    till = owner.assign(owner.store(name="Centro"), name="Bar")
    first = till.z(1, net=1003)
    first["totals"] |= {"rounding": -3}
    first["payments"][0] |= {"sales_amount": 1040, "amount": 1050}
    first["cash"] = {"opening_float": 10000, "paid_in": 200, "paid_out": 50} | {
        "expected": 11200,
        "counted": 11190,
        "over_short": -10,
    }
    first = sealed(first)
    second = till.z(2, net=500, previous_hash=first["content_hash"])
    till.send_all([first, second])
    browser.log_in(owner)
    page = browser.open(f"/stores/{till.store}/days/2026-03-02")
    rows = words(page, "tr")
    for line in ("= Net 15.03", "+ Rounding -0.03", "+ Tips 1.00", "= Paid 16.00", "Over or short -0.10"):
        name, _, amount = line.rpartition(" ")
        assert [row for row in rows if row.startswith(name) and row.endswith(f" {amount} EUR")], line
    page = browser.follow("Z Report 2")
    assert "It follows the Z before: its hash is right." in page.text
    assert second["content_hash"] in page.text
    assert "Net 5.00 EUR" in words(page, "tr")
    document = browser.http.get(f"/stores/{till.store}/reports/{second['report_id']}.json")
    assert document.json() == second


def test_a_day_whose_documents_were_dropped_says_so(owners_browser: Browser, owner: Owner) -> None:
    till, old = owner.assign(owner.store()), "2014-05-31"
    report = closed(till, 1, f"{old} 09:00", f"{old} 21:00", h9=10000)
    till.send(report)
    database = till.shop.cloud.database
    let_go(till.store, database)
    age = dropping.age_before("2014-06")
    list(dropping.drop(database, age, dropping.to_drop(database, age)))
    page = owners_browser.open(f"/stores/{till.store}/days/{old}")
    assert any(row.startswith("= Net") and row.endswith("100.00 EUR") for row in words(page, "tr"))
    assert "as their documents were dropped or are damaged: 1" in page.text
    gone = owners_browser.http.get(f"/stores/{till.store}/reports/{report['report_id']}")
    assert (gone.status_code, "dropped the document of this report" in gone.text) == (410, True)


@pytest.mark.parametrize(
    ("hashes", "says"),
    [
        ((None,), "It is the first Z of its terminal."),
        ((None, "0" * 64), "It does not follow the Z before: the chain is broken."),
        ((None, None, "0" * 64), "The Z before is not here"),
    ],
)
def test_a_z_says_whether_it_follows_the_one_before(
    owners_browser: Browser, owner: Owner, hashes: tuple[str | None, ...], says: str
) -> None:
    till = owner.assign(owner.store())
    reports = [till.z(n, previous_hash=it) for n, it in enumerate(hashes, 1)]
    till.send_all(reports if len(reports) < 3 else reports[::2])
    page = owners_browser.open(f"/stores/{till.store}/reports/{reports[-1]['report_id']}")
    assert says in page.text
