"""What the client makes of configurations on a bad day: only FactoryCLOUD gives and takes one."""

import gzip
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.answers import StoredConfiguration
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from tests.contract.shop import Shop, open_shop
from tests.contract.test_configuration_contract import configuration
from tests.contract.test_misbehaving_cloud import REASONS, WITHOUT_END
from tests.support.tiny_cloud import TinyCloud

ASKS: dict[str, Callable[[FactoryCloud, Shop], object]] = {
    "get": lambda client, shop: client.configuration(shop.token),
    "put": lambda client, shop: client.put_configuration(shop.token, configuration(), "x"),
    "facts": lambda client, shop: client.current_terminal(shop.token),
}
NO_RECEIPTS = {how: reason for how, reason in REASONS.items() if reason != "wrong_receipt"}


@pytest.fixture
def tiny() -> Iterator[TinyCloud]:
    with TinyCloud() as cloud:
        yield cloud


@pytest.fixture
def shop(tiny: TinyCloud) -> Shop:
    """A terminal whose store has a configuration."""
    with FactoryCloud(tiny.address) as client:
        shop = open_shop(client)
        client.put_configuration(shop.token, configuration(), None)
    return shop


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize(("how", "reason"), NO_RECEIPTS.items())
def test_whatever_else_answers_is_not_factorycloud(
    tiny: TinyCloud, shop: Shop, ask: Callable[[FactoryCloud, Shop], object], how: str, reason: str
) -> None:
    tiny.misbehave(how)
    deadline_s = 0.3 if how in WITHOUT_END else 60
    with (
        FactoryCloud(tiny.address, deadline_s=deadline_s) as client,
        pytest.raises(CloudUnreachable) as failure,
    ):
        ask(client, shop)
    assert failure.value.reason == reason


@pytest.mark.parametrize(
    "tag",
    [b"", b"x", b'"', b'""', b'"a b"', b'"a\x07"', b'"' + b"x" * 201 + b'"', b'"\xe9"', b"W/x"],
    ids=repr,
)
def test_a_version_that_could_break_out_of_a_header_is_none(tiny: TinyCloud, shop: Shop, tag: bytes) -> None:
    body = configuration()
    head = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
    tiny.misbehave("raw", value=b"\r\n".join([*head, b"ETag: " + tag, b"", body]))
    with FactoryCloud(tiny.address) as client:
        for ask in (ASKS["get"], ASKS["put"]):
            with pytest.raises(CloudUnreachable) as failure:
                ask(client, shop)
            assert failure.value.reason in ("not_factorycloud", "connection")


def test_a_tag_that_a_proxy_has_marked_as_weak_is_the_clouds_own(tiny: TinyCloud, shop: Shop) -> None:
    body = configuration()
    head = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
    tiny.misbehave("raw", value=b"\r\n".join([*head, b'ETag: W/"1"', b"", body]))
    with FactoryCloud(tiny.address) as client:
        assert client.configuration(shop.token) == StoredConfiguration('"1"', body)


def test_an_answer_that_unpacks_to_any_size_is_refused_before_it_does(tiny: TinyCloud, shop: Shop) -> None:
    bomb = gzip.compress(b" " * (64 << 20), 1)
    head = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % len(bomb)]
    tiny.misbehave("raw", value=b"\r\n".join([*head, b'ETag: "1"', b"Content-Encoding: gzip", b"", bomb]))
    with FactoryCloud(tiny.address) as client:
        tracemalloc.start()
        with pytest.raises(CloudUnreachable, match="its answer is too long"):
            client.configuration(shop.token)
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
        tracemalloc.stop()


def test_a_login_page_with_an_etag_has_not_taken_an_upload(tiny: TinyCloud, shop: Shop) -> None:
    page = b"<html>Welcome to the hotel</html>"
    head = [b"HTTP/1.1 200 OK", b"Content-Type: text/html", b"Content-Length: %d" % len(page)]
    tiny.misbehave("raw", value=b"\r\n".join([*head, b'ETag: "1"', b"", page]))
    with FactoryCloud(tiny.address) as client:
        for ask in ASKS.values():
            with pytest.raises(CloudUnreachable) as failure:
                ask(client, shop)
            assert failure.value.reason == "not_factorycloud"


def test_an_upload_goes_out_packed_and_names_the_version_that_it_replaces(
    tiny: TinyCloud, shop: Shop
) -> None:
    with FactoryCloud(tiny.address) as client:
        stored = client.configuration(shop.token)
        assert stored
        client.put_configuration(shop.token, configuration(users=[]) + b" " * 2_000, stored.etag)
        with pytest.raises(CloudRefused):
            client.put_configuration(shop.token, configuration(), None)
    first, second = [call.headers for call in tiny.calls if call.method == "PUT"][-2:]
    assert (first["if-match"], first["content-encoding"]) == (stored.etag, "gzip")
    assert "if-none-match" not in first
    assert (second["if-none-match"], "if-match" in second) == ("*", False)
