"""Resend all: what it says before, how it goes, and what the cloud answered."""

from datetime import date

import pytest

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, NotConnected
from factorypos_tui.core.operations.accepting import accept
from factorypos_tui.core.operations.resending import Resendable, resend_all, resend_progress, resendable
from factorypos_tui.core.operations.wording import passed_over_words
from factorypos_tui.core.queue.states import State
from tests.support.stations import Shop


def sent(shop: Shop) -> None:
    collect(shop.station)
    while Worker(shop.station).step():
        pass


def test_it_says_how_many_reports_of_which_days_it_would_send(connected: Shop) -> None:
    assert resendable(connected.station) == Resendable(0, 0, None, None, 0)
    sent(connected)
    assert resendable(connected.station) == Resendable(3, 1, date(2026, 11, 20), date(2026, 11, 22), 0)


def test_it_says_which_it_passes_over_and_why(connected: Shop) -> None:
    sent(connected)
    connected.close_day()
    collect(connected.station)
    found = resendable(connected.station)
    assert (found.count, found.waiting) == (3, 1)
    assert passed_over_words(found, [(7, 8)]) == [
        "Not among them, left out by choice: Z 7-8.",
        "1 report waits already and goes by itself.",
    ]
    assert resend_all(connected.station) == 3
    assert (resendable(connected.station).count, resendable(connected.station).waiting) == (0, 4)


def test_reports_of_two_stores_of_one_account_go_each_to_its_own(connected: Shop) -> None:
    sent(connected)
    connected.assign_new_store("Second bar", History.NONE)
    connected.close_day()
    sent(connected)
    found = resendable(connected.station)
    assert (found.count, found.stores, passed_over_words(found, ())) == (4, 2, [])


def test_without_a_store_there_is_nothing_to_resend(shop: Shop) -> None:
    for verb in (resendable, resend_all):
        with pytest.raises(NotConnected):
            verb(shop.station)
    assert resend_progress(shop.station.database) is None


def test_it_counts_what_is_left_and_what_the_cloud_said(connected: Shop) -> None:
    sent(connected)
    assert resend_progress(connected.station.database) is None
    held = list(connected.cloud.reports)
    del connected.cloud.reports[held[0]]
    connected.clock.advance(60)
    assert resend_all(connected.station) == 3
    begun = resend_progress(connected.station.database)
    assert begun
    assert (begun.begun_at, begun.total, begun.left) == (connected.clock.now(), 3, 3)
    sent(connected)
    done = resend_progress(connected.station.database)
    assert done
    assert (done.total, done.left, done.new, done.there, done.conflicts, done.refused) == (3, 0, 1, 2, 0, 0)
    assert len(connected.cloud.reports) == 3


def test_conflicts_and_refusals_are_told_apart(connected: Shop) -> None:
    sent(connected)
    for code, status, expected in (("report_conflict", 409, (3, 0)), ("invalid", 422, (0, 3))):
        connected.clock.advance(60)
        resend_all(connected.station)
        connected.station.database.execute(
            "UPDATE shipment SET state = 'attention', last_error = ?, last_status = ?", code, status
        )
        answered = resend_progress(connected.station.database)
        assert answered
        assert (answered.conflicts, answered.refused, answered.left) == (*expected, 0)


def test_what_was_accepted_and_is_refused_again_for_that_reason_is_counted(connected: Shop) -> None:
    sent(connected)
    connected.cloud.fail_sending_with = CloudRefused("another", 409, "report_conflict")
    resend_all(connected.station)
    sent(connected)
    accept(connected.station, connected.queued()[0].id)
    connected.clock.advance(60)
    resend_all(connected.station)
    sent(connected)
    assert connected.queued()[0].state is State.ACCEPTED
    found = resend_progress(connected.station.database)
    assert found
    assert (found.total, found.left, found.conflicts) == (3, 0, 3)


def test_a_second_resending_starts_its_own_count(connected: Shop) -> None:
    sent(connected)
    for _twice in range(2):
        connected.clock.advance(60)
        resend_all(connected.station)
        sent(connected)
        done = resend_progress(connected.station.database)
        assert done
        assert (done.begun_at, done.total, done.there) == (connected.clock.now(), 3, 3)
