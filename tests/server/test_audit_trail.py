"""Owners read who did what in their companies, when and from where."""

import csv
import io
from typing import Any

import pytest

from factorypos_tui.server.ops import terminals
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.premises import Premises, premises
from tests.server.shop import Owner, Shop, assert_problem
from tests.server.test_enrolments import enrol, make_code

BROWSER = {"User-Agent": "Firefox on a phone"}


@pytest.fixture
def its(shop: Shop) -> Premises:
    return premises(shop)


def trail(owner: Owner, company: str, query: str = "") -> list[dict[str, Any]]:
    answer = owner.call("GET", f"/companies/{company}/audit{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_who_did_what_of_what_when_and_from_where(its: Premises) -> None:
    owner, till = its.owner, its.till
    owner.shop.clock.advance(3600)
    change = {"name": "Terrace"}
    assert owner.call("PATCH", f"/terminals/{till.id}", json=change, headers=BROWSER).status_code == 200
    newest = trail(owner, its.company)[0]
    name = owner.call("GET", "/sessions/current").json()["name"]
    assert (newest["who"], newest["what"], newest["of_what"]) == (
        f"{name} ({owner.email})",
        "Terminal renamed",
        "Terrace",
    )
    assert newest["at"].endswith(":00:00.000Z")
    assert (newest["timezone"], newest["local_time"]) == ("Europe/Madrid", "Mon 2 Mar 2026 14:00")
    assert (newest["network"], newest["device"]) == ("127.0.0.1", "Firefox on a phone")
    assert (newest["action"], newest["subject"]) == ("terminal.renamed", till.id)


def test_terminals_codes_and_the_host_are_named(its: Premises) -> None:
    owner, till = its.owner, its.till
    code = make_code(owner, till.store, name="Opening")["code"]
    came = enrol(owner.shop, code).json()
    assert came["store"]["id"] == till.store
    assert till.call("DELETE", "/terminals/current").status_code == 204
    terminals.revoke(owner.shop.cloud.database, its.sister.id)
    found = {(entry["who"], entry["what"]): entry for entry in trail(owner, its.company)}
    assert found[("enrolment code Opening", "Terminal enrolled with a code")]["of_what"] == "Till 1"
    assert ("Till 1", "Terminal revoked or disconnected") in found
    by_host = found[("the host", "Terminal revoked or disconnected")]
    assert (by_host["network"], by_host["device"]) == (None, None)
    kept = found[("Till 1", "Contradicting report kept beside the other")]
    assert (kept["of_what"], kept["network"]) == ("Z 2, Mon 2 Mar 2026", None)


def test_in_the_language_of_who_reads(its: Premises) -> None:
    answer = its.owner.call(
        "GET", f"/companies/{its.company}/audit?kind=configuration", headers={"Accept-Language": "es"}
    )
    assert answer.json()["items"][0]["what"] == "Configuración reemplazada"


def test_it_is_sought_by_who_kind_and_days(its: Premises) -> None:
    owner = its.owner
    everything = trail(owner, its.company)
    assert {entry["action"].partition(".")[0] for entry in everything} >= {"terminal", "configuration"}
    of_till = trail(owner, its.company, f"?who={its.till.id}")
    assert {entry["who"] for entry in of_till} == {"Till 1"}
    of_owner = trail(owner, its.company, f"?who={owner.email.upper()}")
    assert len(of_owner) + len(of_till) == len(everything)
    kinds = trail(owner, its.company, "?kind=enrolment_code")
    assert [entry["action"] for entry in kinds] == ["enrolment_code.created"]
    assert trail(owner, its.company, "?kind=enrolment_code.created") == kinds
    assert trail(owner, its.company, "?kind=enrolment") == []
    assert trail(owner, its.company, "?from=2026-03-02&to=2026-03-02") == everything
    assert trail(owner, its.company, "?to=2026-03-01") == trail(owner, its.company, "?from=2026-03-03") == []
    assert trail(owner, its.company, "?from=0001-01-01&to=9999-12-31") == everything


def test_a_day_is_the_stores_not_the_servers(its: Premises) -> None:
    its.owner.shop.clock.advance(11.5 * 3600)
    owner = its.owner.shop.log_in(its.owner.email)
    owner.call("PATCH", f"/terminals/{its.till.id}", json={"name": "Late"})
    found = trail(owner, its.company, "?from=2026-03-03")
    assert [(it["at"][:10], it["local_time"]) for it in found] == [("2026-03-02", "Tue 3 Mar 2026 00:30")]


def test_it_comes_page_by_page_and_as_csv_without_formulas(its: Premises) -> None:
    owner, path = its.owner, f"/companies/{its.company}/audit"
    owner.call("PATCH", f"/terminals/{its.till.id}", json={"name": "=1+1"})
    everything, seen, cursor = trail(owner, its.company), [], ""
    while cursor is not None:
        page = owner.call("GET", f"{path}?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += page["items"]
        assert len(page["items"]) <= 2
        cursor = page["next_cursor"]
    assert seen == everything
    answer = owner.call("GET", f"{path}?limit=1", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'rel="next"' in answer.headers["link"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["what"], row["of_what"]) == ("Terminal renamed", "'=1+1")
    assert_problem(owner.call("GET", f"{path}?cursor=nonsense"), 422, "invalid")
    assert_problem(owner.call("GET", f"{path}?from=soon"), 422, "invalid")


def test_another_company_is_another_trail(its: Premises, shop: Shop) -> None:
    other = its.owner.company(name="Other")
    its.owner.store(other, name="Annex")
    found = [(it["what"], it["of_what"]) for it in trail(its.owner, other)]
    assert found == [("Store made", "Annex"), ("Company made", "Other")]
    stranger = premises(shop, "Strange")
    assert its.till.id not in str(trail(stranger.owner, stranger.company))
    assert_problem(stranger.owner.call("GET", f"/companies/{its.company}/audit"), 404, "not_found")
    assert_problem(its.till.call("GET", f"/companies/{its.company}/audit"), 401, "unauthorized")


def test_entries_of_before_companies_were_kept_are_found_by_their_subject(its: Premises) -> None:
    """As far as their subject tells the company; one about a report does not."""
    database, at = its.owner.shop.cloud.database, "2026-01-05T10:00:00.000Z"
    subjects = {
        "company.changed": its.company,
        "store.changed": its.till.store,
        "terminal.assigned": f"{its.till.id} to store {its.till.store}",
        "enrolment_code.revoked": its.code,
        "conflict.reopened": its.report["report_id"],
    }
    with database.connection_context(), database.atomic():
        for action, subject in subjects.items():
            audit(database, at, "administrator", action, subject, network="")
    found = {it["action"]: it for it in trail(its.owner, its.company, "?to=2026-01-31")}
    assert set(found) == set(subjects) - {"conflict.reopened"}
    assert found["terminal.assigned"]["of_what"] == "Till 1, Bar Ana"


def test_from_where_is_what_the_trusted_proxies_say(its: Premises) -> None:
    database = its.owner.shop.cloud.database
    its.owner.call("PATCH", f"/terminals/{its.till.id}", json={"name": "A"}, headers={"User-Agent": ""})
    with database.connection_context():
        newest = AuditEntry.select().order_by(AuditEntry.id.desc()).limit(1).get(database)
    assert (newest.network, newest.device) == ("127.0.0.1", None)


def test_invitations_are_told_by_whom_they_are_for(its: Premises, shop: Shop) -> None:
    """The audit keeps no e-mail: of an invitation that ended unused nobody knows whose it was."""
    eva, made = shop.owner(), {}
    for email in (eva.email, "bob@example.com", "cid@example.com"):
        form = {"email": email, "role": "manager"}
        answer = its.owner.call("POST", f"/companies/{its.company}/invitations", json=form)
        made[email] = answer.json()
    joins = {"token": made[eva.email]["link"].partition("token=")[2]}
    assert eva.call("POST", "/invitations/accept", json=joins).status_code == 200
    gone = f"/companies/{its.company}/invitations/{made['cid@example.com']['id']}"
    assert its.owner.call("DELETE", gone).status_code == 204
    named = f"{eva.call('GET', '/sessions/current').json()['name']} ({eva.email})"
    found = [(it["action"], it["of_what"]) for it in trail(its.owner, its.company)[:5]]
    assert found == [
        ("invitation.revoked", "an invitation that was not used"),
        ("member.joined", f"{named}, manager"),
        ("invitation.created", "an invitation that was not used, manager"),
        ("invitation.created", "invitation of bob@example.com, manager"),
        ("invitation.created", f"invitation of {named}, manager"),
    ]
