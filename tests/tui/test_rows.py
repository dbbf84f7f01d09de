"""What a row of the queue says, and what the line below it does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import TokenRefused
from factorypos_tui.core.status.status import read_status
from factorypos_tui.tui.screens.queue.rows import explained, row
from tests.support import scenes
from tests.support.stations import Shop


@pytest.fixture
def revoked(shop: Shop) -> Shop:
    """A bar whose terminal was revoked at FactoryCLOUD, with a day that waits."""
    shop.connect()
    shop.close_day()
    collect(shop.station)
    shop.cloud.fail_with = TokenRefused("", 401, "terminal_revoked")
    Worker(shop.station).step()
    return shop


def test_what_waits_for_a_revoked_terminal_says_what_it_waits_for(revoked: Shop) -> None:
    shipment, status = revoked.queued()[0], read_status(revoked.station)
    for known in (status, replace(status, holder=scenes.THE_SERVICE)):
        words = explained(shipment, known)
        assert "by itself" not in words
        assert "This terminal was revoked; assign the store again." in words


def test_a_row_tells_when_it_arrived_and_nothing_else_in_that_column(revoked: Shop) -> None:
    waits = revoked.queued()[0]
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert row(waits, now, 80).rstrip().endswith("-")
    arrived = replace(waits, state=type(waits.state).DELIVERED, delivered_at=now)
    assert row(arrived, now, 80).rstrip().endswith("13:00")


def test_a_day_of_refunds_is_told_as_less_than_nothing(revoked: Shop) -> None:
    refunds = replace(revoked.queued()[0], net=-1250, currency="EUR")
    assert " -12.50 EUR " in row(refunds, datetime(2026, 11, 23, 12, 0, tzinfo=UTC), 80)
