"""What an owner reads of today and of any day: the same figures as the API and as the tables to keep."""

import csv
import io
import re
import uuid
from datetime import date, timedelta

import pytest

from tests.server.days import closed, running
from tests.server.shop import Owner, Shop, Till, sealed
from tests.server.web.browser import Browser, words
from tests.server.web.conftest import Browsers

HOSTILE = "Bar </li></script><script>alert(1)</script>&amp; {{ 7*7 }} ' \""

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bar(owner: Owner) -> Till:
    """A till with a closed day a week ago, a closed period and an open one today."""
    till = owner.assign(owner.store(name="Centro"), name="Bar")
    period = str(uuid.uuid4())
    till.send_all(
        [
            closed(till, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=10000, h10=4000, h20=90000),
            closed(till, 2, "2026-03-02 08:00", "2026-03-02 09:59", h8=1234),
            running(till, period, "2026-03-02 10:00", "2026-03-02 12:50", h10=5000, h11=11000, h12=700),
        ]
    )
    return till


def test_today_tells_both_totals_and_last_week_at_the_same_hour(owners_browser: Browser, bar: Till) -> None:
    page = owners_browser.open("/")
    (card,) = words(page, "article")
    assert "as of 12:50, 10 min ago" in card
    assert "Net 167.00 EUR 12.34 EUR" in card
    assert "Mon 23 Feb 2026, until 12:00: 140.00 EUR +23 % Until 12:00 this day: 172.34 EUR" in card
    assert "179.34" not in page.text, "what is closed and what is so far are never one"
    assert "Bar: fresh · 0 min" in card


def test_a_day_that_has_just_begun_is_no_loss(owner: Owner, browser: Browser) -> None:
    till = owner.assign(owner.store(name="Centro"), name="Bar")
    opened, taken = "2026-03-02 12:10", "2026-03-02 12:50"
    till.send_all(
        [
            closed(till, 1, "2026-02-23 09:00", "2026-02-23 21:00", h9=10000, h20=90000),
            running(till, str(uuid.uuid4()), opened, taken, h12=700),
        ]
    )
    browser.log_in(owner)
    (card,) = words(browser.open("/"), "article")
    assert "until 12:00: 100.00 EUR Until 12:00 this day: nothing yet to compare" in card
    assert "%" not in card


def test_a_store_s_page_has_hours_departments_payments_and_taxes(owners_browser: Browser, bar: Till) -> None:
    owners_browser.open("/")
    page = owners_browser.follow("Centro")
    tables = words(page, "table")
    assert "10:00 50.00 EUR – 40.00 EUR" in tables[1]
    assert any("Café con leche 167.00 EUR 12.34 EUR" in table for table in tables)
    assert any("Cash 167.50 EUR 12.84 EUR" in table for table in tables)
    (svg,) = page.tree.iter(f"{SVG}svg")
    assert svg.get("role") == "img"
    named = {part.get("id"): part for part in svg.iter()}
    for name in str(svg.get("aria-labelledby")).split():
        assert named[name].text
    kinds = {part.get("class") for part in svg.iter(f"{SVG}rect")}
    assert kinds == {"closed", "so-far", "before"}


def test_the_days_of_a_store_are_one_link_from_the_first_page(owners_browser: Browser, bar: Till) -> None:
    owners_browser.open("/")
    page = owners_browser.follow("The last 14 days")
    rows = words(page, "tr")
    assert any(re.match(r"Mon 2 Mar 2026 … 12.34 EUR 167.00 EUR 1 Z 2$", row) for row in rows)
    assert any(row.startswith("Mon 23 Feb 2026 ✓ 1,040.00 EUR") for row in rows)
    assert len(page.tree.findall(".//tbody/tr")) >= 14


def test_a_report_of_an_earlier_day_is_two_links_from_the_first_page(
    owners_browser: Browser, bar: Till
) -> None:
    owners_browser.open("/")
    rows = words(owners_browser.follow("The last 14 days"), "tr")
    assert any(row.startswith("Mon 23 Feb 2026 ✓ 1,040.00 EUR") and row.endswith("Z 1") for row in rows)
    assert owners_browser.follow("Z 1").title == "Z Report 1"


def test_all_stores_of_a_company_have_hours_and_departments_together(
    owners_browser: Browser, owner: Owner, bar: Till
) -> None:
    company = owner.call("GET", f"/stores/{bar.store}").json()["company_id"]
    other = owner.assign(owner.store(company, name="Puerto", timezone="Atlantic/Canary"))
    other.send_all(
        [
            closed(other, 1, "2026-02-23 09:00", "2026-02-23 21:00", h10=300),
            closed(other, 2, "2026-03-02 08:00", "2026-03-02 09:59", h8=66, h9=1),
        ]
    )
    owners_browser.open("/")
    page = owners_browser.follow("By hour, department, payment and tax")
    tables = words(page, "table")
    assert "Net 167.00 EUR 13.01 EUR" in tables[0]
    assert "8:00 – 13.00 EUR –" in tables[1]
    assert "09:00 – 0.01 EUR 100.00 EUR 10:00 50.00 EUR – 43.00 EUR" in tables[1]
    assert any("Café con leche 167.00 EUR 13.01 EUR" in table for table in tables)
    assert "Puerto: Mon 2 Mar 2026" in page.text


def test_a_range_is_chosen_in_the_address_and_both_ranges_are_written_out(
    owners_browser: Browser, bar: Till
) -> None:
    owners_browser.open(f"/stores/{bar.store}/days")
    page = owners_browser.send("Show", {"from": "2026-02-20", "to": "2026-02-23"})
    assert page.url.query == b"from=2026-02-20&to=2026-02-23"
    # complaint 11: compared by weekday, and nobody is told
    assert "Fri 20 Feb 2026 – Mon 23 Feb 2026" in page.text
    assert "Compared with Fri 13 Feb 2026 – Mon 16 Feb 2026: the same days of the week." in page.text
    assert "Fri 13 Feb 2026 – Mon 16 Feb 2026: – new" in page.text
    refused = owners_browser.open(f"/stores/{bar.store}/days?from=2026-02-24&to=2026-02-20")
    assert refused.status == 422
    assert "The last day is before the first." in refused.text


@pytest.mark.parametrize("days", [("0001-01-01", "0001-01-20"), ("9999-12-20", "9999-12-31")])
def test_the_calendar_has_a_first_and_a_last_day(
    owners_browser: Browser, bar: Till, days: tuple[str, str]
) -> None:
    first, last = days
    for path in (f"days?from={first}&to={last}", f"days/{first}", f"days/{last}"):
        page = owners_browser.open(f"/stores/{bar.store}/{path}")
        assert (page.status, "Nothing was reported" in page.text) == (200, True)


def test_who_is_new_is_told_what_to_do(browser: Browser, owner: Owner) -> None:
    browser.log_in(owner)
    page = browser.open("/")
    assert f"log in there as {owner.email}." in page.text
    store = owner.store(name="Centro")
    assert "No terminal is assigned to this store." in browser.open("/").text
    owner.assign(store)
    assert "log in there" not in browser.open("/").text


def test_every_table_of_the_pages_is_csv_and_json_with_the_same_numbers(
    owners_browser: Browser, owner: Owner, bar: Till
) -> None:
    pages = ["/", f"/stores/{bar.store}", f"/stores/{bar.store}/days", f"/stores/{bar.store}/days/2026-03-02"]
    files = {link for path in pages for link in owners_browser.open(path).links if link.endswith(".csv")}
    assert len(files) == 3
    for path in sorted(files):
        answer = owners_browser.http.get(path)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        items = owners_browser.http.get(path.removesuffix(".csv") + ".json").json()["items"]
        assert rows == [
            {name: "" if value is None else str(value) for name, value in it.items()} for it in items
        ]
        nets = {
            it["state"]: it.get("net", it["amount"] if it.get("code") == "net" else None)
            for it in items
            if it.get("date", "2026-03-02") == "2026-03-02" and it.get("code", "net") == "net"
        }
        assert nets == {"closed": 1234, "so far": 16700}, path
    api = owner.call("GET", f"/stores/{bar.store}/figures?from=2026-03-02").json()["items"]
    assert api[0]["totals"]["net"] == 1234 + 16700


def test_hostile_names_are_text_everywhere(browsers: Browsers, owner: Owner) -> None:
    company = owner.company(name=HOSTILE)
    till = owner.assign(owner.store(company, name=HOSTILE), name=HOSTILE)
    rows = [{"code": "=1+1", "name": f"=cmd|{HOSTILE}", "quantity": "1", "amount": 1210}]
    report = till.z(1, terminal_name=HOSTILE, departments=rows, items=rows, users=rows, software=HOSTILE)
    report["payments"][0]["name"] = report["taxes"][0]["name"] = HOSTILE
    till.send_all([sealed(report), till.z(3)])
    browser = browsers("es")
    browser.log_in(owner)
    shown = 0
    for path in (
        "/",
        f"/stores/{till.store}",
        f"/stores/{till.store}/days",
        f"/stores/{till.store}/days/2026-03-02",
        f"/stores/{till.store}/reports/{report['report_id']}",
        f"/companies/{company}/days",
    ):
        page = browser.open(path)  # and is valid HTML without a script of its own
        assert page.status == 200, page.text
        shown += HOSTILE in "".join(page.tree.itertext()).replace("\n", " ")
        assert "49" not in page.title
    assert shown == 6
    table = browser.http.get(f"/stores/{till.store}/days/2026-03-02.csv").text
    assert "'=cmd|" in table
    assert ",=cmd|" not in table


def test_currencies_stand_side_by_side_and_are_never_added(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company()
    for name, currency in (("Centro", "EUR"), ("Tokyo", "JPY"), ("Tunis", "TND")):
        till = owner.assign(owner.store(company, name=name))
        till.send(till.z(1, net=123456, currency=currency))
    page = owners_browser.open(f"/companies/{company}/days")
    for amount in ("1,234.56 EUR", "123,456 JPY", "123.456 TND"):
        assert amount in page.text
    assert "370" not in page.text


def test_a_grid_shows_what_is_wrong_and_leads_there(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company, name="Centro"))
    contested = till.z(3, business_date="2026-02-27")
    contradicting = sealed({**contested, "close_reason": "auto"})
    till.send_all([till.z(1, business_date="2026-02-25"), contested, contradicting])
    page = owners_browser.open(f"/companies/{company}/days")
    assert "▲ Z 2 missing" in page.text
    assert "✗ conflict" in page.text
    assert f"/stores/{till.store}/days/2026-02-26" in page.links
    assert "conflict" in owners_browser.open(f"/stores/{till.store}/days/2026-02-27").text


def test_the_pages_speak_spanish_with_the_words_of_the_terminal(shop: Shop, browsers: Browsers) -> None:
    ana = shop.owner("es")
    till = ana.assign(ana.store(name="Centro"))
    till.send(till.z(1, net=123456789))
    browser = browsers("es")
    browser.log_in(ana)
    page = browser.open("/")
    assert page.title == "Hoy"
    assert "Neto 1.234.567,89 EUR" in page.text
    assert "Neto por tique" in page.text
    assert "Los últimos 14 días" in page.text
    assert "lun 2 mar 2026" in browser.open(f"/stores/{till.store}/days").text


def test_a_live_page_names_its_stream_and_the_part_that_changes(
    owners_browser: Browser, owner: Owner, bar: Till
) -> None:
    for path, stream in (
        ("/", "./events"),
        (f"/stores/{bar.store}", f"../events?store={bar.store}"),
        (f"/stores/{bar.store}/days", f"../../events?store={bar.store}"),
    ):
        page = owners_browser.open(path)
        (body,) = page.tree.iter("body")
        assert body.get("data-events") == stream
        live = [part.get("id") for part in page.tree.iter() if part.get("data-live") is not None]
        assert live == ["figures"]


def test_very_many_stores_are_on_several_pages(
    owners_browser: Browser, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.server.web.home.STORES_A_PAGE", 3)
    first, second = owner.company(name="A"), owner.company(name="B")
    for company, stores in ((first, "abcd"), (second, "e")):
        for name in stores:
            till = owner.assign(owner.store(company, name=f"Store {name}"))
            till.send(till.z(1, net=100))
    page = owners_browser.open("/")
    assert [name for name in "abcde" if f"Store {name}" in page.text] == ["a", "b", "c"]
    assert "All stores together" not in page.text, "some are on the next page"
    page = owners_browser.follow("More stores")
    assert [name for name in "abcde" if f"Store {name}" in page.text] == ["d", "e"]
    assert "More stores" not in page.text
    assert "Store a" in owners_browser.follow("Stores before").text


def test_90_days_of_20_stores_are_a_page_of_100_kilobytes(owners_browser: Browser, owner: Owner) -> None:
    company = owner.company(name="A chain")
    for n in range(20):
        till = owner.assign(owner.store(company, name=f"Store number {n}"))
        days = [date(2025, 12, 3) + timedelta(days=k) for k in range(90)]
        reports = [till.z(k, net=1234567 + k, business_date=str(day)) for k, day in enumerate(days, 1)]
        till.send_all(reports)
    page = owners_browser.open(f"/companies/{company}/days?from=2025-12-03&to=2026-03-02")
    assert page.status == 200
    assert len(page.answer.content) <= 100_000
    assert len(owners_browser.open("/").answer.content) <= 100_000
