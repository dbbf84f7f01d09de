"""The till as core sees it: from any thread, never made by looking at it."""

import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest

from factorypos_tui.core.errors import StorageError, TillAbsent, TillError
from factorypos_tui.core.reports.sales import Cash, Control, Count
from factorypos_tui.tills.bundled.recording import CashMovement, ControlEvent, record_happenings
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.till import BundledTill
from tests.tills.bar import Bar, madrid


def test_a_till_that_is_not_there_is_not_made_by_asking_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "till.db"
    till = BundledTill(path)
    for ask in (
        till.terminal,
        till.status,
        till.revision,
        till.open_period,
        lambda: till.closed_periods(0, 10),
        lambda: list(till.receipts("x")),
    ):
        with pytest.raises(TillError, match="factorypos-tui till init"):
            ask()
    assert not path.parent.exists()


def test_an_empty_file_is_no_till_stays_empty_and_can_be_set_up(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    path.touch()
    with pytest.raises(TillAbsent, match=r"it is empty.*factorypos-tui till init"):
        BundledTill(path).status()
    assert [file.name for file in tmp_path.iterdir()] == ["till.db"]
    assert path.read_bytes() == b""
    assert Bar(path).till.status().receipts == 0


def test_a_till_that_was_never_set_up_says_what_to_do(bar: Bar) -> None:
    bar.database.execute("DELETE FROM terminal")
    with pytest.raises(TillAbsent, match="factorypos-tui till init"):
        bar.till.status()


def test_a_file_that_is_no_till_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    path.write_text("this is a shopping list, not a database\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="damaged"):
        BundledTill(path).status()
    assert path.read_bytes() == before


def test_a_till_of_a_newer_program_is_refused_untouched(bar: Bar) -> None:
    bar.database.execute("PRAGMA user_version = 99")
    bar.till.close()
    with pytest.raises(StorageError, match="newer version"):
        BundledTill(bar.path).status()


def test_status_tells_the_running_day_by_hours_of_the_shop(bar: Bar) -> None:
    bar.sell("2026-06-12 08:15", "CAFE")
    bar.close("2026-06-12 08:20")
    bar.sell("2026-06-12 09:59", "CAFE")
    bar.sell("2026-06-12 10:00", "CAFE", "CANA")
    bar.sell("2026-06-12 10:30", "CANA", refund=True)
    bar.sell("2026-06-12 11:00", "PAELLA", user="99")
    status = bar.till.status()
    assert (status.kind, status.terminal, status.currency) == ("bundled", bar.till.terminal(), "EUR")
    assert (status.receipts, status.net, status.net_by_hour) == (3, 280, [(9, 140), (10, 140)])
    assert (status.last_z_number, status.open_period_since) == (1, madrid("2026-06-12 08:20"))
    assert status.wizard_finished


def test_before_the_first_sale_the_running_day_bears_todays_business_date(bar: Bar) -> None:
    bar.clock = madrid("2026-06-20 03:00")
    assert bar.today().business_date == date(2026, 6, 19)
    assert (bar.today().z_number, bar.today().closed_at, bar.today().close_reason) == (None, None, None)


def test_drawer_and_control_are_counted_for_their_own_period(bar: Bar) -> None:
    at = madrid("2026-06-12 12:00")
    bar.close("2026-06-12 11:00")
    record_happenings(
        bar.database,
        [CashMovement(at, "in", 5_000, "change"), CashMovement(at, "out", 1_200, "ice")] * 2,
        [
            ControlEvent(at, "voided_line", 190),
            ControlEvent(at, "voided_line", 140),
            ControlEvent(at, "cancelled_receipt", 1_000),
            ControlEvent(at, "no_sale"),
            ControlEvent(at, "reprint", 140),
        ],
    )
    bar.close("2026-06-12 23:30", counted=22_000)
    empty, period = bar.closed()
    assert period.cash == Cash(opening_float=15_000, paid_in=10_000, paid_out=2_400, counted=22_000)
    assert period.control == Control(
        voided_lines=Count(2, 330), cancelled_receipts=Count(1, 1_000), no_sale_opens=1, reprints=1
    )
    assert (empty.cash, empty.control) == (Cash(opening_float=15_000), Control())


def test_receipts_come_back_as_they_were_sold_in_their_order_however_many(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    now = madrid("2026-06-12 12:00")
    seed_days(path, days=1, seed=5, now=now, terminal_name="T", receipts=1_203)
    till = BundledTill(path)
    receipts = list(till.receipts(till.closed_periods(0, 1)[0].id))
    assert [receipt.number for receipt in receipts] == [f"{n:06d}" for n in range(1, 1_204)]
    assert receipts == sorted(receipts, key=lambda receipt: receipt.sold_at)
    for receipt in receipts:
        net = sum(line.net for line in receipt.lines)
        assert net == sum(tax.base + tax.tax for tax in receipt.taxes)
        assert net + receipt.rounding == sum(payment.amount for payment in receipt.payments)
    till.close()


def test_practice_appears_nowhere_but_in_its_own_table(bar: Bar) -> None:
    assert bar.sell("2026-06-12 12:00", "PAELLA", user="99") is None
    status, period = bar.till.status(), bar.today()
    assert (status.receipts, status.net, list(bar.till.receipts(period.id))) == (0, 0, [])
    assert bar.close("2026-06-12 23:30").net == 0
    assert bar.today().perpetual_before.sales == 0
    assert bar.database.rows("SELECT user_code, net FROM training_receipts") == [("99", 1650)]


def test_practice_does_not_date_the_day(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00", user="99")
    assert bar.close("2026-06-13 23:30").business_date == date(2026, 6, 13)


def test_the_revision_changes_with_every_sale_and_close_by_whomever_and_not_without(bar: Bar) -> None:
    seen = [bar.till.revision()]
    assert bar.till.revision() == seen[-1]
    bar.sell("2026-06-12 12:00")
    seen.append(bar.till.revision())
    with sqlite3.connect(bar.path) as other:
        other.execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
    other.close()
    seen.append(bar.till.revision())
    bar.close("2026-06-12 23:30")
    seen.append(bar.till.revision())
    assert len(set(seen)) == len(seen)
    assert bar.till.revision() == seen[-1]


def test_a_sale_is_seen_by_every_thread(bar: Bar) -> None:
    def ask(answers: list[object]) -> None:
        with bar.database.connection():
            answers.append(bar.till.revision())
            answers.append(bar.till.status())

    answers: list[object] = []
    for minute in range(3):
        bar.sell(f"2026-06-12 12:0{minute}")
        thread = threading.Thread(target=ask, args=[answers])
        thread.start()
        thread.join()
        assert answers[-1] == bar.till.status()
    assert len(set(answers[::2])) == 3


def test_a_time_zone_that_is_none_is_said_in_words(bar: Bar) -> None:
    bar.database.execute("UPDATE terminal SET timezone = 'Europe/Atlantis'")
    with pytest.raises(TillError, match="Europe/Atlantis"):
        bar.till.status()
    with pytest.raises(TillError, match="Europe/Atlantis"):
        bar.till.open_period()
