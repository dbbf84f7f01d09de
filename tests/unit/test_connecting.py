"""Connecting a till of another program: which id it gets, and when another till is refused."""

from dataclasses import replace

import pytest

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.connecting.identity import terminal_id_of
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import TillAbsent, TillError, UsageError
from factorypos_tui.core.operations.connecting import (
    connect_till,
    refuse_another_till,
    terminal_id_for,
    tills_at,
)
from factorypos_tui.core.station import Station
from tests.support.connectors import CAJA_1, CAJA_2, FACTS, PASSWORD, MemoryConnector
from tests.support.stations import Shop

ACCESS = Access("unicenta", FACTS.address, PASSWORD)


def station_of(shop: Shop, connector: MemoryConnector) -> Station:
    return replace(shop.station, connector=lambda: connector)


@pytest.fixture
def connector() -> MemoryConnector:
    return MemoryConnector()


def test_data_in_which_no_till_has_sold_yet_say_so(shop: Shop, connector: MemoryConnector) -> None:
    station = station_of(shop, connector)
    assert [till.host for till in tills_at(station, ACCESS)] == ["CAJA-1", "CAJA-2"]
    connector.found = ()
    with pytest.raises(TillAbsent, match="no till has sold into them yet"):
        tills_at(station, ACCESS)


def test_a_new_home_gets_the_same_id_and_what_config_toml_says_goes_before_it(
    shop: Shop, connector: MemoryConnector
) -> None:
    station = station_of(shop, connector)
    derived = terminal_id_for(station, CAJA_1)
    assert derived == terminal_id_of(CAJA_1) == terminal_id_for(station, replace(CAJA_1, closes=900))
    assert terminal_id_for(station, CAJA_1, FACTS.terminal_id) == FACTS.terminal_id
    connect_till(station, replace(FACTS, terminal_id=derived), PASSWORD)
    pruned = replace(CAJA_1, identity="its oldest days were deleted")
    assert terminal_id_for(station, pruned) == derived
    assert terminal_id_for(station, CAJA_2) == terminal_id_of(CAJA_2) != derived


def test_a_till_that_has_sent_nothing_can_be_named_again(shop: Shop, connector: MemoryConnector) -> None:
    station = station_of(shop, connector)
    connect_till(station, FACTS, PASSWORD)
    connect_till(station, replace(FACTS, host="CAJA-2", terminal_id=terminal_id_of(CAJA_2)), None)
    assert (connector.named().host, connector.password) == ("CAJA-2", PASSWORD)  # type: ignore[union-attr]


def test_a_folder_with_closed_days_stays_the_tills_whose_they_are(
    connected: Shop, connector: MemoryConnector
) -> None:
    collect(connected.station)
    station = station_of(connected, connector)
    with pytest.raises(TillError, match=r"Nothing was changed\..*--home FOLDER"):
        connect_till(station, FACTS, PASSWORD)
    assert connector.facts is None


def test_once_days_were_taken_its_server_may_move_but_not_its_host(
    connected: Shop, connector: MemoryConnector
) -> None:
    collect(connected.station)
    station = station_of(connected, connector)
    connector.facts = replace(FACTS, terminal_id=connected.till.terminal().id)
    moved = replace(connector.facts, address="mysql://reader@new-server/kriol")
    connect_till(station, moved, None)
    assert connector.facts == moved
    for other in (replace(moved, host="CAJA-2"), replace(moved, scope="session")):
        with pytest.raises(TillError, match="stays that till's"):
            refuse_another_till(station, other)


def test_a_store_of_another_till_is_given_up_first(shop: Shop, connector: MemoryConnector) -> None:
    shop.connect(History.NONE)
    with pytest.raises(UsageError, match="factorypos-tui disconnect"):
        connect_till(station_of(shop, connector), FACTS, PASSWORD)
    assert connector.facts is None


def test_what_is_corrected_counts_for_all_days_only_until_one_was_taken(
    connected: Shop, connector: MemoryConnector
) -> None:
    station = station_of(connected, connector)
    connector.facts = replace(FACTS, terminal_id=connected.till.terminal().id)
    corrected = replace(connector.facts, timezone="Atlantic/Canary")
    connect_till(station, corrected, None)
    assert (connector.named(), connector.is_afresh) == (corrected, False), "its days go to a store"


def test_what_is_corrected_before_any_store_was_assigned_counts_for_all_days(
    shop: Shop, connector: MemoryConnector
) -> None:
    station = station_of(shop, connector)
    connect_till(station, FACTS, PASSWORD)
    assert not connector.is_afresh
    connect_till(station, replace(FACTS, day_starts_at="06:00"), None)
    assert connector.is_afresh
    connect_till(station, replace(FACTS, day_starts_at="06:00", address="mysql://u@h/d"), None)
    assert not connector.is_afresh, "nothing was corrected"
