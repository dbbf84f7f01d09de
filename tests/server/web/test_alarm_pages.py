"""An owner reads what is wrong, settles a conflict, accepts alarms and says what is one."""

import pytest

from tests.server.shop import Owner, Shop, Till
from tests.server.test_checking import chained, sent
from tests.server.watch import kinds, watch
from tests.server.web.browser import Browser, words
from tests.server.web.conftest import Browsers

HOSTILE = '"><script>alert(1)</script>&lt;{{7*7}}'


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


@pytest.fixture
def till(owner: Owner) -> Till:
    return owner.assign(owner.store(name="Puerto"), name=HOSTILE)


def test_where_nothing_is_wrong_the_page_says_so(owners_browser: Browser, till: Till) -> None:
    page = owners_browser.open("/alarms")
    assert (page.title, "Nothing is wrong." in page.text) == ("Alarms", True)
    assert "Alarms Terminals" in page.text, "the navigation has no number"


def test_missing_numbers_are_told_with_what_to_do_and_accepted(
    shop: Shop, owners_browser: Browser, till: Till
) -> None:
    reports = chained(till, range(1, 6))
    sent(till, [reports[0], reports[2], reports[4]])
    watch(shop, 11)
    page = owners_browser.open("/alarms")
    assert f"{HOSTILE}, Puerto Z 2, 4 have not arrived." in page.text
    assert "open its queue: a report may need attention there" in page.text
    assert "<script>alert" not in page.answer.text
    assert "Alarms 1 Terminals" in owners_browser.open("/terminals").text
    owners_browser.open("/alarms")
    page = owners_browser.send("Accept: I know of it")
    assert page.notice.startswith("The alarm is accepted.")
    assert "Nothing is wrong." in page.text
    assert "accepted" in page.text.split("in the last 30 days")[1]
    shop.clock.advance(300)
    sent(till, [reports[1], reports[3]])
    watch(shop)
    assert kinds(shop, till.id) == []
    assert "5 min" in owners_browser.open("/alarms").text


def test_alarms_of_one_kind_stand_together_with_one_advice(
    shop: Shop, owners_browser: Browser, owner: Owner, till: Till
) -> None:
    other = owner.assign(till.store, name="Terrace")
    for one in (till, other):
        sent(one, [one.z(1), one.z(2, previous_hash="0" * 64), one.z(4)])
    watch(shop, 11)
    page = owners_browser.open("/alarms")
    headings = words(page, "h2")
    assert headings[:2] == ["Z reports are missing: 2", "Broken chain: 2"]
    assert page.text.count("open its queue: a report may need attention there") == 1
    assert len([words for words in words(page, "h3") if "Terrace, Puerto" in words]) == 2


def test_the_sides_of_a_conflict_stand_beside_each_other_and_one_is_chosen(
    shop: Shop, owners_browser: Browser, till: Till
) -> None:
    report, other = till.z(1), till.z(1, net=2420)
    assert till.send(report).status_code == 201
    assert till.send(other).status_code == 409
    watch(shop)
    page = owners_browser.open("/alarms")
    text = page.text.split("Two reports for one close")[1]
    for part in ("Counts now", "12.10 EUR", "Kept beside it", "24.20 EUR", report["content_hash"][:16]):
        assert part in text
    forms = [form for form in page.tree.iter("form") if "settlement" in str(form.get("action"))]
    fields = page.held(forms[1])
    assert fields["content_hash"] == other["content_hash"]
    answer = owners_browser.http.post(str(page.url.join(str(forms[1].get("action")))), data=fields)
    assert "That report counts now." in answer.text
    assert kinds(shop, till.id) == []
    page = owners_browser.open("/alarms")
    assert "Nothing is wrong." in page.text
    page = owners_browser.send("Take the choice back")
    assert "the report that came first counts" in page.notice
    assert "Counts now" in page.text


def test_an_alarm_of_another_account_is_not_there(
    shop: Shop, owner: Owner, browsers: Browsers, till: Till
) -> None:
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 11)
    stranger = browsers("en")
    stranger.log_in(shop.owner())
    proof = stranger.open("/alarms").fields("Log out")["csrf"]
    items = owner.call("GET", f"/stores/{till.store}/alarms").json()["items"]
    for what in ("accept", "settlement"):
        answer = stranger.http.post(f"/alarms/{items[0]['id']}/{what}", data={"csrf": proof})
        assert answer.status_code == 404
    assert stranger.http.get("/alarms.json").json() == {"items": []}


def test_alarms_are_read_by_programs(shop: Shop, owners_browser: Browser, owner: Owner, till: Till) -> None:
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 11)
    answer = owner.call("GET", f"/stores/{till.store}/alarms?state=open")
    (item,) = answer.json()["items"]
    assert (item["kind"], item["z_numbers"], item["count"]) == ("missing_z", [2], 1)
    assert item["text"] == "Z 2 has not arrived."
    csv = owner.call("GET", f"/stores/{till.store}/alarms", headers={"Accept": "text/csv"}).text
    heading, row = csv.splitlines()[:2]
    assert heading.startswith("id,kind,store_id,terminal_id,terminal_name,began_at,")
    assert ",missing_z," in row
    file = owners_browser.http.get("/alarms.json").json()["items"]
    assert [it["id"] for it in file] == [item["id"]]
    assert owners_browser.http.get("/alarms.csv").text.splitlines()[0] == heading


def test_an_owner_sees_that_a_terminal_leaves_out_numbers(owners_browser: Browser, till: Till) -> None:
    for says in (False, True):
        state = {"leaves_out_numbers": says}
        assert till.call("PUT", "/terminals/current/state", json=state).status_code == 204
        owners_browser.open("/alarms/settings")
        owners_browser.follow("Puerto")
        assert ("The terminal says so itself" in owners_browser.page.text) is says


def test_an_owner_says_what_is_an_alarm(shop: Shop, owners_browser: Browser, till: Till) -> None:
    owners_browser.open("/alarms/settings")
    owners_browser.follow("Puerto")
    assert "Empty: 24 and 12 hours, until its closes show a habit." in owners_browser.page.text
    first, second = [
        form for form in owners_browser.page.tree.iter("form") if "/settings/" in str(form.get("action"))
    ]
    url = owners_browser.page.url
    limit = owners_browser.page.held(first) | {"limit": "a lot"}
    answer = owners_browser.http.post(str(url.join(str(first.get("action")))), data=limit)
    assert (answer.status_code, "This is no amount of EUR, such as 10.00." in answer.text) == (422, True)
    limit["limit"] = "2.50"
    answer = owners_browser.http.post(str(url.join(str(first.get("action")))), data=limit)
    assert 'value="2.50"' in answer.text
    hours = owners_browser.page.held(second) | {"period_hours": "0", "grace_hours": "1"}
    answer = owners_browser.http.post(str(url.join(str(second.get("action")))), data=hours)
    assert answer.status_code == 422
    hours |= {"period_hours": "1", "may_skip": "true"}
    answer = owners_browser.http.post(str(url.join(str(second.get("action")))), data=hours)
    assert 'name="may_skip" value="true" checked' in answer.text
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 59)
    assert "should have been heard of" not in owners_browser.open("/alarms").text
    watch(shop, 60)
    assert kinds(shop, till.id) == []
    assert f"{HOSTILE}, Puerto: since Mon 2 Mar 2026 14:00" in owners_browser.open("/alarms").text
    watch(shop, 1)
    assert kinds(shop, till.id) == ["silent"]
    assert "should have been heard of" not in owners_browser.open("/alarms").text


def test_an_owner_chooses_the_mails(owners_browser: Browser) -> None:
    page = owners_browser.open("/account")
    assert page.fields("Save what is mailed")["alarms"] == "true"
    fields = page.fields("Save what is mailed") | {"day_at": "25:00"}
    assert owners_browser.http.post("/account/mails", data=fields).status_code == 422
    owners_browser.open("/account")
    page = owners_browser.send("Save what is mailed", day_at="22:15")
    assert page.notice == "What is mailed to you is saved."
    assert page.fields("Save what is mailed")["day_at"] == "22:15"
    fields = {name: text for name, text in page.fields("Save what is mailed").items() if name == "csrf"}
    owners_browser.http.post("/account/mails", data=fields)
    page = owners_browser.open("/account")
    assert "alarms" not in page.fields("Save what is mailed")
