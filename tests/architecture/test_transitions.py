"""A shipment changes its state in one module only."""

import re
from pathlib import Path

import factorypos_tui
from factorypos_tui.core.queue.states import State

HOUSE = Path(factorypos_tui.__file__).parent
ONLY_THERE = "core/queue/transitions.py"
MIGRATIONS = "core/storage/"


def test_no_other_module_changes_shipments() -> None:
    changing = {
        name
        for path in HOUSE.rglob("*.py")
        if re.search(r"UPDATE\s+shipment\b", path.read_text("utf-8"))
        and not (name := path.relative_to(HOUSE).as_posix()).startswith(MIGRATIONS)
    }
    assert changing == {ONLY_THERE}


def test_no_statement_spells_a_state() -> None:
    """Conditions come from the declaration: a state that waits, say, is then in all of them."""
    spelt = rf"state\s*(=|<>|IN|IS)[^\n]{{0,8}}'({'|'.join(State)})'"
    spelling = {
        name
        for path in (HOUSE / "core").rglob("*.py")
        if re.search(spelt, path.read_text("utf-8"))
        and not (name := path.relative_to(HOUSE).as_posix()).startswith(MIGRATIONS)
    }
    assert spelling == set()
