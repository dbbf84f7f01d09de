"""What a row of the queue says, and what the line below it does."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import TokenRefused
from factorypos_tui.core.queue.months import Month
from factorypos_tui.core.queue.pages import Query
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.status.status import read_status
from factorypos_tui.tui.screens.queue.rows import explained, month_words, row
from factorypos_tui.tui.screens.queue.saying import queue_words
from tests.support import scenes
from tests.support.stations import Shop


@pytest.fixture
def revoked(shop: Shop) -> Shop:
    """A bar whose terminal was revoked at FactoryCLOUD, with a day that waits."""
    shop.connect()
    shop.close_day()
    collect(shop.station)
    shop.cloud.fail_with = TokenRefused("", 401, "terminal_revoked")
    Worker(shop.station).step()
    return shop


def words(shipment: Shipment, now: datetime) -> str:
    return "".join(text for _look, text in row(shipment, now, 80))


def test_a_state_has_its_mark_and_its_look(revoked: Shop) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    states = {state: row(replace(revoked.queued()[0], state=state), now, 80)[1] for state in State}
    assert {state: (look, text.rstrip()) for state, (look, text) in states.items()} == {
        State.PENDING: ("waiting", "○ waiting"),
        State.SENDING: ("line", "▶ sending"),
        State.DELIVERED: ("done", "● delivered"),
        State.ATTENTION: ("refused", "▲ attention"),
        State.ACCEPTED: ("line", "· accepted"),
        State.SUPERSEDED: ("line", "· superseded"),
    }


def test_a_month_tells_its_sum_in_each_currency() -> None:
    day = date(2026, 11, 1)
    assert month_words(day, Month()) == "Nov 2026"
    assert month_words(day, Month(29, {"EUR": 3821420})) == "Nov 2026: 29 Z, 38,214.20 EUR"
    assert month_words(day, Month(1029, {"EUR": -5, "USD": 10})) == "Nov 2026: 1,029 Z, -0.05 EUR, 0.10 USD"


def test_a_place_is_as_wide_as_the_last_one(revoked: Shop) -> None:
    status = read_status(revoked.station)

    def found(place: int, count: int, search: str = "") -> str:
        return queue_words(Query(search=search), place, count, None, status, 80).found

    assert found(1204, 20000) == " 1,204 of 20,000"
    assert found(1, 12, "nov") == " 1 of 12 found"
    assert (found(1, 0), found(1, 0, "nov")) == ("", "0 found")


def test_what_waits_for_a_revoked_terminal_says_what_it_waits_for(revoked: Shop) -> None:
    shipment, status = revoked.queued()[0], read_status(revoked.station)
    for known in (status, replace(status, holder=scenes.THE_SERVICE)):
        words = explained(shipment, known)
        assert "by itself" not in words
        assert "This terminal was revoked; assign the store again, or use a code." in words


def test_a_row_tells_when_it_arrived_and_nothing_else_in_that_column(revoked: Shop) -> None:
    waits = revoked.queued()[0]
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert words(waits, now).rstrip().endswith("-")
    arrived = replace(waits, state=type(waits.state).DELIVERED, delivered_at=now)
    assert words(arrived, now).rstrip().endswith("13:00")


def test_a_day_of_refunds_is_told_as_less_than_nothing(revoked: Shop) -> None:
    refunds = replace(revoked.queued()[0], net=-1250, currency="EUR")
    assert " -12.50 EUR " in words(refunds, datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
