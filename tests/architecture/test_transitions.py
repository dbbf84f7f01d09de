"""A shipment changes its state in one module only."""

import re
from pathlib import Path

import factorypos_tui

HOUSE = Path(factorypos_tui.__file__).parent
ONLY_THERE = "core/queue/transitions.py"
MIGRATIONS = "core/storage/"
ON_THEIR_WAY_OUT = {"core/delivery/correcting.py", "core/recovery/rebuilding.py"}


def test_no_other_module_changes_shipments() -> None:
    changing = {
        name
        for path in HOUSE.rglob("*.py")
        if re.search(r"UPDATE\s+shipment\b", path.read_text("utf-8"))
        and not (name := path.relative_to(HOUSE).as_posix()).startswith(MIGRATIONS)
    }
    assert changing - ON_THEIR_WAY_OUT == {ONLY_THERE}
