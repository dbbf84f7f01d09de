"""Sessions of the drawer as Zs, where `config.toml` says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flocafe import Of
from tests.tills.flocafe.premises import Cafe, amounts, holds


@pytest.fixture
def cafe(tmp_path: Path) -> Iterator[Cafe]:
    """A café whose sessions are told."""
    with Cafe(tmp_path, scope="session").open() as cafe:
        yield cafe


def test_a_session_is_a_period_from_its_opening_to_its_close(cafe: Cafe) -> None:
    program = cafe.program
    assert cafe.till.open_period() is None
    program.open_session(5000)
    opened_at = program.at
    bill = program.sell(Of("MEN"))
    program.move("pay_out", 400)
    program.refund(bill, cents=250)
    running = cafe.running()
    assert (running["cash"]["opening_float"], running["cash"]["expected"]) == (5000, 5000 + 1250 - 250 - 400)
    program.close_session(counted=5500)
    (report,) = cafe.reports()
    holds(report, cafe.row(1))
    assert report["cash"]["over_short"] == -100
    assert report["period_id"] == running["period_id"]
    assert report["opened_at"] == running["opened_at"]
    assert report["opened_at"].startswith(f"{opened_at:%Y-%m-%dT%H:%M}")
    assert cafe.till.open_period() is None
    assert cafe.codes() == []


def test_a_session_lasts_over_midnight(cafe: Cafe) -> None:
    program = cafe.program
    program.at = program.at.replace(hour=22)
    program.open_session()
    program.sell(Of("MEN"))
    program.at = program.at.replace(day=3, hour=1)
    program.sell(Of("COF"))
    program.close_session()
    (report,) = cafe.reports()
    assert (report["business_date"], report["receipts"]["count"]) == ("2026-11-02", 2)
    assert amounts(report["hours"], "hour") == {23: 1250, 2: 150}


def test_what_is_sold_between_two_sessions_is_told(cafe: Cafe) -> None:
    program = cafe.program
    program.open_session()
    program.close_session()
    program.sell()
    program.at = program.at.replace(day=4)
    program.open_session()
    program.close_session()
    assert cafe.codes() == [("day_open", None)]
