"""What every till does that can be made from here (port `Till`): it is made once, as it was wanted."""

from pathlib import Path

import pytest

from factorypos_tui.core.configuration.new_till import NewTill
from factorypos_tui.core.errors import TillError
from tests.contract.tills import ADAPTERS

NEW = NewTill("Terraza", shop="Bar Marítim", country="MX", currency="mxn", timezone="america/mexico_city")


@pytest.mark.parametrize("kind", ADAPTERS)
def test_it_is_made_where_there_is_none_and_never_twice(kind: str, tmp_path: Path) -> None:
    with ADAPTERS[kind](tmp_path / "till") as place:
        till = place.absent
        if not till.can.be_made:
            with pytest.raises(TillError, match="set up by its own program"):
                till.make(NEW)
            return
        till.make(NEW)
        status, company = till.status(), till.configuration().company
        assert (status.terminal.name, status.currency, status.last_z_number) == ("Terraza", "MXN", None)
        assert str(till.time_zone()) == "America/Mexico_City"
        assert (company.name, company.country) == ("Bar Marítim", "MX")
        assert till.open_period()
        with pytest.raises(TillError, match="There is a till already"):
            till.make(NEW)
        assert till.terminal() == status.terminal
        till.close()
