"""A queue that was lost: its store is recalled by the token, its reports are built from till and cloud."""

import pytest

from factorypos_tui.core.account.assignment import History, drop_assignment, load_assignment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.recovery.recovery import (
    recall_assignment,
)
from tests.support.stations import Shop
from tests.unit.damaging import bodies, lose_the_queue


def test_a_lost_queue_is_recalled_by_its_token_and_built_from_till_and_cloud(half_sent: Shop) -> None:
    before = bodies(half_sent)
    lose_the_queue(half_sent)
    half_sent.cloud.fail_with = CloudUnreachable("no network", "connection")
    with pytest.raises(CloudUnreachable):
        recall_assignment(half_sent.station)
    half_sent.cloud.fail_with = None
    assert recall_assignment(half_sent.station)
    assert not recall_assignment(half_sent.station)
    drain_once(half_sent.station)
    assert bodies(half_sent) == before
    assert [row.attempts for row in half_sent.queued()] == [0, 0, 0, 1]


def test_history_that_was_not_wanted_is_not_wanted_after_a_loss(shop: Shop) -> None:
    for _day in range(3):
        shop.close_day()
    shop.connect(History.NONE)
    shop.close_day()
    drain_once(shop.station)
    lose_the_queue(shop)
    assert recall_assignment(shop.station)
    drain_once(shop.station)
    assert [row.z_number for row in shop.queued()] == [4]


def test_days_that_never_arrived_are_recalled_from_the_day_of_the_assignment(shop: Shop) -> None:
    for _day in range(2):
        shop.close_day()
    shop.clock.advance(60)
    shop.connect(History.NONE)
    shop.cloud.assigned_at = shop.clock.now()
    for _day in range(2):
        shop.clock.advance(60)
        shop.close_day()
    lose_the_queue(shop)
    assert recall_assignment(shop.station)
    drain_once(shop.station)
    assert [row.z_number for row in shop.queued()] == [3, 4]


def test_a_store_is_not_recalled_where_nobody_knows_from_which_day_on(shop: Shop) -> None:
    """As with a token that a person moved to a systemd credential."""
    shop.connect(History.NONE)
    shop.close_day()
    shop.credentials.set("terminal", (shop.credentials.get("terminal") or "").rpartition(" ")[2])
    lose_the_queue(shop)
    assert not recall_assignment(shop.station)
    assert load_assignment(shop.station.database) is None


def test_days_that_were_wanted_and_never_arrived_are_recalled(shop: Shop) -> None:
    for _day in range(3):
        shop.close_day()
    shop.connect()
    collect(shop.station)
    lose_the_queue(shop)
    assert recall_assignment(shop.station)
    drain_once(shop.station)
    assert sorted(report.z_number or 0 for report in shop.cloud.reports.values()) == [1, 2, 3]
    assert verify(shop.station).compared == 3


def test_a_day_that_the_cloud_refused_is_not_forgotten_with_the_queue(half_sent: Shop) -> None:
    half_sent.cloud.reports.pop(half_sent.queued()[0].report_id)
    lose_the_queue(half_sent)
    assert recall_assignment(half_sent.station)
    drain_once(half_sent.station)
    assert sorted(report.z_number or 0 for report in half_sent.cloud.reports.values()) == [1, 2, 3, 4]


def test_nothing_is_recalled_without_a_token_or_for_another_till(half_sent: Shop) -> None:
    drop_assignment(half_sent.station.database)
    half_sent.till.database().execute("UPDATE terminal SET id = '00000000-0000-4000-8000-000000000000'")
    assert not recall_assignment(half_sent.station)
    half_sent.credentials.delete("terminal")
    assert not recall_assignment(half_sent.station)
