"""An answer that arrives after the terminal was disconnected or assigned again says nothing of the present
token."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, assigned_store
from factorypos_tui.core.account.stores import open_stores
from factorypos_tui.core.answers import Binding, HeldZ
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.comparison import compare_soon, comparison_is_due
from factorypos_tui.core.status.judging import Limits, Matter, Surroundings, judge
from factorypos_tui.core.status.status import read_status
from tests.support.stations import PASSWORD, Shop


@pytest.fixture
def until_the_list_arrives(connected: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """All is delivered and a day was closed since; during the next comparison something happens."""

    def compare_while(action: Callable[[], object]) -> None:
        lists = connected.cloud.held_zs

        def listing(*arguments: Any) -> Sequence[HeldZ]:
            held = lists(*arguments)
            monkeypatch.setattr(connected.cloud, "held_zs", lists)
            connected.clock.advance(1)
            action()
            return held

        drain_once(connected.station)
        connected.close_day()
        compare_soon(connected.station.database)
        monkeypatch.setattr(connected.cloud, "held_zs", listing)
        Worker(connected.station).step()

    return compare_while


def test_a_comparison_opens_no_store_after_disconnecting(
    connected: Shop, until_the_list_arrives: Callable[..., None]
) -> None:
    until_the_list_arrives(lambda: disconnect(connected.station))
    assert not open_stores(connected.station.database)
    status = read_status(connected.station)
    assert [waiting.reports for waiting in status.stranded] == [1]
    assert Matter.NO_STORE in judge(status, Surroundings(has_token=False), Limits())


def test_what_another_account_s_token_was_told_is_no_comparison(
    connected: Shop, until_the_list_arrives: Callable[..., None]
) -> None:
    def hand_over() -> None:
        disconnect(connected.station)
        connected.cloud.release(connected.till.terminal().id)
        accounts.register(connected.station, "eva@example.com", PASSWORD, "Eva")
        connected.assign_new_store("Eva's bar", History.NONE)

    until_the_list_arrives(hand_over)
    database = connected.station.database
    assert open_stores(database) == {assigned_store(database).id}
    assert comparison_is_due(database, connected.clock.now())


def test_a_failure_with_the_token_before_puts_no_comparison_off(
    connected: Shop, until_the_list_arrives: Callable[..., None]
) -> None:
    def move_and_fail() -> None:
        connected.assign_new_store("Second bar", History.NONE)
        raise CloudUnreachable("busy", "overloaded")

    until_the_list_arrives(move_and_fail)
    assert comparison_is_due(connected.station.database, connected.clock.now())


def test_a_verification_opens_no_store_after_disconnecting(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain_once(connected.station)
    asks = connected.cloud.binding

    def asking(token: str) -> Binding:
        binding = asks(token)
        disconnect(connected.station)
        return binding

    monkeypatch.setattr(connected.cloud, "binding", asking)
    with suppress(FactoryPosError):
        verify(connected.station)
    assert not open_stores(connected.station.database)
