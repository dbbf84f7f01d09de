"""Reports: once each, byte for byte, durable before the receipt; contradictions kept and told."""

import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.server.racing import at_once
from tests.server.shop import Json, Owner, Shop, Till, assert_problem, canonical, fields_of, sealed
from tests.support.fakes import FrozenClock


def test_a_report_is_created_once_and_read_back_byte_for_byte(till: Till) -> None:
    report = till.z(7, note={"unknown": ["fields", 1, None, True]})
    raw = json.dumps(report, indent=2, ensure_ascii=True).encode()
    path = f"/reports/{report['report_id']}"
    created = till.call("PUT", path, content=raw)
    again = till.send(report)
    assert (created.status_code, again.status_code) == (201, 200)
    said, said_again = (
        {name: value for name, value in answer.json().items() if name != "signature"}
        for answer in (created, again)
    )
    assert said == {
        "report_id": report["report_id"],
        "content_hash": report["content_hash"],
        "result": "created",
        "received_at": "2026-03-02T12:00:00.000Z",
        "missing_z_numbers": [],
        "store_id": till.store,
    }
    assert said_again == {**said, "result": "unchanged"}
    assert till.call("GET", path).content == raw


def test_gaps_between_z_numbers_are_reported(till: Till) -> None:
    for number in (3, 9):
        till.send(till.z(number))
    receipt = till.send(till.z(5)).json()
    assert receipt["missing_z_numbers"] == [4, 6, 7, 8]
    current = till.call("GET", "/terminals/current").json()
    assert current["last_z_number"] == 9
    assert current["missing_z_numbers"] == [4, 6, 7, 8]


def test_a_huge_gap_is_told_in_part(till: Till) -> None:
    till.send(till.z(1))
    receipt = till.send(till.z(2**53 - 1)).json()
    assert receipt["missing_z_numbers"] == list(range(2, 1002))


@pytest.mark.parametrize("kept", ["period", "number"])
def test_other_content_in_the_same_place_is_a_conflict_that_the_owner_hears_of_once(
    owner: Owner, till: Till, clock: FrozenClock, kept: str
) -> None:
    period = str(uuid.uuid4())
    first = till.z(4, period)
    second = till.z(4, period, net=999) if kept == "period" else till.z(4, net=999)
    till.send(first)
    for _ in range(2):
        assert_problem(till.send(second), 409, "report_conflict")
    third = till.z(4, net=998)
    assert second["content_hash"] in owner.next_letter().get_content()
    clock.advance(3600)
    assert_problem(till.send(third), 409, "report_conflict")
    assert third["content_hash"] in owner.next_letter().get_content()
    assert not owner.has_letters()
    assert till.call("GET", f"/reports/{first['report_id']}").json() == first


def test_an_owner_hears_of_conflicts_once_an_hour_and_of_each(owner: Owner, clock: FrozenClock) -> None:
    tills = [owner.assign(owner.store(), name=f"Till {name}") for name in "AB"]
    for till in tills:
        till.send(till.z(1))
    assert_problem(tills[0].send(tills[0].z(1, net=1)), 409, "report_conflict")
    assert "Z 1" in owner.next_letter().get_content()
    for till in tills:
        clock.advance(60)
        till.send_all([till.z(1, net=2 + number) for number in range(30)])
    clock.advance(3300)
    assert not owner.has_letters()
    clock.advance(180)
    text = owner.next_letter().get_content()
    assert all(told in text for told in ("60 reports", "- Till A, Centro: 30", "- Till B, Centro: 30"))
    assert not owner.has_letters()


def test_a_batch_is_answered_in_order_and_one_bad_report_spoils_no_other(till: Till) -> None:
    good, also_good = till.z(1), till.z(3)
    broken = {**till.z(2), "totals": None}
    clash = till.z(1, net=77)
    answer = till.send_all([good, broken, clash, also_good, good, "nonsense"])
    assert answer.status_code == 200
    results = answer.json()["results"]
    told = [entry.get("result") or entry["code"] for entry in results]
    assert told == ["created", "invalid", "report_conflict", "created", "unchanged", "invalid"]
    assert results[0]["missing_z_numbers"] == [2]
    assert results[0]["report_id"] == good["report_id"]
    assert fields_of(results[1]) == {"totals": "invalid"}
    assert till.call("GET", f"/reports/{also_good['report_id']}").content == canonical(also_good)


def test_in_a_batch_each_report_finds_those_before_it(till: Till) -> None:
    period = str(uuid.uuid4())
    first, second = till.x(1, period), till.x(2, period)
    z, other = till.z(1, period), till.z(1)
    answer = till.send_all([first, second, first, z, till.x(3, period), other, z])
    told = [entry.get("result") or entry["code"] for entry in answer.json()["results"]]
    assert told == ["created", "replaced", "stale", "created", "stale", "report_conflict", "unchanged"]
    assert till.call("GET", f"/reports/{second['report_id']}").content == canonical(second)
    assert till.call("GET", f"/reports/{z['report_id']}").content == canonical(z)


def test_a_batch_of_500_is_taken_and_one_of_501_is_not(till: Till) -> None:
    reports = [till.z(number) for number in range(1, 502)]
    assert_problem(till.send_all(reports), 413, "too_large")
    answer = till.send_all(reports[:500])
    assert {entry["result"] for entry in answer.json()["results"]} == {"created"}
    listed: list[int] = []
    cursor = ""
    while cursor is not None:
        page = till.call("GET", f"/reports?kind=Z&limit=200{cursor and f'&cursor={cursor}'}").json()
        listed += [item["z_number"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert listed == list(range(1, 501))


def test_a_batch_needs_a_list(till: Till) -> None:
    bodies: list[Any] = [{}, [], {"reports": {}}]
    for body in bodies:
        problem = assert_problem(till.call("POST", "/reports/batch", json=body), 422, "invalid")
        assert fields_of(problem) == {"reports": "required"}


def test_what_the_cloud_holds_is_listed_with_its_hashes(till: Till) -> None:
    reports = [till.z(number) for number in (2, 1)]
    till.send_all(reports)
    page = till.call("GET", "/reports").json()
    assert page["next_cursor"] is None
    assert [(item["z_number"], item["content_hash"]) for item in page["items"]] == [
        (1, reports[1]["content_hash"]),
        (2, reports[0]["content_hash"]),
    ]
    period = str(uuid.uuid4())
    till.send(till.x(1, period))
    assert len(till.call("GET", "/reports?kind=X").json()["items"]) == 1
    assert_problem(till.call("GET", "/reports?kind=Y"), 422, "invalid")


def without(report: Json, *path: str) -> Json:
    copy: Json = json.loads(json.dumps(report))
    place = copy
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return copy


def having(report: Json, value: Any, *path: str | int) -> Json:
    copy: Any = json.loads(json.dumps(report))
    place = copy
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return sealed(copy)


CHANGES: list[tuple[str, Callable[[Json], Json]]] = [
    ("totals.net", lambda report: having(report, 1, "totals", "gross")),
    ("totals.tax", lambda report: having(report, 1, "totals", "tax")),
    ("payments", lambda report: having(report, 1, "totals", "rounding")),
    ("payments.0.amount", lambda report: having(report, 0, "payments", 0, "tips")),
    ("hours", lambda report: having(report, [], "hours")),
    ("departments", lambda report: having(report, 1, "departments", 0, "amount")),
    ("taxes", lambda report: having(report, 1, "taxes", 0, "gross")),
    ("taxes.0.gross", lambda report: having(report, 1, "taxes", 0, "base")),
    ("perpetual.net", lambda report: having(report, 1, "perpetual", "sales")),
    ("cash.over_short", lambda report: having(report, 0, "cash", "over_short")),
    ("cash.over_short", lambda report: having(report, 0, "cash", "counted")),
    ("cash.over_short", lambda report: having(having(report, 5, "cash", "counted"), 5, "cash", "over_short")),
    ("totals.net", lambda report: having(report, 12.1, "totals", "net")),
    ("totals.net", lambda report: having(report, True, "totals", "net")),
    ("totals.net", lambda report: having(report, "1210", "totals", "net")),
    ("totals.net", lambda report: having(report, 2**63, "totals", "net")),
    ("hours.0.hour", lambda report: having(report, 24, "hours", 0, "hour")),
    ("taxes.0.rate", lambda report: having(report, "٢١", "taxes", 0, "rate")),
    ("departments.0.quantity", lambda report: having(report, 2.5, "departments", 0, "quantity")),
    ("z_number", lambda report: having(report, None, "z_number")),
    ("z_number", lambda report: having(report, 0, "z_number")),
    ("revision", lambda report: having(report, 1, "revision")),
    ("close_reason", lambda report: having(report, "bored", "close_reason")),
    ("closed_at", lambda report: having(report, None, "closed_at")),
    ("closed_at", lambda report: having(report, "2026-03-02T22:00:00+01:00", "closed_at")),
    ("closed_at", lambda report: having(report, "2026-02-30T22:00:00Z", "closed_at")),
    ("business_date", lambda report: having(report, "2026-02-30", "business_date")),
    ("schema_version", lambda report: having(report, 2, "schema_version")),
    ("period_id", lambda report: having(report, report["period_id"].upper(), "period_id")),
    ("report_id", lambda report: having(report, str(uuid.uuid4()), "period_id")),
    ("kind", lambda report: having(report, "Y", "kind")),
    ("note.0.deep", lambda report: having(report, [{"deep": 0.5}], "note")),
    ("content_hash", lambda report: {**report, "terminal_name": "Till 2"}),
    ("previous_hash", lambda report: without(report, "previous_hash")),
    ("control.reprints.count", lambda report: without(report, "control", "reprints", "count")),
]


@pytest.mark.parametrize(("field", "change"), CHANGES)
def test_a_report_that_is_wrong_is_refused_with_the_field_named(
    till: Till, field: str, change: Callable[[Json], Json]
) -> None:
    report = till.z(1)
    path = f"/reports/{report['report_id']}"
    problem = assert_problem(till.call("PUT", path, json=change(report)), 422, "invalid")
    assert field in fields_of(problem)
    assert till.call("GET", path).status_code == 404


def test_a_counted_drawer_is_over_or_short_by_what_it_differs_from_expected(till: Till) -> None:
    for number, difference in enumerate((-250, 0, 300), 1):
        cash = till.z(number)["cash"]
        counted = {**cash, "counted": cash["expected"] + difference, "over_short": difference}
        assert till.send(till.z(number, cash=counted)).status_code == 201


def test_a_report_of_another_terminal_or_address_is_refused(till: Till) -> None:
    other = Till(till.shop, str(uuid.uuid4()), till.store, till.token)
    assert fields_of(assert_problem(other.send(other.z(1)), 422, "invalid")) == {"terminal_id": "invalid"}
    answer = till.call("PUT", f"/reports/{uuid.uuid4()}", json=till.z(1))
    assert fields_of(assert_problem(answer, 422, "invalid")) == {"report_id": "invalid"}


def test_another_terminals_report_cannot_be_read(shop: Shop, till: Till) -> None:
    report = till.z(1)
    till.send(report)
    owner = shop.owner()
    stranger = owner.assign(owner.store())
    assert_problem(stranger.call("GET", f"/reports/{report['report_id']}"), 404, "not_found")
    assert stranger.call("GET", "/reports").json()["items"] == []


def test_a_till_sees_no_report_of_another_till_of_the_same_store(shop: Shop) -> None:
    owner = shop.owner()
    store = owner.store()
    first, second = owner.assign(store), owner.assign(store)
    report = first.z()
    assert first.send(report).status_code == 201
    assert second.call("GET", "/reports").json()["items"] == []
    assert_problem(second.call("GET", f"/reports/{report['report_id']}"), 404, "not_found")
    assert [held["report_id"] for held in first.call("GET", "/reports").json()["items"]] == [
        report["report_id"]
    ]


def test_two_senders_of_one_report_make_one_report(till: Till) -> None:
    for number in range(1, 6):
        report = till.z(number)
        answers = at_once([partial(till.send, report)] * 4)
        assert sorted(answer.json()["result"] for answer in answers) == ["created"] + ["unchanged"] * 3


def test_two_reports_racing_for_one_number_leave_one_winner(till: Till) -> None:
    for number in range(1, 6):
        rivals = [till.z(number, net=net) for net in (100, 200, 300)]
        answers = at_once([partial(till.send, rival) for rival in rivals])
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


def test_two_batches_in_opposite_order_do_not_block_each_other(till: Till) -> None:
    reports = [till.z(number) for number in range(1, 51)]
    answers = at_once([partial(till.send_all, reports), partial(till.send_all, reports[::-1])])
    results = sorted(entry["result"] for answer in answers for entry in answer.json()["results"])
    assert results == ["created"] * 50 + ["unchanged"] * 50
