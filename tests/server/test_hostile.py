"""Everything from outside is hostile: it is bounded, refused in a problem document, and harms no other
user."""

import base64
import gzip
import json
import socket
import uuid
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from factorypos_tui import __version__
from factorypos_tui.server.http.bodies import MAX_BYTES
from tests.server.shop import Shop, Till, assert_problem, canonical, fields_of
from tests.support.fakes import FrozenClock

EMPTY = gzip.compress(b"{}", mtime=0)


def short(body: bytes) -> str:
    """A name for a body that may be long."""
    return repr(body[:12])


def put(till: Till, body: Any, **headers: str) -> httpx.Response:
    return till.call("PUT", f"/reports/{uuid.uuid4()}", content=body, headers=headers)


def test_a_body_may_be_gzip(till: Till) -> None:
    report = till.z(1)
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json; charset=UTF-8"}
    path = f"/reports/{report['report_id']}"
    answer = till.call("PUT", path, content=gzip.compress(canonical(report)), headers=headers)
    assert answer.status_code == 201
    assert till.call("GET", path).content == canonical(report)
    form = gzip.compress(b'{"name": "A", "country": "ES", "currency": "EUR"}')
    owner = till.shop.owner()
    assert owner.call("POST", "/companies", content=form, headers=headers).status_code == 201


def test_a_gzip_bomb_is_not_unpacked(till: Till) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(32)) + packer.flush()
    assert len(bomb) < MAX_BYTES
    assert_problem(put(till, bomb, **{"Content-Encoding": "gzip"}), 413, "too_large")


def test_a_body_over_8_mib_is_refused_and_one_of_8_mib_is_read(till: Till) -> None:
    assert_problem(put(till, b" " * (MAX_BYTES + 1)), 413, "too_large")
    assert_problem(put(till, b" " * MAX_BYTES), 400, "malformed")

    def without_length() -> Iterator[bytes]:
        for _ in range(9):
            yield b" " * 1024 * 1024

    assert_problem(put(till, without_length()), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}x',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'"' + b"\x00" + b'"',
    ],
    ids=short,
)
def test_what_is_not_json_is_refused(till: Till, body: bytes) -> None:
    assert_problem(put(till, body), 400, "malformed")
    assert_problem(till.call("POST", "/reports/batch", content=body), 400, "malformed")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1.0", "1e3", "9007199254740992", "1e999"])
def test_a_number_that_two_programs_would_read_differently_is_refused(till: Till, text: str) -> None:
    report = till.z(1, note="HERE")
    raw = canonical(report).replace(b'"HERE"', text.encode())
    answer = till.call("PUT", f"/reports/{report['report_id']}", content=raw)
    assert fields_of(assert_problem(answer, 422, "invalid")) == {"note": "invalid"}


def test_half_a_character_is_refused_and_control_characters_are_kept(till: Till) -> None:
    report = till.z(1, note="HERE")
    path = f"/reports/{report['report_id']}"
    half = till.call("PUT", path, content=canonical(report).replace(b"HERE", rb"\ud800"))
    assert fields_of(assert_problem(half, 422, "invalid")) == {"note": "invalid"}
    odd = till.z(1, terminal_name="bell \x07, nul \x00, \u2028 and 𝄞")
    assert till.send(odd).status_code == 201
    assert till.call("GET", f"/reports/{odd['report_id']}").content == canonical(odd)


def test_text_that_no_database_takes_is_refused(shop: Shop) -> None:
    for text in (r"\u0000", r"\ud800"):
        form = f'{{"email": "{text}@example.com", "password": "{text} long enough", "name": "{text}"}}'
        for path in ("/v1/users", "/v1/sessions", "/v1/password-resets"):
            assert_problem(shop.http.post(path, content=form), 422, "invalid")


def test_a_parameter_without_a_value_counts_as_left_out(till: Till) -> None:
    owner = till.shop.owner()
    store = owner.store()
    till.send(till.z(1))
    for query in ("kind=Z&cursor=", "kind=&cursor=&limit=", "cursor&limit=1", "&&kind=Z"):
        answer = till.call("GET", f"/reports?{query}")
        assert [item["z_number"] for item in answer.json()["items"]] == [1]
    assert owner.call("GET", f"/stores/{store}/figures?from=&to=&cursor=").json()["items"] == []
    assert [item["name"] for item in owner.call("GET", "/companies?cursor=&limit=").json()["items"]]
    assert_problem(till.call("GET", "/reports?cursor=&limit=0"), 422, "invalid")


def test_a_forged_cursor_breaks_nothing(till: Till) -> None:
    owner = till.shop.owner()
    for forged in (r'["\u0000", "\u0000"]', r'["\ud800", "a"]', f"[{'1' * 30}, 1]", "[true, null]", "[[]]"):
        cursor = base64.urlsafe_b64encode(forged.encode()).decode()
        assert owner.call("GET", f"/companies?cursor={cursor}").status_code in (200, 422)
    for forged in ('["x"]', f"[{'1' * 30}]", "[true]", "[1.5]", "{"):
        cursor = base64.urlsafe_b64encode(forged.encode()).decode()
        assert till.call("GET", f"/reports?cursor={cursor}").status_code in (200, 422)


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 10_000, b'{"email": ' + b"9" * 5000 + b"}", b"\xff"], ids=short
)
def test_a_form_that_is_not_json_is_refused(shop: Shop, body: bytes) -> None:
    assert_problem(shop.http.post("/v1/users", content=body), 400, "malformed")


def test_who_does_not_say_who_they_are_hears_so_before_what_is_wrong(shop: Shop) -> None:
    for method, path in (
        ("POST", "/companies"),
        ("PATCH", "/terminals/nonsense"),
        ("GET", "/reports?limit=0"),
    ):
        assert_problem(shop.http.request(method, f"/v1{path}", content=b"{}"), 401, "unauthorized")


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"', b'{"email": {"a": [1]}, "password": NaN}'])
def test_json_that_is_no_form_is_refused(shop: Shop, body: bytes) -> None:
    assert_problem(shop.http.post("/v1/sessions", content=body), 422, "invalid")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Encoding": "br"},
        {"Content-Encoding": "gzip, gzip"},
    ],
)
def test_another_kind_of_body_is_refused(till: Till, headers: dict[str, str]) -> None:
    assert_problem(put(till, b"{}", **headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"{}", EMPTY[:-1], EMPTY * 2, b"\x1f\x8b"], ids=short)
def test_gzip_that_is_none_is_refused(till: Till, body: bytes) -> None:
    assert_problem(put(till, body, **{"Content-Encoding": "gzip"}), 400, "malformed")


def test_only_the_api_takes_nothing_but_json(shop: Shop) -> None:
    form = {"email": "ana@example.com"}
    assert_problem(shop.http.post("/v1/sessions", data=form), 415, "unsupported_media_type")
    assert_problem(shop.http.post("/login", data=form), 403, "form_of_another_session")  # a page takes one


def test_addresses_and_methods_that_are_not_there(shop: Shop) -> None:
    assert_problem(shop.http.get("/v2/health"), 404, "not_found")
    assert_problem(shop.http.get("/v1/health/"), 404, "not_found")
    assert_problem(shop.http.get("/docs"), 404, "not_found")
    assert_problem(shop.http.delete("/v1/health"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/health", "GET, HEAD, OPTIONS"),
        ("/v1/users", "OPTIONS, POST"),
        ("/v1/sessions", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/v1/stores/5f1f0c7e-5d3c-4d0e-8f43-2f7d6a1a0b11/terminals/1", "GET, HEAD, OPTIONS, PUT"),
        ("/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("/login", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_an_address_names_all_of_its_methods(shop: Shop, path: str, methods: str) -> None:
    for method in ("TRACE", "PROPFIND", "PATCH"):
        answer = shop.http.request(method, path)
        assert_problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == methods
    asked = shop.http.options(path)
    assert (asked.status_code, asked.content, asked.headers["allow"]) == (204, b"", methods)
    assert shop.http.options(f"{path}/nothing/here").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("PATCH", "/terminals/current", "DELETE, GET, HEAD, OPTIONS"),
        ("PUT", "/reports/batch", "OPTIONS, POST"),
        ("GET", "/reports/batch", "OPTIONS, POST"),
    ],
)
def test_a_word_where_an_id_would_stand_takes_its_own_methods(
    till: Till, method: str, path: str, methods: str
) -> None:
    answer = till.call(method, path, json={"upload_allowed": True})
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == methods
    assert till.call("OPTIONS", path).headers["allow"] == methods


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/companies", "{"),
        ("POST", "/companies", "{}"),
        ("GET", "/companies?limit=0", ""),
        ("PATCH", "/terminals/none", "{}"),
        ("PUT", "/reports/none", "{"),
    ],
)
def test_a_bad_token_is_told_before_what_is_wrong_with_the_call(
    shop: Shop, method: str, path: str, body: str
) -> None:
    headers = {"Authorization": "Bearer forged", "Content-Type": "application/json"}
    answer = shop.http.request(method, f"/v1{path}", content=body, headers=headers)
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_head_is_answered_as_get_without_the_body(shop: Shop, till: Till) -> None:
    got, head = shop.http.get("/v1/health"), shop.http.head("/v1/health")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["x-request-id"]
    for name in ("content-type", "content-length", "cache-control"):
        assert head.headers[name] == got.headers[name]
    assert shop.http.get("/v1/health").json() == got.json(), "the connection is still in step"
    assert till.call("HEAD", "/terminals/current").status_code == 200
    assert shop.http.head("/v1/terminals/current").status_code == 401
    assert shop.http.head("/v1/users").status_code == 405


def test_a_mistake_of_the_server_gives_nothing_away(
    shop: Shop, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.jump(None)  # type: ignore[arg-type]  # whatever breaks inside
    problem = assert_problem(shop.http.get("/v1/health"), 500, "internal")
    assert "NoneType" not in json.dumps(problem)
    assert "a call failed" in caplog.text


def test_every_answer_can_be_told_apart_and_is_not_cached(shop: Shop) -> None:
    first, second = shop.http.get("/v1/health"), shop.http.get("/v1/health")
    assert first.json() == {
        "status": "ok",
        "version": __version__,
        "time": "2026-03-02T12:00:00.000Z",
        "registration": "open",
        "contact": None,
        "letters_late": 0,
    }
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["date"]
    assert "server" not in first.headers


def test_a_caller_who_leaves_in_the_middle_harms_nobody(shop: Shop) -> None:
    host, port = shop.http.base_url.host, shop.http.base_url.port or 0
    with socket.create_connection((host, port)) as caller:
        caller.sendall(b"POST /v1/users HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
    assert shop.http.get("/v1/health").status_code == 200
