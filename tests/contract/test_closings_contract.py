"""The closed months and years of a store, as a person's log-in reads them at whatever cloud."""

import pytest

from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.ports import Cloud
from tests.contract.shop import Shop, a_store_of_another_account


def test_a_store_without_days_has_none(cloud: Cloud, shop: Shop) -> None:
    for period in ("month", "year"):
        assert cloud.closings(shop.user_token, shop.store.id, period) == []


def test_nobody_else_reads_them(cloud: Cloud, shop: Shop) -> None:
    stranger, _theirs = a_store_of_another_account(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.closings(stranger, shop.store.id, "month")
    assert refused.value.status == 404
    with pytest.raises(TokenRefused):
        cloud.closings("no token", shop.store.id, "month")
