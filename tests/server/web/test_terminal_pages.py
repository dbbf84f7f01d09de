"""An owner looks after terminals, companies and stores with a browser that runs no script."""

import uuid

import pytest

from factorypos_tui.server.storage.tables import Store
from tests.server.shop import PASSWORD, Owner, Till, assert_problem
from tests.server.test_dropping import drop, let_go
from tests.server.test_enrolments import enrol, make_code
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

HOSTILE = '"><script>alert(1)</script>&lt;{{7*7}}'
STATE = {
    "queue": {"pending": 2, "sending": 1, "attention": 1, "delivered": 9},
    "last_z_number": 12,
    "clock_offset_s": 600,
    "software": "factorypos-tui 9.9",
    "sender": "worker",
}


@pytest.fixture
def till(owner: Owner) -> Till:
    return owner.assign(owner.store(name="Puerto"), name=HOSTILE)


def test_a_terminal_is_shown_as_it_said_last(owners_browser: Browser, till: Till) -> None:
    page = owners_browser.open("/terminals")
    assert "Last contact none yet Program factorypos-tui 0.1.0 Last Z none yet" in page.text
    assert "<script>alert" not in page.answer.text
    till.send(till.z(11))
    assert till.call("PUT", "/terminals/current/state", json=STATE).status_code == 204
    page = owners_browser.open("/terminals")
    assert f"{HOSTILE} Store Bar Ana, Puerto Last contact Mon 2 Mar 2026 13:00" in page.text
    assert "Program factorypos-tui 9.9 Last Z 11; at the till 12" in page.text
    assert "Queue waiting: 3, need a person: 1 Clock 10 minutes fast" in page.text


def test_a_terminal_is_renamed(owners_browser: Browser, till: Till) -> None:
    owners_browser.open("/terminals")
    page = owners_browser.send("Rename", name=" ")
    assert (page.status, page.fields("Rename")["name"]) == (422, " ")
    assert owners_browser.send("Rename", name="Terrace").notice == "The terminal is called Terrace now."
    assert owners_browser.page.text.count("Terrace") == 2


def test_a_terminal_is_revoked_and_released_by_who_proves_who_it_is(
    owners_browser: Browser, owner: Owner, till: Till
) -> None:
    owners_browser.open("/terminals")
    owners_browser.follow("Revoke or release")
    assert owners_browser.page.path == "/prove"
    owners_browser.send("Go on", password=PASSWORD)
    page = owners_browser.send("Revoke or release", what="revoke")
    assert page.path == "/terminals"
    assert "Its screen says so within 5 minutes" in page.notice
    assert_problem(till.call("GET", "/terminals/current"), 401, "terminal_revoked")
    assert "Revoked: it may send no more." in page.text
    stranger = owner.shop.owner()
    till.send(till.z(1))
    owners_browser.follow("Revoke or release")
    page = owners_browser.send("Revoke or release", what="release")
    assert "any account may assign it now" in page.notice
    assert stranger.ask_to_assign(stranger.store(), till.id).status_code == 200
    assert owners_browser.open(f"/terminals/{till.id}/end").status == 404


@pytest.mark.parametrize("ends", [True, False])
def test_who_revokes_a_till_ends_the_code_that_brought_it_unless_they_say_no(
    owners_browser: Browser, owner: Owner, ends: bool
) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    brought, spare = (make_code(owner, store, uses=9, name=name)["code"] for name in ("Opening", "Spare"))
    assert enrol(owner.shop, brought, terminal).status_code == 201
    owners_browser.open(f"/terminals/{terminal}/end")
    page = owners_browser.send("Go on", password=PASSWORD)
    assert "End the enrolment code that brought it, too: Opening." in page.text
    assert "Whoever is logged in at this till is logged out there." in page.text
    if ends:
        page = owners_browser.send("Revoke or release", what="revoke")
    else:
        page = owners_browser.send_without("Revoke or release", "codes")
    assert "may send no more" in page.notice
    assert enrol(owner.shop, brought).status_code == (400 if ends else 201)
    assert enrol(owner.shop, spare).status_code == 201
    assert [enrol(owner.shop, code, terminal).status_code for code in (brought, spare)] == [400, 400]


def test_a_company_and_a_store_are_made_and_changed(owners_browser: Browser, owner: Owner) -> None:
    owners_browser.open("/")
    owners_browser.follow("New company")
    page = owners_browser.send("Save", name="Bar Eva", country="Spain")
    assert (page.status, page.faults) == (422, {"country"})
    page = owners_browser.send("Save", country="fr", currency="EUR")
    assert page.notice == "Bar Eva is made. Now make its first store."
    owners_browser.follow("New store")
    page = owners_browser.send("Save", name=HOSTILE, timezone="Europe/Paris")
    assert (page.path, HOSTILE in page.notice, "<script>alert" in page.answer.text) == ("/", True, False)
    owners_browser.follow(HOSTILE)
    mine = owners_browser.follow("Settings").path.split("/")[2]
    page = owners_browser.send("Save", name="Norte", timezone="Mars/Olympus")
    assert (page.status, page.faults) == (422, {"timezone"})
    assert owners_browser.send_boxes("Save", "open", ["1", "2", "7"], timezone="UTC").notice == "Saved."
    database = owner.shop.cloud.database
    with database.connection_context():
        store = Store.select().where(Store.id == mine).get(database)
    assert (store.timezone, store.closed_weekdays) == ("UTC", "3456")
    owners_browser.follow("Norte")
    page = owners_browser.follow("Settings")
    assert [box for box, ticked in page.boxes("open") if ticked] == ["1", "2", "7"]
    owners_browser.follow("Bar Eva")
    assert owners_browser.send("Save", name="Bar Eva y Ana").notice == "Saved."
    assert "Bar Eva y Ana" in owners_browser.page.text


def test_the_currency_of_reports_stays(owners_browser: Browser, till: Till) -> None:
    till.send(till.z(1))
    owners_browser.open("/")
    owners_browser.follow("Bar Ana")
    page = owners_browser.send("Save", currency="USD")
    assert (page.status, page.faults) == (422, {"currency"})


def test_an_owner_says_how_long_documents_stay(owners_browser: Browser, owner: Owner, till: Till) -> None:
    database = owner.shop.cloud.database
    settings = f"/stores/{till.store}/settings"
    owners_browser.open(settings)
    for wrong in ("9", "101", "ten", "10.5"):
        page = owners_browser.send("Save", keep_years=wrong)
        assert (page.status, page.faults) == (422, {"keep_years"})
        assert page.fields("Save")["keep_years"] == wrong
    assert owners_browser.send("Save", keep_years="12").notice == "Saved."
    assert owners_browser.open(settings).fields("Save")["keep_years"] == "12"
    let_go(till.store, database)
    till.send(till.z(1, business_date="2019-05-31"))
    drop(database)
    assert "Whole reports from before 2019-06 were deleted." in owners_browser.open(settings).text
    assert owners_browser.send("Save", keep_years="").notice == "Saved."
    assert owners_browser.open(settings).fields("Save")["keep_years"] == ""


def test_whoever_saves_a_store_second_sees_what_the_first_changed(
    browsers: Browsers, owner: Owner, till: Till
) -> None:
    settings = f"/stores/{till.store}/settings"
    first, second = browsers("en"), browsers("en")
    for one in (first, second):
        one.log_in(owner)
        one.open(settings)
    assert first.send_boxes("Save", "open", ["1", "2"], name=HOSTILE, keep_years="12").notice == "Saved."
    page = second.send_boxes("Save", "open", ["7"], address="Calle Mayor 1")
    assert page.status == 412
    assert "Somebody else has changed this meanwhile" in page.refused
    assert f"Name: Puerto → {HOSTILE}" in page.text
    assert "Closed on: none → Wednesday, Thursday, Friday, Saturday, Sunday" in page.text
    assert "Full years for which whole reports are kept: 10 → 12" in page.text
    typed = page.fields("Save")
    assert (typed["name"], typed["address"], typed["keep_years"]) == ("Puerto", "Calle Mayor 1", "10")
    assert [box for box, ticked in page.boxes("open") if ticked] == ["7"]
    assert second.send_boxes("Save", "open", ["7"]).notice == "Saved."
    saved = owner.call("GET", f"/stores/{till.store}").json()
    assert (saved["name"], saved["address"], saved["closed_weekdays"], saved["keep_years"]) == (
        "Puerto",
        "Calle Mayor 1",
        "123456",
        10,
    )


def test_whoever_saves_a_company_second_sees_what_the_first_changed(
    owners_browser: Browser, owner: Owner, till: Till
) -> None:
    company = owner.call("GET", f"/stores/{till.store}").json()["company_id"]
    owners_browser.open(f"/companies/{company}")
    changed = {"name": "Bar Eva", "tax_id": "B2", "country": "ES", "currency": "EUR"}
    answer = owner.call("PUT", f"/companies/{company}", json=changed, headers={"If-Match": "*"})
    assert answer.status_code == 200
    page = owners_browser.send("Save", country="Spain")
    assert (page.status, page.faults) == (422, {"country"})
    assert "Name: Bar Ana → Bar Eva Tax number: none → B2" in page.text
    assert owners_browser.send("Save", country="PT", name="Bar Ana").notice == "Saved."
    assert owner.call("GET", f"/companies/{company}").json()["country"] == "PT"
