"""What an owner changes of companies, stores and terminals."""

from functools import partial

import pytest

from factorypos_tui.server.domain.companies import (
    CompanyChange,
    StoreChange,
    change_store,
)
from factorypos_tui.server.domain.company_changes import change_company
from factorypos_tui.server.domain.members import Role, company_for, store_for
from factorypos_tui.server.errors import Invalid
from factorypos_tui.server.storage.tables import Account
from tests.server.racing import at_once
from tests.server.shop import Owner, Till, assert_problem, fields_of


def names(owner: Owner, store: str) -> list[str]:
    return [found["name"] for found in owner.call("GET", f"/stores/{store}/terminals").json()["items"]]


def test_a_terminal_is_called_otherwise_and_may_still_do_what_it_might(owner: Owner, till: Till) -> None:
    path = f"/terminals/{till.id}"
    assert owner.call("PATCH", path, json={"upload_allowed": True, "name": "<b>Bar</b>"}).status_code == 200
    assert names(owner, till.store) == ["<b>Bar</b>"]
    changed = owner.call("PATCH", path, json={"name": "Terrace"})
    assert (changed.status_code, changed.json()["name"]) == (200, "Terrace")
    assert names(owner, till.store) == ["Terrace"]
    assert till.call("GET", "/terminals/current").json()["upload_allowed"] is True
    assert_problem(owner.call("PATCH", path, json={"name": " "}), 422, "invalid")
    assert_problem(owner.shop.owner().call("PATCH", path, json={"name": "Mine"}), 404, "not_found")


def test_a_company_and_a_store_are_changed(owner: Owner) -> None:
    company = owner.company()
    store, database = owner.store(company), owner.shop.cloud.database
    with database.connection_context(), database.atomic():
        account = Account.select().where(Account.email == owner.email).get(database)
        mine = company_for(database, account, company, Role.OWNER)
        form = CompanyChange(name="Bar Eva", tax_id="B2", country="fr", currency="CHF")
        change_company(database, "2026-03-02T12:00:00.000Z", account, mine, form)
        changed = StoreChange(name="Norte", timezone="Atlantic/Canary", closed_weekdays="17")
        seen = store_for(database, account, store, Role.MANAGER)
        change_store(database, "2026-03-02T12:00:00.000Z", account, seen, changed)
        found = store_for(database, account, store, Role.MANAGER)
    told = owner.call("GET", "/companies").json()["items"][0]
    assert (told["name"], told["tax_id"], told["country"], told["currency"]) == ("Bar Eva", "B2", "FR", "CHF")
    told = owner.call("GET", f"/companies/{company}/stores").json()["items"][0]
    assert (told["name"], told["timezone"], found.closed_weekdays) == ("Norte", "Atlantic/Canary", "17")


def test_the_currency_of_reports_stays(owner: Owner) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company))
    till.send(till.z(1))
    database = owner.shop.cloud.database
    with database.connection_context(), database.atomic():
        account = Account.select().where(Account.email == owner.email).get(database)
        mine = company_for(database, account, company, Role.OWNER)
        form = CompanyChange(name="Bar", country="ES", currency="USD")
        with pytest.raises(Invalid) as refused:
            change_company(database, "2026-03-02T12:00:00.000Z", account, mine, form)
    assert [fault.field for fault in refused.value.fields] == ["currency"]
    assert owner.call("GET", "/companies").json()["items"][0]["name"] == "Bar Ana"


@pytest.mark.parametrize("days", ["0", "8", "71", "11", "1,7"])
def test_days_that_no_week_has_are_refused(days: str) -> None:
    with pytest.raises(ValueError, match="closed_weekdays"):
        StoreChange(name="Norte", timezone="UTC", closed_weekdays=days)


def test_a_call_replaces_only_what_it_has_seen(owner: Owner) -> None:
    store = owner.store()
    path, form = f"/stores/{store}", {"name": "Norte", "timezone": "UTC", "keep_years": 12}
    seen = owner.call("GET", path).headers["ETag"]
    assert_problem(owner.call("PUT", path, json=form), 428, "precondition_required")
    changed = owner.call("PUT", path, json={**form, "closed_weekdays": "67"}, headers={"If-Match": seen})
    assert (changed.status_code, changed.json()["keep_years"]) == (200, 12)
    assert changed.json() == owner.call("GET", path).json()
    late = owner.call("PUT", path, json=form, headers={"If-Match": seen})
    assert_problem(late, 412, "changed")
    assert late.headers["ETag"] == changed.headers["ETag"]
    again = owner.call("PUT", path, json=form, headers={"If-Match": f"W/{late.headers['ETag']}"})
    assert (again.status_code, again.json()["closed_weekdays"]) == (200, "")
    assert again.headers["ETag"] not in (seen, late.headers["ETag"])
    for wrong in (9, "12", 12.5, True, 101):
        refused = owner.call("PUT", path, json={**form, "keep_years": wrong}, headers={"If-Match": "*"})
        assert fields_of(assert_problem(refused, 422, "invalid")) == {"keep_years": "invalid"}


def test_of_two_who_change_a_company_at_once_one_is_told(owner: Owner) -> None:
    company = owner.company()
    path = f"/companies/{company}"
    seen = owner.call("GET", path).headers["ETag"]

    def change(name: str) -> int:
        form = {"name": name, "country": "ES", "currency": "EUR"}
        return owner.call("PUT", path, json=form, headers={"If-Match": seen}).status_code

    assert sorted(at_once([partial(change, name) for name in ("Eva", "Ana")])) == [200, 412]
