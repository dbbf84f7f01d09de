"""Whose figures are shown, and that they are whole or say what they lack."""

from datetime import date, timedelta

import pytest

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import CloudUnreachable, TillError
from factorypos_tui.core.operations.figures_wording import source_words, warnings
from factorypos_tui.core.operations.store_figures import Source, StoreFigures, read_figures
from tests.support.stations import Shop

ALWAYS = (date(2020, 1, 1), date(2030, 1, 1))


def figures(shop: Shop) -> StoreFigures:
    return read_figures(shop.station, *ALWAYS)


def log_out(shop: Shop) -> None:
    shop.credentials.delete(USER)


def test_with_a_log_in_they_are_the_stores(connected: Shop) -> None:
    drain_once(connected.station)
    found = figures(connected)
    assert found.source is Source.CLOUD
    assert found.store is not None
    assert found.store.name in source_words(found)
    assert sum(day.net for day in found.days) == sum(
        report.net for report in connected.cloud.reports.values()
    )
    assert not list(warnings(found))


def test_without_a_log_in_they_are_this_tills_with_the_running_day(connected: Shop) -> None:
    collect(connected.station)
    connected.sell("CAFE", receipts=2)
    status = connected.station.till.status()
    log_out(connected)
    found = figures(connected)
    assert (found.source, found.store, found.missing) == (Source.TILL, None, 0)
    assert "Log in first." in source_words(found)
    (running,) = (day for day in found.days if day.is_running)
    assert (running.net, running.receipts, running.z_reports) == (status.net, status.receipts, 0)
    closed = [shipment for shipment in connected.queued() if shipment.kind == "Z"]
    assert sum(day.net for day in found.days) == sum(row.net for row in closed) + status.net
    assert sum(day.z_reports for day in found.days) == len(closed)
    assert [day.first for day in found.days] == sorted(day.first for day in found.days)


def test_only_the_days_that_were_asked_for_are_told(connected: Shop) -> None:
    collect(connected.station)
    connected.sell("CAFE")
    log_out(connected)
    everything = figures(connected).days
    for day in everything:
        found = read_figures(connected.station, day.first, day.first).days
        assert found == tuple(other for other in everything if other.first == day.first)
    before = everything[0].first - timedelta(days=1)
    assert read_figures(connected.station, before, before).days == ()


def test_a_cloud_that_cannot_be_asked_is_named_as_the_reason(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.fail_with = CloudUnreachable("The line is cut.", "connection")
    found = figures(connected)
    assert found.source is Source.TILL
    assert found.days
    assert "The line is cut." in source_words(found)


def test_an_ended_session_gives_this_tills(connected: Shop) -> None:
    collect(connected.station)
    connected.cloud.end_sessions()
    assert figures(connected).source is Source.TILL


def test_closed_days_that_are_in_no_queue_are_counted(connected: Shop) -> None:
    collect(connected.station)
    log_out(connected)
    connected.sell("CAFE")
    connected.close_day()
    found = figures(connected)
    assert found.missing == 1
    assert "1 closed day" in " ".join(warnings(found))
    collect(connected.station)
    assert figures(connected).missing == 0
    assert sum(day.z_reports for day in figures(connected).days) == len(connected.queued())


def test_days_that_were_left_out_by_choice_are_counted(shop: Shop) -> None:
    for _day in range(2):
        shop.sell("CAFE")
        shop.close_day()
    shop.connect(History.NONE)
    log_out(shop)
    assert figures(shop).missing == 2


def test_a_till_that_cannot_be_read_leaves_the_queued_days(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(connected.station)
    log_out(connected)

    def refuse(_till: object) -> None:
        raise TillError("The till does not answer.")

    monkeypatch.setattr(type(connected.till), "open_period", refuse)
    found = figures(connected)
    assert len(found.days) == len(connected.queued())
    assert "The till does not answer." in " ".join(warnings(found))


def test_a_day_that_is_closed_meanwhile_counts_once(connected: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    collect(connected.station)
    log_out(connected)
    connected.sell("CAFE")
    period = connected.till.open_period()
    connected.close_day()
    collect(connected.station)
    connected.sell("CAFE")
    monkeypatch.setattr(type(connected.till), "open_period", lambda _till: period)
    assert sum(day.net for day in figures(connected).days) == sum(row.net for row in connected.queued())
