"""The demo's bar sells all the time, and yet a person can close its day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factorypos_tui.cli import demo
from factorypos_tui.cli.home import Home
from factorypos_tui.core.errors import DayChanged
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.tills.bundled.seeding import seed_days
from tests.support.waiting import eventually


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A bar where customers come as fast as they are served."""
    monkeypatch.setattr(demo, "_SECONDS_BETWEEN_SALES", 0.01)
    monkeypatch.setattr(demo, "_SALES_A_DAY", 1_000_000)
    home = Home(tmp_path)
    seed_days(home.till_db, days=1, seed=1, now=utc_now(), terminal_name="Terminal 01")
    return home


class _Watched(demo._DemoTill):
    """Counts how often a customer came to the counter."""

    came = 0

    @contextmanager
    def counter(self) -> Iterator[bool]:
        self.came += 1
        with super().counter() as are_served:
            yield are_served


def some_come(till: _Watched) -> Callable[[], bool]:
    """Whether customers have come since now."""
    enough = till.came + 5
    return lambda: till.came >= enough


def test_customers_wait_while_a_person_looks_at_the_day_to_close(home: Home) -> None:
    till = _Watched(home.till_db)
    with demo._shop_open(demo._customers(home, till)):
        eventually(lambda: till.status().receipts > 0)
        seen = till.day_to_close()
        eventually(some_come(till))
        assert till.close_day(seen).receipts == seen.receipts
        eventually(lambda: till.status().receipts > 0)
    till.close()


def test_customers_are_served_again_where_the_person_has_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_LONGEST_COUNT_S", 0.0)
    till = _Watched(home.till_db)
    with demo._shop_open(demo._customers(home, till)):
        seen = till.day_to_close()
        eventually(lambda: till.status().receipts > seen.receipts)
        with pytest.raises(DayChanged):
            till.close_day(seen)
    till.close()
