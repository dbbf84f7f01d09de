"""What every implementation of the port `Cloud` does where two reports claim one place."""

import json
from uuid import uuid4

import pytest

from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.models import Report
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import z_report
from tests.contract.shop import Shop, open_shop


@pytest.mark.parametrize("same_period", [True, False])
def test_the_same_number_with_other_content_is_a_conflict(
    cloud: Cloud, shop: Shop, same_period: bool
) -> None:
    report = z_report(shop.terminal.id, 1)
    other = z_report(
        shop.terminal.id, 1, net=9999, period_id=report.period_id if same_period else str(uuid4())
    )
    cloud.send(shop.token, report)
    with pytest.raises(CloudRefused) as refused:
        cloud.send(shop.token, other)
    assert (refused.value.status, refused.value.code) == (409, "report_conflict")
    assert cloud.send(shop.token, report).result == "unchanged"


@pytest.mark.parametrize("same_period", [True, False])
def test_a_conflict_is_settled_for_what_is_held_and_opened_again(
    cloud: Cloud, shop: Shop, same_period: bool
) -> None:
    held, other = in_conflict(cloud, shop, same_period)
    assert states(cloud, shop) == {held.content_hash: "open"}
    for report in (held, other):
        cloud.settle(shop.token, report.id, held.content_hash)
        assert states(cloud, shop) == {held.content_hash: "settled"}
        with pytest.raises(CloudRefused):  # what was refused before changes nothing of that
            cloud.send(shop.token, other)
        assert states(cloud, shop) == {held.content_hash: "settled"}
        cloud.reopen(shop.token, report.id)
        assert states(cloud, shop) == {held.content_hash: "open"}


@pytest.mark.parametrize("same_period", [True, False])
def test_a_conflict_is_settled_for_the_other_report_which_then_stands(
    cloud: Cloud, shop: Shop, same_period: bool
) -> None:
    held, other = in_conflict(cloud, shop, same_period)
    cloud.settle(shop.token, held.id, other.content_hash)
    assert states(cloud, shop) == {other.content_hash: "settled"}
    assert cloud.report(shop.token, other.id) == json.loads(other.body)
    assert cloud.send(shop.token, other).result == "unchanged"
    cloud.reopen(shop.token, other.id)
    assert states(cloud, shop) == {held.content_hash: "open"}
    assert cloud.report(shop.token, held.id) == json.loads(held.body)


def test_a_further_report_opens_a_conflict_again(cloud: Cloud, shop: Shop) -> None:
    held, _other = in_conflict(cloud, shop, same_period=True)
    cloud.settle(shop.token, held.id, held.content_hash)
    with pytest.raises(CloudRefused):
        cloud.send(shop.token, z_report(shop.terminal.id, 1, net=5, period_id=held.period_id))
    assert states(cloud, shop) == {held.content_hash: "open"}


def test_only_who_has_a_conflict_settles_it_and_only_for_what_is_in_it(cloud: Cloud, shop: Shop) -> None:
    held, _other = in_conflict(cloud, shop, same_period=True)
    alone = z_report(shop.terminal.id, 2, previous=held)
    cloud.send(shop.token, alone)
    stranger = open_shop(cloud)
    for token, report_id, content_hash in (
        (shop.token, alone.id, alone.content_hash),
        (shop.token, held.id, "0" * 64),
        (stranger.token, held.id, held.content_hash),
    ):
        with pytest.raises(CloudRefused) as refused:
            cloud.settle(token, report_id, content_hash)
        assert (refused.value.status, refused.value.code) == (404, "not_found")
    with pytest.raises(CloudRefused):
        cloud.reopen(stranger.token, held.id)
    with pytest.raises(TokenRefused):
        cloud.settle("unknown", held.id, held.content_hash)
    assert states(cloud, shop) == {held.content_hash: "open", alone.content_hash: None}


def in_conflict(cloud: Cloud, shop: Shop, same_period: bool) -> tuple[Report, Report]:
    """What is held as Z 1, and what came after it."""
    held = z_report(shop.terminal.id, 1)
    other = z_report(shop.terminal.id, 1, net=9999, period_id=held.period_id if same_period else str(uuid4()))
    cloud.send(shop.token, held)
    with pytest.raises(CloudRefused):
        cloud.send(shop.token, other)
    return held, other


def states(cloud: Cloud, shop: Shop) -> dict[str, str | None]:
    """Of the conflicts about what is held, by its hash."""
    return {held.content_hash: held.conflict for held in cloud.held_zs(shop.token)}
