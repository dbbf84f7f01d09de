"""Files in forms: bounded, and none of a stranger's is received."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.web.forms import MOST_FIELDS, parsed_form
from tests.server.shop import Owner, Till, assert_problem
from tests.server.web.browser import Browser
from tests.server.web.conftest import Browsers

MIB = 1 << 20


def part(name: str, content: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="t.csv"\r\n\r\n'.encode()
    return head + content + b"\r\n"


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_are_some_form_or_none(body: bytes, kind: str) -> None:
    for content_type in (kind, f"multipart/form-data; boundary={kind}", "multipart/form-data; boundary=b"):
        fields = parsed_form(b"--b\r\n" + body, content_type)
        assert all(isinstance(text, str) for text in fields.values())


@given(st.binary(max_size=300).filter(lambda content: b"--b" not in content))
def test_a_file_arrives_byte_for_byte(content: bytes) -> None:
    body = part("file", content) + part("more", b"1") + b"--b--\r\n"
    fields = parsed_form(body, "multipart/form-data; boundary=b")
    assert fields["file"].encode("utf-8", "surrogateescape") == content
    assert fields["more"] == "1"


def test_fields_without_end_are_bounded() -> None:
    fields = parsed_form(part("a", b"1") * (2 * MOST_FIELDS) + b"--b--", "multipart/form-data; boundary=b")
    assert len(fields.multi_items()) == MOST_FIELDS


TABLES = ("/alarms.csv", "/stores/{store}/days.json", "/stores/{store}/catalogue/items/table.csv")


@pytest.mark.parametrize("table", TABLES)
def test_a_program_that_is_not_logged_in_is_told_so(browser: Browser, till: Till, table: str) -> None:
    path = table.format(store=till.store)
    for accepted in ("*/*", "text/csv"):
        answer = browser.http.get(path, headers={"Accept": accepted}, follow_redirects=False)
        assert "/v1/sessions" in assert_problem(answer, 401, "unauthorized")["detail"]
    led = browser.http.get(path, follow_redirects=False)
    assert (led.status_code, "login?next=" in led.headers["location"]) == (303, True)
    page = browser.http.get("/alarms", headers={"Accept": "*/*"}, follow_redirects=False)
    assert page.status_code == 303


@pytest.mark.parametrize("tail", ["", "/save"])
def test_a_large_file_is_refused_in_words(owners_browser: Browser, till: Till, tail: str) -> None:
    path = f"/stores/{till.store}/catalogue/items/table"
    page = owners_browser.open(path)
    fields = page.fields("Look at what changes")
    sent = owners_browser.http.post(path + tail, data=fields, files={"file": b"x" * (5 * MIB)})
    assert (sent.status_code, "larger than 4 MiB" in sent.text or "not saved yet" in sent.text) == (422, True)
    sent = owners_browser.http.post(path + tail, data=fields, files={"file": b"x" * (9 * MIB)})
    assert (sent.status_code, "8 MiB" in sent.text) == (413, True)


def test_a_strangers_file_is_refused_before_it_is_received(
    owner: Owner, till: Till, browsers: Browsers
) -> None:
    path, stranger = f"/stores/{till.store}/catalogue/items/table", browsers("en")
    sent = stranger.http.post(path, files={"file": b"x" * MIB})
    assert sent.status_code == 403
    stranger.http.cookies.set("__Host-session", "guessed", domain="cloud.example.com", path="/")
    assert stranger.http.post(path, files={"file": b"x" * MIB}).status_code == 403
    other = browsers("en")
    other.log_in(owner.shop.owner())
    proof = other.page.fields("Log out")
    assert other.http.post(path, data=proof, files={"file": b"code,name\n"}).status_code == 404
