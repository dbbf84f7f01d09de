"""`till zone`: a shop moves to another time zone after a close."""

import json
from pathlib import Path

import pytest

from tests.e2e.stores import at_the_till, words
from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud


@pytest.fixture
def terminal(tmp_path: Path, cloud: TinyCloud) -> Terminal:
    """A till in Madrid with two closed days, which are delivered."""
    terminal = Terminal(tmp_path / "till", cloud.address)
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")
    return terminal


def bodies(terminal: Terminal) -> list[str]:
    return [terminal.run("queue", "show", f"Z{number}", "--json") for number in (1, 2)]


def test_days_from_now_on_are_dated_by_the_new_zone_and_closed_ones_stay(
    terminal: Terminal, cloud: TinyCloud, tmp_path: Path
) -> None:
    before = bodies(terminal)
    terminal.run("till", "close", "--yes")
    assert "now Pacific/Auckland" in terminal.run("till", "zone", "pacific/auckland")
    # 13:30 of the 1st in UTC is 02:30 of the 2nd in Auckland: the business day of the 1st, up to four.
    sale = {"lines": [{"item": "CAFE", "quantity": "1"}], "payments": [{"code": "CASH", "amount": 140}]}
    files = {name: tmp_path / name for name in ("early", "late")}
    for name, time in {"early": "2026-10-01T13:30:00Z", "late": "2026-10-01T15:30:00Z"}.items():
        receipt = sale | {"receipt_uid": f"0a000000-0000-4000-8000-00000000000{len(name)}", "sold_at": time}
        files[name].write_text(json.dumps(receipt) + "\n")
    for name, day in {"early": "2026-10-01", "late": "2026-10-02"}.items():
        at_the_till(
            terminal, "UPDATE periods SET opened_at = '2026-10-01T00:00:00.000Z' WHERE z_number IS NULL"
        )
        terminal.run("till", "import", str(files[name]))
        assert terminal.json("till", "close", "--yes")["business_date"] == day
    terminal.run("worker", "--once")
    assert bodies(terminal) == before
    zones = {z["z_number"]: z["timezone"] for z in cloud.reports.values()}
    assert zones == dict.fromkeys((1, 2, 3), "Europe/Madrid") | dict.fromkeys((4, 5), "Pacific/Auckland")
    terminal.run("verify")


def test_a_zone_is_not_changed_while_the_running_day_has_receipts(terminal: Terminal) -> None:
    terminal.run("till", "sale", "--item", "CAFE")
    said = words(terminal, "till", "zone", "Atlantic/Canary", code=1)
    assert "1 receipt" in said
    assert "till close" in said
    assert terminal.json("till", "zone", "Europe/Madrid") == {
        "timezone": "Europe/Madrid",
        "before": "Europe/Madrid",
    }
    terminal.run("till", "close")
    assert terminal.json("till", "zone", "Atlantic/Canary")["timezone"] == "Atlantic/Canary"
    assert "Mars" in words(terminal, "till", "zone", "Mars/Olympus", code=2)


def test_a_zone_that_nobody_knows_is_replaced_also_with_receipts(terminal: Terminal) -> None:
    terminal.run("till", "sale", "--item", "CAFE")
    at_the_till(terminal, "UPDATE terminal SET timezone = 'Nowhere'")
    assert "till zone" in words(terminal, "till", "close", "--yes", code=1)
    terminal.run("till", "zone", "Europe/Madrid")
    terminal.run("till", "close", "--yes")


def test_another_programs_till_keeps_its_own_zone(tmp_path: Path, terminal: Terminal) -> None:
    (terminal.home / "config.toml").write_text('[till]\nkind = "flocafe"\npath = "flo.db"\n')
    assert "flocafe" in words(terminal, "till", "zone", "Atlantic/Canary", code=2)
