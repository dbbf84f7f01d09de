"""Who sends slowly, or reads slowly, costs a socket and nothing else."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.attacks.victim import (
    GUARD_S,
    MIB,
    Victim,
    a_till,
    attacked,
    code_of,
    configuration,
    held,
    read_answer,
    request,
)
from tests.server.shop import PASSWORD, Till, canonical

MOST_FILES = 512
HALF_A_HEADER = b"GET /v1/health HTTP/1.1\r\nHost: cloud\r\nX-Slow: "


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    """A server that may open fewer files than its attackers."""
    with attacked(tmp_path / "cloud", most_files=MOST_FILES) as victim:
        yield victim


@pytest.fixture
def hurried_victim(tmp_path: Path) -> Iterator[Victim]:
    """A server that waits less for its callers."""
    limits = {"connections.HEADER_SECONDS": 3, "http.bodies.FORM_SECONDS": 3}
    with attacked(tmp_path / "cloud", constants=limits) as victim:
        yield victim


def test_more_half_sent_headers_than_it_may_open_keep_no_till_out(victim: Victim, till: Till) -> None:
    with held(lambda: victim.send(HALF_A_HEADER), MOST_FILES * 3 // 2):
        for number in range(1, 11):
            with victim.client() as another:  # on a connection of its own, made beside the others
                headers = {"Authorization": f"Bearer {till.token}"}
                report = till.z(number)
                answer = another.put(f"/v1/reports/{report['report_id']}", json=report, headers=headers)
                assert answer.status_code == 201
        assert victim.descriptors() < MOST_FILES
    assert victim.log.stat().st_size < 20_000


def test_connections_that_say_nothing_or_stop_in_the_middle_are_closed(hurried_victim: Victim) -> None:
    form = request("POST", "/v1/sessions", b'{"email":"a@example.com","password":"%s"}' % (b"p" * 900))
    beginnings = [b"", HALF_A_HEADER, form[:-100], request("GET", "/v1/health") + HALF_A_HEADER]
    opened = [hurried_victim.send(beginning) for beginning in beginnings]
    for connection, beginning in zip(opened, beginnings, strict=True):
        with connection:
            while connection.recv(65536):  # until the server closes
                pass
        with hurried_victim.client() as http:
            assert http.get("/v1/health").status_code == 200, beginning


def test_a_trickle_of_header_is_cut_off_all_the_same(hurried_victim: Victim) -> None:
    with hurried_victim.send(HALF_A_HEADER) as connection, suppress(ConnectionError):
        connection.settimeout(0.1)
        for _ in range(GUARD_S * 10):
            connection.sendall(b"x")
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return
        pytest.fail("it could trickle for ever")


def test_slow_readers_keep_no_answers_in_memory(victim: Victim, till: Till) -> None:
    document = configuration(50_000)
    put = till.call("PUT", "/configuration", content=document, headers={"If-None-Match": "*"})
    assert put.status_code == 201
    before = victim.peak_mib()
    call = request("GET", "/v1/configuration", Authorization=f"Bearer {till.token}")

    with victim.client() as http:
        other = a_till(http)
        with held(lambda: victim.send(call, receive=4096), 60):
            for number in range(1, 11):
                assert other.send(other.z(number)).status_code == 201
                assert other.call("GET", "/terminals/current").status_code == 200
            assert victim.peak_mib() < before + 12 * len(document) / MIB


def test_a_flood_of_what_is_no_http_fills_no_log(victim: Victim, till: Till) -> None:
    for _ in range(100):
        with victim.send(b"\x16\x03\x01 this is no HTTP\r\n\r\n") as connection:
            status, headers, body = read_answer(connection)
        assert (status, code_of(body)) == (400, "malformed")
        assert headers.keys() >= {"date", "x-request-id", "content-security-policy"}
    assert till.send(till.z()).status_code == 201
    assert victim.log.stat().st_size < 5_000


def test_a_server_that_may_open_few_files_says_so_once_and_goes_on(tmp_path: Path) -> None:
    with attacked(tmp_path / "cloud", most_files=64) as victim:
        with held(lambda: victim.send(HALF_A_HEADER), 100), victim.client() as http:
            till = a_till(http)
            assert till.send(till.z()).status_code == 201
        assert victim.log.stat().st_size < 5_000


def chunked(method: str, path: str, *pieces: bytes) -> bytes:
    """A request whose body comes in pieces, without the end of the last."""
    head = f"{method} {path} HTTP/1.1\r\nHost: cloud\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0"


def test_what_follows_a_body_is_no_header(victim: Victim, till: Till) -> None:
    report = till.z()
    call = chunked("PUT", f"/v1/reports/{report['report_id']}", canonical(report))
    with victim.send(call + f"\r\nAuthorization: Bearer {till.token}\r\n\r\n".encode()) as connection:
        assert read_answer(connection)[0] == 401


def test_a_header_without_end_and_requests_without_answers_are_cut_off(victim: Victim, till: Till) -> None:
    form = chunked("POST", "/v1/sessions", b"{", b"}")
    floods = {
        "a header": HALF_A_HEADER + b"x" * (20 * MIB),
        "requests": request("GET", "/v1/health") * 50_000,
        "a trailer": form + b"\r\nX-Long: " + b"x" * (20 * MIB),
        "trailers": form + b"\r\n" + b"X-Short: x\r\n" * (2 * MIB),
        "a name of a piece": form + b";" + b"x" * (20 * MIB),
    }
    before = victim.peak_mib()
    for flood in floods.values():
        with victim.connect() as connection, suppress(ConnectionError):
            connection.sendall(flood)
            while connection.recv(65536):
                pass
    assert victim.peak_mib() < before + 20
    assert till.send(till.z()).status_code == 201


def test_who_reads_no_answers_keeps_nobody_from_logging_in(victim: Victim, till: Till) -> None:
    put = till.call("PUT", "/configuration", content=configuration(400), headers={"If-None-Match": "*"})
    assert put.status_code == 201
    bearer, http, owner = f"Bearer {till.token}", till.shop.http, till.shop.owner()
    calls = [
        request("GET", "/v1/configuration", Authorization=bearer),
        request("POST", "/v1/sessions", b"{}"),
    ]
    with held(lambda: victim.connect(receive=4096), 3) as flood:
        for _ in range(12):  # with answers of 4 MiB, more than the kernel keeps
            for connection in flood:
                with suppress(ConnectionError):  # where they were not served meanwhile, they are too many
                    connection.sendall(b"".join(calls) * 7)
            for _ in range(10):  # those are served meanwhile
                assert till.call("GET", "/configuration").status_code == 200
                assert http.post("/v1/sessions", json={}).status_code == 422
        for _ in range(2):
            answer = http.post("/v1/sessions", json={"email": owner.email, "password": PASSWORD})
            assert answer.status_code == 201


def test_who_leaves_before_the_answers_fills_no_log(victim: Victim, till: Till) -> None:
    log_in = request("POST", "/v1/sessions", b'{"email":"a@example.com","password":"not the password"}')
    for _ in range(10):
        victim.send(log_in + request("GET", "/v1/health") * 2).close()
    assert till.send(till.z()).status_code == 201
    assert till.shop.owner()  # behind the log-ins of those who left
    assert '"level": "error"' not in victim.log.read_text()


def test_a_server_that_is_stopped_waits_for_no_half_sent_body(tmp_path: Path) -> None:
    with attacked(tmp_path / "cloud") as victim:
        with victim.client() as http:
            till = a_till(http)
        call = request(
            "PUT", "/v1/configuration", Content_Length="9999", Authorization=f"Bearer {till.token}"
        )
        with held(lambda: victim.send(call + b"{"), 3) as halves:
            with victim.client() as http:
                assert http.get("/v1/health").status_code == 200  # it has seen the halves
            os.kill(victim.pid, signal.SIGTERM)
            for half in halves:
                with suppress(ConnectionError):
                    assert half.recv(1) == b""
    assert victim.log.read_text() == ""
