"""What callers without a good token send costs next to nothing."""

import gzip
import json
import re
import uuid

import pytest

from tests.server.attacks.victim import MIB, Victim, code_of, held, read_answer, request
from tests.server.shop import Till
from tests.server.web.test_every_page import FORMS

WISHES = b'{"email":"a@example.com","password":"%s"}'
FORGED = "Bearer " + "x" * 32
FORM = "application/x-www-form-urlencoded"


def packed_form() -> bytes:
    """8 MiB of JSON in some 8 KiB."""
    return gzip.compress(json.dumps({"email": "a@b.com", "password": "p" * (8 * MIB - 50)}).encode())


def packed_batch() -> bytes:
    """A batch of 8 MiB of JSON."""
    return gzip.compress(b'{"reports":[' + b"{}," * (2 * MIB) + b"{}]}")


def test_what_strangers_pack_costs_less_work_than_a_till_s_reports(victim: Victim, till: Till) -> None:
    begun = victim.work()
    for number in range(1, 61):
        assert till.send(till.z(number)).status_code == 201
    honest, begun = victim.work() - begun, victim.work()
    forms = [request("POST", "/v1/sessions", packed_form(), Content_Encoding="gzip")] * 5
    batches = [
        request("POST", "/v1/reports/batch", packed_batch(), Content_Encoding="gzip", Authorization=FORGED)
    ] * 5
    for raw, status in [*((form, 413) for form in forms), *((batch, 401) for batch in batches)]:
        with victim.send(raw) as connection:
            assert read_answer(connection)[0] == status
    assert victim.work() - begun < honest


@pytest.mark.parametrize("token", [None, "Bearer nonsense", FORGED])
@pytest.mark.parametrize("path", ["/v1/reports/batch", "/v1/configuration"])
def test_a_large_body_is_refused_before_it_arrives(
    lasting_victim: Victim, path: str, token: str | None
) -> None:
    method = "PUT" if path == "/v1/configuration" else "POST"
    head = request(method, path, Content_Length=str(5 * MIB), Authorization=token or "Basic YTpi")
    with lasting_victim.send(head) as connection:
        status, headers, body = read_answer(connection)
        assert (status, code_of(body), headers["www-authenticate"]) == (401, "unauthorized", "Bearer")


@pytest.mark.parametrize("cookie", ["", "session=forged"])
def test_no_page_takes_a_large_form_of_a_stranger(lasting_victim: Victim, cookie: str) -> None:
    told = {"Content_Length": str(5 * MIB), "Content_Type": FORM, "Accept": "text/html", "Cookie": cookie}
    for route in FORMS:
        path = re.sub(r"\{[^}]+\}", str(uuid.uuid4()), route.removeprefix("POST "))
        with lasting_victim.send(request("POST", path, b"", **told)) as connection:
            assert read_answer(connection)[0] in (403, 413), route


def test_a_revoked_till_hears_so_before_it_has_sent_its_configuration(victim: Victim, till: Till) -> None:
    assert till.call("DELETE", "/terminals/current").status_code == 204
    head = request(
        "PUT", "/v1/configuration", Content_Length=str(5 * MIB), Authorization=f"Bearer {till.token}"
    )
    with victim.send(head) as connection:
        status, _, body = read_answer(connection)
        assert (status, code_of(body)) == (401, "terminal_revoked")


def test_who_was_refused_while_sending_may_finish_and_go_on(lasting_victim: Victim) -> None:
    with lasting_victim.connect() as connection:
        connection.sendall(request("POST", "/v1/reports/batch", Content_Length=str(2 * MIB)))
        assert read_answer(connection)[0] == 401
        connection.sendall(b" " * 2 * MIB)
        connection.sendall(request("GET", "/v1/health"))
        assert read_answer(connection)[0] == 200


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize(
    "path", ["/v1/users", "/v1/sessions", "/v1/password-resets", "/v1/password-resets/confirm"]
)
def test_a_form_of_more_than_16_kib_is_refused(lasting_victim: Victim, path: str, packed: bool) -> None:
    long = json.dumps({"email": "a@b.com", "password": "p" * 16384}).encode()
    headers = {"Content-Encoding": "gzip"} if packed else {}
    with lasting_victim.client() as http:
        answer = http.post(path, content=gzip.compress(long) if packed else long, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_hundred_strangers_that_hold_their_forms_keep_no_till_waiting(victim: Victim, till: Till) -> None:
    half = request("POST", "/v1/sessions", WISHES % (b"p" * 12_000))[:-1]
    with held(lambda: victim.send(half), 100):
        for number in range(1, 21):
            assert till.send(till.z(number)).status_code == 201


def test_a_caller_who_asks_first_is_refused_without_sending(lasting_victim: Victim) -> None:
    head = request("PUT", "/v1/configuration", Content_Length=str(5 * MIB), Expect="100-continue")
    with lasting_victim.send(head) as connection:
        assert read_answer(connection)[0] == 401
