"""Companies, stores and terminals: each owner sees their own, and a terminal serves one store."""

import uuid
from functools import partial

import pytest

from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.racing import at_once
from tests.server.shop import Owner, Till, assert_problem, fields_of


def test_companies_and_stores_are_listed_by_name_page_by_page(owner: Owner) -> None:
    names = ["Ávila", "Bar", "Bar", "Café", "Zoo"]
    company = next(owner.company(name=name) for name in ["Bar Ana"])
    for name in reversed(names):
        owner.store(company, name=name)
    seen, cursor = [], ""
    while cursor is not None:
        query = f"?limit=2{cursor and f'&cursor={cursor}'}"
        page = owner.call("GET", f"/companies/{company}/stores{query}").json()
        seen += [store["name"] for store in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(names)
    listed = owner.call("GET", "/companies").json()
    assert [item["id"] for item in listed["items"]] == [company]
    assert listed["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=nonsense", "cursor=WzFd", "cursor=é"]
)
def test_a_page_that_cannot_be_is_refused(owner: Owner, query: str) -> None:
    problem = assert_problem(owner.call("GET", f"/companies?{query}"), 422, "invalid")
    assert fields_of(problem) == {query.partition("=")[0]: "invalid"}


def test_a_company_and_a_store_are_shown_whole(owner: Owner) -> None:
    form = {"name": " Bar Ana ", "tax_id": "B12345678", "country": "es", "currency": "eur"}
    company = owner.call("POST", "/companies", json=form).json()
    assert company.pop("id")
    assert company == {
        "name": "Bar Ana",
        "tax_id": "B12345678",
        "country": "ES",
        "currency": "EUR",
        "created_at": "2026-03-02T12:00:00.000Z",
        "second_factor_from": "nobody",
    }
    answer = owner.call("POST", "/companies", json={"name": "", "country": "Spain", "currency": 1})
    problem = assert_problem(answer, 422, "invalid")
    assert fields_of(problem) == {"name": "too_short", "country": "invalid", "currency": "invalid"}
    path = f"/companies/{owner.company()}/stores"
    problem = assert_problem(owner.call("POST", path, json={"name": "A", "timezone": "Mars"}), 422, "invalid")
    assert fields_of(problem) == {"timezone": "unknown_timezone"}


def test_a_repeated_creation_makes_one(owner: Owner) -> None:
    headers = {"Idempotency-Key": "k1"}
    form = {"name": "Bar Ana", "country": "ES", "currency": "EUR"}
    create = partial(owner.call, "POST", "/companies", json=form, headers=headers)
    answers = at_once([create] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(owner.call("GET", "/companies").json()["items"]) == 1
    other = owner.call("POST", "/companies", json={**form, "name": "Other"}, headers=headers)
    assert_problem(other, 422, "idempotency_key_reused")
    stranger = owner.shop.owner()
    strangers = [stranger.call("POST", "/companies", json=form, headers=headers) for _time in range(2)]
    assert [answer.status_code for answer in strangers] == [201, 201]
    assert strangers[0].json() == strangers[1].json() != answers[0].json()
    assert create().json() == answers[0].json()


def test_an_assigned_terminal_knows_where_it_is(owner: Owner) -> None:
    company = owner.company()
    store, terminal = owner.store(company), str(uuid.uuid4())
    answer = owner.ask_to_assign(store, terminal)
    assert answer.status_code == 201
    assert answer.json()["company"]["id"] == company
    assert answer.json()["store"]["id"] == store
    assert answer.json()["last_z_number"] is None
    till = Till(owner.shop, terminal, store, answer.json()["terminal_token"])
    till.send(till.z(41))
    current = till.call("GET", "/terminals/current").json()
    assert current["terminal"] == {
        "id": terminal,
        "name": "Till 1",
        "software": "factorypos-tui 0.1.0",
        "assigned_at": "2026-03-02T12:00:00.000Z",
        "reported_at": "2026-03-02T12:00:00.000Z",
        "last_z_number": 41,
    }
    assert current["last_z_number"] == 41
    assert current["configuration_etag"] is None
    assert current["upload_allowed"] is True
    assert owner.call("GET", f"/stores/{store}/terminals").json()["items"] == [current["terminal"]]
    assert owner.ask_to_assign(store, terminal).json()["last_z_number"] == 41


def test_null_for_an_optional_field_counts_as_left_out(owner: Owner) -> None:
    form = {"name": "Bar Ana", "country": "ES", "currency": "EUR", "tax_id": None}
    company = owner.call("POST", "/companies", json=form)
    assert company.status_code == 201
    store = owner.store(company.json()["id"], address=None)
    terminal = str(uuid.uuid4())
    assert owner.ask_to_assign(store, terminal, move=None, upload_allowed=None).status_code == 201
    assert_problem(owner.ask_to_assign(owner.store(), terminal, move=None), 409, "terminal_elsewhere")
    problem = assert_problem(owner.ask_to_assign(store, terminal, name=None), 422, "invalid")
    assert fields_of(problem) == {"name": "invalid"}


def test_a_new_token_ends_the_one_before(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    again = owner.ask_to_assign(store, till.id)
    assert again.status_code == 200
    assert_problem(till.call("GET", "/terminals/current"), 401, "terminal_revoked")
    till.token = again.json()["terminal_token"]
    assert till.call("GET", "/terminals/current").status_code == 200


def test_a_terminal_moves_between_stores_only_when_asked_to(owner: Owner) -> None:
    first, second = owner.store(), owner.store()
    till = owner.assign(first)
    till.send(till.z(5))
    assert_problem(owner.ask_to_assign(second, till.id), 409, "terminal_elsewhere")
    assert till.call("GET", "/terminals/current").json()["store"]["id"] == first
    moved = owner.ask_to_assign(second, till.id, move=True)
    assert (moved.status_code, moved.json()["last_z_number"]) == (200, 5)
    assert owner.call("GET", f"/stores/{first}/terminals").json()["items"] == []
    problem = assert_problem(owner.ask_to_assign(first, till.id, move="yes"), 422, "invalid")
    assert fields_of(problem) == {"move": "invalid"}


def test_a_terminal_of_another_account_stays_there(owner: Owner) -> None:
    till = owner.assign(owner.store())
    stranger = owner.shop.owner()
    theirs = stranger.store()
    for move in (False, True):
        problem = assert_problem(
            stranger.ask_to_assign(theirs, till.id, move=move), 409, "terminal_elsewhere"
        )
        assert owner.email not in str(problem)
    assert till.call("DELETE", "/terminals/current").status_code == 204
    assert stranger.ask_to_assign(theirs, till.id).status_code == 200


def test_a_terminal_that_has_reported_stays_with_its_account_though_it_was_disconnected(owner: Owner) -> None:
    till = owner.assign(owner.store())
    till.send(till.z(1))
    till.call("DELETE", "/terminals/current")
    stranger = owner.shop.owner()
    answer = stranger.ask_to_assign(stranger.store(), till.id, move=True)
    assert_problem(answer, 409, "terminal_elsewhere")
    assert owner.ask_to_assign(owner.store(), till.id).status_code == 200


@pytest.mark.parametrize("by", ["owner", "terminal"])
def test_a_revoked_terminal_is_told_so(owner: Owner, by: str) -> None:
    store = owner.store()
    till = owner.assign(store)
    if by == "owner":
        assert owner.call("DELETE", f"/terminals/{till.id}").status_code == 204
    else:
        assert till.call("DELETE", "/terminals/current").status_code == 204
    assert_problem(till.send(till.z(1)), 401, "terminal_revoked")
    assert_problem(till.call("GET", "/terminals/current"), 401, "terminal_revoked")
    assert owner.call("GET", f"/stores/{store}/terminals").json()["items"] == []
    assert owner.call("DELETE", f"/terminals/{till.id}").status_code == 204, "once more, to keep it out"
    database = owner.shop.cloud.database
    with database.connection_context():
        query = AuditEntry.select().where(AuditEntry.subject.startswith(till.id)).order_by(AuditEntry.id)
        assert [entry.action for entry in query.bind(database)] == [
            "terminal.assigned",
            *(["terminal.revoked"] * 2),
        ]


def test_each_token_opens_only_its_own_doors(owner: Owner) -> None:
    till = owner.assign(owner.store())
    assert_problem(till.call("GET", "/companies"), 401, "unauthorized")
    assert_problem(till.call("GET", "/sessions/current"), 401, "unauthorized")
    assert_problem(owner.call("GET", "/terminals/current"), 401, "unauthorized")
    report = till.z(1)
    assert_problem(owner.call("PUT", f"/reports/{report['report_id']}", json=report), 401, "unauthorized")


def test_what_is_another_owners_is_not_there(owner: Owner) -> None:
    company = owner.company()
    store = owner.store(company)
    till = owner.assign(store)
    stranger = owner.shop.owner()
    store_form = {"name": "A", "timezone": "Europe/Madrid"}
    calls = [
        stranger.call("GET", f"/companies/{company}/stores"),
        stranger.call("POST", f"/companies/{company}/stores", json=store_form),
        stranger.call("GET", f"/stores/{store}/terminals"),
        stranger.ask_to_assign(store, str(uuid.uuid4())),
        stranger.call("DELETE", f"/terminals/{till.id}"),
        stranger.call("GET", f"/stores/{store}/figures"),
        stranger.call("GET", f"/stores/{store}/configuration"),
        stranger.call("PUT", f"/stores/{store}/configuration", json={}, headers={"If-None-Match": "*"}),
        owner.call("GET", f"/companies/{uuid.uuid4()}/stores"),
        owner.call("GET", "/companies/nonsense/stores"),
    ]
    for answer in calls:
        assert_problem(answer, 404, "not_found")


def test_an_id_that_is_none_names_nothing_unless_the_caller_chooses_it(owner: Owner) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    first = {"If-None-Match": "*"}
    for answer in (
        owner.ask_to_assign("zzz", terminal),
        owner.ask_to_assign("zzz", "nonsense", name=None),
        owner.call("GET", "/stores/zzz/terminals"),
        owner.call("DELETE", "/terminals/nonsense"),
        owner.call("PUT", "/stores/zzz/configuration", json={}, headers=first),
    ):
        assert_problem(answer, 404, "not_found")
    problem = assert_problem(owner.ask_to_assign(store, "nonsense"), 422, "invalid")
    assert fields_of(problem) == {"terminal_id": "invalid"}
    till = owner.assign(store)
    problem = assert_problem(till.call("PUT", "/reports/nonsense", json=till.z(1)), 422, "invalid")
    assert fields_of(problem) == {"report_id": "invalid"}


def test_two_owners_racing_for_a_terminal_leave_one_winner(owner: Owner) -> None:
    rivals = [owner, owner.shop.owner()]
    stores = [rival.store() for rival in rivals]
    for _ in range(5):
        terminal = str(uuid.uuid4())
        pairs = zip(rivals, stores, strict=True)
        answers = at_once([partial(rival.ask_to_assign, store, terminal) for rival, store in pairs])
        assert sorted(answer.status_code for answer in answers) == [201, 409]
