"""What a store took, day by day, as a person's log-in reads it at whatever cloud."""

from datetime import date
from uuid import uuid4

import pytest

from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.ports import Cloud
from factorypos_tui.core.reports.takings import Takings
from tests.contract.documents import x_report, z_report
from tests.contract.shop import Shop, a_store_of_another_account

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def test_each_day_is_told_once_with_the_running_one(cloud: Cloud, shop: Shop) -> None:
    closed, running = str(uuid4()), str(uuid4())
    for report in (
        x_report(shop.terminal.id, 1, net=500, period_id=closed),
        z_report(shop.terminal.id, 1, net=1210),
        z_report(shop.terminal.id, 2, net=2420),
        x_report(shop.terminal.id, 1, net=605, period_id=running),
        x_report(shop.terminal.id, 2, net=1210, period_id=running),
    ):
        cloud.send(shop.token, report)
    first, *others = cloud.figures(shop.user_token, shop.store.id, *NOVEMBER)
    assert (first.first, first.last, first.is_running) == (date(2026, 11, 1), date(2026, 11, 1), True)
    assert (first.net, first.receipts, first.z_reports) == (1710, 2, 0)
    assert others == [day_of(2, 1210, 210), day_of(3, 2420, 420)]
    assert cloud.figures(shop.user_token, shop.store.id, date(2026, 11, 3), NOVEMBER[1]) == others[1:]


def test_a_period_is_told_as_its_z_once_it_is_closed(cloud: Cloud, shop: Shop) -> None:
    period = str(uuid4())
    cloud.send(shop.token, x_report(shop.terminal.id, 1, net=605, period_id=period))
    z = z_report(shop.terminal.id, 1, period_id=period)
    cloud.send(shop.token, z)
    days = cloud.figures(shop.user_token, shop.store.id, z.business_date, z.business_date)
    assert days == [day_of(2, 1210, 210)]


def test_nobody_else_reads_them(cloud: Cloud, shop: Shop) -> None:
    stranger, _theirs = a_store_of_another_account(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.figures(stranger, shop.store.id, *NOVEMBER)
    assert refused.value.status == 404
    with pytest.raises(TokenRefused):
        cloud.figures("no token", shop.store.id, *NOVEMBER)


def day_of(day: int, net: int, tax: int) -> Takings:
    """A closed day with one receipt."""
    on = date(2026, 11, day)
    return Takings(on, on, "EUR", False, 1, 1, net, 0, 0, net, tax, 0, 0)
