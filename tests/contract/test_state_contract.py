"""A terminal says how it is, at whatever cloud it is."""

import pytest

from factorypos_tui.core.errors import TokenRefused
from factorypos_tui.core.models import OwnState
from factorypos_tui.core.ports import Cloud
from tests.contract.shop import Shop

FINE = OwnState({"pending": 0, "sending": 0, "attention": 0, "delivered": 7}, None, 7, -2, "test 1", "app")
LATE = OwnState(
    {"pending": 3, "sending": 1, "attention": 1, "delivered": 7},
    4000,
    None,
    None,
    "test 1",
    "worker",
    findings=None,
    leaves_out_numbers=True,
)


def test_a_terminal_says_how_it_is_as_often_as_it_likes(cloud: Cloud, shop: Shop) -> None:
    for state in (FINE, LATE, FINE):
        cloud.tell_state(shop.token, state)


def test_a_terminal_whose_token_has_ended_is_refused(cloud: Cloud, shop: Shop) -> None:
    cloud.disconnect(shop.token)
    with pytest.raises(TokenRefused):
        cloud.tell_state(shop.token, FINE)
