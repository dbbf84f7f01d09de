"""What was told of the closed days of another program's till is told again as it was."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from factorypos_tui.core.errors import DamagedError, Unreportable
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Close, Terminal
from factorypos_tui.core.reports.findings import Code, unreportable
from factorypos_tui.core.reports.sales import (
    Cash,
    CloseReason,
    Control,
    Count,
    Line,
    Payment,
    Period,
    Perpetual,
    Receipt,
    ReceiptTax,
)
from factorypos_tui.tills.frozen import SCHEMA, FrozenDays

TERMINAL = Terminal(str(UUID(int=7)), "Another program's till")
NOTHING = Perpetual()
OPENED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def a_period(z_number: int, *, id_: int | None = None, before: Perpetual = NOTHING) -> Period:
    opened = OPENED + timedelta(days=z_number)
    return Period(
        str(UUID(int=id_ or z_number)),
        TERMINAL,
        date(2026, 11, 22) + timedelta(days=z_number),
        "Europe/Madrid",
        "EUR",
        "another program",
        opened,
        before,
        Cash(100, 5, 7, 250),
        Control(voided_lines=Count(1, 150), no_sale_opens=2),
        z_number,
        opened + timedelta(hours=12),
        CloseReason.MANUAL,
    )


def a_sale(gross: int, *, refund: int = 0) -> Receipt:
    lines = [Line("COFFEE", "Café", "D1", "Drinks", "T10", Decimal("1.5"), gross, 10)]
    lines += [Line("CAKE", "Cake", "D2", "Food", "T10", Decimal(1), refund, is_refund=True)] if refund else []
    net = sum(line.net for line in lines)
    tax, cash = ReceiptTax("T10", "IVA", "10", net - 14, 14), Payment("CASH", "Cash", "cash", net)
    return Receipt(str(UUID(int=gross)), "1", OPENED, "1", "Ana", lines, [tax], [cash], 0)


def close_of(period: Period) -> Close:
    assert period.z_number
    assert period.closed_at
    return Close(period.z_number, period.id, rfc3339(period.closed_at))


def keep(kept: FrozenDays, period: Period, *receipts: Receipt, mark: str = "") -> Close:
    kept.freeze(close_of(period), period, receipts, mark)
    return close_of(period)


def test_a_day_comes_back_with_its_receipts_in_another_process(tmp_path: Path) -> None:
    period, sale = a_period(1, before=Perpetual(5, 3)), a_sale(1500, refund=300)
    close = keep(FrozenDays(tmp_path / "frozen.db"), period, sale, mark="odd")
    kept = FrozenDays(tmp_path / "frozen.db")
    assert kept.period(TERMINAL.id, close) == period
    assert kept.receipts(TERMINAL.id, close) == [sale]
    assert kept.mark(TERMINAL.id, close) == "odd"
    assert kept.closes(TERMINAL.id) == {close}
    assert kept.closes(str(UUID(int=8))) == set()
    kept.close()


def test_totals_add_up_from_what_was_told_not_from_the_till(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    assert kept.perpetual_before(TERMINAL.id, 1) == Perpetual()
    keep(kept, a_period(1), a_sale(1500, refund=300))
    assert kept.perpetual_before(TERMINAL.id, 2) == Perpetual(1490, 300)
    keep(kept, a_period(4, before=Perpetual(1490, 300)), a_sale(110))
    assert kept.perpetual_before(TERMINAL.id, 5) == Perpetual(1590, 300)
    assert kept.perpetual_before(TERMINAL.id, 4) == Perpetual(1490, 300)


def test_a_day_is_kept_once_and_does_not_change_with_the_till(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    close = keep(kept, a_period(1), a_sale(1500))
    keep(kept, replace(a_period(1), software="renamed since"), a_sale(9))
    assert kept.period(TERMINAL.id, close) == a_period(1)
    assert kept.receipts(TERMINAL.id, close) == [a_sale(1500)]


def test_a_till_restored_from_a_backup_closes_a_number_again(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    closes = [keep(kept, a_period(number), a_sale(100)) for number in (1, 2, 3)]
    again = keep(kept, a_period(2, id_=99), a_sale(50))
    assert kept.closes(TERMINAL.id) == {closes[0], again}
    assert kept.receipts(TERMINAL.id, closes[1]) is None
    assert kept.perpetual_before(TERMINAL.id, 3) == Perpetual(40)


def keep_in_turn(kept: FrozenDays, *numbers: int) -> list[int]:
    """Keep days in this order, each with the totals before it; how many days each finds there."""
    found = []
    for number in numbers:
        before = kept.perpetual_before(TERMINAL.id, number)
        keep(kept, a_period(number, before=before), a_sale(110))
        found.append(before.sales // 100)
    return found


def test_a_day_that_comes_late_takes_no_later_day_away_and_says_so(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    first, third = (keep(kept, a_period(number), a_sale(100)) for number in (1, 3))
    second = keep(kept, a_period(2), a_sale(100))
    assert kept.closes(TERMINAL.id) == {first, second, third}
    assert kept.late(TERMINAL.id) == {second}
    assert kept.period(TERMINAL.id, second) == replace(a_period(2), came_late=True)
    assert kept.period(TERMINAL.id, third) == a_period(3)


def test_a_day_below_one_that_could_not_be_told_comes_late(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    keep_in_turn(kept, 1)
    for number in (3, 2):
        kept.note_tried(TERMINAL.id, number)
    assert kept.tried(TERMINAL.id) == 3
    assert keep_in_turn(kept, 2, 3, 4) == [1, 2, 3]
    assert [close.z_number for close in kept.late(TERMINAL.id)] == [2]
    keep(kept, a_period(2, id_=99), a_sale(110))
    assert (kept.tried(TERMINAL.id), kept.late(TERMINAL.id)) == (2, set())
    kept.close()


def test_every_day_is_in_the_totals_once_whenever_it_came(tmp_path: Path) -> None:
    for name, numbers, days_before in (
        ("in order", (1, 2, 3, 4), [0, 1, 2, 3]),
        ("one late", (1, 3, 2, 4, 5), [0, 1, 1, 3, 4]),
        ("two late", (1, 4, 2, 3, 5, 6), [0, 1, 1, 2, 4, 5]),
        ("two late, the later one first", (1, 4, 3, 2, 5, 6), [0, 1, 1, 1, 4, 5]),
        ("one late after the other", (1, 3, 2, 5, 4, 6, 7), [0, 1, 1, 3, 3, 5, 6]),
        ("the very first", (2, 3, 1, 4), [0, 1, 0, 3]),
    ):
        kept = FrozenDays(tmp_path / f"{name}.db")
        assert keep_in_turn(kept, *numbers) == days_before, name
        kept.close()


def test_a_file_of_before_late_days_were_noted_is_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.db") as file:
        file.executescript(f"{SCHEMA} PRAGMA user_version = 1")
    file.close()
    kept = FrozenDays(tmp_path / "old.db")
    assert keep_in_turn(kept, 1, 3, 2, 4) == [0, 1, 1, 3]
    kept.close()


def keep_two_of_which_one_fails(kept: FrozenDays) -> None:
    with kept.together():
        keep(kept, a_period(1), a_sale(100))
        raise unreportable(Code.OUT_OF_RANGE)


def test_days_that_belong_together_are_kept_all_or_none(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    with pytest.raises(Unreportable):
        keep_two_of_which_one_fails(kept)
    assert kept.closes(TERMINAL.id) == set()


def test_a_row_that_makes_no_sense_is_damage(tmp_path: Path) -> None:
    kept = FrozenDays(tmp_path / "frozen.db")
    close = keep(kept, a_period(1), a_sale(100))
    with sqlite3.connect(tmp_path / "frozen.db") as file:
        file.execute("UPDATE frozen_day SET receipts = CAST('x' AS BLOB), period = '{'")
    file.close()
    with pytest.raises(DamagedError, match="damaged"):
        kept.period(TERMINAL.id, close)
    with pytest.raises(DamagedError, match="damaged"):
        kept.receipts(TERMINAL.id, close)
