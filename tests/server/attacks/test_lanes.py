"""A flood of one kind of call leaves the others their way."""

from itertools import count

from tests.server.attacks.victim import GUARD_S, Victim, a_till, answered, code_of, held, read_answer, request
from tests.server.shop import Till, canonical


def test_80_log_ins_at_once_hold_up_no_report(victim_on_each: Victim) -> None:
    victim, numbers = victim_on_each, count()

    def log_in() -> bytes:
        form = b'{"email":"nobody%d@example.com","password":"not the password"}' % next(numbers)
        return request("POST", "/v1/sessions", form)

    with victim.client() as http:
        till = a_till(http)
        with held(lambda: victim.send(log_in()), 80) as flood:
            assert till.send(till.z()).status_code == 201
            by_then = answered(flood)
            answers = [read_answer(connection) for connection in by_then]
            assert sum(status == 401 for status, _, _ in answers) < 40
            answers += [read_answer(connection) for connection in flood if connection not in by_then]
    refused = [(headers, body) for status, headers, body in answers if status == 503]
    assert len(refused) > 40
    assert len(refused) + sum(status == 401 for status, _, _ in answers) == 80
    for headers, body in refused:
        assert code_of(body) == "busy"
        assert int(headers["retry-after"]) >= 1


def test_a_token_that_is_spelled_in_many_ways_has_no_more_turns(victim: Victim, till: Till) -> None:
    half = request("PUT", "/v1/configuration", Content_Length="99", Authorization="Bearer") + b"{"
    spelled = (half.replace(b"Bearer", b"bEARER%s%s" % (b" " * n, till.token.encode())) for n in count(1))
    with held(lambda: victim.send(next(spelled)), 20) as flood:
        answers = [read_answer(connection) for connection in answered(flood, GUARD_S)]
    assert {(status, code_of(body)) for status, _, body in answers} == {(429, "too_many_at_once")}


def test_60_batches_of_one_till_hold_up_no_other(victim_on_each: Victim) -> None:
    victim = victim_on_each
    with victim.client() as http:
        greedy, other = a_till(http), a_till(http)
        reports = [canonical(greedy.z(number)) for number in range(1, 201)]
        batch = b'{"reports":[' + b",".join(reports) + b"]}"
        call = request("POST", "/v1/reports/batch", batch, Authorization=f"Bearer {greedy.token}")
        with held(lambda: victim.send(call), 60) as flood:
            assert other.send(other.z()).status_code == 201
            by_then = answered(flood)
            answers = [read_answer(connection) for connection in by_then]
            assert sum(status == 200 for status, _, _ in answers) < 30
            answers += [read_answer(connection) for connection in flood if connection not in by_then]
        assert {status for status, _, _ in answers} == {200, 429}
        for headers, body in ((headers, body) for status, headers, body in answers if status == 429):
            assert code_of(body) == "too_many_at_once"
            assert int(headers["retry-after"]) >= 1
        assert greedy.call("GET", "/terminals/current").json()["last_z_number"] == 200
