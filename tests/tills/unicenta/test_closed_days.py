"""A closed day becomes one report for ever, whatever its program does to its rows; what it does is told."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from factorypos_tui.core.errors import StillReading, TillAbsent, Unreportable
from factorypos_tui.core.reports.reports import build_x, freeze_z
from factorypos_tui.tills.unicenta import closed_days
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.connected import connected, till_of
from tests.support.unicenta.example import at, live_the_example
from tests.support.unicenta.shop import GENERATIONS, Shop, listed

COFFEE = [listed("p-cof")]
PAID = [("cash", 1.5)]
Place = tuple[Shop, UnicentaTill]


@pytest.fixture
def place(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Place]:
    """The worked example, and this program beside it."""
    with connected(new_database(), tmp_path / "home") as (shop, till):
        live_the_example(shop)
        yield shop, till


def zs(till: UnicentaTill) -> dict[int, bytes]:
    """Every Z as it is sent, built without the others."""
    made = {}
    for period in till.closed_periods(0, 100):
        made[period.z_number or 0] = freeze_z(period, till.receipts(period.id), None).report.body
    return made


def found(till: UnicentaTill) -> dict[tuple[str, int | None], tuple[str, ...]]:
    """The findings without those of the example itself."""
    told = {(it.code, it.z_number): tuple(it.receipts) for it in till.findings()}
    told.pop(("voucher_excess", 3), None)
    return told


def sell_into(shop: Shop, money: str, number: int) -> str:
    """What a second program does that remembers an old day."""
    shop.money, today = money, shop.money
    receipt = shop.sell(COFFEE, PAID, number=number)
    shop.money = today
    return receipt


def test_a_sale_into_a_frozen_day_is_told_and_changes_nothing(place: Place, tmp_path: Path) -> None:
    shop, till = place
    before, running = zs(till), till.open_period()
    assert found(till) == {}
    revision = till.revision()
    sell_into(shop, "m-3", 77)
    assert till.revision() != revision
    assert zs(till) == before
    assert found(till) == {("in_no_z", 3): ("77",)}
    assert till.open_period() == running
    again = till_of(shop, tmp_path / "home")
    assert (zs(again), found(again)) == (before, {("in_no_z", 3): ("77",)})
    again.close()


def test_an_old_sale_also_shows_that_the_till_has_changed(place: Place) -> None:
    shop, till = place
    shop.close(at(4, "22:00"), "m-5")
    shop.close(at(5, "22:00"), "m-6")
    zs(till)
    revision = till.revision()
    shop.now = at(5, "23:00")
    sell_into(shop, "m-2", 78)
    assert till.revision() != revision
    assert found(till) == {("in_no_z", 2): ("78",)}


def test_an_old_day_that_was_sold_into_is_told_by_a_process_that_starts_later(
    place: Place, tmp_path: Path
) -> None:
    shop, till = place
    for number in range(5, 18):
        shop.close(at(number, "22:00"), f"m-{number}")
    zs(till)
    receipt = sell_into(shop, "m-2", 78)
    told = [found(till) for _look in range(5)]  # old days are read in turn
    assert told[-1] == {("in_no_z", 2): ("78",)}
    again = till_of(shop, tmp_path / "home")
    assert found(again) == told[-1]
    shop.delete(receipt)
    assert [found(again) for _look in range(5)][-1] == {}
    last = till_of(shop, tmp_path / "home")
    assert found(last) == {}
    for one in (again, last):
        one.close()


def test_an_edited_and_a_deleted_receipt_are_told_and_change_nothing(place: Place) -> None:
    shop, till = place
    before = zs(till)
    shop.run("UPDATE {payments} SET total = 3.5 WHERE receipt = 'r01'")
    shop.delete("r12")
    assert zs(till) == before
    assert found(till) == {("changed_since", 2): ("1",), ("changed_since", 3): ("10",)}
    shop.run("UPDATE {payments} SET total = 3 WHERE receipt = 'r01'")
    assert found(till) == {("changed_since", 3): ("10",)}


def test_names_and_rates_of_today_change_no_closed_day(place: Place, tmp_path: Path) -> None:
    shop, till = place
    before = zs(till)
    shop.run("UPDATE {taxes} SET rate = 0.05")
    shop.run("UPDATE {products} SET name = 'Espresso' WHERE id = 'p-cof'")
    shop.run("UPDATE {people} SET name = 'Anna' WHERE id = 'u-ana'")
    assert (zs(till), found(till)) == (before, {})
    lost = till_of(shop, tmp_path / "a home that was lost")
    for number, body in zs(lost).items():
        made, sent = json.loads(body), json.loads(before[number])
        assert (made["taxes"], made["items"]) == (sent["taxes"], sent["items"])
        assert made["users"] != sent["users"]  # no row says what she was called
    lost.close()


def test_history_that_was_deleted_stays_in_the_totals_and_can_be_sent_again(place: Place) -> None:
    shop, till = place
    before, perpetual = zs(till), till.open_period().perpetual_before
    for receipt in ("r01", "r02", "r03", "r04", "r05", "m01", "m02"):
        shop.delete(receipt)
    shop.run("DELETE FROM {closedcash} WHERE money = 'm-2'")
    assert zs(till) == before
    assert [close.z_number for close in till.closes(0)] == [2, 3]
    assert till.open_period().perpetual_before == perpetual
    assert found(till) == {}


def test_a_close_that_was_broken_off_is_none_yet(place: Place) -> None:
    shop, till = place
    shop.end(at(4, "22:00"))
    assert [close.z_number for close in till.closes(0)] == [2, 3]
    shop.sell(COFFEE, PAID, at=at(4, "22:05"), number=14)
    assert till.status().receipts == 3
    assert till.open_period().closed_at is None
    shop.open("m-5", 5, at(4, "22:10"))
    period = till.closed_periods(3, 1)[0]
    assert (period.z_number, len(list(till.receipts(period.id)))) == (4, 3)
    assert found(till) == {("sold_after_close", 4): ("14",)}


def test_a_renamed_machine_is_another_till(place: Place, tmp_path: Path) -> None:
    shop, _till = place
    renamed = till_of(shop, tmp_path / "home", host="CAJA-9")
    with pytest.raises(TillAbsent, match=r"CAJA-9.*Tills there: CAJA-1"):
        renamed.status()
    renamed.close()


def test_an_edited_receipt_of_today_counts_once(place: Place) -> None:
    """The program saves it anew, with its number and a later time, and deletes the old one."""
    shop, till = place
    revision = till.revision()
    shop.sell([listed("p-cof", 2)], [("cash", 3.0)], at=at(4, "09:30"), number=12)
    twice = found(till)
    shop.delete("r14")
    assert till.revision() != revision
    assert twice == {("number_twice", None): ("12",)}
    assert found(till) == {}
    assert (till.status().receipts, till.status().net) == (2, 1290)


def test_a_till_that_was_restored_from_a_backup_tells_what_it_closes_now(place: Place) -> None:
    shop, till = place
    before = zs(till)
    for receipt in ("r06", "r07", "r08", "r09", "r10", "r11", "r12", "r13", "r14", "r15"):
        shop.delete(receipt)
    shop.run("DELETE FROM {closedcash} WHERE money = 'm-4'")
    shop.run("UPDATE {closedcash} SET dateend = NULL WHERE money = 'm-3'")
    shop.money, shop.sequence = "m-3", 3
    assert [close.z_number for close in till.closes(0)] == [2]
    assert till.open_period().perpetual_before.net == 4711
    shop.run("DELETE FROM {closedcash} WHERE money = 'm-3'")
    shop.open("m-3b", 3, at(3, "09:00"))
    shop.sell(COFFEE, PAID, at=at(3, "10:00"), number=5)
    shop.close(at(3, "22:00"), "m-4b")
    now = zs(till)
    assert now[2] == before[2]
    assert now[3] != before[3]
    assert till.open_period().perpetual_before.net == 4711 + 150


def test_a_day_that_cannot_be_told_holds_up_no_other_and_is_told_once_it_is_mended(place: Place) -> None:
    shop, till = place
    shop.run("UPDATE {ticketlines} SET units = 1e300 WHERE ticket = 'r02'")
    first, second = till.closed_periods(0, 10)
    with pytest.raises(Unreportable) as refused:
        list(till.receipts(first.id))
    assert (refused.value.code, refused.value.receipts) == ("out_of_range", ("2",))
    assert len(list(till.receipts(second.id))) == 8
    shop.run("UPDATE {ticketlines} SET units = 1 WHERE ticket = 'r02' AND product = 'p-win'")
    shop.run("UPDATE {ticketlines} SET units = 0.35 WHERE ticket = 'r02' AND product = 'p-che'")
    assert len(list(till.receipts(till.closed_periods(0, 1)[0].id))) == 5
    assert till.closed_periods(2, 1) == [second]


def test_a_running_day_that_cannot_be_told_is_named(place: Place) -> None:
    shop, till = place
    shop.run("UPDATE {payments} SET total = 1e18 WHERE receipt = 'r15'")
    assert found(till) == {("out_of_range", None): ("13",)}
    running = till.open_period()
    with pytest.raises(Unreportable):
        build_x(running, till.receipts(running.id), 1, running.opened_at)
    assert till.status().last_z_number == 3


def test_years_of_days_are_frozen_in_their_order_whichever_is_asked_for_first(
    new_shop: Callable[..., Shop], tmp_path: Path
) -> None:
    shop = new_shop()
    shop.open("m-2", 2, shop.now)
    for _ in range(45):
        shop.sell(COFFEE, PAID)
        shop.close(shop.now + timedelta(hours=1))
    asked_for_last, in_order = (till_of(shop, tmp_path / name) for name in ("last", "in order"))
    last = asked_for_last.closed_periods(44, 10)
    pages = [in_order.closed_periods(after, 10) for after in range(1, 47, 10)]
    assert [period.z_number for page in pages for period in page] == list(range(2, 47))
    assert pages[-1][-2:] == last
    assert last[-1].perpetual_before.net == 44 * 150
    assert zs(asked_for_last) == zs(in_order)
    for till in (asked_for_last, in_order):
        till.close()


def test_a_start_that_the_server_wrote_over_at_the_close_is_not_believed(
    new_mariadb: Callable[[], str], tmp_path: Path
) -> None:
    """Chromis on an older server: its TIMESTAMP moves with each UPDATE of its row."""
    with connected(new_mariadb(), tmp_path, GENERATIONS[3]) as (shop, till):
        moves = "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"
        shop.run(f"ALTER TABLE {{closedcash}} MODIFY datestart {moves}")
        live_the_example(shop)
        first, second = till.closed_periods(0, 10)
        assert second.opened_at == first.closed_at
        assert [it.code for it in till.findings() if it.z_number == 3] == ["voucher_excess"]


def test_the_clock_of_the_server_changes_nothing_but_what_it_notes_itself(place: Place) -> None:
    shop, till = place
    shop.run("UPDATE {lineremoved} SET removeddate = '2027-11-02 12:00:00'")
    shop.run("UPDATE {draweropened} SET opendate = '2001-11-02 12:00:00'")
    if not shop.is_mysql:
        (name,) = shop.run("SELECT current_database()")[0]
        shop.run(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'")
    first, second = till.closed_periods(0, 10)
    assert (first.control.voided_lines.count, first.control.no_sale_opens) == (0, 1)
    assert str(first.opened_at) == "2026-11-02 07:00:00+00:00"
    assert len(list(till.receipts(second.id))) == 8


def test_what_two_tills_took_off_their_tickets_is_counted_at_neither(place: Place) -> None:
    """The table of those lines does not say at which till it was."""
    shop, till = place
    shop.open("other", 2, at(2, "08:00"), host="CAJA-2")
    shop.sell(COFFEE, PAID, at=at(2, "11:00"), number=900)
    assert till.closed_periods(0, 1)[0].control.voided_lines.count == 0


def test_the_running_day_waits_while_many_days_before_it_are_read(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, till = place
    before = till.open_period().perpetual_before
    monkeypatch.setattr(closed_days, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(closed_days, "_AT_ONCE", 1)
    lost = till_of(shop, tmp_path / "a home that was lost")
    with pytest.raises(StillReading, match="The running day follows by itself"):
        lost.open_period()
    assert lost.open_period().perpetual_before == before
    lost.close()


def test_days_are_the_same_however_many_of_them_are_read_at_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, till = place
    shop.close(at(4, "22:00"), "m-5")
    shop.close(at(5, "22:00"), "m-6")
    together = zs(till)
    assert list(together) == [2, 3, 4, 5]
    for name, days, receipts in (("one by one", 1, 3000), ("by their receipts", 50, 1)):
        monkeypatch.setattr(closed_days, "_AT_ONCE", days)
        monkeypatch.setattr(closed_days, "_RECEIPTS_AT_ONCE", receipts)
        again = till_of(shop, tmp_path / name)
        assert (zs(again), again.open_period()) == (together, till.open_period())
        again.close()
