"""What is said before a store is assigned: the days closed so far, and what waits for other stores."""

from datetime import date

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.operations.outlook import ClosedDays, Outlook, look_ahead
from factorypos_tui.core.storage.facts import drop_fact
from tests.support.stations import EMAIL, Shop


def test_a_new_till_has_closed_nothing(shop: Shop) -> None:
    assert look_ahead(shop.station, "a store") == Outlook(None, ())


def test_every_close_is_counted_with_the_first_and_the_last_date(shop: Shop) -> None:
    for _day in range(3):
        shop.close_day()
        shop.clock.advance(86_400)
    closed = look_ahead(shop.station, "a store").closed
    assert closed == ClosedDays(3, date(2026, 11, 23), date(2026, 11, 25))


def test_more_closes_than_a_page_are_all_counted(shop: Shop) -> None:
    for _close in range(501):
        shop.close_day()
    closed = look_ahead(shop.station, "a store").closed
    assert closed == ClosedDays(501, date(2026, 11, 23), date(2026, 11, 23))


def test_what_waits_is_counted_by_the_store_it_was_made_for(shop: Shop) -> None:
    shop.close_day()
    shop.connect(History.ALL)
    shop.close_day()
    collect(shop.station)
    (waiting,) = look_ahead(shop.station, "another store").waiting
    assert (waiting.store.name, waiting.assigned_by, waiting.reports) == ("Bar Maritim", EMAIL, 2)
    assert look_ahead(shop.station, waiting.store.id).waiting == ()


def test_what_waits_is_known_after_disconnecting_too(shop: Shop) -> None:
    shop.connect(History.ALL)
    shop.close_day()
    collect(shop.station)
    disconnect(shop.station)
    assert [w.store.name for w in look_ahead(shop.station, "another store").waiting] == ["Bar Maritim"]


def test_who_has_never_logged_in_is_a_newcomer_once(shop: Shop) -> None:
    drop_fact(shop.station.database, "welcomed")
    assert [accounts.is_newcomer(shop.station) for _twice in range(2)] == [True, False]


def test_who_has_logged_in_is_no_newcomer(shop: Shop) -> None:
    accounts.register(shop.station, "ana@example.com", "a long enough secret", "Ana")
    assert not accounts.is_newcomer(shop.station)
