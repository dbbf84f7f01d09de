"""An owner looks after a catalogue with a browser that runs no script."""

from typing import Any

import pytest

from factorypos_tui.core.configuration.document import decode
from tests.server.catalogue.shelves import BAR, with_item
from tests.server.shop import Owner, Shop, Till
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

HOSTILE = '"><script>alert(1)</script>{{7*7}}&lt;'


@pytest.fixture
def till(owner: Owner) -> Till:
    """Its store has the catalogue of a small bar."""
    till = owner.assign(owner.store(name="Puerto"))
    put(till, BAR, {"If-None-Match": "*"})
    return till


def put(till: Till, document: Any, condition: dict[str, str]) -> None:
    assert till.call("PUT", "/configuration", json=document, headers=condition).is_success


def downloaded(till: Till) -> Any:
    """What the till downloads, which it takes."""
    answer = till.call("GET", "/configuration")
    decode(answer.content)
    return answer.json()


def shelf(till: Till, rest: str = "") -> str:
    return f"/stores/{till.store}/catalogue{rest}"


def test_a_price_is_changed_in_place_and_the_till_sees_that_there_is_something(
    owners_browser: Browser, till: Till
) -> None:
    before = till.call("GET", "/terminals/current").json()["configuration_etag"]
    owners_browser.open("/")
    owners_browser.follow("Catalogue")
    owners_browser.follow("Items")
    page = owners_browser.send_named("Save COFFEE", {"prices.BAR": "1,60"})
    assert (page.path, page.status) == (shelf(till, "/items"), 200)
    assert page.notice == "Saved: COFFEE Café: BAR 1.50 EUR → 1.60 EUR. Tills can download it."
    assert downloaded(till) == with_item(BAR, "COFFEE", prices={"BAR": 160})
    assert till.call("GET", "/terminals/current").json()["configuration_etag"] != before


def test_what_is_said_of_a_long_change_fits_into_a_header(owners_browser: Browser, till: Till) -> None:
    for letter in "🍺🍷":
        owners_browser.open(shelf(till, "/company"))
        page = owners_browser.send("Save", dict.fromkeys(("address", "city", "tax_id"), letter * 200))
    (led,) = page.answer.history
    assert sum(map(len, led.headers.get_list("set-cookie"))) < 2500
    assert page.notice.startswith("Saved: ")
    assert page.notice.endswith("🍷…")
    assert downloaded(till)["company"]["city"] == "🍷" * 200


def test_what_a_till_would_refuse_is_refused_with_the_field_named(
    owners_browser: Browser, till: Till
) -> None:
    owners_browser.open(shelf(till, "/items"))
    page = owners_browser.send_named("Save COFFEE", {"prices.BAR": "1.505", "name": "Flat white"})
    assert (page.status, page.faults) == (422, {"prices.BAR"})
    assert "This is no price. Write it as in 12.50." in page.text
    assert page.fields("Save")["name"] == "Flat white", "what was typed is still there"
    page = owners_browser.send("Save", {"prices.BAR": "1.55"})
    assert page.notice == "Saved: Prices: changed: 1. Items: changed: 1. Tills can download it."
    owners_browser.open(shelf(till, "/taxes"))
    page = owners_browser.send("Add", {"code": "T4", "name": "IVA 4 %", "rate": "many"})
    assert (page.status, page.faults) == (422, {"rate"})
    assert page.fields("Save")["code"] == "T4"
    page = owners_browser.send("Save", {"rate": "4,0"})
    assert page.notice.startswith("Saved: T4 IVA 4 %: new")
    assert downloaded(till)["taxes"][-1] == {"code": "T4", "name": "IVA 4 %", "rate": "4.0"}


def test_the_second_editor_sees_what_the_first_changed_and_keeps_what_they_typed(
    owners_browser: Browser, browsers: Browsers, owner: Owner, till: Till
) -> None:
    second = browsers("en")
    second.log_in(owner)
    second.open(shelf(till, "/items"))
    owners_browser.open(shelf(till, "/items"))
    owners_browser.send_named("Save BEER", {"name": "Cold beer"})
    page = second.send_named("Save COFFEE", {"prices.BAR": "1.70"})
    assert (page.status, "Somebody else has changed" in page.refused) == (412, True)
    assert "BEER Cold beer: name Beer → Cold beer" in page.text
    assert page.fields("Save")["prices.BAR"] == "1.70"
    assert downloaded(till) == with_item(BAR, "BEER", name="Cold beer")
    assert second.send("Save").notice.startswith("Saved: COFFEE")
    both = with_item(with_item(BAR, "BEER", name="Cold beer"), "COFFEE", prices={"BAR": 170})
    assert downloaded(till) == both


def test_records_are_added_moved_and_removed(owners_browser: Browser, till: Till) -> None:
    owners_browser.open(shelf(till, "/items"))
    tea = {"code": "TEA", "name": "Tea", "department": "D1", "tax": "T10", "prices.BAR": "1.7"}
    assert owners_browser.send("Add", tea).notice.startswith("Saved: TEA Tea: new")
    assert owners_browser.send("Add", tea).faults == {"code"}
    owners_browser.open(f"{shelf(till, '/items')}?code=TEA")
    owners_browser.send("Remove TEA")
    assert downloaded(till) == BAR
    owners_browser.open(shelf(till, "/price_levels"))
    owners_browser.send_named("Move TERRACE up")
    assert [level["code"] for level in downloaded(till)["price_levels"]] == ["TERRACE", "BAR"]
    owners_browser.open(f"{shelf(till, '/taxes')}?code=T21")
    page = owners_browser.send("Remove T21")
    assert page.status == 422
    assert "Items, BEER, tax: There is no T21." in page.refused
    owners_browser.open(f"{shelf(till, '/users')}?code=9")
    owners_browser.send_without("Save", "training")
    assert downloaded(till)["users"][1] == {"code": "9", "name": "Practice"}
    owners_browser.open(shelf(till, "/company"))
    assert owners_browser.send("Save", {"city": "Inca"}).notice.startswith("Saved: Bar Ana, S.L.: city")
    assert owners_browser.send("Save").notice == "Nothing has changed."


def test_ten_thousand_items_are_searched_and_paged(owners_browser: Browser, till: Till) -> None:
    items = [
        {
            "code": f"I{n:05}",
            "name": f"Item {n} Ñandú",
            "department": "D1",
            "tax": "T10",
            "prices": {"BAR": n},
        }
        for n in range(10_000)
    ]
    put(till, {**BAR, "items": items}, {"If-Match": "*"})
    page = owners_browser.open(shelf(till, "/items"))
    assert "10000 of 10000" in page.text
    assert "Page 1 of 200" in page.text
    assert len(page.answer.content) < 100_000
    page = owners_browser.open(f"{shelf(till, '/items')}?page=999999999999")
    assert "I09999" in page.text
    owners_browser.open(shelf(till, "/items"))
    page = owners_browser.send("Search", q="nandu 4321")
    assert ("1 of 10000" in page.text, "I04321" in page.text) == (True, True)
    assert owners_browser.open(f"{shelf(till, '/items')}?code=none").status == 404


def test_many_prices_are_looked_at_before_they_are_saved(owners_browser: Browser, till: Till) -> None:
    owners_browser.open(shelf(till))
    owners_browser.follow("Many prices at once")
    asked = {"percent": "10", "step": "0.05", "level": "TERRACE", "department": "D1"}
    page = owners_browser.send("Look at what changes", asked)
    assert "BEER Beer: TERRACE 2.40 EUR → 2.65 EUR" in page.text
    assert downloaded(till) == BAR
    page = owners_browser.send("Save these prices")
    assert page.notice == "Saved: Prices: changed: 2. Tills can download it."
    assert [item["prices"].get("TERRACE") for item in downloaded(till)["items"]] == [265, None, 110]
    owners_browser.open(shelf(till, "/prices"))
    for wrong in ({"percent": "much"}, {"percent": "-101"}, {"percent": "1e3"}, {"step": "0"}, {"step": "x"}):
        page = owners_browser.send("Look at what changes", {"percent": "1", "step": "1", **wrong})
        assert (page.status, page.faults) == (422, set(wrong))


def test_a_table_goes_out_and_comes_in_with_a_look_at_what_changes(
    owners_browser: Browser, till: Till
) -> None:
    owners_browser.open(shelf(till, "/items/table"))
    out = owners_browser.http.get(shelf(till, "/items/table.csv"))
    assert out.headers["content-disposition"] == 'attachment; filename="items.csv"'
    page = owners_browser.send_file("Look at what changes", "file", out.content)
    assert "There is no difference." in page.text
    edited = out.content.replace(b"Beer", b"Cold beer").replace(b"2.00", b"2.20")
    page = owners_browser.send_file("Look at what changes", "file", edited)
    assert "BEER Cold beer: BAR 2.00 EUR → 2.20 EUR" in page.text
    assert downloaded(till) == BAR
    page = owners_browser.send_file("Save this table", "none", b"")
    assert page.notice == "Saved: Prices: changed: 1. Items: changed: 1. Tills can download it."
    wanted = with_item(BAR, "BEER", name="Cold beer", prices={"BAR": 220, "TERRACE": 240})
    assert downloaded(till) == wanted
    owners_browser.open(shelf(till, "/items/table"))
    page = owners_browser.send_file("Look at what changes", "file", b"code,name\nBEER,caf\xe9\n")
    assert (page.status, "Line 2: This is no text in UTF-8." in page.text) == (422, True)
    pasted = {"table": "code;precio BAR\r\nBEER;dear\r\n"}
    page = owners_browser.send_file("Look at what changes", "file", b"", pasted)
    assert "Line 2, column “precio BAR”: This is no price" in page.text
    assert page.fields("Look at what changes")["table"].startswith("code;precio BAR")
    whole = {"table": "code\nCOFFEE\nWATER", "whole": "1"}
    owners_browser.send_file("Look at what changes", "file", b"", whole)
    owners_browser.send_file("Save this table", "none", b"")
    assert [item["code"] for item in downloaded(till)["items"]] == ["COFFEE", "WATER"]


def test_a_table_of_ten_thousand_items_is_taken(owners_browser: Browser, till: Till) -> None:
    lines = [f"I{n:05},A name that is as long as names are,D1,T10,{n}.05" for n in range(10_000)]
    table = "\n".join(["code,name,department,tax,price BAR", *lines]).encode()
    owners_browser.open(shelf(till, "/items/table"))
    page = owners_browser.send_file("Look at what changes", "file", table)
    assert "Items: new: 10000." in page.text
    assert "… and 9800 more" in page.text
    owners_browser.send_file("Save this table", "none", b"")
    assert len(downloaded(till)["items"]) == 10_003


def test_versions_say_who_and_when_and_what_and_one_comes_back(owners_browser: Browser, till: Till) -> None:
    owners_browser.open(shelf(till, "/items"))
    owners_browser.send_named("Save BEER", {"name": "Cold beer"})
    page = owners_browser.open(shelf(till, "/versions"))
    assert "Version 2 Mon 2 Mar 2026 13:00, Ana" in page.text
    assert "Version 1 Mon 2 Mar 2026 13:00, Till 1" in page.text
    page = owners_browser.send("Compare", old="1", new="2")
    assert "From version 1 to 2 Items: changed: 1. BEER Cold beer: name Beer → Cold beer" in page.text
    page = owners_browser.send_named("Bring back version 1")
    assert page.notice == "Version 1 is back. Tills can download it."
    assert "Version 3" in page.text
    assert downloaded(till) == BAR
    owners_browser.open(shelf(till, "/versions"))
    put(till, with_item(BAR, "BEER", name="Warm beer"), {"If-Match": "*"})
    page = owners_browser.send_named("Bring back version 2")
    assert (page.status, "has changed" in page.refused) == (412, True)
    for wrong in ("?old=0&new=9", "?old=-1&new=1"):
        assert owners_browser.open(shelf(till, f"/versions{wrong}")).status == 404


def test_a_new_store_begins_with_a_template_or_with_another_stores_catalogue(
    owners_browser: Browser, owner: Owner, till: Till
) -> None:
    company = owner.company(name="Bar Eva")
    one, two = (owner.assign(owner.store(company, name=name)) for name in ("Norte", "Sur"))
    owners_browser.open(shelf(empty := owner.assign(owner.store()), "/departments"))
    owners_browser.send("Add", {"code": "D1", "name": "Drinks"})
    assert downloaded(empty)["departments"] == [{"code": "D1", "name": "Drinks"}]
    assert "no catalogue yet" in owners_browser.open(shelf(one)).text
    page = owners_browser.send("Begin with this: A small bar")
    assert page.notice.startswith("Saved: Items: new: 11.")
    assert downloaded(one)["company"] == {"name": "Bar Eva", "country": "ES", "currency": "EUR"}
    owners_browser.open(shelf(two))
    owners_browser.send("Begin with a copy", store=till.store)
    assert downloaded(two)["items"] == BAR["items"]
    assert downloaded(two)["company"]["name"] == "Bar Eva"
    dollars = owner.assign(owner.store(owner.company(currency="USD")))
    owners_browser.open(shelf(dollars))
    page = owners_browser.send("Begin with a copy", store=till.store)
    assert (page.status, "another currency" in page.refused) == (422, True)
    foreign = owner.shop.owner()
    stranger = foreign.assign(foreign.store())
    put(stranger, BAR, {"If-None-Match": "*"})
    page = owners_browser.send("Begin with a copy", store=stranger.store)
    assert page.status == 404
    assert dollars.call("GET", "/configuration").status_code == 404


def test_hostile_names_are_only_text(owners_browser: Browser, till: Till) -> None:
    hostile = with_item(BAR, "BEER", name=HOSTILE[:100])
    hostile["price_levels"] = [{"code": "BAR", "name": HOSTILE}, {"code": "TERRACE", "name": "%s{x}"}]
    put(till, hostile, {"If-Match": "*"})
    for rest in ("", "/items", "/price_levels", "/items?code=BEER", "/prices", "/versions?old=1&new=2"):
        assert "<script>alert" not in owners_browser.open(shelf(till, rest)).answer.text
    owners_browser.open(shelf(till, "/items"))
    page = owners_browser.send_named("Save COFFEE", {"name": HOSTILE})
    assert HOSTILE in page.notice
    odd = with_item(hostile, "BEER", name="\u202eevil\x1b[2J", colour={"red": "<b>"})
    put(till, odd, {"If-Match": "*"})
    assert "Tills refuse this version" in owners_browser.open(shelf(till)).text


def test_all_of_it_is_there_in_spanish(shop: Shop, browsers: Browsers) -> None:
    owner = shop.owner("es")
    till = owner.assign(owner.store(name="Puerto"))
    put(till, BAR, {"If-None-Match": "*"})
    browser = browsers("es")
    browser.log_in(owner)
    browser.open(shelf(till, "/items"))
    page = browser.send_named("Guardar COFFEE", {"prices.BAR": "1,60"})
    assert page.notice.startswith("Guardado: COFFEE Café: BAR 1,50 EUR → 1,60 EUR.")
    page = browser.send_named("Guardar COFFEE", {"prices.BAR": "caro"})
    assert "Esto no es un precio. Escríbalo como en 12,50." in page.text
    out = browser.http.get(shelf(till, "/items/table.csv")).text
    assert out.splitlines()[:2] == [
        "\ufeffcódigo;nombre;departamento;impuesto;código de barras;precio BAR;precio TERRACE",
        "BEER;Beer;D1;T21;;2,00;2,40",
    ]
    browser.open(shelf(till, "/items/table"))
    changed = out.replace("2,00", "2,20").encode()
    page = browser.send_file("Ver qué cambia", "file", changed)
    assert "Precios: cambios: 1." in page.text
    assert "BEER Beer: BAR 2,00 EUR → 2,20 EUR" in page.text
