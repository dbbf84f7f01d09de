"""What every implementation of the port `Cloud` does with configurations."""

import json
from uuid import uuid4

import pytest

from factorypos_tui.core.answers import CurrentTerminal, StoredConfiguration
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.ports import Cloud
from tests.contract.shop import Shop, new_user


def configuration(**changes: object) -> bytes:
    """A configuration of one item, with more blanks than any program writes."""
    document = {
        "schema_version": 1,
        "company": {"name": "Café Ñandú"},
        "departments": [{"code": "D", "name": "Drinks"}],
        "taxes": [{"code": "T", "name": "IVA", "rate": "10"}],
        "price_levels": [{"code": "BAR", "name": "Bar"}],
        "payment_methods": [],
        "users": [],
        "items": [
            {"code": "1", "name": "Café", "department": "D", "tax": "T", "prices": {"BAR": 150}},
        ],
    }
    return json.dumps(document | changes, indent=2, ensure_ascii=False).encode()


def test_a_configuration_comes_back_byte_for_byte(cloud: Cloud, shop: Shop) -> None:
    assert cloud.configuration(shop.token) is None
    assert cloud.current_terminal(shop.token) == CurrentTerminal(None, upload_allowed=True)
    etag = cloud.put_configuration(shop.token, configuration(), None)
    assert cloud.configuration(shop.token) == StoredConfiguration(etag, configuration())
    assert cloud.current_terminal(shop.token) == CurrentTerminal(etag, upload_allowed=True)


def test_only_the_version_that_was_seen_is_replaced(cloud: Cloud, shop: Shop) -> None:
    first = cloud.put_configuration(shop.token, configuration(), None)
    second = cloud.put_configuration(shop.token, configuration(users=[{"code": "1", "name": "A"}]), first)
    for late in (None, first):
        with pytest.raises(CloudRefused) as refused:
            cloud.put_configuration(shop.token, configuration(), late)
        assert (refused.value.status, refused.value.code) == (412, "configuration_changed")
    stored = cloud.configuration(shop.token)
    assert stored
    assert stored.etag == second != first


def test_another_terminal_replaces_a_configuration_only_with_the_owners_word(
    cloud: Cloud, shop: Shop
) -> None:
    etag = cloud.put_configuration(shop.token, configuration(), None)
    other = Terminal(str(uuid4()), "Till 2")
    token = cloud.enrol(shop.user_token, shop.store.id, other, "test", move=False).terminal_token
    assert cloud.configuration(token) == StoredConfiguration(etag, configuration())
    assert not cloud.current_terminal(token).upload_allowed
    with pytest.raises(CloudRefused) as refused:
        cloud.put_configuration(token, configuration(), etag)
    assert (refused.value.status, refused.value.code) == (403, "upload_not_allowed")
    _email, stranger = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.allow_upload(stranger, other.id)
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    cloud.allow_upload(shop.user_token, other.id)
    assert cloud.current_terminal(token).upload_allowed
    assert cloud.put_configuration(token, configuration(users=[]), etag)


def test_a_configuration_that_is_none_is_refused(cloud: Cloud, shop: Shop) -> None:
    with pytest.raises(CloudRefused) as refused:
        cloud.put_configuration(shop.token, b'{"schema_version":1}', None)
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert cloud.configuration(shop.token) is None


def test_a_large_configuration_fits_through(cloud: Cloud, shop: Shop) -> None:
    items = [{"code": str(n), "name": "Ñ" * 50, "prices": {"BAR": n}} for n in range(20_000)]
    document = configuration(items=items)
    etag = cloud.put_configuration(shop.token, document, None)
    assert cloud.configuration(shop.token) == StoredConfiguration(etag, document)


def test_an_unknown_token_is_refused(cloud: Cloud) -> None:
    for ask in (
        lambda: cloud.current_terminal("unknown"),
        lambda: cloud.configuration("unknown"),
        lambda: cloud.put_configuration("unknown", configuration(), None),
        lambda: cloud.allow_upload("unknown", str(uuid4())),
    ):
        with pytest.raises(TokenRefused):
            ask()
