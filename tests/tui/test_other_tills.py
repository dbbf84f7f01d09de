"""A till of another program at the keyboard: what cannot be done to it from here is dim, and says why."""

from dataclasses import replace

import pytest

from factorypos_tui.core.capabilities import Capabilities
from tests.support import catalogues, scenes
from tests.support.exchanges import in_the_cloud
from tests.support.operator import app_of, opened
from tests.support.stations import Shop
from tests.support.tills import MemoryTill
from tests.tui.camera import Camera, in_both_languages, keys
from tests.tui.test_data import opens_it

COUNTED = "3          3"


@pytest.fixture
def other(shop: Shop) -> Shop:
    """A shop that sells with another program; its store has what that till has, and more."""
    other = replace(shop, station=replace(shop.station, till=MemoryTill()))
    other.connect()
    scenes.deliver(other)
    in_the_cloud(other, MemoryTill().held)
    return other


async def test_a_download_that_the_till_does_not_take_is_dim_and_says_why(other: Shop) -> None:
    async with opened(other) as operator:
        await opens_it(operator)
        await operator.sees("This till's configuration is changed at the till only.")
        await operator.presses("1", "enter")
        await operator.settles()
        await operator.sees("In numbers")
        await operator.presses("f1")
        await operator.sees("Data Download: Shows", "configuration is changed at the till", "only.")


async def test_a_close_that_is_not_done_from_here_is_dim_and_says_why(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.till, "can", Capabilities(take_configuration=True, close_the_day=False))
    scenes.at_lunch(shop)
    in_the_cloud(shop, catalogues.with_another_tax(shop))
    async with opened(shop) as operator:
        await opens_it(operator)
        await operator.presses("1")
        await operator.sees("Close the day first.", "This till's day is closed at the till only.")
        assert "C closes it" not in operator.screen
        await operator.presses("c")
        await operator.until(lambda: operator.screen.count("closed at the till only.") == 2, "the reason")
    assert shop.till.status().last_z_number == 5


@in_both_languages()
def test_data_of_another_till(other: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(app_of(other), keys("6", then=COUNTED))
