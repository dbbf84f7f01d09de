"""An owner makes, reads and revokes enrolment codes with a browser that runs no script."""

import re
import uuid

import pytest

from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.ops import users
from tests.server.shop import PASSWORD, Owner, assert_problem
from tests.server.test_enrolments import codes, enrol, make_code
from tests.server.web.browser import Browser

HOSTILE = '"><script>alert(1)</script>'
CODE = re.compile("[BCDFGHJKLMNPQRSTVWXZ]{4}(-[BCDFGHJKLMNPQRSTVWXZ]{4}){4}")


def code_on(browser: Browser) -> str:
    found = CODE.search(browser.page.text)
    assert found, browser.page.text
    return found[0]


def to_the_form(browser: Browser) -> None:
    """Whoever makes a code proves who it is."""
    browser.open("/terminals")
    browser.follow("New code")
    assert browser.page.path == "/prove"
    browser.send("Go on", password=PASSWORD)
    assert browser.page.path.endswith("/enrolment-codes/new")


def test_a_code_is_shown_once_and_brings_so_many_tills(owners_browser: Browser, owner: Owner) -> None:
    store, shop = owner.store(name="Puerto"), owner.shop
    to_the_form(owners_browser)
    page = owners_browser.send("Make the code", uses="2", expires_in_s=str(7 * 86_400), name=HOSTILE)
    assert (page.path, page.title) == (f"/stores/{store}/enrolment-codes", "Enrolment codes of Puerto")
    code = code_on(owners_browser)
    assert f"factorypos-tui enrol {code}" in page.notice
    assert "State good Used 0 of 2 Made Mon 2 Mar 2026 13:00 Good until Mon 9 Mar 2026 13:00" in page.text
    assert "<script>alert" not in page.answer.text
    again = owners_browser.open(str(page.url.raw_path, "ascii"))
    assert not CODE.search(again.answer.text), "shown once"
    assert len(codes(owner, store)) == 1
    terminal = str(uuid.uuid4())
    assert enrol(shop, code, terminal).status_code == 201
    page = owners_browser.open("/terminals")
    page = owners_browser.follow("Codes")
    assert "Used 1 of 2" in page.text
    assert "Terminals Till 1 (Mon 2 Mar 2026 13:00)" in page.text
    page = owners_browser.send("Revoke")
    assert page.notice == "The code brings no more terminals. Those that it brought go on sending."
    assert "State revoked" in page.text
    assert "Revoke" not in [words for form in page.tree.iter("form") for words in form.itertext()]
    assert_problem(enrol(shop, code), 400, "code_invalid")


def test_an_owner_without_tills_reads_how_one_gets_here(owners_browser: Browser, owner: Owner) -> None:
    owner.store()
    page = owners_browser.open("/")
    assert "Tell the till the address of this FactoryCLOUD" in page.text
    assert "cloud_url" in page.text
    assert "New code" in page.text
    assert "New code" in owners_browser.follow("Terminals").text


def test_what_is_wrong_with_a_code_stands_beside_its_field(
    owners_browser: Browser, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = owner.store()
    to_the_form(owners_browser)
    for uses in ("0", "2001", "two"):
        page = owners_browser.send("Make the code", uses=uses, name="Opening")
        assert (page.status, page.faults) == (422, {"uses"})
        assert (page.fields("Make the code")["name"], page.fields("Make the code")["uses"]) == (
            "Opening",
            uses,
        )
    page = owners_browser.send("Make the code", uses="1", expires_in_s="5")
    assert (page.status, page.faults) == (422, {"expires_in_s"})
    monkeypatch.setattr(limits, "ENROLMENT_CODES", 0)
    page = owners_browser.send("Make the code", expires_in_s="3600")
    assert (page.status, "it may have no more" in page.refused) == (403, True)
    assert codes(owner, store) == []


def test_codes_that_are_good_no_more_say_why(owners_browser: Browser, owner: Owner) -> None:
    store = owner.store()
    to_the_form(owners_browser)
    owners_browser.send("Make the code", expires_in_s="3600")
    assert enrol(owner.shop, code_on(owners_browser)).status_code == 201
    to_the_list = f"/stores/{store}/enrolment-codes"
    assert "State used up" in owners_browser.open(to_the_list).text
    owners_browser.open(f"{to_the_list}/new")
    owners_browser.send("Make the code", expires_in_s="3600")
    owner.shop.clock.advance(3601)
    assert "State too old" in owners_browser.open(to_the_list).text
    company = owner.call("GET", f"/stores/{store}").json()["company_id"]
    manager = owner.admit(owner.shop.owner(), company, Role.MANAGER)
    make_code(manager, store)
    users.disable_user(owner.shop.cloud.database, manager.email)
    page = owners_browser.open(to_the_list)
    assert "State not good: Ana made it and may assign no terminals here now" in page.text
    assert "State revoked" in owners_browser.send("Revoke").text, "whoever made it may come back"
    owners_browser.open("/terminals")
    assert owners_browser.page.text.count("New code") == 1
