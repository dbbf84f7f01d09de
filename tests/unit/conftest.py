from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.settings import set_setting
from tests.support.exchanges import license_to
from tests.support.stations import Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A new bar, not connected."""
    with open_shop(tmp_path / "shop") as shop:
        yield shop


@pytest.fixture
def connected(tmp_path: Path) -> Iterator[Shop]:
    """A bar with three closed days, assigned to a store with all its history."""
    with open_shop(tmp_path / "shop", days=3) as shop:
        shop.connect()
        yield shop


@pytest.fixture
def unlicensed(shop: Shop) -> Shop:
    """A new bar with a store, without the demo's licence to upload its configuration."""
    shop.connect()
    license_to(shop, "{}")
    return shop


@pytest.fixture
def worker(connected: Shop) -> Worker:
    collect(connected.station)
    return Worker(connected.station, chance=lambda: 0.5)


@pytest.fixture
def half_sent(connected: Shop) -> Shop:
    """Three days delivered, a fourth that waits, and a setting."""
    drain_once(connected.station)
    connected.close_day()
    collect(connected.station)
    set_setting(connected.station.database, "theme", "contrast")
    return connected
