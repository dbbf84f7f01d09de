"""Trouble of PostgreSQL reaches those that it concerns, as 503, and ends with its cause."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from factorypos_tui.server.storage.postgresql import WHILE_SERVING
from tests.server.attacks.victim import Victim, a_till, attacked, code_of, held, read_answer, request
from tests.server.shop import PASSWORD, Shop, canonical

HURRIED = {
    "storage.postgresql.WHILE_SERVING": {**WHILE_SERVING, "lock_timeout": "1s"},
    "storage.postgresql.SECONDS_TO_WAIT": 1,
}
"""A server that waits less for locks and for connections."""


@pytest.fixture
def victim(tmp_path: Path, postgres_url: str) -> Iterator[Victim]:
    with attacked(tmp_path / "cloud", postgres_url, constants=HURRIED) as victim:
        yield victim


@pytest.mark.parametrize("mode", ["SHARE", "ACCESS EXCLUSIVE"])
def test_a_table_that_somebody_locks_stops_only_what_needs_it(
    victim: Victim, postgres_url: str, mode: str
) -> None:
    with ExitStack() as stack:
        http = stack.enter_context(victim.client())
        owner = Shop.of_another_process(http).owner()
        store = owner.store()
        tills = [owner.assign(store) for _ in range(20)]
        administrator = stack.enter_context(psycopg.connect(postgres_url))
        administrator.execute(f"LOCK TABLE z_report IN {mode} MODE")
        reports = [till.z() for till in tills]
        calls = [
            request(
                "PUT",
                f"/v1/reports/{report['report_id']}",
                canonical(report),
                Authorization=f"Bearer {till.token}",
            )
            for till, report in zip(tills, reports, strict=True)
        ]
        waiting = iter(calls)
        with held(lambda: victim.send(next(waiting)), len(calls)) as connections:
            assert http.get("/v1/health").status_code == 200
            another = Shop.of_another_process(http).owner()
            for _ in range(5):
                assert another.company()
            for connection in connections:
                status, headers, body = read_answer(connection)
                assert (status, code_of(body)) in {(503, "unavailable"), (503, "busy")}
                assert int(headers["retry-after"]) >= 1
        if mode == "ACCESS EXCLUSIVE":
            assert tills[0].call("GET", "/reports").status_code == 503
        administrator.rollback()
        for till, report in zip(tills, reports, strict=True):
            assert till.send(report).status_code == 201


def test_a_row_that_somebody_locks_stops_only_its_till(victim: Victim, postgres_url: str) -> None:
    with victim.client() as http, psycopg.connect(postgres_url) as administrator:
        stuck, other = a_till(http), a_till(http)
        administrator.execute("SELECT 1 FROM terminal WHERE id = %s FOR UPDATE", [stuck.id])
        report = stuck.z()
        path, bearer = f"/v1/reports/{report['report_id']}", f"Bearer {stuck.token}"
        call = request("PUT", path, canonical(report), Authorization=bearer)
        with held(lambda: victim.send(call), 60) as flood:
            for number in range(1, 11):
                assert other.send(other.z(number)).status_code == 201
            assert {read_answer(connection)[0] for connection in flood} <= {429, 503}
        administrator.rollback()
        assert stuck.send(report).status_code == 201


def test_connections_that_postgresql_ended_cost_no_call(victim: Victim, postgres_url: str) -> None:
    with victim.client() as http:
        till, owner = a_till(http), Shop.of_another_process(http).owner()
        for number in range(1, 4):
            with psycopg.connect(postgres_url, autocommit=True) as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            assert till.send(till.z(number)).status_code == 201
            assert http.get("/v1/health").status_code == 200
            again = http.post("/v1/sessions", json={"email": owner.email, "password": PASSWORD})
            assert again.status_code == 201
