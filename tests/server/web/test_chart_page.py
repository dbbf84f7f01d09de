"""A company keeps the accounts of its own bookkeeper, and its journal goes by them."""

import io
import zipfile

from factorypos_tui.archive.export.charts import packaged
from factorypos_tui.server.domain.audit_words import words_of
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.ops import archiving
from tests.server.shop import Owner, Shop, assert_problem
from tests.server.web.browser import Browser, words
from tests.server.web.conftest import Browsers

SAVE, TAKE = "Save the accounts", "Save this file"
FIRST = {"If-None-Match": "*"}


def journal(browser: Browser, company: str, chart: str) -> str:
    """The rows of a download."""
    answer = browser.http.get(f"/companies/{company}/archive.zip?format=journal&chart={chart}")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        (name,) = [it for it in packed.namelist() if it.endswith("journal.csv")]
        return packed.read(name).decode("windows-1252")


def test_an_owner_maps_the_accounts_once_and_the_journal_goes_by_them(
    owner: Owner, owners_browser: Browser
) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company))
    till.send(till.z(1, net=1000))
    page = owners_browser.open(f"/companies/{company}/chart")
    assert "no chart of accounts of its own yet" in page.text
    assert page.fields(SAVE)["clearing.account"] == "555", "the example of its country"
    page = owners_browser.send(SAVE, {"cash.account": "", "clearing.name": "A bar's", "taxes.1.of": "x"})
    assert page.faults == {"cash.account", "taxes.1.of"}
    assert page.fields(SAVE)["clearing.name"] == "A bar's", "what was typed stays"
    last = {"payments.6.by": "code", "payments.6.of": "OWN", "payments.6.account": "5720007"}
    page = owners_browser.send(
        SAVE, {"cash.account": "570", "tips.account": "5700099", "taxes.1.of": "21,0 %", **last}
    )
    assert page.notice == "Saved."
    assert page.fields(SAVE)["taxes.1.of"] == "21.0"
    archive = owners_browser.open(f"/companies/{company}/archive")
    assert words(archive, "option")[4] == "Accounts of this company: Bar Ana"
    assert "5700099" in journal(owners_browser, company, "own")
    assert "5700099" not in journal(owners_browser, company, "pgc")
    entry = owner.call("GET", f"/companies/{company}/audit?kind=company").json()["items"][0]
    assert entry["what"] == words_of("company.chart_saved")
    stores = archiving.stores_named(till.shop.cloud.database, company, None)
    chart = archiving.own_chart(till.shop.cloud.database, stores)
    assert chart is not None
    assert chart.single["tips"].number == "5700099"
    assert chart.payment("OWN", "bank") == chart.payments["code OWN"]


def test_a_file_is_taken_and_given_and_a_wrong_one_changes_nothing(
    owner: Owner, owners_browser: Browser
) -> None:
    path = f"/companies/{owner.company()}/chart"
    assert_problem(owner.call("GET", path), 404, "no_chart")
    owners_browser.open(path)
    page = owners_browser.send_file(TAKE, "document", b"name = 4300")
    assert 'must be a text between quotation marks, such as "4300"' in page.refused
    assert owners_browser.send_file(TAKE, "document", packaged("skr03")).notice == "Saved."
    assert owners_browser.http.get(f"{path}.toml").content == packaged("skr03")
    kept = owner.call("GET", path)
    assert (kept.json()["name"], kept.json()["document"]) == (
        "SKR03 (Deutschland), Beispiel",
        packaged("skr03").decode(),
    )
    twice = packaged("pgc").decode() + '[[payments]]\ncode = "A"\naccount = "1"\n' * 2
    for document in (twice, twice + "#" * 12_000, "a = " + "9" * 5000):
        answer = owner.call("PUT", path, json={"document": document}, headers={"If-Match": "*"})
        assert_problem(answer, 422, "invalid")
    assert owner.call("GET", path).headers["etag"] == kept.headers["etag"]


def test_nobody_overwrites_what_they_have_not_seen_and_a_viewer_reads(
    shop: Shop, owner: Owner, owners_browser: Browser, browsers: Browsers
) -> None:
    company = owner.company()
    path = f"/companies/{company}/chart"
    owners_browser.open(path)
    first = owner.call("PUT", path, json={"document": packaged("skr04").decode()}, headers=FIRST)
    assert first.status_code == 201
    page = owners_browser.send(SAVE, {"cash.account": "5700099"})
    assert "Somebody else has changed this meanwhile" in page.refused
    assert "Sales at 19 %" in page.text, "what they saved"
    assert owners_browser.send(SAVE).notice == "Saved."
    old = {"If-Match": first.headers["etag"]}
    again = owner.call("PUT", path, json={"document": packaged("pgc").decode()}, headers=old)
    assert_problem(again, 412, "changed")
    viewer = browsers("en")
    viewer.log_in(owner.admit(shop.owner(), company, Role.VIEWER))
    page = viewer.open(path)
    assert words(page, "tr")[1].startswith("Cash in the drawer 5700099")
    assert not [it for it in page.tree.iter("form") if "chart" in (it.get("action") or "")]
