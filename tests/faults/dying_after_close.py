"""A terminal that is killed at every point there is while it takes what was accepted for after the close.

    python -m tests.faults.dying_after_close HOME CLOUD_URL

Accepts another price of coffee and closes the day, again and again; takes it, each time killed one point
further on than the time before, and each time followed by one run in peace. Ends when a run meets no such
point. Prints how many there are.
"""

import sys
from pathlib import Path

from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.answers import StoredConfiguration
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close, take_after_close
from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.download import download_of
from factorypos_tui.core.station import Station
from tests.faults.dying import Points, in_child, lay_out
from tests.faults.world import Bar, bar_at
from tests.support.configurations import with_item


def accept(bar: Bar, amount: int) -> None:
    """Coffee will cost so much after the close of the day, which follows."""
    station = bar.station
    prices = {"BARRA": amount, "TERRAZA": amount}
    wanted = with_item(in_use(station.till.configuration()), "CAFE", prices=prices)
    stored = StoredConfiguration(f'"{amount}"', encode(wanted))
    accept_after_close(station, download_of(station, assigned_store(station.database).id, stored))
    bar.sell_and_close()


def prices(station: Station) -> set[int]:
    """What coffee costs."""
    (coffee,) = (item for item in station.till.configuration().items if item.code == "CAFE")
    return set(coffee.prices.values())


def main(home: Path, cloud_url: str) -> None:
    def bar() -> Bar:
        return bar_at(home, cloud_url)

    def take_and_die(deadly: int) -> None:
        station = bar().station
        lay_out(Points(deadly))
        take_after_close(station)

    def look(allowed: list[set[int]]) -> None:
        assert prices(bar().station) in allowed, "a part of it was taken"

    def nothing_is_left() -> None:
        station = bar().station
        assert not take_after_close(station), "it was taken twice"
        assert load_accepted(station.database, assigned_store(station.database).id) is None
        assert len(station.till.configuration_backups()) == min(5, deadly), "it was written twice"

    deadly, killed, before = 0, 1, {140, 170}
    while killed:
        deadly += 1
        amount = 1000 + deadly
        in_child(lambda: accept(bar(), amount))  # noqa: B023 - the child is over before it changes
        killed = in_child(lambda: take_and_die(deadly))  # noqa: B023
        in_child(lambda: look([before, {amount}]))  # noqa: B023
        in_child(lambda: take_after_close(bar().station))
        in_child(lambda: look([{amount}]))  # noqa: B023
        in_child(nothing_is_left)
        before = {amount}
    print(deadly - 1)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
