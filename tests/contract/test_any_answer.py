"""Whatever comes back over the wire, the worker gets an error that it knows."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from factorypos_tui.core.models import OwnState, Terminal
from tests.contract.documents import z_report
from tests.support.tiny_cloud import TinyCloud

REPORT = z_report(str(uuid4()), 1)
TERMINAL = Terminal(str(uuid4()), "Till 1")
Call = Callable[[FactoryCloud], object]
CALLS: dict[str, Call] = {
    "registration": lambda client: client.registration(),
    "register": lambda client: client.register("ana@example.com", "a password", "Ana", "en"),
    "log_in": lambda client: client.log_in("ana@example.com", "a password"),
    "companies": lambda client: client.companies("token"),
    "enrol": lambda client: client.enrol("token", str(uuid4()), TERMINAL, "test", move=True),
    "send": lambda client: client.send("token", REPORT),
    "binding": lambda client: client.binding("token"),
    "current_terminal": lambda client: client.current_terminal("token"),
    "tell_state": lambda client: client.tell_state("token", OwnState({}, None, None, None, "test", "app")),
    "configuration": lambda client: client.configuration("token"),
    "put_configuration": lambda client: client.put_configuration("token", b"{}", None),
    "figures": lambda client: client.figures("token", str(uuid4()), date(2026, 11, 1), date(2026, 11, 30)),
    "closings": lambda client: client.closings("token", str(uuid4()), "month"),
    "public_keys": lambda client: client.public_keys(),
    "send_batch": lambda client: client.send_batch("token", [REPORT, REPORT]),
}
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        "items next_cursor id name token terminal_token expires_at user email company store last_z_number "
        "results report_id content_hash result received_at missing_z_numbers status code detail title fields "
        "configuration_etag upload_allowed terminal assigned_at date currency provisional z_reports "
        "receipts totals registration contact signature value key_id algorithm public_key "
        "created_at retired_at lost_at",
    )
)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(
        [REPORT.id, REPORT.content_hash, "created", "2026-11-22T22:01:00Z", "0001-01-01T00:00:00+14:00"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)
in_one_process = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def ask() -> Iterator[Callable[[Call, bytes], None]]:
    """Make a call that is answered with these very bytes."""
    with TinyCloud() as tiny, FactoryCloud(tiny.address) as client:

        def ask(call: Call, answer: bytes) -> None:
            tiny.misbehave("raw", value=answer)
            error = error_of(call, client)
            if isinstance(error, CloudUnreachable):
                assert error.reason in {"connection", "not_factorycloud", "wrong_receipt", "server_error"}
            assert str(error).isprintable()

        yield ask


def error_of(call: Call, client: FactoryCloud) -> CloudUnreachable | CloudRefused | None:
    try:
        call(client)
    except (CloudUnreachable, CloudRefused) as error:
        return error
    return None


def answer(status: int, body: bytes, *headers: bytes) -> bytes:
    head = [b"HTTP/1.1 %d Any" % status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*head, b"", body])


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@in_one_process
@given(
    document=st.dictionaries(NAMES, VALUES, max_size=8),
    status=st.sampled_from([200, 201, 400, 401, 403, 404, 409, 412, 422, 451, 500]),
)
def test_any_document(
    ask: Callable[[Call, bytes], None], call: Call, document: dict[str, object], status: int
) -> None:
    body = json.dumps(document).encode()
    ask(call, answer(status, body, b"Content-Type: application/json"))


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "])
@in_one_process
@given(tail=st.binary(max_size=200))
def test_any_bytes(ask: Callable[[Call, bytes], None], head: bytes, tail: bytes) -> None:
    ask(CALLS["send"], head + tail)


@pytest.mark.parametrize(
    "location",
    [b"http://[", b"//", b"https:///nowhere", b"http://a:b:c", b"http://xn--\xff/", b"x" * 60_000, b"\xff"],
    ids=partial(ascii),
)
def test_any_redirect(ask: Callable[[Call, bytes], None], location: bytes) -> None:
    ask(CALLS["send"], answer(302, b"", b"Location: " + location))
