"""What one account may keep, and what it is told beyond that."""

import uuid

import pytest

from factorypos_tui.server.domain import limits
from factorypos_tui.server.security.throttle import Limit
from tests.server.shop import Owner, Till, assert_problem, canonical
from tests.server.test_configuration import document
from tests.support.fakes import FrozenClock


def test_an_account_has_so_many_companies_and_stores(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMPANIES", 2)
    monkeypatch.setattr(limits, "STORES", 2)
    companies = [owner.company(), owner.company()]
    form = {"name": "Third", "country": "ES", "currency": "EUR"}
    problem = assert_problem(owner.call("POST", "/companies", json=form), 403, "quota_reached")
    assert problem["detail"].startswith("Your account has 2 companies")
    for company in companies:
        owner.store(company)
    shop = {"name": "Third", "timezone": "UTC"}
    answer = owner.call("POST", f"/companies/{companies[0]}/stores", json=shop)
    assert_problem(answer, 403, "quota_reached")
    assert owner.shop.owner().store()


def test_an_account_has_so_many_terminals_and_those_it_has_go_on(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TERMINALS", 2)
    store = owner.store()
    first, second = owner.assign(store), owner.assign(store)
    assert_problem(owner.ask_to_assign(store, str(uuid.uuid4())), 403, "quota_reached")
    assert second.send(second.z()).status_code == 201
    assert owner.ask_to_assign(store, first.id).status_code == 200
    assert owner.call("DELETE", f"/terminals/{first.id}?release=true").status_code == 204
    assert owner.ask_to_assign(store, str(uuid.uuid4())).status_code == 201


def test_a_terminal_sends_so_many_new_reports_a_day(
    till: Till, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", Limit(4, limits.DAY))
    first = till.z(1)
    assert till.send(first).status_code == 201
    for _ in range(5):
        assert till.send(first).status_code == 200
    assert till.send(till.z(1, net=2420)).status_code == 409
    period = str(uuid.uuid4())
    assert till.send(till.x(1, period)).json()["result"] == "created"
    assert till.send(till.x(2, period)).json()["result"] == "replaced"
    assert till.send_all([till.z(2), till.z(3)]).status_code == 200
    answer = till.send(till.z(4))
    assert_problem(answer, 429, "too_many_reports")
    wait = int(answer.headers["retry-after"])
    assert 21_600 < wait <= 2 * 21_600
    other = till.shop.owner()
    assert (beside := other.assign(other.store())).send(beside.z()).status_code == 201
    clock.advance(wait - 1)
    assert_problem(till.send(till.z(4)), 429, "too_many_reports")
    clock.advance(1)
    assert till.send(till.z(4)).status_code == 201


def test_a_clock_that_was_wrong_holds_no_terminal_up(
    till: Till, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", Limit(1, limits.DAY))
    noon = clock.now()
    clock.advance(365 * limits.DAY)
    assert till.send(till.z(1)).status_code == 201
    clock.jump(noon)
    assert till.send(till.z(2)).status_code == 201
    assert_problem(till.send(till.z(3)), 429, "too_many_reports")


def test_a_store_has_so_many_versions_of_its_configuration(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CONFIGURATION_VERSIONS", 1)
    path = f"/stores/{owner.store()}/configuration"
    first = owner.call("PUT", path, json=document(), headers={"If-None-Match": "*"})
    assert first.status_code == 201
    changed = document(users=[{"code": "2"}])
    answer = owner.call("PUT", path, json=changed, headers={"If-Match": first.headers["etag"]})
    assert_problem(answer, 403, "quota_reached")
    brought_back = owner.call("POST", f"{path}/versions/1/restore", headers={"If-Match": "*"})
    assert_problem(brought_back, 403, "quota_reached")
    assert owner.call("GET", path).json() == document()


def document_bytes(report: dict[str, object]) -> int:
    return len(canonical(report))


def test_an_account_keeps_so_many_bytes_and_what_it_has_goes_on(
    till: Till, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (till.z(number) for number in (1, 2, 3))
    monkeypatch.setattr(limits, "KEPT_BYTES", document_bytes(first) + document_bytes(second))
    assert till.send(first).status_code == 201
    answers = till.send_all([first, second, third]).json()["results"]
    assert [answer.get("result", answer.get("code")) for answer in answers] == [
        *("unchanged", "created"),
        "quota_reached",
    ]
    problem = assert_problem(till.send(third), 403, "quota_reached")
    assert "ask the person who runs this FactoryCLOUD" in problem["detail"]
    assert till.send(second).json()["result"] == "unchanged", "never refused: it is here"
    assert_problem(till.send(till.x(1, str(uuid.uuid4()))), 403, "quota_reached")
    assert_problem(till.send(till.z(1, net=2420)), 409, "report_conflict")
    path = f"/stores/{till.store}/configuration"
    answer = owner.call("PUT", path, json=document(), headers={"If-None-Match": "*"})
    assert_problem(answer, 403, "quota_reached")
    other = owner.shop.owner()
    assert (beside := other.assign(other.store())).send(beside.z()).status_code == 201


def test_an_x_of_a_day_that_is_here_is_replaced_and_what_it_grows_by_counts(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    period, grown = str(uuid.uuid4()), "a" * 100
    first, second = till.x(1, period), till.x(2, period, terminal_name=grown)
    monkeypatch.setattr(limits, "KEPT_BYTES", document_bytes(first) + document_bytes(till.z(1)))
    assert till.send(first).json()["result"] == "created"
    assert till.send(second).json()["result"] == "replaced"
    assert_problem(till.send(till.z(1)), 403, "quota_reached")
    assert till.send(till.x(3, period, terminal_name=grown)).json()["result"] == "replaced", (
        "never refused: it is here"
    )


def test_all_terminals_of_an_account_and_its_configurations_share_its_bytes(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = owner.store()
    first, second = owner.assign(store), owner.assign(store)
    path = f"/stores/{store}/configuration"
    assert owner.call("PUT", path, json=document(), headers={"If-None-Match": "*"}).status_code == 201
    version = len(owner.call("GET", path).content)
    report = first.z(1)
    monkeypatch.setattr(limits, "KEPT_BYTES", version + document_bytes(report))
    assert first.send(report).status_code == 201
    assert_problem(second.send(second.z(1)), 403, "quota_reached")


def test_a_terminal_that_is_given_up_leaves_what_it_sent_with_its_account(
    till: Till, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = till.z(1)
    monkeypatch.setattr(limits, "KEPT_BYTES", document_bytes(report))
    assert till.send(report).status_code == 201
    assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204
    other = owner.shop.owner()
    moved = other.assign(other.store(), till.id)
    assert moved.send(moved.z(2)).status_code == 201, "the other account has kept nothing yet"
    beside = owner.assign(till.store)
    assert_problem(beside.send(beside.z(1)), 403, "quota_reached")


def test_what_contradicts_beyond_the_quota_is_refused_not_kept_and_told_once(
    till: Till, owner: Owner, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN_CONFLICTS", 1)
    kept, *others = (till.z(1, net=2420 + number) for number in range(4))
    assert till.send(till.z(1)).status_code == 201
    assert "Both are kept" in assert_problem(till.send(kept), 409, "report_conflict")["detail"]
    assert owner.next_letter()["Subject"] == "Two different reports for one close"
    clock.advance(1)
    for other in others:
        assert "is not kept" in assert_problem(till.send(other), 409, "report_conflict")["detail"]
    assert owner.next_letter()["Subject"] == "Reports that contradict others are no longer kept"
    assert not owner.has_letters(), "told once"
    assert "Both are kept" in till.send(kept).json()["detail"]
    assert till.send(till.z(2)).status_code == 201
    settlement = {"content_hash": kept["content_hash"]}
    assert owner.call("PUT", f"/reports/{kept['report_id']}/settlement", json=settlement).status_code == 200
    assert "Both are kept" in till.send(others[0]).json()["detail"]


def test_what_can_be_done_again_and_again_may_be_done_so_often_a_day(
    owner: Owner, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    monkeypatch.setattr(limits, "CHANGES", Limit(2, limits.DAY))
    till = owner.assign(store, terminal)
    assert owner.call("PATCH", f"/terminals/{terminal}", json={"upload_allowed": True}).status_code == 200
    answer = owner.ask_to_assign(store, terminal)
    assert_problem(answer, 429, "too_many_attempts")
    assert till.send(till.z()).status_code == 201, "its token is still good"
    clock.advance(int(answer.headers["retry-after"]))
    again = owner.shop.log_in(owner.email)
    assert again.ask_to_assign(store, terminal).status_code == 200


def test_a_terminal_settles_so_often_a_day(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHANGES", Limit(2, limits.DAY))
    report, other = till.z(1), till.z(1, net=2420)
    assert [till.send(it).status_code for it in (report, other)] == [201, 409]
    path = f"/reports/{report['report_id']}/settlement"
    choice = {"content_hash": report["content_hash"]}
    assert till.call("PUT", path, json=choice).status_code == 200
    assert till.call("DELETE", path).status_code == 200
    assert_problem(till.call("PUT", path, json=choice), 429, "too_many_attempts")
