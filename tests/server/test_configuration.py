"""A store's configuration is kept byte for byte, and no client overwrites a version that it has not seen."""

import json
import uuid
from functools import partial
from typing import Any

import pytest

from factorypos_tui.server.api import configuration
from factorypos_tui.server.documents.configuration import check_configuration
from factorypos_tui.server.storage.tables import Configuration
from tests.server.racing import at_once
from tests.server.shop import Owner, Till, assert_problem, fields_of

FIRST = {"If-None-Match": "*"}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "company": {"name": "Bar Ana"},
        "departments": [{"code": "1", "name": "Bebidas"}],
        "taxes": [],
        "price_levels": [],
        "payment_methods": [],
        "users": [],
        "items": [{"code": "1", "department": "1", "prices": {"1": 150}}],
        **changes,
    }


def test_a_configuration_comes_back_as_it_was_sent(owner: Owner) -> None:
    till = owner.assign(owner.store())
    assert_problem(till.call("GET", "/configuration"), 404, "no_configuration")
    raw = json.dumps(document(), indent=3).encode()
    put = till.call("PUT", "/configuration", content=raw, headers=FIRST)
    assert put.status_code == 201
    got = till.call("GET", "/configuration")
    assert got.content == raw
    assert got.headers["etag"] == put.headers["etag"]
    assert till.call("GET", "/terminals/current").json()["configuration_etag"] == put.headers["etag"]
    assert owner.call("GET", f"/stores/{till.store}/configuration").content == raw


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP ; q=0.5", True),
        ("identity", False),
        ("", False),
        ("gzip;q=0, br", False),
        ("gzip; q=0.000", False),
    ],
)
def test_it_goes_out_packed_to_who_accepts_that(owner: Owner, accepted: str, packed: bool) -> None:
    till = owner.assign(owner.store())
    raw = json.dumps(document(users=[{"code": str(n)} for n in range(500)])).encode()
    etag = till.call("PUT", "/configuration", content=raw, headers=FIRST).headers["etag"]
    of_store = f"/stores/{till.store}/configuration"
    for who, path in ((till, "/configuration"), (owner, of_store), (owner, f"{of_store}/versions/1")):
        got = who.call("GET", path, headers={"Accept-Encoding": accepted})
        assert got.content == raw
        assert (got.headers.get("content-encoding"), got.headers["etag"]) == (
            "gzip" if packed else None,
            etag,
        )
        assert (int(got.headers["content-length"]) < len(raw) / 4) == packed
        assert got.headers["vary"] == "Accept-Encoding"


def test_no_connection_is_held_while_a_document_is_checked(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    till, open_ones = owner.assign(owner.store()), []
    database = owner.shop.cloud.database

    def looked_at(raw: bytes) -> None:
        open_ones.append(not database.is_closed())
        check_configuration(raw)

    monkeypatch.setattr(configuration, "check_configuration", looked_at)
    for who, path in ((till, "/configuration"), (owner, f"/stores/{till.store}/configuration")):
        put = who.call("PUT", path, json=document(), headers={"If-Match": "*"} if open_ones else FIRST)
        assert put.is_success
    assert open_ones == [False, False]


def test_what_is_no_configuration_is_refused_after_who_sends_it(owner: Owner) -> None:
    store = owner.store()
    till = owner.assign(store)
    refused: list[tuple[Owner | Till, str, int, str]] = [
        (till, "/configuration", 422, "invalid"),
        (owner, f"/stores/{store}/configuration", 422, "invalid"),
        (owner, f"/stores/{uuid.uuid4()}/configuration", 404, "not_found"),
        (owner, "/configuration", 401, "unauthorized"),
        (till, f"/stores/{store}/configuration", 401, "unauthorized"),
    ]
    for who, path, status, code in refused:
        assert_problem(who.call("PUT", path, json={}, headers=FIRST), status, code)


def test_only_the_version_that_was_seen_is_replaced_and_every_version_stays(owner: Owner) -> None:
    till = owner.assign(owner.store())
    first = till.call("PUT", "/configuration", json=document(), headers=FIRST).headers["etag"]
    assert_problem(
        till.call("PUT", "/configuration", json=document(), headers=FIRST), 412, "configuration_changed"
    )
    second = till.call(
        "PUT", "/configuration", json=document(users=[{"code": "7"}]), headers={"If-Match": first}
    )
    assert second.status_code == 200
    late = till.call("PUT", "/configuration", json=document(), headers={"If-Match": first})
    assert_problem(late, 412, "configuration_changed")
    assert late.headers["etag"] == second.headers["etag"]
    assert_problem(till.call("PUT", "/configuration", json=document()), 428, "precondition_required")
    third = owner.call(
        "PUT",
        f"/stores/{till.store}/configuration",
        json=document(),
        headers={"If-Match": second.headers["etag"]},
    )
    assert third.status_code == 200
    database = owner.shop.cloud.database
    with database.connection_context():
        query = Configuration.select().where(Configuration.store_id == till.store)
        versions = list(query.order_by(Configuration.version).bind(database))
    assert [version.version for version in versions] == [1, 2, 3]
    assert [version.terminal_id for version in versions] == [till.id, till.id, None]
    assert versions[2].account_id is not None
    assert versions[0].uploaded_at == "2026-03-02T12:00:00.000Z"


def test_a_star_matches_whichever_is_there_and_nothing_else(owner: Owner) -> None:
    till = owner.assign(owner.store())
    path = f"/stores/{till.store}/configuration"
    put = partial(till.call, "PUT", "/configuration", headers={"If-Match": "*"})
    assert_problem(put(json=document()), 412, "configuration_changed")
    assert till.call("PUT", "/configuration", json=document(), headers=FIRST).status_code == 201
    assert put(json=document(users=[{"code": "7"}])).status_code == 200
    last = document(users=[{"code": "8"}])
    assert owner.call("PUT", path, json=last, headers={"If-Match": "*"}).status_code == 200
    assert till.call("GET", "/configuration").json() == last


def test_a_weak_tag_is_the_tag_that_was_given(owner: Owner) -> None:
    till = owner.assign(owner.store())
    etag = till.call("PUT", "/configuration", json=document(), headers=FIRST).headers["etag"]
    put = partial(till.call, "PUT", "/configuration", json=document(users=[{"code": "7"}]))
    assert_problem(put(headers={"If-Match": f'W/"{"0" * 64}"'}), 412, "configuration_changed")
    assert put(headers={"If-Match": f'"another", W/{etag}'}).status_code == 200


def test_another_terminal_uploads_only_with_the_owners_word(owner: Owner) -> None:
    store = owner.store()
    first, second = owner.assign(store), owner.assign(store)
    etag = first.call("PUT", "/configuration", json=document(), headers=FIRST).headers["etag"]
    assert second.call("GET", "/terminals/current").json()["upload_allowed"] is False
    put = partial(second.call, "PUT", "/configuration", json=document(users=[]), headers={"If-Match": etag})
    assert_problem(put(), 403, "upload_not_allowed")
    second.token = owner.ask_to_assign(store, second.id, upload_allowed=True).json()["terminal_token"]
    assert second.call("GET", "/terminals/current").json()["upload_allowed"] is True
    assert put().status_code == 200


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"items": [{"code": "1"}, {"code": "1"}]}, "items.1.code", "duplicate"),
        ({"items": [{"code": "1", "prices": {"1": 1.5}}]}, "items.0.prices.1", "invalid"),
        ({"items": [{"name": "no code"}]}, "items.0.code", "required"),
        ({"items": {}}, "items", "invalid"),
        ({"company": None}, "company", "invalid"),
        ({"schema_version": 2}, "schema_version", "invalid"),
    ],
)
def test_a_configuration_of_another_shape_is_refused(
    owner: Owner, change: dict[str, Any], field: str, code: str
) -> None:
    till = owner.assign(owner.store())
    answer = till.call("PUT", "/configuration", json=document(**change), headers=FIRST)
    assert fields_of(assert_problem(answer, 422, "invalid")) == {field: code}
    assert till.call("GET", "/terminals/current").json()["configuration_etag"] is None


def test_two_terminals_uploading_the_first_leave_one_winner(owner: Owner) -> None:
    for _ in range(3):
        store = owner.store()
        tills = [owner.assign(store), owner.assign(store)]
        answers = at_once(
            [partial(till.call, "PUT", "/configuration", json=document(), headers=FIRST) for till in tills]
        )
        assert sorted(answer.status_code for answer in answers) == [201, 403]
