"""A day that its program lost is told. Once somebody closes it, it becomes the Z of its number; the Zs above
it, which went out before, stay as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.reports.reports import freeze_z
from factorypos_tui.core.reports.sales import Perpetual
from factorypos_tui.tills.unicenta.closed_days import ClosedDays
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.terminals import Terminal, serve_cloud
from tests.support.unicenta.connected import till_of
from tests.support.unicenta.example import at, live_the_example
from tests.support.unicenta.shop import Shop, listed

COFFEE = [listed("p-cof")]
PAID = [("cash", 1.5)]


@pytest.fixture
def lost(shop: Shop) -> Shop:
    """A shop whose program lost day 4, with two receipts, and went on with day 5."""
    live_the_example(shop)
    shop.open("m-5", 5, at(4, "10:00"))
    shop.sell(COFFEE, PAID, at=at(4, "10:05"), number=14)
    shop.close(at(4, "22:00"), "m-6")
    return shop


@pytest.fixture
def till(lost: Shop, tmp_path: Path) -> Iterator[UnicentaTill]:
    till = till_of(lost, tmp_path / "home")
    yield till
    till.close()


def close_late(shop: Shop) -> None:
    """Somebody gives the lost day its end."""
    shop.run("UPDATE {closedcash} SET dateend = %s WHERE money = 'm-4'", at(5, "09:00"))


def left_open(till: UnicentaTill) -> dict[int | None, tuple[str, ...]]:
    return {it.z_number: tuple(it.receipts) for it in till.findings() if it.code == "left_open"}


def zs(till: UnicentaTill) -> dict[int, bytes]:
    """Every Z as it is sent, built without the others."""
    return {
        period.z_number or 0: freeze_z(period, till.receipts(period.id), None).report.body
        for period in till.closed_periods(0, 100)
    }


def test_a_day_that_its_program_lost_is_no_z_and_is_told(lost: Shop, till: UnicentaTill) -> None:
    assert [close.z_number for close in till.closes(0)] == [2, 3, 5]
    assert [period.z_number for period in till.closed_periods(0, 9)] == [2, 3, 5]
    assert left_open(till) == {4: ("12", "13")}
    assert till.late_closes() == []
    lost.money = "m-4"
    lost.sell(COFFEE, PAID, at=at(4, "22:30"), number=77)
    assert left_open(till) == {4: ("12", "13", "77")}


def test_a_day_that_is_closed_late_comes_late_and_changes_no_other(
    lost: Shop, till: UnicentaTill, tmp_path: Path
) -> None:
    before = zs(till)
    close_late(lost)
    assert [(close.z_number, left_open(till)) for close in till.late_closes()] == [(4, {4: ("12", "13")})]
    (day,) = till.closed_periods(3, 1)
    assert (day.came_late, str(day.business_date), day.close_reason) == (True, "2026-11-03", "late")
    assert [receipt.number for receipt in till.receipts(day.id)] == ["12", "13"]
    assert (left_open(till), zs(till) | before) == ({}, zs(till))
    again = till_of(lost, tmp_path / "home")
    assert [close.z_number for close in again.late_closes()] == [4]
    assert again.closed_periods(0, 9) == till.closed_periods(0, 9)
    again.close()


def test_the_totals_have_it_from_the_next_day_on_and_once(lost: Shop, till: UnicentaTill) -> None:
    fifth = till.closed_periods(4, 1)[0]
    assert till.open_period().perpetual_before.net == 10_120 + 150
    close_late(lost)
    (late,) = till.closed_periods(3, 1)
    assert (late.perpetual_before, fifth.perpetual_before) == (fifth.perpetual_before,) * 2
    assert till.open_period().perpetual_before.net == 10_120 + 150 + 1140
    for number in (6, 7):
        lost.sell(COFFEE, PAID, at=at(number, "12:00"), number=number + 20)
        lost.close(at(number, "22:00"))
    sixth, seventh = till.closed_periods(5, 9)
    assert (sixth.perpetual_before.net, seventh.perpetual_before.net) == (11_410, 11_560)
    assert [day.came_late for day in (sixth, seventh)] == [False, False]


def test_a_home_that_knows_of_no_day_yet_tells_them_in_their_order(lost: Shop, tmp_path: Path) -> None:
    close_late(lost)
    later = till_of(lost, tmp_path / "a home of afterwards")
    assert list(zs(later)) == [2, 3, 4, 5]
    assert (left_open(later), later.late_closes()) == ({}, [])
    later.close()


def test_a_day_that_is_mended_late_is_in_the_totals_from_the_next_day_on(
    lost: Shop, till: UnicentaTill
) -> None:
    lost.run("UPDATE {ticketlines} SET units = 1e300 WHERE ticket = 'r06'")
    bad = till.closed_periods(2, 1)[0]
    with pytest.raises(Unreportable):
        list(till.receipts(bad.id))
    assert till.open_period().perpetual_before == Perpetual(5701 + 150, 990)
    lost.run("UPDATE {ticketlines} SET units = 3 WHERE ticket = 'r06'")
    assert till.closed_periods(2, 1)[0].came_late
    assert till.open_period().perpetual_before == Perpetual(11_260 + 150, 1140)


@contextmanager
def connected_to_a_cloud(shop: Shop, folder: Path) -> Iterator[Terminal]:
    """Its terminal, which has sent what can be sent."""
    with serve_cloud(folder / "cloud") as address:
        terminal = Terminal(folder / "till", address)
        facts = ("--company", "Bar", "--country", "ES", "--zone", "Europe/Madrid", "--yes")
        terminal.run("till", "connect", "--url", shop.url, *facts)
        terminal.connect(history="all")
        terminal.try_to("worker", "--once")
        yield terminal


@pytest.fixture
def connected(lost: Shop, tmp_path: Path) -> Iterator[Terminal]:
    """Its terminal, which has sent days 2, 3 and 5."""
    with connected_to_a_cloud(lost, tmp_path) as terminal:
        yield terminal


def delivered(terminal: Terminal) -> int:
    queue = terminal.json("status")["queue"]
    assert (queue["pending"], queue["attention"]) == (0, 0)
    return int(queue["delivered"])


def test_it_arrives_and_everything_is_there_also_after_the_queue_was_lost(
    lost: Shop, connected: Terminal
) -> None:
    assert delivered(connected) == 3
    assert connected.try_to("verify").returncode == 1  # it says that Z4 is missing at the till
    close_late(lost)
    assert connected.json("status")["queue"]["uncollected"] == 1
    connected.run("worker", "--once")
    assert (delivered(connected), connected.json("status")["queue"]["uncollected"]) == (4, 0)
    connected.run("verify")
    lost.sell(COFFEE, PAID, at=at(5, "12:00"), number=15)
    lost.close(at(5, "22:00"))
    connected.run("worker", "--once")
    connected.run("verify")
    chain = {
        it["z_number"]: it
        for it in (connected.json("queue", "show", f"Z{number}")["report"] for number in range(2, 7))
    }
    names = {number: chain[number]["previous_hash"] for number in (4, 5, 6)}
    hashes = {number: chain[number]["content_hash"] for number in (3, 5)}
    assert names == {4: hashes[3], 5: hashes[3], 6: hashes[5]}
    for name in ("sync.db", "sync.db-wal", "sync.db-shm"):
        (connected.home / name).unlink(missing_ok=True)
    connected.run("worker", "--once")
    connected.run("verify")
    assert delivered(connected) == 5


def spoil(shop: Shop, units: float) -> None:
    """Write a number of units into the receipt of day 5."""
    sold = "SELECT id FROM {receipts} WHERE money = 'm-5'"
    shop.run(f"UPDATE {{ticketlines}} SET units = %s WHERE ticket IN ({sold})", units)


def test_it_arrives_also_where_the_day_above_it_could_not_be_told(lost: Shop, tmp_path: Path) -> None:
    spoil(lost, 1e300)
    with connected_to_a_cloud(lost, tmp_path) as terminal:
        assert delivered(terminal) == 2
        close_late(lost)
        assert terminal.json("status")["queue"]["uncollected"] == 2
        terminal.try_to("worker", "--once")
        assert (delivered(terminal), terminal.json("status")["queue"]["uncollected"]) == (3, 1)
        spoil(lost, 1)
        terminal.run("worker", "--once")
        terminal.run("verify")
        for name in ("sync.db", "sync.db-wal", "sync.db-shm"):
            (terminal.home / name).unlink(missing_ok=True)
        terminal.run("worker", "--once")
        terminal.run("verify")
        assert delivered(terminal) == 4


def test_a_day_that_gets_its_end_while_those_above_it_are_read_is_asked_for(
    lost: Shop, till: UnicentaTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze = ClosedDays.__dict__["_freeze"]

    def closes_first(days: ClosedDays, *span: int) -> bool:
        close_late(lost)
        return bool(freeze(days, *span))

    monkeypatch.setattr(ClosedDays, "_freeze", closes_first)
    read = till.closed_periods(0, 3)
    assert [(period.z_number, period.came_late) for period in read] == [(2, False), (3, False), (4, False)]
    assert [period.z_number for period in till.closed_periods(4, 3)] == [5]
