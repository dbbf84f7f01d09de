"""An owner reads, with a browser that runs no script, what was done in a company."""

import csv
import io

from tests.server.premises import premises
from tests.server.shop import Owner, Shop
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

HOSTILE = '"><script>alert(1)</script>'


def test_an_owner_reads_what_was_done_and_seeks_in_it(shop: Shop, browsers: Browsers) -> None:
    its, browser = premises(shop), browsers("en")
    its.owner.call("PATCH", f"/terminals/{its.till.id}", json={"name": HOSTILE})
    browser.log_in(its.owner)
    browser.open(f"/companies/{its.company}")
    page = browser.follow("What was done: who, when and from where")
    assert page.title == "What was done in Bar Ana"
    assert f"Terminal renamed {HOSTILE} Ana ({its.owner.email}) 127.0.0.1" in page.text
    assert "<script>alert" not in page.answer.text
    assert "Times are those of Europe/Madrid." in page.text
    page = browser.send("Show", kind="configuration")
    assert "Configuration replaced" in page.text
    assert "Terminal renamed" not in page.text.partition("From where")[2]
    page = browser.send("Show", kind="", who=its.sister.id)
    assert "No such entry." in page.text
    answer = browser.http.get(f"/companies/{its.company}/audit.csv?kind=terminal")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["what"] for row in rows] == ["Terminal renamed", "Terminal assigned", "Terminal assigned"]


def test_older_entries_are_on_the_next_page(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company()
    store = owner.store(company)
    for number in range(4):
        owner.assign(store, name=f"Till {number}")
    page = owners_browser.open(f"/companies/{company}/audit?limit=3&kind=terminal")
    assert [f"Till {number}" in page.text.partition("From where")[2] for number in range(4)] == [
        False,
        True,
        True,
        True,
    ]
    page = owners_browser.follow("Older entries")
    assert "Till 0" in page.text
    assert "Older entries" not in page.text
