"""What every till does that can be closed from here (port `Till`): the day that a person saw, and once."""

from pathlib import Path

import pytest

from factorypos_tui.core.errors import DayChanged
from tests.contract.tills import ADAPTERS


@pytest.mark.parametrize("kind", ADAPTERS)
def test_only_the_day_that_was_seen_is_closed_and_only_once(kind: str, tmp_path: Path) -> None:
    with ADAPTERS[kind](tmp_path / "till") as place:
        till = place.till
        if not till.can.close_the_day:
            return
        seen = till.day_to_close()
        place.sell()
        with pytest.raises(DayChanged, match="recorded something meanwhile"):
            till.close_day(seen)
        seen = till.day_to_close()
        place.end_the_day()
        with pytest.raises(DayChanged, match="was closed meanwhile, as Z 1"):
            till.close_day(seen)
        assert [close.z_number for close in till.closes(0)] == [1]
        again = till.day_to_close()
        assert (again.receipts, again.net, again.period_id) == (0, 0, getattr(till.open_period(), "id", ""))
        till.close_day(again)
        assert [close.z_number for close in till.closes(0)] == [1, 2]
