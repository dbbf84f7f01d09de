"""A store changes while reports are on their way."""

import threading
from collections.abc import Iterator

import pytest

from factorypos_tui.core import accounts
from factorypos_tui.core.assignment import History, known_store, load_assignment
from factorypos_tui.core.enrolment import assign
from factorypos_tui.core.verification import verify
from tests.faults.proxy import Exchange, Proxy
from tests.faults.world import Bar, eventually


def stores(bar: Bar) -> list[str]:
    """The names of the stores that the reports here are for, oldest report first."""
    return [known_store(bar.station.database, row.store_id).name for row in bar.queued()]


@pytest.mark.parametrize(
    ("history", "first_three"), [(History.ALL, "Second bar"), (History.NONE, "Bar Maritim")]
)
def test_a_day_whose_receipt_from_the_old_store_comes_after_the_change_is_the_new_stores_too(
    bar: Bar, line: Proxy, history: History, first_three: str
) -> None:
    """It was closed while the terminal was bound anew, and on its way before the new store was in force."""
    it_is_there = threading.Event()

    def hold_the_receipt(exchange: Exchange) -> Iterator[bytes]:
        answer = exchange.send()
        it_is_there.set()
        exchange.released.wait()
        yield answer

    def close_a_day_first(exchange: Exchange) -> Iterator[bytes]:
        bar.sell_and_close()
        assert it_is_there.wait(60)
        yield exchange.send()

    assigned = load_assignment(bar.station.database)
    assert assigned
    with bar.worker(line.address), Proxy(bar.cloud_url) as way:
        eventually(lambda: bar.delivered() == 3)
        line.misbehave(hold_the_receipt, times=1, where=" /v1/reports/")
        way.misbehave(close_a_day_first, times=1, where="/terminals/")
        second = accounts.create_store(bar.station, assigned.company.id, "Second bar", "Europe/Madrid")
        with bar.through(way.address) as station:
            assign(station, assigned.company.id, second.id, history, move=False)
        line.behave()
        eventually(lambda: bar.everything_arrived_once(4))
    assert stores(bar) == [*[first_three] * 3, "Second bar"]
    assert verify(bar.station).holds
