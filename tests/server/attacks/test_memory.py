"""Bodies that are held, and large ones that come together, fill no memory."""

import gzip
import os
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.server.attacks.test_strangers import packed_form
from tests.server.attacks.victim import MIB, Victim, configuration, held, read_answer, request
from tests.server.shop import Shop, Till

MOST_MIB = 500


@pytest.fixture
def tills(http: httpx.Client) -> list[Till]:
    owner = Shop.of_another_process(http).owner()
    return [owner.assign(owner.store()) for _ in range(6)]


def test_packed_bodies_of_strangers_that_wait_for_their_last_byte(victim: Victim, till: Till) -> None:
    half = request("POST", "/v1/sessions", packed_form(), Content_Encoding="gzip")[:-1]
    with held(lambda: victim.send(half), 150):
        for number in range(1, 11):
            assert till.send(till.z(number)).status_code == 201
        assert victim.peak_mib() < MOST_MIB


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_bodies_of_known_tills_that_wait_for_their_last_byte(
    victim: Victim, till: Till, tills: list[Till], packed: bool
) -> None:
    body = os.urandom(8 * MIB) if not packed else packed_form()
    encoding = {"Content_Encoding": "gzip"} if packed else {}
    halves = [
        request("PUT", "/v1/configuration", body, Authorization=f"Bearer {it.token}", **encoding)[:-1]
        for it in tills
    ]
    senders = iter(halves * 10)
    with held(lambda: send_what_is_taken(victim, next(senders)), 60):
        for number in range(1, 11):
            assert till.send(till.z(number)).status_code == 201
        assert victim.peak_mib() < MOST_MIB


def send_what_is_taken(victim: Victim, raw: bytes) -> socket.socket:
    connection = victim.connect()
    connection.settimeout(1)
    with suppress(OSError):  # refused while it was sending
        connection.sendall(raw)
    return connection


def test_large_configurations_that_come_together(victim: Victim, till: Till, tills: list[Till]) -> None:
    packed = gzip.compress(configuration(50_000))  # nearly 8 MiB, as many records as a section may have

    def raw() -> Iterator[bytes]:
        for it in tills:
            yield request(
                "PUT",
                "/v1/configuration",
                packed,
                Content_Encoding="gzip",
                If_None_Match="*",
                Authorization=f"Bearer {it.token}",
            )

    calls = raw()
    with held(lambda: victim.send(next(calls)), len(tills)) as connections:
        assert till.send(till.z()).status_code == 201
        answers = [read_answer(connection) for connection in connections]
    assert {status for status, _, _ in answers} <= {201, 503}
    assert all("retry-after" in headers for status, headers, _ in answers if status == 503)
    assert sum(status == 201 for status, _, _ in answers) >= 2
    assert victim.peak_mib() < MOST_MIB
