"""Every version of a configuration is kept with who, when and from where, and any can be brought back."""

import json
from functools import partial
from typing import Any

import pytest

from factorypos_tui.server.ops import administration
from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.racing import at_once
from tests.server.shop import Owner, Shop, Till, assert_problem, fields_of
from tests.server.test_configuration import FIRST, document
from tests.support.fakes import FrozenClock

Json = dict[str, Any]


def upload(till: Till, etag: str | None, **changes: Any) -> str:
    headers = {"If-Match": etag} if etag else FIRST
    answer = till.call("PUT", "/configuration", json=document(**changes), headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.headers["etag"])


def versions(owner: Owner, store: str, query: str = "") -> Json:
    answer = owner.call("GET", f"/stores/{store}/configuration/versions{query}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def test_versions_say_who_uploaded_them_and_when(owner: Owner, till: Till, clock: FrozenClock) -> None:
    assert versions(owner, till.store) == {"items": [], "next_cursor": None}
    first = upload(till, None)
    clock.advance(3600)
    path = f"/stores/{till.store}/configuration"
    second = owner.call("PUT", path, json=document(users=[]), headers={"If-Match": first}).headers["etag"]
    one, two = versions(owner, till.store)["items"]
    assert one == {
        "version": 1,
        "etag": first,
        "bytes": len(owner.call("GET", f"{path}/versions/1").content),
        "uploaded_at": "2026-03-02T12:00:00.000Z",
        "terminal": {"id": till.id, "name": "Till 1"},
        "account": None,
    }
    assert (two["version"], two["etag"], two["terminal"]) == (2, second, None)
    assert two["uploaded_at"] == "2026-03-02T13:00:00.000Z"
    assert two["account"]["name"] == "Ana"


def test_versions_come_in_pages(owner: Owner, till: Till) -> None:
    etag = None
    for n in range(5):
        etag = upload(till, etag, users=[{"code": str(n)}])
    seen, cursor = [], ""
    while cursor is not None:
        page = versions(owner, till.store, f"?limit=2{cursor and f'&cursor={cursor}'}")
        seen += [version["version"] for version in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [1, 2, 3, 4, 5]


def test_a_version_is_given_back_byte_for_byte(owner: Owner, till: Till) -> None:
    raw = json.dumps(document(), indent=3).encode()
    till.call("PUT", "/configuration", content=raw, headers=FIRST)
    first = till.call("GET", "/configuration").headers["etag"]
    upload(till, first, users=[{"code": "7"}])
    answer = owner.call("GET", f"/stores/{till.store}/configuration/versions/1")
    assert (answer.content, answer.headers["etag"]) == (raw, first)


def test_a_version_brought_back_is_the_newest_and_terminals_download_it(owner: Owner, till: Till) -> None:
    first = upload(till, None)
    second = upload(till, first, users=[{"code": "7"}])
    path = f"/stores/{till.store}/configuration/versions/1/restore"
    assert_problem(owner.call("POST", path), 428, "precondition_required")
    late = owner.call("POST", path, headers={"If-Match": first})
    assert assert_problem(late, 412, "configuration_changed")
    assert late.headers["etag"] == second
    answer = owner.call("POST", path, headers={"If-Match": second})
    assert (answer.status_code, answer.headers["etag"]) == (200, first)
    assert till.call("GET", "/configuration").json() == document()
    found = versions(owner, till.store)["items"]
    assert [version["etag"] for version in found] == [first, second, first]
    assert (found[2]["terminal"], found[2]["account"]["name"]) == (None, "Ana")
    database = owner.shop.cloud.database
    with database.connection_context():
        entry = AuditEntry.select().order_by(AuditEntry.id.desc()).limit(1).get(database)
    assert (entry.action, entry.subject) == ("configuration.restored", f"{till.store} from version 1")


def test_two_who_bring_back_at_once_leave_one_winner(owner: Owner, till: Till) -> None:
    first = upload(till, None)
    second = upload(till, first, users=[{"code": "7"}])
    third = upload(till, second, users=[{"code": "8"}])
    path = f"/stores/{till.store}/configuration/versions"
    answers = at_once(
        [partial(owner.call, "POST", f"{path}/{n}/restore", headers={"If-Match": third}) for n in (1, 2)]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert [version["version"] for version in versions(owner, till.store)["items"]] == [1, 2, 3, 4]


def test_a_version_that_is_not_there_is_not_found(owner: Owner, till: Till) -> None:
    etag = upload(till, None)
    path = f"/stores/{till.store}/configuration/versions"
    for number in ("2", "0", "-1", "x", str(2**63)):
        assert_problem(owner.call("GET", f"{path}/{number}"), 404, "not_found")
        restore = owner.call("POST", f"{path}/{number}/restore", headers={"If-Match": etag})
        assert_problem(restore, 404, "not_found")


def test_only_the_owner_sees_them(shop: Shop, owner: Owner, till: Till) -> None:
    etag = upload(till, None)
    path = f"/stores/{till.store}/configuration/versions"
    stranger = shop.owner()
    for method, where in (("GET", path), ("GET", f"{path}/1"), ("POST", f"{path}/1/restore")):
        headers = {"If-Match": etag}
        assert_problem(stranger.call(method, where, headers=headers), 404, "not_found")
        assert_problem(till.call(method, where, headers=headers), 401, "unauthorized")


def test_the_owner_lets_a_terminal_upload_and_ends_it_again(shop: Shop, owner: Owner, till: Till) -> None:
    etag = upload(till, None)
    other = owner.assign(till.store)

    def facts() -> bool:
        return bool(other.call("GET", "/terminals/current").json()["upload_allowed"])

    assert not facts()
    path = f"/terminals/{other.id}"
    assert owner.call("PATCH", path, json={"upload_allowed": True}).status_code == 200
    assert facts()
    upload(other, etag, users=[{"code": "7"}])
    assert owner.call("PATCH", path, json={"upload_allowed": False}).status_code == 200
    assert not facts()
    problem = assert_problem(owner.call("PATCH", path, json={"upload_allowed": "yes"}), 422, "invalid")
    assert fields_of(problem) == {"upload_allowed": "invalid"}
    assert_problem(owner.call("PATCH", path, json={}), 422, "invalid")
    assert_problem(shop.owner().call("PATCH", path, json={"upload_allowed": True}), 404, "not_found")
    assert_problem(other.call("PATCH", path, json={"upload_allowed": True}), 401, "unauthorized")
    assert owner.call("DELETE", path).status_code == 204
    assert_problem(owner.call("PATCH", path, json={"upload_allowed": True}), 404, "not_found")


def test_the_administrator_lists_reads_and_brings_back(owner: Owner, till: Till) -> None:
    database = owner.shop.cloud.database
    first = upload(till, None)
    upload(till, first, users=[{"code": "7"}])
    assert administration.restore_version(database, till.store, 1) == 3
    listed = administration.list_versions(database, till.store)
    assert [(version.version, version.etag == first) for version in listed] == [
        (3, True),
        (2, False),
        (1, True),
    ]
    assert listed[0].store == {"id": till.store, "name": "Centro", "company": "Bar Ana"}
    assert (listed[0].terminal, listed[0].account) == (None, None)
    assert listed[2].terminal == {"id": till.id, "name": "Till 1"}
    assert json.loads(administration.read_version(database, till.store, 3)) == document()
    everywhere = administration.list_versions(database)
    assert [version for version in everywhere if version.store["id"] == till.store] == listed
    for attempt in (administration.read_version, administration.restore_version):
        with pytest.raises(administration.AdministrationError, match="no version 9"):
            attempt(database, till.store, 9)
    assert administration.list_versions(database, "no such store") == []
