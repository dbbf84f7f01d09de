"""A report with more rows than any day has is refused before its errors fill the memory."""

import gzip
import json

from tests.server.attacks.victim import MIB, Victim
from tests.server.shop import Till, assert_problem, fields_of, sealed

MOST_MIB = 400


def test_a_report_of_300_000_empty_items_is_refused_in_little_memory(victim: Victim, till: Till) -> None:
    report = till.z()
    raw = json.dumps({**report, "items": [{}] * 300_000}, separators=(",", ":")).encode()
    packed = gzip.compress(raw)
    assert len(packed) < 10_000
    headers = {"Content-Encoding": "gzip"}
    answer = till.call("PUT", f"/reports/{report['report_id']}", content=packed, headers=headers)
    problem = assert_problem(answer, 422, "invalid")
    assert {fault["field"].split(".")[0] for fault in problem["fields"]} == {"items"}
    assert len(problem["fields"]) < 10
    assert victim.peak_mib() < MOST_MIB
    assert till.send(report).status_code == 201


def test_a_report_of_300_000_floats_is_refused_in_little_memory(victim: Victim, till: Till) -> None:
    report = till.z()
    raw = json.dumps({**report, "notes": [0.5] * 300_000}).encode()
    answer = till.call("PUT", f"/reports/{report['report_id']}", content=raw)
    assert len(assert_problem(answer, 422, "invalid")["fields"]) == 100
    assert victim.peak_mib() < MOST_MIB


def test_a_name_of_a_megabyte_is_not_sent_back_a_hundred_times(till: Till) -> None:
    report = till.z()
    raw = json.dumps({**report, "n" * MIB: [0.5] * 100}).encode()
    answer = till.call("PUT", f"/reports/{report['report_id']}", content=raw)
    assert_problem(answer, 422, "invalid")
    assert len(answer.content) < MIB


def test_a_report_of_50_001_right_items_is_refused_and_one_of_50_000_is_kept(till: Till) -> None:
    row = {"code": "1", "name": "Café", "quantity": "1", "amount": 0}
    for number, rows in ((1, 50_001), (2, 50_000)):
        report = sealed({**till.z(number), "items": [row] * rows})
        answer = till.send(report)
        if rows > 50_000:
            assert fields_of(assert_problem(answer, 422, "invalid")) == {"items": "invalid"}
        else:
            assert answer.status_code == 201
